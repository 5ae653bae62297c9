"""清单: a squad leader goes from door to door on one card: the door, what to ask, and a tap for each answer."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.chat import Button, ChatId, Outgoing, Promise, Rows, Send, Withdraw
from domain.checklist import forward, in_order, listed, next_open
from domain.language import _
from domain.survey import Means
from domain.sweep import Count, Entry, Sweep
from handlers.routing import Ctx
from handlers.sweep_card import answer_of, headline, time_left, troubles, wakes, worded

DOORS_SHOWN = 12
"""Of those still to do: a squad has ten, and the buttons must stay in sight."""

NUMBERS = 6
"""To tap; 2.3 people live behind a door here, and whoever has more types it."""

SIGN = "⚠"
"""Before a door behind which somebody needs care."""


def card_of(count: Count) -> str:
    return f"checklist:{count.id}:{count.round}"


async def checklist(
    sweep: Sweep,
    count: Count,
    ctx: Ctx,
    chats: Iterable[ChatId] = (),
    *,
    entries: Sequence[Entry] | None = None,
    counts: Entry | None = None,
    first: str = "",
) -> list[Outgoing]:
    """The list wherever it stands, and in these chats too. `counts` is a household of which a number is asked; `first`
    a line that stands above all. Groups read nothing of who needs care."""
    card = card_of(count)
    places = dict.fromkeys([*await ctx.store.outbox.chats_with(card), *chats])
    if not places:
        return []
    if entries is None:
        entries = (await ctx.store.sweep_doors.asked_in(sweep.id, [count.grid]))[count.grid]
    entries = in_order(entries)
    current = next((one for one in entries if one.household == count.looks_at), None)
    groups = {chat for rung in await ctx.rungs(count.grid) for chat in rung.groups}
    rows = _buttons(sweep, count, entries, current, counts)
    return [
        Send(
            chat,
            worded(
                sweep,
                "\n".join(filter(None, [first, *_lines(sweep, count, entries, current, counts, chat in groups, ctx)])),
            ),
            rows,
            Promise.CARD,
            card,
            wakes=wakes(sweep),
        )
        for chat in places
    ]


async def renewed(
    sweep: Sweep,
    count: Count,
    ctx: Ctx,
    chats: Iterable[ChatId] = (),
    first: str = "",
    entries: Sequence[Entry] | None = None,
) -> list[Outgoing]:
    """The list at the end of the talk again, where it is seen: the old one goes."""
    old, stood = card_of(count), await ctx.store.outbox.chats_with(card_of(count))
    count = replace(count, round=await ctx.store.sweep_counts.renew(count))
    anew = await checklist(sweep, count, ctx, [*stood, *chats], first=first, entries=entries)
    return [*(Withdraw(chat, old) for chat in stood), *anew]


async def opened(sweep: Sweep, count: Count, ctx: Ctx, chats: Iterable[ChatId], first: str = "") -> list[Outgoing]:
    """The list at the end of these chats, at a door that is to be asked: what a household said of itself meanwhile is
    not overwritten by a tap that was meant for the next one."""
    entries = in_order((await ctx.store.sweep_doors.asked_in(sweep.id, [count.grid]))[count.grid])
    current = next((one for one in entries if one.household == count.looks_at), None)
    if current is None or sweep.survey.means(current.answer) is not None:
        count = await look(count, next_open(entries, sweep.survey, count.looks_at), ctx)
    return await renewed(sweep, count, ctx, chats, first, entries)


async def next_door(
    sweep: Sweep, count: Count, ctx: Ctx, after: int | None, asks: Entry | None = None, *, anew: bool = False
) -> list[Outgoing]:
    """The list at the door that follows; with `asks`, at this one, of which a number is asked first; `anew`, at the end
    of the talk."""
    entries = in_order((await ctx.store.sweep_doors.asked_in(sweep.id, [count.grid]))[count.grid])
    following = asks or next_open(entries, sweep.survey, after)
    count = await look(count, following, ctx)
    if anew and not asks:
        return await renewed(sweep, count, ctx)
    return await checklist(sweep, count, ctx, entries=entries, counts=asks)


async def look(count: Count, entry: Entry | None, ctx: Ctx) -> Count:
    household = entry.household if entry else None
    await ctx.store.sweep_counts.look(count, household)
    return replace(count, looks_at=household)


# -- what it says ----------------------------------------------------------------------------------------------------


def _lines(
    sweep: Sweep,
    count: Count,
    entries: Sequence[Entry],
    current: Entry | None,
    counts: Entry | None,
    group: bool,
    ctx: Ctx,
) -> list[str]:
    means = [sweep.survey.means(one.answer) for one in entries]
    done = sum(one not in (None, Means.UNREACHED) for one in means)
    tally = replace(count, help=means.count(Means.HELP), unreached=means.count(Means.UNREACHED))
    lines = [
        headline(sweep, count.name),
        _("问到 {done}/{total} 户，{time}").format(done=done, total=len(entries), time=time_left(sweep, ctx)),
        *troubles(sweep, tally),
    ]
    if not sweep.running:
        return [*lines, _("谢谢您。")]
    if counts:
        return [*lines, _("{door}：{answer}。几{unit}？").format(
            door=counts.door, answer=answer_of(sweep, counts), unit=sweep.survey.unit)]  # fmt: skip
    return [*lines, *_to_do(sweep, entries, group), *_current(sweep, current, group)]


def _to_do(sweep: Sweep, entries: Sequence[Entry], group: bool) -> list[str]:
    untried = [one for one in entries if sweep.survey.means(one.answer) is None]
    missed = [one for one in entries if sweep.survey.means(one.answer) is Means.UNREACHED]
    if untried:
        return [_("还没问：{doors}").format(doors=_doors(untried, group))]
    if missed:
        return [_("{label}：{doors}。再试试，点“下一户”。").format(
            label=sweep.survey.labels(Means.UNREACHED), doors=_doors(missed, group))]  # fmt: skip
    return [_("每户都问好了，谢谢您！要改，点“上一户”。")]


def _doors(entries: Sequence[Entry], group: bool) -> str:
    """Whoever needs care by the whole door; of the rest, what they have in common once."""
    cared = [f"{SIGN}{one.door}" for one in entries[:DOORS_SHOWN] if one.care and not group]
    shown = cared + listed([one.door for one in entries[:DOORS_SHOWN] if group or not one.care])
    if len(entries) > DOORS_SHOWN:
        shown.append(_("还有 {n} 户").format(n=len(entries) - DOORS_SHOWN))
    return "、".join(shown)


def _current(sweep: Sweep, current: Entry | None, group: bool) -> list[str]:
    if current is None:
        return []
    care = f"（{SIGN}{current.care}）" if current.care and not group else ""
    lines = [f"▶ {current.door}{care}"]
    if current.answer:
        how = _("（住户自己说的）") if current.self_reported else _("（上次的）") if current.carried else ""
        noted = answer_of(sweep, current)
        lines.append(_("现在记的：{answer}{how}").format(answer=noted, how=how))
    lines.append(sweep.survey.question)
    if not group:
        lines.append(_("也可以直接回：{door} {label}").format(door=current.door, label=sweep.survey.choices[0].label))
    return lines


def _buttons(sweep: Sweep, count: Count, entries: Sequence[Entry], current: Entry | None, counts: Entry | None) -> Rows:
    if not sweep.running:
        return ()
    if counts:
        data = f"sweep_number:{sweep.id}:{counts.household}"
        taps = [Button(str(n), f"{data}:{n}") for n in range(1, NUMBERS + 1)]
        return (tuple(taps[:3]), tuple(taps[3:]), (Button(_("不填"), f"{data}:x"),))
    steps = []
    if len(entries) > 1 or current is None:
        steps.append(Button(_("上一户"), f"sweep_see:{count.id}:back"))
    if forward(entries, sweep.survey, current.household if current else None):
        steps.append(Button(_("下一户"), f"sweep_see:{count.id}:next"))
    door = f"sweep_tick:{sweep.id}:{current.household}" if current else ""
    taps = [Button(choice.label, f"{door}:{choice.code}") for choice in sweep.survey.choices if door]
    rows = [tuple(taps[n : n + 2]) for n in range(0, len(taps), 2)]
    return (*rows, *((tuple(steps),) if steps else ()))
