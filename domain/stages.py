"""What a broadcast is, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.language import N_, _
from domain.people import Who


class Sort(StrEnum):
    ALERT = "alert"
    NOTICE = "notice"
    DRILL = "drill"

    @property
    def spoken(self) -> str:
        return _(_SORTS[self])


_SORTS = {Sort.ALERT: N_("预警"), Sort.NOTICE: N_("通知"), Sort.DRILL: N_("演练")}


class Stage(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    """Waits for a second person."""
    SENT = "sent"
    REJECTED = "rejected"
    RETURNED = "returned"
    """To be changed, as a draft can be."""
    LAPSED = "lapsed"
    """Nobody let it out in time, or the bot was switched between practice and earnest meanwhile."""
    DISCARDED = "discarded"
    CANCELLED = "cancelled"
    """It should never have been sent."""
    CLEARED = "cleared"
    """The danger is over."""
    EXPIRED = "expired"
    REVISED = "revised"
    """Another one says it better."""


WRITING = frozenset({Stage.DRAFT, Stage.RETURNED})


class Receipts(StrEnum):
    """Who is asked to say 收到."""

    NONE = "none"
    SQUAD = "squad"
    HOUSEHOLD = "household"


class Deed(StrEnum):
    """What a line of its log can say."""

    WRITTEN = "written"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    LAPSED = "lapsed"
    DISCARDED = "discarded"
    BYPASSED = "bypassed"
    SENT = "sent"
    REPEATED = "repeated"
    AMENDED = "amended"
    CANCELLED = "cancelled"
    CLEARED = "cleared"
    EXPIRED = "expired"
    REVISED = "revised"
    UNREACHED = "unreached"


@dataclass(frozen=True)
class Line:
    """A line of the log. `by` is None where time did it."""

    deed: Deed
    at: datetime
    by: Who | None = None
    words: str = ""


_STAGES = {
    Stage.DRAFT: N_("草稿"),
    Stage.SUBMITTED: N_("等人通过"),
    Stage.SENT: N_("已发出"),
    Stage.REJECTED: N_("已驳回"),
    Stage.RETURNED: N_("已退回修改"),
    Stage.LAPSED: N_("已作废"),
    Stage.DISCARDED: N_("不发了"),
    Stage.CANCELLED: N_("已撤销"),
    Stage.CLEARED: N_("已解除"),
    Stage.EXPIRED: N_("已到期"),
    Stage.REVISED: N_("已被新的代替"),
}


def stage_name(stage: Stage) -> str:
    return _(_STAGES[stage])
