"""A WeCom on loopback: the part of the smart bot's long connection that Gridbot uses, as strict as the real one."""

from bot.demo.standin.service import WeCom

__all__ = ["WeCom"]
