"""求助: a neighbour goes, before anybody above has to; the call is carried further until somebody does."""

from domain.case import WAITING, Case, State
from domain.chat import Due, Outgoing, Pressed, Said, Send
from domain.helping import next_ring
from domain.language import N_, _
from domain.people import Person
from domain.refused import Refused
from domain.text import clean, has_words
from handlers.cards import aloud, card_name, enclosures, everywhere, tell_reporter
from handlers.intake import take_in
from handlers.report import LONGEST_REPORT, where
from handlers.routing import Ctx, button, due, form, words


@words(
    "求助", "/sos", glued=True, help=N_("求助 帮谁、什么事、什么时候 —— 请邻居来帮忙，例如：求助 今天下午帮我妈取药")
)
async def ask_for_help(said: Said, ctx: Ctx) -> list[Outgoing]:
    origin = await where(ctx)
    text = clean(ctx.rest)[:LONGEST_REPORT]
    if not has_words(text) and not said.attachments and not said.location:
        await ctx.ask(said.chat, "help")
        question = _("请说：帮谁、什么事、什么时候。危险先打 120、110。")
        return [Send(said.chat, question, reply_to=said.message_id, asks=True)]
    return await take_in(said, ctx, origin, text, ctx.read_as("help", text))


@form("help")
async def ask_for_help_in_answer(said: Said, ctx: Ctx) -> list[Outgoing]:
    ctx.rest = said.text
    await ctx.answered(said)
    return await ask_for_help(said, ctx)


@button("lend_hand")
async def lend_hand(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """我来帮忙: the first who presses goes."""
    case, person = await _called(pressed, ctx), ctx.someone()
    await _must_be_near(person, case, ctx)
    if case.state is State.ACKNOWLEDGED and case.responder and not case.stalled:
        raise Refused(_("{who} 已经去了，谢谢您！").format(who=case.responder.name))
    case = await ctx.store.cases.save(case.acknowledge(person.who, await ctx.kind(case.kind, case.origin), ctx.now))
    await ctx.store.calls.widens(case.id, None)
    theirs = await ctx.store.people.private_chats(person.id)
    told = _("{number} {who} 来帮忙，请等一等。").format(number=case.number, who=person.name)
    shown = [*await everywhere(ctx, case, theirs), *await enclosures(ctx, case, theirs)]
    return [*shown, *await tell_reporter(ctx, case, told)]


@button("give_back")
async def give_back(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """我去不了了: it is called out anew, as words of its own: a card that changes in place wakes nobody."""
    case, person = await _called(pressed, ctx), ctx.someone()
    case = await ctx.store.cases.save(case.give_back(person.who, await ctx.kind(case.kind, case.origin), ctx.now))
    await ctx.store.calls.widens(case.id, ctx.now + ctx.settings.widen)
    outs = await everywhere(ctx, case)
    hear = dict.fromkeys(chat for rung in await ctx.rungs(case.origin) for chat in rung.chats)
    text = _("{number} {who} 去不了了，还有谁能帮忙？").format(number=case.number, who=person.name)
    outs += await aloud(ctx, case, hear, text)
    if case.reported_in not in hear:
        told = _("{number} {who} 去不了了，正在另找人，请再等等。").format(number=case.number, who=person.name)
        outs += await tell_reporter(ctx, case, told)
    return outs


@due("call")
async def widen(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    """Nobody goes yet: the neighbours of the next group above are called too, beside those who were."""
    case = await ctx.case(str(lapsed.id))
    called = await ctx.store.outbox.chats_with(card_name(case))
    ring = next_ring(await ctx.rungs(case.origin), called) if case.state in WAITING else None
    await ctx.store.calls.widens(case.id, ctx.now + ctx.settings.widen if ring else None)
    return await everywhere(ctx, case, ring.groups) if ring else []


async def _called(pressed: Pressed, ctx: Ctx) -> Case:
    """The case of a call that is still open."""
    case = await ctx.pressed_case(pressed)
    if not case.open or not ctx.settings.kinds[case.kind].calls:
        raise Refused(_("{number} 已经办好了，谢谢您！").format(number=case.number))
    return case


async def _must_be_near(person: Person, case: Case, ctx: Ctx) -> None:
    """A neighbour of the grid whose group was called, or somebody who answers for where help is wanted."""
    if await ctx.answers_for(case.origin):
        return
    if case.is_reporters(person.who, ctx.chat.id if ctx.chat else None):
        raise Refused(_("这是您自己的求助，请等邻居来。"))
    way = {grid.code for grid in await ctx.store.grids.path(case.origin)}
    called = ctx.chat.grid if ctx.chat and ctx.chat.grid in way else case.origin
    for home in person.homes:
        if called in {grid.code for grid in await ctx.store.grids.path(home)}:
            return
    raise Refused(_("谢谢您！我还不知道您住在这里：请扫小队的二维码，或向队长要邀请码后发：加入 邀请码"))
