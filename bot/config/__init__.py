"""The one file of settings: read, checked, and explained where it is wrong by file, line and field."""

from bot.config.config import SECRET_VARIABLE, TOKEN_VARIABLE, WECOM_VARIABLE, Config, load
from bot.config.faults import ConfigError
from bot.config.sections import (
    AuditSection,
    MetricsSection,
    QuietSection,
    StorageSection,
    TelegramSection,
    WebSection,
    WeComSection,
)

__all__ = [
    "SECRET_VARIABLE",
    "TOKEN_VARIABLE",
    "WECOM_VARIABLE",
    "AuditSection",
    "Config",
    "ConfigError",
    "MetricsSection",
    "QuietSection",
    "StorageSection",
    "TelegramSection",
    "WeComSection",
    "WebSection",
    "load",
]
