"""What a village decides for itself and every handler may need: a part of the config, without its files and secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo

from domain.alike import SAME_WITHIN
from domain.broadcast import ALONE_GROUPS
from domain.case import VERIFY_WITHIN
from domain.chat import AccountId
from domain.daily import next_at
from domain.digest import Hours
from domain.duty import CHANGE, Shift
from domain.flood import Limits
from domain.gathering import SUMMARY_EVERY, WORSE_EVERY
from domain.helping import WIDEN
from domain.kinds import Kinds
from domain.mailbox import COLLECT
from domain.mode import Modes
from domain.quiet import Night, QuietHours
from domain.receipts import Chasing
from domain.search import Plan
from domain.survey import Surveys
from domain.sweep import LASTS
from domain.template import Templates

INVITATION_VALID = timedelta(days=7)


@dataclass(frozen=True)
class Settings:
    kinds: Kinds = field(default_factory=Kinds)
    owners: frozenset[AccountId] = frozenset()
    timezone: tzinfo = UTC
    verify_within: timedelta = VERIFY_WITHIN
    invitation_valid: timedelta = INVITATION_VALID
    search: Plan = field(default_factory=Plan)
    quiet: QuietHours | None = None
    flood: Limits | None = None
    widen: timedelta = WIDEN
    collect: tuple[time, ...] = COLLECT
    same_within: timedelta = SAME_WITHIN
    summary_every: timedelta = SUMMARY_EVERY
    worse_every: timedelta = WORSE_EVERY
    digests: Hours = field(default_factory=Hours)
    training: bool = False
    """The whole bot is practised with: nothing real leaves it."""
    drill_grids: frozenset[str] = frozenset()
    """Who takes part in drills, each grid with all below it."""
    alone_groups: int = ALONE_GROUPS
    chasing: Chasing = field(default_factory=Chasing)
    duty_changes: time = CHANGE
    templates: Templates = field(default_factory=Templates)
    modes: Modes = field(default_factory=Modes)
    surveys: Surveys = field(default_factory=Surveys)
    sweep_lasts: timedelta = LASTS
    checklists_in_groups: bool = False
    """Whether a sweep's checklist stands in the squad's group rather than with its leader in private."""
    per_second: Mapping[str, float] = field(default_factory=dict)
    """How many messages each channel lets a bot say; one that is not named has no limit."""

    def __post_init__(self) -> None:
        night = Night(self.quiet, self.timezone) if self.quiet else None
        object.__setattr__(self, "kinds", self.kinds.resting(night))

    @property
    def shift(self) -> Shift:
        """When duty changes hands here."""
        return Shift(self.duty_changes, self.timezone)

    def morning(self, now: datetime) -> datetime | None:
        """Until when what can wait has to; None by day, and where there are no quiet hours."""
        return self.quiet.until(now, self.timezone) if self.quiet else None

    def next_collection(self, now: datetime) -> datetime:
        """When the red mailboxes are emptied next."""
        return next_at(now, self.collect, self.timezone)

    def clock(self, moment: datetime, now: datetime) -> str:
        """The time of day as people here read it, with the date where it is not today's."""
        local, today = moment.astimezone(self.timezone), now.astimezone(self.timezone).date()
        time = f"{local.hour:02}:{local.minute:02}"
        return time if local.date() == today else f"{local.month}-{local.day} {time}"
