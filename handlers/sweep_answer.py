"""An answer of a household: it is noted, it counts up to the top, and where help is needed a case opens at once."""

from dataclasses import replace

from domain.case import Case
from domain.chat import Outgoing, Pressed, Said
from domain.language import _
from domain.survey import Choice, Means
from domain.sweep import Entry, Sweep, tally
from handlers.intake import open_case_for
from handlers.routing import Ctx
from handlers.sweep_card import what


async def answered(
    sweep: Sweep,
    entry: Entry,
    choice: Choice,
    by: Said | Pressed,
    ctx: Ctx,
    *,
    number: int | None = None,
    note: str = "",
    own: bool = False,
) -> tuple[Entry, list[Outgoing]]:
    """The later answer stands, the log keeps both. What is said twice changes nothing."""
    outs: list[Outgoing] = []
    after = entry.answered(choice, number, note, own=own)
    if after == entry:
        return entry, []
    if choice.means is Means.HELP and not sweep.drill and not await _in_hand(entry, ctx):
        after, outs = await _help(sweep, after, choice, by, ctx)
    person = ctx.someone()
    await ctx.store.sweep_doors.answer(sweep.id, after, person.id, ctx.now)
    await ctx.store.sweeps.log_answer(sweep.id, after, person.id, ctx.now)
    await _count(sweep, entry, after, ctx)
    return after, outs


async def _count(sweep: Sweep, before: Entry, after: Entry, ctx: Ctx) -> None:
    """Where the household was when the sweep began. A squad begins with its own leader's first answer, or with the
    last that there is to give."""
    count = await ctx.store.sweep_counts.of(sweep.id, after.grid)
    if count is None:
        return
    change = tally(sweep.survey, after.answer) - tally(sweep.survey, before.answer)
    whole = count.done + change.done == count.total
    leads = not after.self_reported and after.now_in == after.grid
    begins = count.began_at is None and (leads or whole)
    await ctx.store.sweep_counts.add(count, change, ctx.now, begins=begins, aloud=after.self_reported)


async def _in_hand(entry: Entry, ctx: Ctx) -> bool:
    """Whether what this household needs is a case already that somebody works on or will."""
    case = await ctx.store.cases.get(entry.help_case) if entry.help_case else None
    return case is not None and (await ctx.store.cases.head(case.id)).open


async def _help(
    sweep: Sweep, entry: Entry, choice: Choice, by: Said | Pressed, ctx: Ctx
) -> tuple[Entry, list[Outgoing]]:
    """Reported by whoever says so, for this door; ten doors of one stair are ten errands."""
    served = "" if entry.self_reported else entry.door
    about = f"{entry.door} {choice.label}"
    case, outs = await help_called(sweep, about, entry.note, entry.now_in, by, ctx, served)
    return replace(entry, help_case=case.id), outs


async def help_called(
    sweep: Sweep, about: str, note: str, grid: str, by: Said | Pressed, ctx: Ctx, served: str = ""
) -> tuple[Case, list[Outgoing]]:
    """A case of what an answer calls for."""
    text = _("{about}（{what}）").format(about=about + (f"：{note}" if note else ""), what=what(sweep))
    message = by.message_id if isinstance(by, Said) else None
    said = Said(by.chat, by.chat_kind, by.chat_title, by.sender, message, text=text)
    reading = ctx.read_as(sweep.survey.opens, text)
    return await open_case_for(said, ctx, grid, text, reading, served, alone=True)
