"""Files as Telegram names them, and which of its methods takes what."""

from typing import Any

from domain.chat import Attachment, Medium

CHANNEL = "telegram"

LARGEST_DOWNLOAD = 20 * 1024 * 1024
"""Bytes that Telegram hands a bot (Bot API: getFile)."""

LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_UPLOAD = 50 * 1024 * 1024
"""Bytes that a bot may send as a picture, and as anything else (Bot API: Sending files)."""

METHODS = {
    Medium.PHOTO: ("sendPhoto", "photo"),
    Medium.VOICE: ("sendVoice", "voice"),
    Medium.VIDEO: ("sendVideo", "video"),
    Medium.FILE: ("sendDocument", "document"),
}
"""By which method a medium is sent, and the name of the field that it goes into."""

VOICE_SUFFIXES = {"ogg", "mp3", "m4a"}
"""What plays as a voice there; anything else may be sent as a document only (Bot API: sendVoice, sendVideo)."""

VIDEO_SUFFIXES = {"mp4"}

_ANEW = "anew:"

_KINDS = (
    ("voice", Medium.VOICE, False),
    ("video", Medium.VIDEO, False),
    ("audio", Medium.VOICE, True),
    ("video_note", Medium.VIDEO, True),
    ("animation", Medium.VIDEO, True),
)
"""Telegram's kinds of files, what they are in the neighbourhood, and whether they are sent on under another method:
a file's name is good for its own kind only ("It is not possible to change the file type when resending by file_id"),
so such a file is fetched and sent anew."""

_PICTURES = {f"image/{kind}" for kind in ("jpeg", "png", "webp", "gif", "bmp", "heic", "heif")}
"""Pictures sent as files: made anew like any other, for they carry the place where they were taken."""

Json = dict[str, Any]


def attachments(message: Json) -> tuple[Attachment, ...]:
    """A message carries one at most; an album is one message for each."""
    if sizes := message.get("photo"):
        largest = max(sizes, key=lambda size: size["width"] * size["height"])
        return (_attachment(largest, Medium.PHOTO, anew=False),)
    # An animation comes with itself as a document besides: the kinds are asked first.
    for name, medium, anew in _KINDS:
        if file := message.get(name):
            return (_attachment(file, medium, anew),)
    if file := message.get("document"):
        picture = file.get("mime_type") in _PICTURES or file.get("file_name", "").lower().endswith((".heic", ".heif"))
        return (_attachment(file, Medium.PHOTO if picture else Medium.FILE, anew=picture),)
    return ()


def name_of(file_id: str) -> str:
    """Telegram's own name of the file."""
    return file_id.removeprefix(_ANEW)


def goes_by_name(attachment: Attachment) -> bool:
    """Whether Telegram has it already, as what it is to be shown as."""
    return attachment.channel == CHANNEL and not attachment.file_id.startswith(_ANEW)


def _attachment(file: Json, medium: Medium, anew: bool) -> Attachment:
    file_id = f"{_ANEW if anew else ''}{file['file_id']}"
    return Attachment(CHANNEL, file_id, medium, int(file.get("duration", 0)))
