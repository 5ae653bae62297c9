"""Telegram, as one more way for neighbours to talk to the bot."""

from bot.channels.telegram.channel import TelegramChannel

__all__ = ["TelegramChannel"]
