"""The one file of settings: read, checked, and explained where it is wrong by file, line and field."""

from bot.config.config import TOKEN_VARIABLE, Config, load
from bot.config.faults import ConfigError
from bot.config.sections import QuietSection, StorageSection, TelegramSection, WebSection

__all__ = [
    "TOKEN_VARIABLE",
    "Config",
    "ConfigError",
    "QuietSection",
    "StorageSection",
    "TelegramSection",
    "WebSection",
    "load",
]
