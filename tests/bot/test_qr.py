"""The squad's poster: a code that a phone reads, with the squad's name under it."""

from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from bot.config import ConfigError
from bot.qr import poster

URL = "https://village.example/join/ABCDEFGHJK"


def test_the_svg_names_the_squad_and_says_what_to_do() -> None:
    root = ElementTree.fromstring(poster(URL, "十三队", "svg"))  # noqa: S314 -- our own
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["十三队", "用手机扫一扫，写上姓名和门牌，队长请您进来"]
    assert list(root.iter("{http://www.w3.org/2000/svg}path"))


def test_a_name_with_markup_stays_a_name() -> None:
    root = ElementTree.fromstring(poster(URL, "<script>甲&乙", "svg"))  # noqa: S314 -- our own
    assert next(root.iter("{http://www.w3.org/2000/svg}text")).text == "<script>甲&乙"
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))


def test_the_png_is_a_square_picture_large_enough_to_scan() -> None:
    with Image.open(BytesIO(poster(URL, "十三队", "png"))) as image:
        assert image.format == "PNG"
        assert image.width == image.height >= 300


def test_another_kind_of_file_is_refused_in_words() -> None:
    with pytest.raises(ConfigError, match="svg"):
        poster(URL, "十三队", "pdf")
