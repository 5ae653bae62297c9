"""清单: a squad leader goes from door to door on one card: the door, what to ask, and a tap for each answer."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.chat import Answer, Button, ChatId, Outgoing, Pressed, Promise, Rows, Send, Withdraw
from domain.checklist import back, forward, in_order, next_open
from domain.language import _
from domain.refused import Refused
from domain.survey import Means
from domain.sweep import Count, Entry, Sweep
from handlers.routing import Ctx, button
from handlers.sweep_answer import answered
from handlers.sweep_card import answer_of, headline, the_sweep, time_left, troubles, wakes, worded

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


async def renewed(sweep: Sweep, count: Count, ctx: Ctx, chats: Iterable[ChatId], first: str) -> list[Outgoing]:
    """The list at the end of the talk again, where it is seen: the old one goes."""
    old, stood = card_of(count), await ctx.store.outbox.chats_with(card_of(count))
    count = replace(count, round=await ctx.store.sweep_counts.renew(count))
    anew = await checklist(sweep, count, ctx, [*stood, *chats], first=first)
    return [*(Withdraw(chat, old) for chat in stood), *anew]


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
    shown = [f"{SIGN}{one.door}" if one.care and not group else one.door for one in entries[:DOORS_SHOWN]]
    if len(entries) > DOORS_SHOWN:
        shown.append(_("还有 {n} 户").format(n=len(entries) - DOORS_SHOWN))
    return "、".join(shown)


def _current(sweep: Sweep, current: Entry | None, group: bool) -> list[str]:
    if current is None:
        return []
    care = f"（{SIGN}{current.care}）" if current.care and not group else ""
    lines = [f"👉 {current.door}{care}"]
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


# -- what is tapped --------------------------------------------------------------------------------------------------


@button("sweep_tick")
async def tick(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    sweep, entry, own = await _tapped(pressed, ctx)
    choice = sweep.survey.choice(pressed.arg(2))
    if choice is None:
        raise Refused(_("这个按钮失效了。"))
    entry, outs = await answered(sweep, entry, choice, pressed, ctx, own=own)
    told = Answer(pressed.chat, pressed.press, f"{entry.door}：{answer_of(sweep, entry)}")
    asks = entry if choice.number and sweep.survey.unit and entry.number is None else None
    return [told, *await _went_on(sweep, entry, pressed, ctx, asks), *outs]


@button("sweep_number")
async def number(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    sweep, entry, own = await _tapped(pressed, ctx)
    choice = sweep.survey.choice(entry.answer or "")
    outs: list[Outgoing] = []
    if choice and choice.number and pressed.number(2) >= 0:
        entry, outs = await answered(sweep, entry, choice, pressed, ctx, number=pressed.number(2), own=own)
    told = Answer(pressed.chat, pressed.press, f"{entry.door}：{answer_of(sweep, entry)}")
    return [told, *await _went_on(sweep, entry, pressed, ctx), *outs]


@button("sweep_see")
async def see(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """上一户, 下一户."""
    count = await ctx.store.sweep_counts.get(pressed.number(0))
    if count is None:
        raise Refused(_("这个按钮失效了。"))
    await ctx.must_answer_for(count.grid)
    sweep = await the_sweep(count.sweep, ctx)
    must_still_run(sweep)
    await ctx.store.outbox.adopt(pressed.chat, card_of(count), pressed.message_id)
    entries = in_order((await ctx.store.sweep_doors.asked_in(sweep.id, [count.grid]))[count.grid])
    steps = (
        back(entries, count.looks_at) if pressed.arg(1) == "back" else forward(entries, sweep.survey, count.looks_at)
    )
    return await checklist(sweep, await _look(count, steps, ctx), ctx, entries=entries)


@button("sweep_take")
async def take(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """代问: whoever answers for a squad without a leader asks its doors."""
    count = await ctx.store.sweep_counts.get(pressed.number(0))
    if count is None or not count.asks:
        raise Refused(_("这个按钮失效了。"))
    await ctx.must_answer_for(count.grid)
    sweep = await the_sweep(count.sweep, ctx)
    must_still_run(sweep)
    return await opened(sweep, count, ctx, [pressed.chat])


async def opened(sweep: Sweep, count: Count, ctx: Ctx, chats: Iterable[ChatId]) -> list[Outgoing]:
    """The list at the end of these chats, at the first door that is to be asked."""
    entries = in_order((await ctx.store.sweep_doors.asked_in(sweep.id, [count.grid]))[count.grid])
    if count.looks_at is None:
        count = await _look(count, next_open(entries, sweep.survey, None), ctx)
    return await renewed(sweep, count, ctx, chats, "")


def must_still_run(sweep: Sweep) -> None:
    if not sweep.running:
        raise Refused(
            _("{number}摸排已经结束了，没有再记。要人帮忙请发：求助 哪一户、什么事").format(number=sweep.number)
        )


async def _tapped(pressed: Pressed, ctx: Ctx) -> tuple[Sweep, Entry, bool]:
    """The sweep and the household of a button, and whether a household speaks of itself."""
    sweep = await the_sweep(pressed.number(0), ctx)
    entry = await ctx.store.sweep_doors.get(sweep.id, pressed.number(1))
    if entry is None:
        raise Refused(_("这个按钮失效了。"))
    must_still_run(sweep)
    leads = await ctx.answers_for(entry.now_in)
    home = None if leads else await ctx.store.sweep_doors.home_of(ctx.someone().id)
    if not leads and home != entry.household:
        raise Refused(_("这一户由队长来问。您家的情况，请发：我家{label}").format(label=sweep.survey.choices[0].label))
    return sweep, entry, not leads


async def _went_on(sweep: Sweep, entry: Entry, pressed: Pressed, ctx: Ctx, asks: Entry | None = None) -> list[Outgoing]:
    count = await ctx.store.sweep_counts.of(sweep.id, entry.now_in)
    if count is None:
        return []
    await ctx.store.outbox.adopt(pressed.chat, card_of(count), pressed.message_id)
    return await next_door(sweep, count, ctx, entry.household, asks)


async def next_door(
    sweep: Sweep, count: Count, ctx: Ctx, after: int | None, asks: Entry | None = None
) -> list[Outgoing]:
    """The list at the door that follows; with `asks`, at this one, of which a number is asked first."""
    entries = in_order((await ctx.store.sweep_doors.asked_in(sweep.id, [count.grid]))[count.grid])
    following = asks or next_open(entries, sweep.survey, after)
    return await checklist(sweep, await _look(count, following, ctx), ctx, entries=entries, counts=asks)


async def _look(count: Count, entry: Entry | None, ctx: Ctx) -> Count:
    household = entry.household if entry else None
    await ctx.store.sweep_counts.look(count, household)
    return replace(count, looks_at=household)
