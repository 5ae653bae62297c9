"""The sections of the one file of settings, each with its defaults and what it may hold."""

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    model_validator,
)

from domain.alike import SAME_WITHIN
from domain.broadcast import ALONE_GROUPS
from domain.case import VERIFY_WITHIN
from domain.digest import Hours
from domain.duration import parse_duration
from domain.duty import CHANGE
from domain.flood import Limits
from domain.gathering import SUMMARY_EVERY, WORSE_EVERY
from domain.helping import WIDEN
from domain.kinds import HearsFirst, Sameness, Urgency
from domain.language import _
from domain.mailbox import ANSWER_WITHIN, COLLECT
from domain.pace import Pace, Window
from domain.quiet import QuietHours
from domain.receipts import Chasing
from domain.search import Plan
from domain.settings import INVITATION_VALID
from domain.sweep import LASTS


def _duration(written: Any) -> Any:
    return parse_duration(written) if isinstance(written, str) else written


def _time_of_day(written: Any) -> Any:
    if isinstance(written, str) and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", written):
        raise ValueError(_("时刻请写成 22:00 这样"))
    return written


def _time_or_off(written: Any) -> Any:
    return None if written == "off" else _time_of_day(written)


def _beside_the_config(path: Path, about: ValidationInfo) -> Path:
    return Path(about.context or "") / path


Duration = Annotated[timedelta, BeforeValidator(_duration)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
DailyHour = Annotated[time | None, BeforeValidator(_time_or_off)]
FileBeside = Annotated[Path, AfterValidator(_beside_the_config)]
"""A file whose way is told from the config's folder."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StorageSection(Section):
    path: Path = Path("data/gridbot.db")


class TelegramSection(Section):
    """The limits are those of https://core.telegram.org/bots/faq; a service that answers 429 is obeyed in any case."""

    token: SecretStr | None = None
    base_url: str = "https://api.telegram.org/bot"
    per_second: float = Field(30, ge=0)
    """0 for no limit: a Bot API server of your own that has none."""
    per_chat: Duration = timedelta(seconds=1)
    per_group_minute: int = Field(20, gt=0)
    webhook_url: str | None = Field(None, pattern=r"^https?://[^/\s]+/\S+$")
    """Where Telegram calls the bot, on the web chat's port behind its proxy; without it the bot asks Telegram."""
    webhook_secret: SecretStr | None = None

    @property
    def pace(self) -> Pace:
        """Telegram's group ids are negative numbers."""
        windows = (Window(self.per_group_minute),)
        return Pace(self.per_second or None, self.per_chat.total_seconds(), windows, lambda c: c.startswith("-"))


class WeComSection(Section):
    """A smart bot (智能机器人) in API mode with a long connection."""

    bot_id: str | None = Field(None, min_length=1)
    secret: SecretStr | None = None
    url: str = Field("wss://openws.work.weixin.qq.com", pattern=r"^wss?://\S+$")


class WebSection(Section):
    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: str | None = None


class MetricsSection(Section):
    """A port of its own for the programs that watch the bot; they can ask at the web chat's port as well."""

    port: int | None = Field(None, ge=0, le=65535)
    host: str = "127.0.0.1"


class AuditSection(Section):
    """What is touched or asked for every minute in which nothing is wrong."""

    heartbeat_file: Path | None = None
    heartbeat_url: SecretStr | None = None


class RecogniseSection(Section):
    """`lexicon`: the village's own words."""

    lexicon: FileBeside | None = None


class CasesSection(Section):
    verify: Duration = VERIFY_WITHIN
    same_within: Duration = SAME_WITHIN
    summary_every: Duration = SUMMARY_EVERY
    worse_every: Duration = WORSE_EVERY


class InvitationsSection(Section):
    valid: Duration = INVITATION_VALID


class SearchSection(Section):
    """When the notice of a lost person reaches each ring, counted from its confirmation."""

    village: Duration = Plan.village
    neighbours: Duration = Plan.neighbours
    township: Duration = Plan.township
    expires: Duration = Plan.expires
    erase: Duration = Plan.erase

    @model_validator(mode="after")
    def _ever_wider(self) -> "SearchSection":
        if not self.village <= self.neighbours <= self.township < self.expires:
            raise ValueError(_("时间要一圈比一圈晚：village ≤ neighbours ≤ township < expires"))
        return self


class HelpSection(Section):
    widen: Duration = WIDEN


class MailboxSection(Section):
    collect: tuple[TimeOfDay, ...] = Field(COLLECT, min_length=1, max_length=24)
    answer: Duration = ANSWER_WITHIN


class DigestSection(Section):
    morning: DailyHour = Hours.morning
    evening: DailyHour = Hours.evening

    @property
    def hours(self) -> Hours:
        return Hours(self.morning, self.evening)


class AlertsSection(Section):
    """`templates`: what the village changes in the templates, and those that it adds."""

    alone_groups: int = Field(ALONE_GROUPS, ge=0)
    templates: FileBeside | None = None


class ReceiptsSection(Section):
    """How long those who owe a receipt are left alone; less where a third of the validity is over before."""

    remind_grave: Duration = Chasing.grave
    remind: Duration = Chasing.other


class DutySection(Section):
    """When duty changes hands, on every day, by the village's clock."""

    change: TimeOfDay = CHANGE


class SweepsSection(Section):
    """How long a sweep lasts where nobody says, where its checklists stand, and a file of the village's own surveys."""

    lasts: Duration = LASTS
    checklists: Literal["private", "group"] = "private"
    surveys: FileBeside | None = None


class DrillSection(Section):
    """Codes of the grids that take part in drills, each with all below it."""

    grids: tuple[str, ...] = ()


class CapSection(Section):
    """How warnings are signed that other services read: the name of this one, and of the list of its places."""

    sender: str = Field("gridbot", pattern=r"^[^\s,<&]+$")
    geocode: str = Field("GB/T 2260", min_length=1)


class KindSection(Section):
    """Fields of a kind to change; a `kind` that is not in the table becomes a new one and needs a `title`."""

    kind: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str | None = None
    words: tuple[str, ...] | None = None
    urgency: Urgency | None = None
    acknowledge: Duration | None = None
    resolve: Duration | None = None
    hears_first: HearsFirst | None = None
    first_line: str | None = None
    calls: bool | None = None
    same: Sameness | None = None
    same_within: Duration | None = None


class QuietSection(Section):
    """From a time of day to another, over midnight where it says so."""

    enabled: bool = True
    start: TimeOfDay = Field(QuietHours.start, alias="from")
    until: TimeOfDay = QuietHours.end

    @model_validator(mode="after")
    def _some_time(self) -> "QuietSection":
        if self.start == self.until:
            raise ValueError(_("from 和 until 不能一样；不要安静时段请写 enabled = false"))
        return self

    @property
    def hours(self) -> QuietHours | None:
        return QuietHours(self.start, self.until) if self.enabled else None


class FloodSection(Section):
    per_person: int = Field(Limits.per_person, gt=0)
    per_group: int = Field(Limits.per_group, gt=0)
