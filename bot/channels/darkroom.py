"""Pictures as they are kept and passed on: small enough, without the place and the camera that took them."""

import asyncio
import struct
from io import BytesIO

from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from domain.language import _
from domain.refused import Refused

LONGEST_SIDE = 1600
"""Pixels: fills any phone, shows how high the water stands, and is about 300 KB."""

MOST_PIXELS = 50_000_000
"""Before decoding: no camera in a village makes more, and what claims more is a bomb (200 MB once unpacked)."""

QUALITY = 82
"""JPEG, of 95: no difference to be seen on a phone."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF")
"""What phones and browsers make. Pillow's rarer decoders are not offered to strangers."""

register_heif_opener(thumbnails=False)

_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class Darkroom:
    """Where pictures are made anew, one at a time: unpacking takes memory, two at once would take twice as much."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)

    async def develop(self, data: bytes) -> bytes:
        """The same picture as a JPEG: whatever else was in the file is not in this one."""
        async with self._turn:
            return await asyncio.to_thread(_as_jpeg, data)


def _as_jpeg(data: bytes) -> bytes:
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            return _made_anew(image)
    except _BOMBS as error:
        raise Refused(_("照片太大了，请拍小一点再发。")) from error
    # What Pillow and libheif raise for a file that is broken, cut off or no picture at all.
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError, struct.error) as error:
        raise Refused(_("这不是照片，或者文件坏了。请换一张再发。")) from error


def _made_anew(image: Image.Image) -> bytes:
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    paper = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        seen = upright.convert("RGBA")
        paper.paste(seen, mask=seen)
    else:
        paper.paste(upright.convert("RGB"))
    out = BytesIO()
    paper.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
