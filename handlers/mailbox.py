"""红色信箱: officers get the letters at set times, answer them, and may let everybody read the answer."""

from collections.abc import Sequence

from domain.case import Case
from domain.chat import Button, ChatKind, Due, Outgoing, Pressed, Promise, Said, Send
from domain.escalation import first_to_answer, mailbox_readers
from domain.language import N_, _
from domain.mailbox import SHOWN, Item, digest, published, sorted_letters
from domain.people import ANSWERING
from domain.refused import Refused
from domain.text import has_words, one_line
from handlers.cards import enclosures, everywhere
from handlers.letters import answer_card
from handlers.resolve import settle
from handlers.routing import Ctx, button, due, form, words
from storage.mailbox import Mailbox


@due("mailbox")
async def collect(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    """Empty it: one list of what waits. What was missed while the bot was away is made up in the same list."""
    mailbox = await ctx.store.mailboxes.get(lapsed.id)
    if mailbox is None:
        return []
    items = await _items(mailbox.grid, mailbox, ctx)
    await ctx.store.mailboxes.emptied(mailbox.id, ctx.now, ctx.settings.next_collection(ctx.now) if items else None)
    if not items:
        return []
    rungs = await ctx.rungs(mailbox.grid)
    rung = first_to_answer(rungs, ctx.settings.kinds[items[0].letter.kind])
    chats = mailbox_readers(rung) if rung else await ctx.owner_chats()
    text, rows = digest(rungs[0].grid.name, items, ctx.settings.timezone), _buttons(items)
    return [Send(chat, text, rows, Promise.DIGEST) for chat in chats]


@words("信箱", "/mailbox", help=N_("信箱 —— 红色信箱里还没答复的建议"))
async def look(said: Said, ctx: Ctx) -> list[Outgoing]:
    person = ctx.someone()
    if said.chat_kind is ChatKind.GROUP:
        raise Refused(_("信箱不在群里开，请私下对我说：信箱"))
    outs: list[Outgoing] = []
    for grid in dict.fromkeys(a.grid for a in person.appointments if a.role in ANSWERING):
        items = await _items(grid, await ctx.store.mailboxes.of(grid), ctx)
        if items:
            rungs = await ctx.rungs(grid)
            text = digest(rungs[0].grid.name, items, ctx.settings.timezone)
            outs.append(Send(said.chat, text, _buttons(items)))
    return outs or [Send(said.chat, _("您这里的信箱是空的，没有等答复的建议。"), reply_to=said.message_id)]


async def _items(grid: str, mailbox: Mailbox | None, ctx: Ctx) -> list[Item]:
    kinds = [kind for kind in ctx.settings.kinds if kind.letter]
    letters = await ctx.store.cases.letters_at(grid, [kind.kind for kind in kinds])
    within = {kind.kind: kind.acknowledge for kind in kinds}
    return sorted_letters(letters, mailbox.emptied_at if mailbox else None, within, ctx.now)


def _buttons(items: Sequence[Item]) -> tuple[tuple[Button, ...], ...]:
    numbers = [item.letter for item in items[:SHOWN]]
    buttons = [Button(_("回复") + " " + letter.number, f"answer:{letter.id}") for letter in numbers]
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


@button("answer")
async def ask_answer(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case = await _letter(pressed, ctx)
    # Refuse now, not after the words are written.
    if case.outcome and not case.open:
        raise Refused(_("{number} 已经答复过了：“{answer}”").format(number=case.number, answer=one_line(case.outcome)))
    case.resolve("", ctx.someone().who, ctx.settings.verify_within, ctx.now)
    await ctx.ask(pressed.chat, "answer", str(case.id))
    writer = case.reporter.name if case.reporter and pressed.chat_kind is ChatKind.PRIVATE else ""
    lines = [f"{case.number} {writer}".strip(), f"“{one_line(case.text)}”", _("请回一句话，我马上转告写信的人。")]
    question = Send(pressed.chat, "\n".join(lines), card=answer_card(case), asks=True)
    return [question, *await enclosures(ctx, case, [pressed.chat])]


@form("answer")
async def answer(said: Said, ctx: Ctx) -> list[Outgoing]:
    case = await ctx.case(ctx.draft.about)
    if not has_words(said.text):
        raise Refused(_("请用文字答复 {number}，写信的人才看得到。").format(number=case.number))
    return await settle(case, said.text, await ctx.must_answer_for(case.origin), said, ctx)


@button("publish")
async def preview(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """The words themselves may name somebody; who publishes reads them first."""
    case = await _letter(pressed, ctx)
    case.publish(ctx.someone().who, ctx.now)
    text = _("下面这段话会发到群里，没有写信人的名字。请看看话里有没有提到：") + "\n\n" + published(case)
    go = Button(_("就这样公开"), f"publish_now:{case.id}")
    return [Send(pressed.chat, text, ((go,),), card=answer_card(case))]


@button("publish_now")
async def publish(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case = await _letter(pressed, ctx)
    here = (await ctx.rungs(case.origin))[0]
    if not here.groups:
        raise Refused(_("{grid} 还没有群，没有地方公开。").format(grid=here.grid.name))
    case = await ctx.store.cases.save(case.publish(ctx.someone().who, ctx.now))
    done = _("{number} 已在 {grid} 的群里公开。").format(number=case.number, grid=here.grid.name)
    everybody = [Send(group, published(case), card=f"published:{case.id}") for group in here.groups]
    return [*await everywhere(ctx, case), *everybody, Send(pressed.chat, done, card=answer_card(case))]


async def _letter(pressed: Pressed, ctx: Ctx) -> Case:
    """The letter of a button, for somebody who answers for its mailbox."""
    case = await ctx.case(pressed.arg(0))
    await ctx.must_answer_for(case.origin)
    if not ctx.settings.kinds[case.kind].letter:
        raise Refused(_("这个按钮失效了。发“查询”看进展。"))
    return case
