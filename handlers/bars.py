"""A picture of how far each part of a grid has come: a bar each, in the same words and colours from top to bottom."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from handlers.chart import (
    BAR,
    GAP,
    INK,
    MARGIN,
    NAME_WIDTH,
    NOTE_SIZE,
    PAPER,
    SHADE,
    TITLE_SIZE,
    TRACK,
    WIDTH,
    as_png,
    fitted,
    font,
    wrapped,
)

LEFT = MARGIN + NAME_WIDTH
BAR_WIDTH, BAR_HEIGHT = WIDTH - MARGIN - LEFT, 44
ROW_HEIGHT, WORDS_SIZE, LEADING = 130, 34, 16

COLOURS = (BAR, "#b00020", "#e08a00", TRACK)
"""Of the parts of a bar, in their order; each is said in words below it too, for whoever tells no colours apart."""


@dataclass(frozen=True)
class Bar:
    """How many of its `total` each part has, and the same in words."""

    name: str
    parts: tuple[int, ...]
    total: int
    words: str


def draw(title: str, legend: Sequence[str], bars: Sequence[Bar]) -> bytes:
    """A PNG: the title, what the colours mean, and a row for each bar."""
    titles = wrapped(title, TITLE_SIZE, WIDTH - 2 * MARGIN)
    top = MARGIN + len(titles) * (TITLE_SIZE + LEADING) + GAP
    body = top + NOTE_SIZE + 2 * LEADING
    image = Image.new("RGB", (WIDTH, body + len(bars) * ROW_HEIGHT + MARGIN), PAPER)
    pen = ImageDraw.Draw(image)
    for n, line in enumerate(titles):
        pen.text((MARGIN, MARGIN + n * (TITLE_SIZE + LEADING)), line, INK, font(TITLE_SIZE))
    _draw_legend(pen, top, legend)
    for n, bar in enumerate(bars):
        _draw_bar(pen, body + n * ROW_HEIGHT, bar, shaded=n % 2 == 0)
    return as_png(image)


def _draw_legend(pen: ImageDraw.ImageDraw, top: int, legend: Sequence[str]) -> None:
    left, middle = float(MARGIN), top + NOTE_SIZE // 2
    for word, colour in zip(legend, COLOURS, strict=True):
        pen.rectangle((left, top, left + NOTE_SIZE, top + NOTE_SIZE), colour)
        left += NOTE_SIZE + GAP // 2
        pen.text((left, middle), word, INK, font(NOTE_SIZE), anchor="lm")
        left += font(NOTE_SIZE).getlength(word) + 2 * GAP


def _draw_bar(pen: ImageDraw.ImageDraw, top: int, bar: Bar, *, shaded: bool) -> None:
    if shaded:
        pen.rectangle((0, top, WIDTH, top + ROW_HEIGHT - 1), SHADE)
    lines, size = fitted(bar.name)
    middle = top + ROW_HEIGHT // 2 - (len(lines) - 1) * (size + 8) // 2
    for n, line in enumerate(lines):
        pen.text((MARGIN, middle + n * (size + 8)), line, INK, font(size), anchor="lm")
    begun = 0
    for part, colour in zip(bar.parts, COLOURS, strict=True):
        if part:
            ends = begun + part
            edges = [LEFT + BAR_WIDTH * at // bar.total for at in (begun, ends)]
            pen.rectangle((edges[0], top + 18, edges[1] - 1, top + 18 + BAR_HEIGHT), colour)
            begun = ends
    pen.text((LEFT, top + 76), bar.words, INK, font(WORDS_SIZE))
