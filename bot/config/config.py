"""All the settings of a village, as its file and the environment give them."""

import os
import re
from dataclasses import fields, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from secrets import token_urlsafe
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError, ValidationInfo, field_validator

from bot.catalogue import Language
from bot.config import robots, surveys, templates
from bot.config.faults import ConfigError, explained, parsed
from bot.config.modes import ModeSection, must_fit
from bot.config.modes import load as load_modes
from bot.config.robots import RobotSection
from bot.config.sections import (
    AlertsSection,
    AuditSection,
    CapSection,
    CasesSection,
    DigestSection,
    DrillSection,
    DutySection,
    FloodSection,
    HelpSection,
    InvitationsSection,
    KindSection,
    MailboxSection,
    MetricsSection,
    QuietSection,
    ReceiptsSection,
    RecogniseSection,
    SearchSection,
    Section,
    StorageSection,
    SweepsSection,
    TelegramSection,
    WebSection,
    WeComSection,
)
from domain.chat import AccountId
from domain.flood import Limits
from domain.kinds import DEFAULTS, Kind, Kinds
from domain.language import _
from domain.receipts import Chasing
from domain.search import Plan
from domain.settings import Settings
from lexicon import files as lexicon
from lexicon.recogniser import Recogniser

TOKEN_VARIABLE = "GRIDBOT_TELEGRAM_TOKEN"  # noqa: S105 -- the name of a variable
SECRET_VARIABLE = "GRIDBOT_TELEGRAM_WEBHOOK_SECRET"  # noqa: S105
WECOM_VARIABLE = "GRIDBOT_WECOM_SECRET"

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram takes for one (Bot API: setWebhook)."""


class Config(Section):
    language: Language = "zh"
    timezone: str = "Asia/Shanghai"
    owners: tuple[str, ...] = ()
    storage: StorageSection = StorageSection()
    telegram: TelegramSection = TelegramSection()
    wecom: WeComSection = WeComSection()
    web: WebSection = WebSection()
    metrics: MetricsSection = MetricsSection()
    audit: AuditSection = AuditSection()
    recognise: RecogniseSection = RecogniseSection()
    cases: CasesSection = CasesSection()
    invitations: InvitationsSection = InvitationsSection()
    search: SearchSection = SearchSection()
    quiet: QuietSection = QuietSection()
    flood: FloodSection = FloodSection()
    help: HelpSection = HelpSection()
    mailbox: MailboxSection = MailboxSection()
    digest: DigestSection = DigestSection()
    alerts: AlertsSection = AlertsSection()
    receipts: ReceiptsSection = ReceiptsSection()
    duty: DutySection = DutySection()
    sweeps: SweepsSection = SweepsSection()
    training: bool = False
    drill: DrillSection = DrillSection()
    cap: CapSection = CapSection()
    robots: tuple[RobotSection, ...] = ()
    kinds: tuple[KindSection, ...] = ()
    modes: tuple[ModeSection, ...] = ()

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

    @field_validator("modes")
    @classmethod
    def _fitting(cls, found: tuple[ModeSection, ...], about: ValidationInfo) -> tuple[ModeSection, ...]:
        own = [kind.kind for kind in about.data.get("kinds", ())]
        must_fit(found, {kind.kind for kind in DEFAULTS} | set(own), about.data.get("language", "zh"))
        return found

    @field_validator("robots")
    @classmethod
    def _one_a_grid(cls, named: tuple[RobotSection, ...]) -> tuple[RobotSection, ...]:
        robots.must_be_one_a_grid(named)
        return named

    def robot_urls(self) -> dict[str, str]:
        """The address of each robot by its grid."""
        return robots.urls(self.robots)

    @property
    def telegram_token(self) -> str | None:
        """From the environment first: a secret is better kept out of files."""
        written = self.telegram.token.get_secret_value() if self.telegram.token else None
        return os.environ.get(TOKEN_VARIABLE) or written or None

    @property
    def wecom_secret(self) -> str | None:
        """The same way."""
        written = self.wecom.secret.get_secret_value() if self.wecom.secret else None
        return os.environ.get(WECOM_VARIABLE) or written or None

    @property
    def heartbeat_url(self) -> str | None:
        return self.audit.heartbeat_url.get_secret_value() if self.audit.heartbeat_url else None

    @cached_property
    def webhook_secret(self) -> str:
        """The same way; where there is none, one for this run: Telegram is told it at each start."""
        written = self.telegram.webhook_secret.get_secret_value() if self.telegram.webhook_secret else None
        secret = os.environ.get(SECRET_VARIABLE) or written or token_urlsafe(32)
        if not _SECRET.fullmatch(secret):
            raise ConfigError(_("webhook_secret 只能用英文字母、数字、_ 和 -，最多 256 个"))
        return secret

    def secrets(self) -> list[str]:
        """What must appear in no log."""
        own = (self.telegram_token, self.webhook_secret, self.wecom_secret, self.heartbeat_url)
        return [known for known in (*own, *robots.secrets(self.robots)) if known]

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
            digests=self.digest.hours,
            training=self.training,
            drill_grids=frozenset(self.drill.grids),
            alone_groups=self.alerts.alone_groups,
            chasing=Chasing(self.receipts.remind_grave, self.receipts.remind),
            duty_changes=self.duty.change,
            templates=templates.load(self.language, self.alerts.templates),
            modes=load_modes(self.language, self.modes),
            surveys=surveys.load(self.language, self.sweeps.surveys, merged_kinds(self.kinds, self.mailbox.answer)),
            sweep_lasts=self.sweeps.lasts,
            checklists_in_groups=self.sweeps.checklists == "group",
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
        return Config.model_validate(parsed(path, text), context=path.parent)
    except ValidationError as error:
        raise explained(path, text, error) from error
