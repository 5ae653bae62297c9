"""What a voice, a video or a file really is, seen in its bytes; what is not listed here is not taken."""

from typing import NamedTuple

from domain.chat import Medium


class Format(NamedTuple):
    """How a browser is told what it gets, and how a file of it is called."""

    type: str
    suffix: str


JPEG = Format("image/jpeg", "jpg")

HEIC = "heic"
"""What iPhones make of a photo; it goes by as a file and says where it was taken."""

_PLAYED = {
    (Medium.VOICE, "ogg"): Format("audio/ogg", "ogg"),
    (Medium.VOICE, "webm"): Format("audio/webm", "webm"),
    (Medium.VOICE, "mp4"): Format("audio/mp4", "m4a"),
    (Medium.VOICE, "mp3"): Format("audio/mpeg", "mp3"),
    (Medium.VOICE, "aac"): Format("audio/aac", "aac"),
    (Medium.VOICE, "wav"): Format("audio/wav", "wav"),
    (Medium.VIDEO, "mp4"): Format("video/mp4", "mp4"),
    (Medium.VIDEO, "webm"): Format("video/webm", "webm"),
}
"""What browsers play."""

_HANDED_OVER = {
    "pdf": Format("application/pdf", "pdf"),
    "docx": Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "doc": Format("application/msword", "doc"),
    "xls": Format("application/vnd.ms-excel", "xls"),
    "zip": Format("application/zip", "zip"),
    "amr": Format("audio/amr", "amr"),
    "mp4": Format("video/mp4", "mp4"),
    "mp3": Format("audio/mpeg", "mp3"),
    "ogg": Format("audio/ogg", "ogg"),
    "wav": Format("audio/wav", "wav"),
}
"""What may be saved and opened by something else: nothing that a browser would run."""

_MARKS = (
    (0, b"OggS", "ogg"),
    (0, b"\x1a\x45\xdf\xa3", "webm"),
    *((4, b"ftyp" + brand, HEIC) for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")),
    (4, b"ftypavif", "avif"),
    (4, b"ftyp", "mp4"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"\xff\xf3", "mp3"),
    (0, b"\xff\xf1", "aac"),
    (0, b"\xff\xf9", "aac"),
    (8, b"WAVE", "wav"),
    (0, b"#!AMR", "amr"),
    (0, b"%PDF-", "pdf"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"\xd0\xcf\x11\xe0", "doc"),
)
"""Where and by what a format is known; the first that fits."""

_INSIDE = {
    "zip": ((b"word/document.xml", "docx"), (b"xl/workbook.xml", "xlsx")),
    "doc": (("Workbook".encode("utf-16-le"), "xls"),),
}
"""Office writes its documents into a common wrapping; the names in it tell them apart."""


def format_of(medium: Medium, data: bytes) -> tuple[Medium, Format] | None:
    """As what it can be shown; what nobody can play is handed over as a file; None for what is not taken."""
    kind = _kind(data)
    if played := _PLAYED.get((medium, kind)):
        return medium, played
    if handed_over := _HANDED_OVER.get(kind):
        return Medium.FILE, handed_over
    return None


def is_photo(data: bytes) -> bool:
    """Whether what was handed in as a file is a photo after all."""
    return _kind(data) == HEIC


def suffix_of(content_type: str) -> str:
    known = (*_PLAYED.values(), *_HANDED_OVER.values(), JPEG)
    return next((each.suffix for each in known if each.type == content_type), "bin")


def _kind(data: bytes) -> str:
    kind = next((kind for at, mark, kind in _MARKS if data.startswith(mark, at)), "")
    return next((inner for name, inner in _INSIDE.get(kind, ()) if name in data), kind)
