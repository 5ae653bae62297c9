"""Telegram, as one more way for neighbours to talk to the bot."""

from bot.channels.telegram.channel import Called, TelegramChannel

__all__ = ["Called", "TelegramChannel"]
