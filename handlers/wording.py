"""What the log of a case says, in plain words."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from domain.case import Case, Rating
from domain.language import N_, _
from domain.log import Entry, Event
from domain.people import Rung
from domain.text import one_line
from handlers.routing import Ctx
from storage.cases import Logged

STEP_CHARS = 60
"""How much of what was said at one step a line of it shows."""


STEPS = {
    Event.REPORTED: N_("{who} 上报"),
    Event.ACKNOWLEDGED: N_("{who} 接单"),
    Event.ASSIGNED: N_("{who} 派单给 {detail}"),
    Event.ESCALATED: N_("{who} 上报上级，交给 {grid}"),
    Event.CLIMBED: N_("超时，上报到 {grid}"),
    Event.REMINDED: N_("超时，催办 {grid}"),
    Event.RESOLVED: N_("{who} 办结：{detail}"),
    Event.RATED: N_("{who} 回访：{detail}"),
    Event.CLOSED: N_("没有回话，结案"),
    Event.REOPENED: N_("{who} 说没解决，退回重办，交给 {grid}"),
    Event.MERGED: N_("{who} 并入 {detail}"),
    Event.CANCELLED: N_("{who} 撤销：{detail}"),
    Event.REHOMED: N_("网格调整，转给 {grid}"),
    Event.UNREACHED: N_("没能通知到：{detail}"),
    Event.ADDED: N_("{who} 补充：{detail}"),
    Event.CORRECTED: N_("{who} 更正：{detail}"),
    Event.CONFIRMED: N_("{who} 确认寻人"),
    Event.WIDENED: N_("通知了{detail}"),
    Event.RING_SKIPPED: N_("没有{detail}的群可通知，跳过"),
    Event.RENEWED: N_("{who} 说继续找"),
    Event.SIGHTED: N_("{who} 报线索：{detail}"),
    Event.SET_OUT: N_("{who} 去找：{detail}"),
    Event.SEARCH_OVER: N_("寻人结束：{detail}"),
    Event.ERASED: N_("个人信息已删除"),
    Event.INVITED: N_("{who} 请另一方：{detail}"),
    Event.JOINED: N_("{who} 参加调解"),
    Event.DECLINED: N_("{who} 不参加调解"),
    Event.HELPED: N_("{who} 请 {detail} 一起调解"),
    Event.NOTED: N_("{who} 记：{detail}"),
    Event.PLANNED: N_("{who} 约 {detail}"),
    Event.PROPOSED: N_("{who} 写了协议：{detail}"),
    Event.AGREED: N_("{who} 确认协议 {detail}"),
    Event.DISAGREED: N_("{who} 不同意协议：{detail}"),
    Event.BROKEN: N_("{who} 说协议没有履行，交给 {grid}"),
    Event.FAILED: N_("{who} 记为调解不成：{detail}"),
    Event.GIVEN_BACK: N_("{who} 去不了了"),
    Event.PUBLISHED: N_("{who} 公开了答复"),
    Event.FOLLOWED: N_("自动并入 {detail}"),
    Event.GATHERED: N_("几条上报合成一件，交给 {grid}"),
    Event.HEARD: N_("{detail} 也报了这件事"),
    Event.PARTED: N_("{detail} 拆出去了"),
    Event.SPLIT: N_("{who} 取消并案，从 {detail} 拆出"),
    Event.ALONE: N_("{who} 说和 {detail} 不是同一件事"),
    Event.GREW: N_("范围扩大，交给 {grid}"),
}
"""What each line of a log says, in plain words."""


def log_lines(ctx: Ctx, log: Sequence[Logged], chars: int = STEP_CHARS) -> list[str]:
    """A line for each entry, and one for many that joined one after the other."""
    lines = []
    for joined, entries in groupby(log, lambda entry: entry.event is Event.HEARD):
        some = list(entries)
        if joined and len(some) > 1:
            said = _("又有 {n} 条上报并入（{first} … {last}）")
            happened = said.format(n=len(some), first=some[0].detail, last=some[-1].detail)
            lines.append(f"{ctx.clock(some[-1].at)} {happened}")
        else:
            lines += [f"{ctx.clock(entry.at)} {what_happened(entry, chars)}" for entry in some]
    return lines


def what_happened(entry: Logged, chars: int = STEP_CHARS) -> str:
    """One line of the log in plain words."""
    detail = one_line(entry.words or entry.detail, chars)
    if entry.event is Event.CLOSED and entry.detail:
        return _("上报人都回话了，结案")
    if entry.event is Event.CANCELLED and not detail:
        return _("没有人再报这件事，撤销")
    if entry.event is Event.RATED:
        detail = rating_name(Rating(entry.detail))
    # Where people's own words are not shown, nothing stands after the colon.
    return _(STEPS[entry.event]).format(who=entry.who or _("有人"), grid=entry.grid, detail=detail).rstrip("：: ")


def rating_name(rating: Rating) -> str:
    return {
        Rating.SATISFIED: _("满意"),
        Rating.DISSATISFIED: _("不满意"),
        Rating.UNSOLVED: _("未解决"),
    }[rating]


def unnamed(case: Case, log: Sequence[Logged]) -> list[Logged]:
    """What a group may read of a report that was made in private: everything but who made it."""
    name = case.reporter.name if case.reporter else ""
    return [replace(entry, who="") if entry.who == name else entry for entry in log]


def fresh_log(entries: Sequence[Entry], rungs: Sequence[Rung]) -> list[Logged]:
    """The lines just written, as they would be read back."""
    return [
        Logged(
            e.at,
            e.event,
            e.by.name if e.by else "",
            grid_name(rungs, e.grid),
            e.detail,
            e.words,
            e.by.id if e.by else None,
        )
        for e in entries
    ]


def grid_name(rungs: Sequence[Rung], code: str) -> str:
    return next((rung.grid.name for rung in rungs if rung.grid.code == code), code)
