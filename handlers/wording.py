"""What a case and its log say, in plain words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from domain.case import WAITING, Case, Rating, State, state_name
from domain.chat import Medium
from domain.escalation import goes_by_turns, next_above
from domain.facts import spoken
from domain.language import N_, _
from domain.log import Entry, Event
from domain.people import Rung, names
from domain.text import one_line
from handlers.discretion import Face
from handlers.letters import letter_line
from handlers.routing import Ctx
from storage.cases import Logged

LOG_LINES = 6
"""How much of what happened a card tells; 查询 tells all."""

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
    Event.SPLIT: N_("{who} 说不是同一件事，从 {detail} 拆出"),
    Event.ALONE: N_("{who} 说和 {detail} 不是同一件事"),
    Event.GREW: N_("范围扩大，交给 {grid}"),
}
"""What each line of a log says, in plain words."""


def case_text(
    ctx: Ctx,
    case: Case,
    rungs: Sequence[Rung],
    log: Sequence[Logged],
    known: Sequence[str] = (),
    more: Sequence[str] = (),
    *,
    quoted: bool = True,
    steps: int = LOG_LINES,
    chars: int = STEP_CHARS,
) -> str:
    """Title, what to do first, what was said, what is known and `more` of that, where it stands, and the latest
    `steps` of what happened so far, each cut to `chars`."""
    kind, merged = ctx.settings.kinds[case.kind], case.state is State.MERGED
    lines = [title(ctx, case, rungs)]
    if kind.first_line and (case.open or (merged and not case.rating)):
        lines.append(_(kind.first_line))
    if quoted:
        lines.append(f"“{one_line(case.text)}”" if case.text else _("（没有文字）"))
    lines += [line for line in (*known, spoken(case.facts), contents(case), _location(case), *more) if line]
    # Last before the log is where it stands: what a screen may set off, and the eye goes to.
    if not merged or not known:
        lines.append(_state_line(ctx, case, rungs))
    return "\n".join([*lines, *log_lines(ctx, log, chars)[-(1 if merged else steps) :]])


def private_text(ctx: Ctx, face: Face, rungs: Sequence[Rung], steps: int = LOG_LINES, chars: int = STEP_CHARS) -> str:
    """The same for a private case, as one person may see it."""
    quoted = bool(face.case.text)
    return case_text(ctx, face.case, rungs, face.log, more=face.lines, quoted=quoted, steps=steps, chars=chars)


def title(ctx: Ctx, case: Case, rungs: Sequence[Rung]) -> str:
    return f"{case.number} {ctx.settings.kinds[case.kind].name} · {_origin_name(rungs)}"


def _location(case: Case) -> str:
    if case.location is None:
        return ""
    return _("位置 {lat:.5f}, {lon:.5f}").format(lat=case.location.latitude, lon=case.location.longitude)


def contents(case: Case) -> str:
    """What lies beside the words of a case: 照片 3 张 · 语音 1 段."""
    counts = Counter(kept.medium for kept in case.attachments)
    said = {
        Medium.PHOTO: _("照片 {n} 张"),
        Medium.VOICE: _("语音 {n} 段"),
        Medium.VIDEO: _("视频 {n} 段"),
        Medium.FILE: _("文件 {n} 个"),
    }
    return " · ".join(text.format(n=counts[medium]) for medium, text in said.items() if counts[medium])


def _origin_name(rungs: Sequence[Rung]) -> str:
    """The squad and its parent: enough to find it, short enough for a small screen."""
    return " ".join(rung.grid.name for rung in reversed(rungs[:2]))


def _state_line(ctx: Ctx, case: Case, rungs: Sequence[Rung]) -> str:
    """Where it stands and what happens next, in one sentence."""
    letter = ctx.settings.kinds[case.kind].letter
    if case.state in WAITING:
        return letter_line(ctx, case, grid_name(rungs, case.grid)) if letter else _waiting_line(ctx, case, rungs)
    if letter and case.state in (State.RESOLVED, State.CLOSED):
        return _("已答复：“{answer}”").format(answer=one_line(case.outcome))
    if case.state is State.ACKNOWLEDGED and case.responder and case.due_at:
        said = _("{who} 已接单，{when} 前办结").format(who=case.responder.name, when=ctx.clock(case.due_at))
        if case.stalled:
            grid = grid_name(rungs, case.grid)
            said = _("{who} 已接单但超时未办结，{grid} 可以接手").format(who=case.responder.name, grid=grid)
        return said
    if case.state is State.RESOLVED:
        return _("已办结，等上报人回话：{outcome}").format(outcome=one_line(case.outcome, 100) or _("没有留言"))
    return _("{state}。{why}").format(state=state_name(case.state), why=one_line(case.outcome, 100))


def _waiting_line(ctx: Ctx, case: Case, rungs: Sequence[Rung]) -> str:
    if case.due_at is None:
        return state_name(case.state)
    when, grid = ctx.clock(case.due_at), grid_name(rungs, case.grid)
    turns = goes_by_turns(case, ctx.settings.kinds[case.kind])
    here = [rung.on_duty() if turns else rung for rung in rungs if rung.grid.code == case.grid]
    asked = names(a for rung in here for a in rung.answerers)
    above = next_above(rungs, case.grid)
    if not asked:
        return _("{grid} 还没有能接单的人，已告诉机器人管理员。急事请直接打 110、119、120。").format(grid=grid)
    if above is None:
        return _("等 {grid}（{who}）接单，{when} 再催").format(grid=grid, who=asked, when=when)
    return _("等 {grid}（{who}）接单；{when} 前没人接，就上报 {above}").format(
        grid=grid, who=asked, when=when, above=above.grid.name
    )


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
