"""Pictures, voices and places as they are stored in a row."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from domain.chat import Attachment, Location, Medium
from storage.database import Row


def packed(attachments: Iterable[Attachment]) -> str:
    return json.dumps([as_list(attachment) for attachment in attachments])


def unpacked(stored: str) -> tuple[Attachment, ...]:
    return tuple(from_list(item) for item in json.loads(stored))


def as_list(attachment: Attachment) -> list[Any]:
    return [attachment.channel, attachment.file_id, attachment.medium.value, attachment.seconds]


def from_list(item: Sequence[Any]) -> Attachment:
    """A picture stored before there were other media has a channel and an id only."""
    channel, file_id, medium, seconds = (*item, Medium.PHOTO, 0)[:4] if len(item) == 2 else item
    return Attachment(channel, file_id, Medium(medium), seconds)


def coordinates(location: Location | None) -> tuple[float | None, float | None]:
    return (location.latitude, location.longitude) if location else (None, None)


def location_of(row: Row) -> Location | None:
    return None if row["latitude"] is None else Location(row["latitude"], row["longitude"])
