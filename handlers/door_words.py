"""3-201 安全 2人: a squad leader's answers in words, a door on each line, for whoever walks with a list on paper."""

from collections.abc import Sequence

from domain.chat import ChatKind, Outgoing, Said, Send
from domain.checklist import doors_meant
from domain.language import _
from domain.people import ANSWERING, Person
from domain.survey import Choice
from domain.sweep import Entry, Sweep
from domain.sweep_words import Told, read_doors
from handlers.checklist import next_door
from handlers.routing import Ctx, plain
from handlers.sweep_answer import answered
from handlers.sweep_card import answer_of, what, worded

Asked = Sequence[tuple[Sweep, Entry]]
"""The households that somebody's squads ask now, each with its sweep."""


async def awaited(said: Said, ctx: Ctx) -> bool:
    """Whether a leader names doors that a sweep asks. In a group what names none of them is talk."""
    told = read_doors(said.text, ctx.settings.surveys.word)
    if not told or said.sender is None:
        return False
    person = await ctx.store.people.by_account(said.sender.account)
    asked = await _asked(person, ctx) if person else []
    private = said.chat_kind is ChatKind.PRIVATE
    return bool(asked) and (private or any(_meant(one, asked) for one in told))


@plain(awaited, at_once=True)
async def typed(said: Said, ctx: Ctx) -> list[Outgoing]:
    lines: list[str] = []
    outs: list[Outgoing] = []
    changed: dict[tuple[int, str], tuple[Sweep, int]] = {}
    for told in read_doors(said.text, ctx.settings.surveys.word):
        # What an earlier line changed is seen by the next.
        meant = _meant(told, await _asked(ctx.someone(), ctx))
        if len(meant) != 1:
            lines.append(_unclear(told, meant))
            continue
        ((sweep, entry, choice),) = meant
        entry, more = await answered(sweep, entry, choice, said, ctx, number=told.number, note=told.note)
        changed[sweep.id, entry.now_in] = sweep, entry.household
        outs += more
        lines.append(_("记下了：{door} {answer}").format(door=entry.door, answer=answer_of(sweep, entry)))
    drill = next((sweep for sweep, _household in changed.values() if sweep.drill), None)
    text = "\n".join(lines)
    reply = Send(said.chat, worded(drill, text) if drill else text, reply_to=said.message_id)
    return [reply, *await _lists(changed, ctx), *outs]


async def _asked(person: Person, ctx: Ctx) -> Asked:
    led = sorted({a.grid for a in person.appointments if a.role in ANSWERING})
    running = await ctx.store.sweeps.asking(led) if led else []
    asked = [(sweep, await ctx.store.sweep_doors.asked_in(sweep.id, led)) for sweep in running]
    return [(sweep, entry) for sweep, squads in asked for entries in squads.values() for entry in entries]


def _meant(told: Told, asked: Asked) -> list[tuple[Sweep, Entry, Choice]]:
    """What this line can mean: a door, and an answer that its sweep knows."""
    knows = [
        (sweep, entry) for sweep, entry in asked if sweep.survey.said(told.word) and told.sweep in (None, sweep.id)
    ]
    doors = {one.household for one in doors_meant(told.door, [entry for _sweep, entry in knows])}
    return [
        (sweep, entry, choice)
        for sweep, entry in knows
        if entry.household in doors and (choice := sweep.survey.said(told.word))
    ]


def _unclear(told: Told, meant: Sequence[tuple[Sweep, Entry, Choice]]) -> str:
    if not meant:
        return _("清单上没有“{door}”，没有记。请照清单写门牌。").format(door=told.door)
    if len({entry.household for _sweep, entry, _choice in meant}) > 1:
        doors = "、".join(dict.fromkeys(entry.door for _sweep, entry, _choice in meant))
        return _("“{door}”可能是 {doors}，没有记。请写全门牌。").format(door=told.door, doors=doors)
    sweeps = "、".join(f"{sweep.number}{what(sweep)}" for sweep, _entry, _choice in meant)
    return _("“{door}”在几个摸排里：{sweeps}，没有记。请在前面写编号，例如：{number} {door} {word}").format(
        door=told.door, sweeps=sweeps, number=meant[0][0].number, word=told.word
    )


async def _lists(changed: dict[tuple[int, str], tuple[Sweep, int]], ctx: Ctx) -> list[Outgoing]:
    outs: list[Outgoing] = []
    for (number, grid), (sweep, household) in changed.items():
        count = await ctx.store.sweep_counts.of(number, grid)
        outs += await next_door(sweep, count, ctx, household) if count else []
    return outs
