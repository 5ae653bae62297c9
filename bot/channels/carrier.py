"""What one channel keeps, brought to a chat on another: fit to be shown there, or a sentence instead of silence."""

import asyncio
from typing import NamedTuple

from bot.channels import Fetch, Later, Never, TooLarge
from bot.channels.darkroom import Darkroom
from bot.channels.formats import JPEG, Format, format_of, is_photo
from bot.clock import Clock
from domain.chat import Attachment, Medium
from domain.language import N_, _
from domain.refused import Refused

TOO_LARGE = N_("{what}太大了，请向上报人要。")
GONE = N_("{what}看不到了，请向上报人要。")
BROKEN = N_("{what}打不开，请向上报人要。")
NOT_NOW = N_("{what}暂时看不到，请向上报人要。")

URGENT_SECONDS = 3.0
"""How long words that may save a life wait for the picture that belongs to them."""

SILENT_SECONDS = 60.0
"""How long a channel that kept them waiting is not asked again on their account: two hundred groups are told at once,
and must not wait one after the other."""


class Brought(NamedTuple):
    """Fit to be shown: a picture has been made anew, and what anything else is has been looked at."""

    medium: Medium
    format: Format
    data: bytes


class Missing(Exception):  # noqa: N818 -- a sentence for the chat, not a fault
    """It cannot be shown; `sentence` says so to those who wait for it, and whom to ask."""

    def __init__(self, medium: Medium, why: str) -> None:
        what = {
            Medium.PHOTO: _("有一张照片"),
            Medium.VOICE: _("有一段语音"),
            Medium.VIDEO: _("有一段视频"),
            Medium.FILE: _("有一个文件"),
        }[medium]
        super().__init__(why)
        self.sentence = _(why).format(what=what)


class Carrier:
    def __init__(self, fetch: Fetch | None, clock: Clock, urgent_seconds: float = URGENT_SECONDS) -> None:
        self._fetch = fetch
        self._clock = clock
        self._urgent_seconds = urgent_seconds
        self._darkroom = Darkroom()
        self._silent_until: dict[str, float] = {}

    async def bring(self, attachment: Attachment, *, urgent: bool) -> Brought:
        """Missing where it is gone, too large or broken; Later where its channel cannot be asked now, unless it is
        urgent: then the words go without it."""
        try:
            data = await (self._at_once(attachment) if urgent else self._bytes(attachment))
            return await self.unpack(attachment.medium, data)
        except TooLarge as error:
            raise Missing(attachment.medium, TOO_LARGE) from error
        except Never as error:
            raise Missing(attachment.medium, GONE) from error
        except Refused as error:
            raise Missing(attachment.medium, BROKEN) from error

    async def unpack(self, medium: Medium, data: bytes) -> Brought:
        """What somebody hands in; Refused with what to do where it is not what it should be."""
        if medium is Medium.PHOTO or is_photo(data):
            return Brought(Medium.PHOTO, JPEG, await self._darkroom.develop(data))
        found = format_of(medium, data)
        if found is None:
            raise Refused(_("这种文件这里发不了。可以发照片、语音、视频、PDF、Word 和 Excel。"))
        return Brought(*found, data)

    async def _at_once(self, attachment: Attachment) -> bytes:
        now = self._clock.monotonic()
        if now < self._silent_until.get(attachment.channel, now):
            raise Missing(attachment.medium, NOT_NOW)
        try:
            async with asyncio.timeout(self._urgent_seconds):
                return await self._bytes(attachment)
        except (Later, TimeoutError) as error:
            self._silent_until[attachment.channel] = now + SILENT_SECONDS
            raise Missing(attachment.medium, NOT_NOW) from error

    async def _bytes(self, attachment: Attachment) -> bytes:
        if self._fetch is None:
            raise Never(f"no channel {attachment.channel}")
        return await self._fetch(attachment)
