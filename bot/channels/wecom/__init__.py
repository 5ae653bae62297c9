"""WeCom (企业微信): the smart bot over its long connection, where leaders and staff talk."""

from bot.channels.wecom.channel import PAGE, WeComChannel
from bot.channels.wecom.client import answers

__all__ = ["PAGE", "WeComChannel", "answers"]
