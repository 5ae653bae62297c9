"""补充: what somebody says or sends afterwards goes to the case it belongs to, and to whoever works on it."""

from dataclasses import replace

from domain.case import Case, traceless
from domain.chat import Button, ChatId, Edited, Location, Outgoing, Pressed, Said, Send
from domain.facts import joined, said_in
from domain.language import _
from domain.place import plausible
from domain.refused import Refused
from domain.text import clean
from handlers.cards import card_name, enclosures, promise_of
from handlers.discretion import readers
from handlers.gathered import more_is_known
from handlers.missing import pictured
from handlers.questions import ask_place, overtaken
from handlers.routing import Ctx, button, happens
from handlers.wording import contents
from storage.threads import Loose

LONGEST_ADDITION = 500
"""Characters; the rest is in the chat."""


async def add(case: Case, said: Said, ctx: Ctx) -> list[Outgoing]:
    """More about a case, from whoever knows it. The card changes in place; pictures and voices are passed on."""
    case, outs = await _append(case, said, ctx)
    return [*outs, *_noted(case, said, ctx)]


async def _append(case: Case, said: Said, ctx: Ctx) -> tuple[Case, list[Outgoing]]:
    """The case with what was said in it, and what others are told of that."""
    words = clean(said.text)[:LONGEST_ADDITION]
    _must_be_plausible(said.location)
    if case.anonymous:
        said = replace(said, attachments=traceless(said.attachments), location=None)
    by = ctx.sender.who if ctx.sender else None
    before, case = case, case.add(by, words, said.attachments, said.location, ctx.now)
    case = await ctx.store.cases.save(await _understood(before, case, words, ctx))
    if not case.anonymous:
        await ctx.store.threads.belongs(said.chat, said.message_id, case.id, said.album)
    outs = [
        *await more_is_known(ctx, case, before.facts),
        *await overtaken(case, before.facts, ctx),
        *await _passed_on(case, len(before.attachments), said.location, said.chat, ctx),
        *await pictured(case, said, ctx),
    ]
    return case, outs


def _must_be_plausible(location: Location | None) -> None:
    if location and not plausible(location):
        raise Refused(_("这个位置好像不对。请再发一次，或用文字说在哪里。"))


async def _understood(before: Case, case: Case, words: str, ctx: Ctx) -> Case:
    """With what these words say of the case beside what was known."""
    facts = joined(case.facts, said_in(ctx.recogniser.read_report(words))) if words else case.facts
    return replace(case, facts=facts).hurried(before, await ctx.kind(case.kind, case.origin), ctx.now)


async def _passed_on(case: Case, before: int, location: Location | None, source: ChatId, ctx: Ctx) -> list[Outgoing]:
    """To every chat that has the card, but for the one where it was sent."""
    chats = [chat for chat in await ctx.store.outbox.chats_with(card_name(case)) if chat != source]
    if ctx.settings.kinds[case.kind].private:
        chats = await readers(ctx, case, chats)
    promise = promise_of(ctx, case)
    outs = await enclosures(ctx, case, chats, before)
    if location:
        outs += [Send(chat, case.number, promise=promise, location=location) for chat in chats]
    return outs


def _noted(case: Case, said: Said, ctx: Ctx) -> list[Outgoing]:
    """One line that stands once, however much is added: an album is many messages. Of a private matter a group hears
    nothing, and nobody how much there is: some of it is the other side's."""
    text = _("已补充到 {number}：{what}").format(number=case.number, what=contents(case) or _("您说的话"))
    if ctx.settings.kinds[case.kind].private:
        if ctx.in_group:
            return []
        text = _("已补充到 {number}，对方看不到。").format(number=case.number)
    return [Send(said.chat, text, card=f"added:{case.id}", reply_to=said.message_id)]


async def ask_whether_there(case: Case, said: Said, ctx: Ctx) -> list[Outgoing]:
    """A place without words: where it is, or only where its sender is?"""
    _must_be_plausible(said.location)
    if ctx.in_group and ctx.settings.kinds[case.kind].private:
        return await add(case, said, ctx)
    if ctx.account:
        loose = Loose(said.message_id, None, (), said.location)
        await ctx.store.threads.keep_loose(said.chat, ctx.account, loose, ctx.now)
    buttons = (Button(_("是，就在那里"), f"there:{case.id}:yes"), Button(_("不是"), f"there:{case.id}:no"))
    text = _("{number} 的事就在这个位置吗？").format(number=case.number)
    return [Send(said.chat, text, (buttons,), card=f"there:{case.id}", reply_to=said.message_id)]


@button("there")
async def there(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case = await ctx.case_here(pressed.arg(0))
    sent = await ctx.take_loose(pressed.chat)
    place = next((loose for loose in reversed(sent) if loose.location), None)
    if place is None:
        raise Refused(_("这是问发位置的人的，也可能已经过时了。请再发一次位置。"))
    if pressed.arg(1) != "yes":
        return [await ask_place(case, pressed.chat, ctx, card=f"there:{case.id}")]
    said = Said(
        pressed.chat, pressed.chat_kind, pressed.chat_title, pressed.sender, place.message_id, location=place.location
    )
    done = _("{number} 的位置记下了。").format(number=case.number)
    _case, outs = await _append(case, said, ctx)
    return [*outs, Send(pressed.chat, done, card=f"there:{case.id}")]


async def _of_a_case(edited: Edited, ctx: Ctx) -> bool:
    ctx.about = await ctx.store.threads.about(edited.chat, edited.message_id or "")
    return ctx.about is not None


@happens(Edited, _of_a_case)
async def edited(edited: Edited, ctx: Ctx) -> list[Outgoing]:
    """A message changed afterwards opens no second case; what it says now is added to its own."""
    case = await ctx.case(str(ctx.about))
    words = clean(edited.text)[:LONGEST_ADDITION]
    if not case.open or words == case.text:
        return []
    before, changed = case, _("改成了：{words}").format(words=words)
    case = case.add(ctx.sender.who if ctx.sender else None, changed, (), None, ctx.now)
    case = await ctx.store.cases.save(await _understood(before, case, words, ctx))
    return [*await more_is_known(ctx, case, before.facts), *await overtaken(case, before.facts, ctx)]
