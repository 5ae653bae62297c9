"""A voice recorded by a real browser keeps every packet in its new wrapping; what is none is left as it was."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.carrier import Brought
from bot.channels.formats import Format
from bot.channels.telegram.ogg import _unwrapped, as_ogg
from domain.chat import Medium

RECORDED = (Path(__file__).parents[2] / "channels" / "web" / "voice.webm").read_bytes()
WEBM, OGG = Format("audio/webm", "webm"), Format("audio/ogg", "ogg")


def voice(data: bytes) -> Brought:
    return Brought(Medium.VOICE, WEBM, data)


def unpaged(ogg: bytes) -> tuple[list[bytes], list[int], int]:
    """The packets of an Ogg file, its pages' flags, and where the last one says the sound ends."""
    packets, flags, samples, at = [], [], 0, 0
    while at < len(ogg):
        sign, version, flag, samples, _stream, number, _sum, segments = struct.unpack_from("<4sBBqIIIB", ogg, at)
        assert (sign, version, number) == (b"OggS", 0, len(flags))
        flags.append(flag)
        lacing, at = ogg[at + 27 : at + 27 + segments], at + 27 + segments
        packet = b""
        for length in lacing:
            packet, at = packet + ogg[at : at + length], at + length
            if length < 255:
                packets.append(packet)
                packet = b""
        assert not packet, "no packet goes on into the next page"
    return packets, flags, samples


def test_every_packet_is_there_and_so_is_the_end() -> None:
    head, recorded = _unwrapped(RECORDED)
    rewrapped = as_ogg(voice(RECORDED))
    assert rewrapped.format == OGG
    packets, flags, samples = unpaged(rewrapped.data)
    assert packets[0] == head
    assert packets[1].startswith(b"OpusTags")
    assert packets[2:] == recorded
    assert (flags[0], flags[-1]) == (2, 4)
    assert 1.2 < samples / 48_000 < 1.8, "it was a second and a half"


def test_a_longer_voice_takes_more_pages() -> None:
    begin = RECORDED.rindex(b"\x1f\x43\xb6\x75")
    packets, flags, _samples = unpaged(as_ogg(voice(RECORDED[:begin] + RECORDED[begin:] * 20)).data)
    assert len(packets) == 2 + 20 * len(_unwrapped(RECORDED)[1])
    assert len(flags) > 3


@pytest.mark.parametrize("data", [b"", b"\x1a\x45\xdf\xa3", b"OggS", RECORDED.replace(b"A_OPUS", b"A_FLAC")])
def test_what_is_no_such_voice_is_left_as_it_was(data: bytes) -> None:
    assert as_ogg(voice(data)) == voice(data)


@given(st.binary(max_size=40), st.integers(0, len(RECORDED)), st.integers(0, len(RECORDED)))
def test_whatever_is_broken_breaks_nothing(noise: bytes, start: int, end: int) -> None:
    broken = RECORDED[:start] + noise + RECORDED[end:]
    assert as_ogg(voice(broken)).medium is Medium.VOICE
