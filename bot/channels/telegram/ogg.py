"""A voice that a browser recorded, rewrapped for Telegram: the same Opus packets, in Ogg instead of WebM."""

import struct
from collections.abc import Iterator

from bot.channels.carrier import Brought
from bot.channels.formats import Format

_SEGMENT, _CLUSTER, _TRACKS, _TRACK, _GROUP = 0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE, 0xA0
_CODEC, _HEAD, _BLOCK, _SIMPLE_BLOCK = 0x86, 0x63A2, 0xA1, 0xA3
"""Elements of Matroska (RFC 9559). A browser that records does not know yet how long the first ones will be."""

_OUTER = {_SEGMENT, _CLUSTER, _TRACKS, _TRACK, _GROUP}
_LACED = 0x06
_BEGINS, _ENDS = 2, 4
_MOST_SEGMENTS = 255
"""Of a page, each of at most 255 bytes (RFC 3533, section 6)."""

_TAGS = b"OpusTags" + struct.pack("<I", 7) + b"gridbot" + struct.pack("<I", 0)


def as_ogg(voice: Brought) -> Brought:
    """The same voice; as it was where it is not what browsers record."""
    try:
        return voice._replace(format=Format("audio/ogg", "ogg"), data=b"".join(_pages(voice.data)))
    except (ValueError, IndexError):
        return voice


def _pages(webm: bytes) -> Iterator[bytes]:
    head, packets = _unwrapped(webm)
    yield _page(0, _BEGINS, 0, [head])
    yield _page(1, 0, 0, [_TAGS])
    number, samples, waiting, segments = 2, 0, list[bytes](), 0
    for packet in packets:
        needed = len(packet) // 255 + 1
        if needed > _MOST_SEGMENTS:
            raise ValueError("a packet longer than a page")
        if segments + needed > _MOST_SEGMENTS:
            yield _page(number, 0, samples, waiting)
            number, waiting, segments = number + 1, [], 0
        waiting.append(packet)
        segments += needed
        samples += _samples(packet)
    yield _page(number, _ENDS, samples, waiting)


def _unwrapped(webm: bytes) -> tuple[bytes, list[bytes]]:
    """The head of the stream and its packets; ValueError where it is another codec or another way of packing."""
    codec, head, packets = b"", b"", []
    for element, body in _elements(webm):
        if element == _CODEC:
            codec = body
        elif element == _HEAD:
            head = body
        elif element in (_BLOCK, _SIMPLE_BLOCK):
            _track, at = _number(body, 0, keep_marker=False)
            if body[at + 2] & _LACED:
                raise ValueError("laced")
            packets.append(body[at + 3 :])
    if codec != b"A_OPUS" or not head.startswith(b"OpusHead") or not packets:
        raise ValueError("no Opus")
    return head, packets


def _elements(webm: bytes) -> Iterator[tuple[int, bytes]]:
    """The inner elements, in order. What holds others is stepped into, however long it says it is."""
    at = 0
    while at < len(webm):
        element, at = _number(webm, at, keep_marker=True)
        size, at = _number(webm, at, keep_marker=False)
        if element in _OUTER:
            continue
        yield element, webm[at : at + size]
        at += size


def _number(data: bytes, at: int, *, keep_marker: bool) -> tuple[int, int]:
    """A number of one to eight bytes: as many zeros go before its first bit as bytes follow the first."""
    length = 9 - data[at].bit_length()
    if length > 8:
        raise ValueError("no number")
    value = int.from_bytes(data[at : at + length], "big")
    return value if keep_marker else value & ~(1 << 7 * length), at + length


def _samples(packet: bytes) -> int:
    """How long a packet lasts, in 1/48000 s: its first byte says so (RFC 6716, section 3.1)."""
    config, frames = packet[0] >> 3, packet[0] & 3
    if config < 12:
        length = (480, 960, 1920, 2880)[config % 4]
    elif config < 16:
        length = (480, 960)[config % 2]
    else:
        length = (120, 240, 480, 960)[config % 4]
    return length * (packet[1] & 0x3F if frames == 3 else (1, 2, 2)[frames])


def _page(number: int, flags: int, samples: int, packets: list[bytes]) -> bytes:
    lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    header = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, samples, 1, number, 0, len(lacing)) + lacing
    page = header + b"".join(packets)
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _checksum(page: bytes) -> int:
    crc = 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ _CRC[crc >> 24 ^ byte]
    return crc


def _crc_of(byte: int) -> int:
    crc = byte << 24
    for _bit in range(8):
        crc = (crc << 1 ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    return crc


_CRC = [_crc_of(byte) for byte in range(256)]
