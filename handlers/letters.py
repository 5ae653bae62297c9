"""How a letter in the red mailbox looks to its writer and to those who answer it."""

from datetime import timedelta

from domain.case import WAITING, Case, State
from domain.chat import Button, ChatId, Outgoing, Rows, Said, Send
from domain.kinds import Kind
from domain.language import _
from domain.mailbox import on_day
from domain.people import Rung
from domain.text import one_line
from handlers.on_call import told_first
from handlers.routing import Ctx
from storage.mailbox import Letter

NAME_WITHIN = timedelta(minutes=10)
"""How long a letter waits for its name; after that it goes in without the name, which can never be taken out again."""


async def ask_for_name(said: Said, ctx: Ctx, origin: str, text: str, kind: Kind) -> list[Outgoing]:
    """Before anything is kept of a letter, its writer says whether the name goes with it."""
    letter = Letter(said.chat, said.message_id, kind.kind, origin, text, said.attachments)
    number = await ctx.store.mailboxes.hold(letter, ctx.now + NAME_WITHIN)
    question = _("这是给红色信箱的。要写上您的名字吗？过 10 分钟不选，就不写名字送进去。")
    row = (Button(_("署名"), f"name:{number}:named"), Button(_("匿名"), f"name:{number}:anonymous"))
    return [Send(said.chat, question, (row,), card=f"letter:{number}", reply_to=said.message_id)]


async def lay_in(ctx: Ctx, case: Case) -> None:
    """A letter lies in the mailbox of the grid that answers for it now, until that is emptied."""
    if ctx.settings.kinds[case.kind].letter:
        await ctx.store.mailboxes.expect(case.grid, ctx.settings.next_collection(ctx.now))


async def handed_to(ctx: Ctx, case: Case, rung: Rung | None) -> tuple[ChatId, ...]:
    """Who is told of the case now that this rung answers for it. A letter lies in the mailbox there instead."""
    await lay_in(ctx, case)
    return await told_first(ctx, case, rung)


def letter_line(ctx: Ctx, case: Case, grid: str) -> str:
    """Where a letter lies and by which day its writer is answered."""
    when = on_day(case.due_at, ctx.settings.timezone) if case.due_at else ""
    return _("放进了 {grid} 的红色信箱，{when}前答复。").format(grid=grid, when=when)


def letter_buttons(case: Case) -> Rows:
    """What the readers of a mailbox can do with a letter."""
    if case.state in WAITING:
        return ((Button(_("回复"), f"answer:{case.id}"), Button(_("更正"), f"correct:{case.id}")),)
    if case.state in (State.RESOLVED, State.CLOSED):
        return ((Button(_("公开"), f"publish:{case.id}"),),)
    return ()


async def answered(ctx: Ctx, case: Case, chat: ChatId) -> list[Outgoing]:
    """The question for the answer, wherever it was asked, is an answer now."""
    asked = await ctx.store.outbox.chats_with(answer_card(case))
    text = _("{number} 已答复：“{answer}”\n写信的人马上就能看到。").format(
        number=case.number, answer=one_line(case.outcome)
    )
    return [Send(to, text, letter_buttons(case), card=answer_card(case)) for to in dict.fromkeys([*asked, chat])]


def answer_card(case: Case) -> str:
    return f"answer:{case.id}"
