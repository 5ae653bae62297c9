"""The one file of settings: read, checked, and explained where it is wrong by file, line and field."""

import os
import re
import tomllib
from dataclasses import fields, replace
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from bot.catalogue import Language
from domain.alike import SAME_WITHIN
from domain.broadcast import ALONE_GROUPS
from domain.case import VERIFY_WITHIN
from domain.chat import AccountId
from domain.duration import parse_duration
from domain.flood import Limits
from domain.gathering import SUMMARY_EVERY, WORSE_EVERY
from domain.helping import WIDEN
from domain.kinds import DEFAULTS, HearsFirst, Kind, Kinds, Sameness, Urgency
from domain.language import _
from domain.mailbox import ANSWER_WITHIN, COLLECT
from domain.pace import Pace
from domain.quiet import QuietHours
from domain.receipts import Chasing
from domain.search import Plan
from domain.settings import INVITATION_VALID, Settings
from lexicon import files as lexicon
from lexicon.recogniser import Recogniser

TOKEN_VARIABLE = "GRIDBOT_TELEGRAM_TOKEN"  # noqa: S105 -- the name of a variable


def _duration(written: Any) -> Any:
    return parse_duration(written) if isinstance(written, str) else written


def _time_of_day(written: Any) -> Any:
    if isinstance(written, str) and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", written):
        raise ValueError(_("时刻请写成 22:00 这样"))
    return written


Duration = Annotated[timedelta, BeforeValidator(_duration)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]


class ConfigError(Exception):
    """What is wrong in the config, a line a fault, in words for whoever keeps the bot running."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StorageSection(_Section):
    path: Path = Path("data/gridbot.db")


class TelegramSection(_Section):
    """The limits are those of https://core.telegram.org/bots/faq; a service that answers 429 is obeyed in any case."""

    token: SecretStr | None = None
    base_url: str = "https://api.telegram.org/bot"
    per_second: float = Field(30, ge=0)
    """0 for no limit: a Bot API server of your own that has none."""
    per_chat: Duration = timedelta(seconds=1)
    per_group_minute: int = Field(20, gt=0)

    @property
    def pace(self) -> Pace:
        """Telegram's group ids are negative numbers."""
        return Pace(
            self.per_second or None, self.per_chat.total_seconds(), self.per_group_minute, lambda c: c.startswith("-")
        )


class WebSection(_Section):
    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: str | None = None


class RecogniseSection(_Section):
    """`lexicon`: the village's own words, in a file whose way is told from the config's folder."""

    lexicon: Path | None = None

    @field_validator("lexicon")
    @classmethod
    def _beside_the_config(cls, path: Path | None, about: ValidationInfo) -> Path | None:
        return path and Path(about.context or "") / path


class CasesSection(_Section):
    verify: Duration = VERIFY_WITHIN
    same_within: Duration = SAME_WITHIN
    summary_every: Duration = SUMMARY_EVERY
    worse_every: Duration = WORSE_EVERY


class InvitationsSection(_Section):
    valid: Duration = INVITATION_VALID


class SearchSection(_Section):
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


class HelpSection(_Section):
    widen: Duration = WIDEN


class MailboxSection(_Section):
    collect: tuple[TimeOfDay, ...] = Field(COLLECT, min_length=1, max_length=24)
    answer: Duration = ANSWER_WITHIN


class AlertsSection(_Section):
    alone_groups: int = Field(ALONE_GROUPS, ge=0)


class ReceiptsSection(_Section):
    """How long those who owe a receipt are left alone; less where a third of the validity is over before."""

    remind_grave: Duration = Chasing.grave
    remind: Duration = Chasing.other


class DrillSection(_Section):
    """Codes of the grids that take part in drills, each with all below it."""

    grids: tuple[str, ...] = ()


class KindSection(_Section):
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


class QuietSection(_Section):
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


class FloodSection(_Section):
    per_person: int = Field(Limits.per_person, gt=0)
    per_group: int = Field(Limits.per_group, gt=0)


class Config(_Section):
    language: Language = "zh"
    timezone: str = "Asia/Shanghai"
    owners: tuple[str, ...] = ()
    storage: StorageSection = StorageSection()
    telegram: TelegramSection = TelegramSection()
    web: WebSection = WebSection()
    recognise: RecogniseSection = RecogniseSection()
    cases: CasesSection = CasesSection()
    invitations: InvitationsSection = InvitationsSection()
    search: SearchSection = SearchSection()
    quiet: QuietSection = QuietSection()
    flood: FloodSection = FloodSection()
    help: HelpSection = HelpSection()
    mailbox: MailboxSection = MailboxSection()
    alerts: AlertsSection = AlertsSection()
    receipts: ReceiptsSection = ReceiptsSection()
    training: bool = False
    drill: DrillSection = DrillSection()
    kinds: tuple[KindSection, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(_("没有这个时区，请写成 Asia/Shanghai 这样")) from error
        return name

    @field_validator("owners")
    @classmethod
    def _named_accounts(cls, owners: tuple[str, ...]) -> tuple[str, ...]:
        for owner in owners:
            if not re.fullmatch(r"[a-z]+:\S+", owner):
                raise ValueError(_("请写成 渠道:账号，例如 telegram:1001"))
        return owners

    @field_validator("kinds")
    @classmethod
    def _titled(cls, kinds: tuple[KindSection, ...]) -> tuple[KindSection, ...]:
        known = {kind.kind for kind in DEFAULTS}
        for kind in kinds:
            if kind.kind not in known and not kind.title:
                raise ValueError(_("新的事件类型 {kind} 要有 title").format(kind=kind.kind))
        return kinds

    @property
    def telegram_token(self) -> str | None:
        """From the environment first: a secret is better kept out of files."""
        written = self.telegram.token.get_secret_value() if self.telegram.token else None
        return os.environ.get(TOKEN_VARIABLE) or written or None

    def settings(self) -> Settings:
        owners = (owner.partition(":") for owner in self.owners)
        return Settings(
            kinds=Kinds(merged_kinds(self.kinds, self.mailbox.answer)),
            owners=frozenset(AccountId(channel, account) for channel, _colon, account in owners),
            timezone=ZoneInfo(self.timezone),
            verify_within=self.cases.verify,
            invitation_valid=self.invitations.valid,
            search=Plan(**self.search.model_dump()),
            quiet=self.quiet.hours,
            flood=Limits(self.flood.per_person, self.flood.per_group),
            widen=self.help.widen,
            collect=self.mailbox.collect,
            same_within=self.cases.same_within,
            summary_every=self.cases.summary_every,
            worse_every=self.cases.worse_every,
            training=self.training,
            drill_grids=frozenset(self.drill.grids),
            alone_groups=self.alerts.alone_groups,
            chasing=Chasing(self.receipts.remind_grave, self.receipts.remind),
            per_second={"telegram": self.telegram.per_second} if self.telegram.per_second else {},
        )

    def recogniser(self) -> Recogniser:
        """What reads this village's words; it takes a moment to build."""
        kinds = self.settings().kinds
        try:
            return Recogniser(kinds, lexicon.load(kinds, self.recognise.lexicon))
        except lexicon.LexiconError as error:
            raise ConfigError(str(error)) from error


def merged_kinds(sections: tuple[KindSection, ...], answer: timedelta) -> list[Kind]:
    """The table of kinds with what the config changes in it and adds to it; `other` stays last. `answer` is how soon
    a letter is owed one, where its kind does not say otherwise."""
    table = {kind.kind: replace(kind, acknowledge=answer) if kind.letter else kind for kind in DEFAULTS}
    names = {field.name for field in fields(Kind)}
    for section in sections:
        changes = {k: v for k, v in section.model_dump().items() if v is not None and k in names}
        base = table.get(section.kind) or Kind(section.kind, section.title or section.kind)
        changed = replace(base, **changes)
        owes = changed.letter and "acknowledge" not in changes
        table[section.kind] = replace(changed, acknowledge=answer) if owes else changed
    other = table.pop("other")
    return [*table.values(), other]


def load(path: Path) -> Config:
    """The config in this file; ConfigError names file, line and field of every fault."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigError(
            _("找不到配置文件 {path}。请复制 config.example.toml 为 {path}，再按里面的说明改。").format(path=path)
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(_("读不了配置文件 {path}：{why}").format(path=path, why=error)) from error
    try:
        return Config.model_validate(tomllib.loads(text), context=path.parent)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_("{path}：不是正确的 TOML：{why}").format(path=path, why=error)) from error
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(path, text, fault) for fault in error.errors())) from error


def _explain(path: Path, text: str, fault: ErrorDetails) -> str:
    where = tuple(fault["loc"])
    field = ".".join(str(part) for part in where)
    line = line_of(text, where)
    if fault["type"] == "extra_forbidden":
        why = _("没有这个设置，请检查拼写")
    elif "error" in fault.get("ctx", {}):
        why = str(fault["ctx"]["error"])
    else:
        why = fault["msg"]
    return _("{path} 第 {line} 行，{field}：{why}").format(path=path, line=line, field=field, why=why)


def line_of(text: str, where: tuple[int | str, ...]) -> int:
    """The line a field stands on: `("kinds", 1, "words")` is the key `words` in the second [[kinds]]."""
    section = ".".join(part for part in where[:-1] if isinstance(part, str))
    nth = next((part for part in where if isinstance(part, int)), 0)
    key, here, seen, best = str(where[-1]), "", -1, 1
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([\w.\-]+)\s*\]+", line):
            here = header[1]
            seen += here == section and "[[" in line
            if here == section or here == ".".join(map(str, where)):
                best = number
        elif here == section and seen in (-1, nth) and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
        elif here == "" and where and re.match(rf"\s*{re.escape(str(where[0]))}\s*=", line):
            best = number
    return best
