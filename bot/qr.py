"""The QR code that a squad posts in its group: who scans it can ask to be let in."""

from io import BytesIO
from xml.sax.saxutils import escape

import segno

from bot.config import ConfigError
from domain.language import _
from domain.text import one_line

MODULE = 8
"""SVG units and PNG pixels of one square: 300 pixels and more for a poster's address, sharp on any phone."""

QUIET = 4
"""Squares of white around it, as ISO/IEC 18004 asks for."""

NAME_SIZE, LINE_SIZE = 40, 20
"""SVG units: the name is read across a stairwell, the explanation from where one scans."""

FONTS = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif"

LONGEST_NAME = 30
"""Characters of a squad's name under its code."""


def poster(url: str, name: str, kind: str) -> bytes:
    """As "svg", with the squad's name and what to do; as "png", the code alone."""
    # A quarter of it may be torn off or rained on.
    code = segno.make(url, error="q", micro=False)
    if kind == "png":
        out = BytesIO()
        code.save(out, kind="png", scale=MODULE, border=QUIET)
        return out.getvalue()
    if kind == "svg":
        return _svg(code, one_line(name, LONGEST_NAME)).encode()
    raise ConfigError(_("二维码只能存成 .svg 或 .png，不能存成 .{kind}。").format(kind=kind))


def _svg(code: segno.QRCode, name: str) -> str:
    side = code.symbol_size(scale=MODULE, border=QUIET)[0]
    line = _("用手机扫一扫，写上姓名和门牌，队长请您进来")
    # A long name is set smaller, never cut: Chinese characters are as wide as they are high.
    name_size = min(NAME_SIZE, side * 0.9 / max(1, _width(name)))
    line_size = min(LINE_SIZE, side * 0.94 / _width(line))
    squares = code.svg_inline(scale=MODULE, border=QUIET, omitsize=False, svgclass=None, lineclass=None)
    height = side + NAME_SIZE + LINE_SIZE + MODULE * 5

    def text(words: str, y: float, size: float, weight: int) -> str:
        return f'<text x="{side / 2}" y="{y}" font-size="{size:.1f}" font-weight="{weight}">{escape(words)}</text>'

    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{height}" viewBox="0 0 {side} {height}">'
        f'<rect width="{side}" height="{height}" fill="#fff"/>{squares}'
        f'<g fill="#1c2321" text-anchor="middle" font-family="{FONTS}">'
        + text(name, side + NAME_SIZE * 0.7, name_size, 700)
        + text(line, side + NAME_SIZE + LINE_SIZE * 1.4, line_size, 400)
        + "</g></svg>\n"
    )


def _width(text: str) -> float:
    """In ems, near enough."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.58 for character in text)
