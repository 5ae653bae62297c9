"""The commands of whoever keeps the bot running: a module for each matter they are about."""

from bot.cli import cap, messages, serving, village, words
from bot.cli.common import main

__all__ = ["cap", "main", "messages", "serving", "village", "words"]
