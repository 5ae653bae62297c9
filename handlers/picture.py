"""What a card says of all who reported the same thing: how many, where, and how bad it is."""

from collections import Counter
from collections.abc import Sequence

from domain.case import WAITING, Case, State, state_name
from domain.chat import Button, ChatId, Rows
from domain.facts import SEVERITIES
from domain.gathering import Voice
from domain.language import _
from domain.reading import Severity
from domain.text import one_line
from handlers.routing import Ctx

MOST_BRANCHES = 12
"""Child grids that a card names; a small screen shows as many."""

MOST_ENDANGERED = 5
"""Reports with somebody in danger that a card quotes; the others are counted."""


async def picture_lines(ctx: Ctx, case: Case) -> list[str]:
    """Below the words of the report; nothing where nobody else reported it."""
    if case.state is State.MERGED and case.merged_into:
        head = await ctx.store.cases.head(case.merged_into)
        if not head.open:
            return [_("和 {into} 是同一件事：{state}").format(into=head.number, state=state_name(head.state))]
        seen = await ctx.store.sameness.seen(head.id)
        said = _("和 {into} 是同一件事，已有 {n} 户上报。一起处理，办好了告诉您。")
        return [said.format(into=head.number, n=seen.households)]
    voices = await ctx.store.sameness.voices(case.id)
    lines = await _whole(ctx, case, voices) if len(voices) > 1 or case.gathered else []
    if maybe := await ctx.store.sameness.offered(case.id):
        numbers = "、".join(f"#{number}" for number in maybe)
        lines.append(_("可能是同一件事，等上报人确认：{numbers}").format(numbers=numbers))
    return lines


def offer_line(case: Case, chat: ChatId) -> list[str]:
    """Asked on the reporter's own card, so that it is no message more."""
    if case.offered is None or chat != case.reported_in:
        return []
    other = case.offered
    quoted = _("{number}“{words}”").format(number=other.number, words=one_line(other.text, 20))
    named = quoted if other.text else other.number
    return [_("和 {other} 是同一件事吗？").format(other=named)]


def offer_buttons(case: Case, chat: ChatId) -> Rows:
    if case.offered is None or chat != case.reported_in:
        return ()
    return ((Button(_("是同一件事"), f"same:{case.id}"), Button(_("不是"), f"differs:{case.id}")),)


async def _whole(ctx: Ctx, case: Case, voices: Sequence[Voice]) -> list[str]:
    """Total, worst, who is in danger, by child grid, and what nobody has taken."""
    seen = await ctx.store.sameness.seen(case.id)
    lines = [_("{n} 户上报").format(n=seen.households)]
    if seen.reports > seen.households:
        lines = [_("{n} 户上报（{reports} 条）").format(n=seen.households, reports=seen.reports)]
    if seen.worst:
        lines.append(_("最重：{worst}").format(worst=_(SEVERITIES[Severity(seen.worst)])))
    if seen.endangered:
        lines.append(_("有人遇险 {n} 处：").format(n=seen.endangered))
        endangered = [voice for voice in voices if voice.danger]
        lines += [f"#{voice.id} “{one_line(voice.text, 40)}”" for voice in endangered[-MOST_ENDANGERED:]]
    branches = await ctx.store.grids.branches(case.origin, sorted({voice.origin for voice in voices}))
    counted = Counter(branches.get(voice.origin, voice.origin) for voice in voices)
    if len(counted) > 1:
        lines.append(" · ".join(f"{name} {n}" for name, n in counted.most_common(MOST_BRANCHES)))
    if case.state in WAITING:
        lines.append(_("还没有人接单：{n} 条").format(n=seen.reports))
    return lines
