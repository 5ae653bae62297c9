"""What goes with the words: by its name where Telegram has it, else brought along, once for all the chats."""

import asyncio
from typing import Any, NamedTuple

from telegram import InputFile

from bot.channels import Fetch
from bot.channels.carrier import TOO_LARGE, Brought, Carrier, Missing
from bot.channels.telegram.files import (
    LARGEST_PHOTO,
    LARGEST_UPLOAD,
    METHODS,
    VIDEO_SUFFIXES,
    VOICE_SUFFIXES,
    goes_by_name,
    name_of,
)
from bot.channels.telegram.ogg import as_ogg
from bot.clock import Clock
from domain.chat import Attachment, Medium

MOST_REMEMBERED = 500
"""Names that Telegram gave to what was brought: a village's notices of a busy day. The oldest are forgotten."""


class Enclosed(NamedTuple):
    """How a file is sent: the method, the field, and the file itself or Telegram's name for it."""

    method: str
    field: str
    file: str | InputFile
    seconds: int = 0


class Enclosures:
    def __init__(self, fetch: Fetch, clock: Clock) -> None:
        self._carrier = Carrier(fetch, clock)
        self._names: dict[tuple[Attachment, bool], Enclosed] = {}

    async def of(self, attachment: Attachment, *, as_file: bool, urgent: bool) -> Enclosed:
        """`as_file`: as a document, which everybody takes; Missing where it cannot be had."""
        if known := self._names.get((attachment, as_file)):
            return known
        if goes_by_name(attachment) and not as_file:
            return Enclosed(*METHODS[attachment.medium], name_of(attachment.file_id))
        brought = await self._carrier.bring(attachment, urgent=urgent)
        if not as_file:
            brought = await asyncio.to_thread(_fit, brought)
        if len(brought.data) > (LARGEST_PHOTO if brought.medium is Medium.PHOTO else LARGEST_UPLOAD):
            raise Missing(attachment.medium, TOO_LARGE)
        method, field = METHODS[Medium.FILE if as_file else brought.medium]
        return Enclosed(method, field, _file(brought), attachment.seconds)

    def sent(self, attachment: Attachment, as_file: bool, enclosed: Enclosed, message: Any) -> None:
        """Telegram has it now: to the next chat it goes by the name it got."""
        if isinstance(enclosed.file, str) or not (name := _name_in(message, enclosed.field)):
            return
        self._names[attachment, as_file] = enclosed._replace(file=name)
        if len(self._names) > MOST_REMEMBERED:
            del self._names[next(iter(self._names))]


def _fit(brought: Brought) -> Brought:
    """As Telegram plays it. What it would not play is a document there, and can still be heard."""
    if brought.medium is Medium.VOICE and brought.format.suffix == "webm":
        brought = as_ogg(brought)
    plays = {Medium.VOICE: VOICE_SUFFIXES, Medium.VIDEO: VIDEO_SUFFIXES}.get(brought.medium)
    if plays and brought.format.suffix not in plays:
        return brought._replace(medium=Medium.FILE)
    return brought


def _file(brought: Brought) -> InputFile:
    return InputFile(brought.data, filename=f"{brought.medium.value}.{brought.format.suffix}")


def _name_in(message: Any, field: str) -> str:
    """A picture comes back in several sizes: the largest is the last."""
    found = message.get(field) if isinstance(message, dict) else None
    file = found[-1] if isinstance(found, list) and found else found
    return str(file.get("file_id", "")) if isinstance(file, dict) else ""
