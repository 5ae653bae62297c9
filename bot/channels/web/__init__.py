"""The built-in web chat: a browser is enough, on any phone and without an account anywhere."""

from bot.channels.web.channel import WebChannel

__all__ = ["WebChannel"]
