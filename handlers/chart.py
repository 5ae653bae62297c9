"""A table of rates as a picture that an old eye can read on a small screen: large type, black on white, a bar each."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from domain.rates import Rate, Rates

FONT = Path(__file__).parent / "fonts" / "NotoSansCJKsc-Bold.otf"
"""Noto Sans CJK SC, all of GB 2312 and the characters in Fuzhou's place names; its licence lies beside it."""

WIDTH = 1080
"""Pixels: a phone shows them one for one."""

MARGIN, GAP, NAME_WIDTH, CELL_WIDTH, ROW_HEIGHT = 40, 20, 295, 240, 150
TITLE_SIZE, HEAD_SIZE, NAME_SIZE, LONG_NAME_SIZE, NUMBER_SIZE, COUNT_SIZE, NOTE_SIZE = 52, 40, 42, 36, 50, 34, 32
BAR_WIDTH, BAR_HEIGHT = CELL_WIDTH - GAP, 20
PAPER, INK, BAR, TRACK, SHADE = "#ffffff", "#000000", "#0a4d9c", "#c4ccd6", "#eef2f7"
"""Ink and bar stand against paper and shade at more than 7:1 (WCAG AAA); the track only shows how far 100 % is."""


def draw(title: str, columns: Sequence[str], rows: Sequence[tuple[str, Rates]], note: str) -> bytes:
    """A PNG: the title, a row for each grid with a cell for each rate, and what the words mean."""
    titles = wrapped(title, TITLE_SIZE, WIDTH - 2 * MARGIN)
    notes = wrapped(note, NOTE_SIZE, WIDTH - 2 * MARGIN)
    top = MARGIN + len(titles) * (TITLE_SIZE + 16) + 20
    body = top + HEAD_SIZE + 32
    height = body + len(rows) * ROW_HEIGHT + 24 + len(notes) * (NOTE_SIZE + 14) + MARGIN
    image = Image.new("RGB", (WIDTH, height), PAPER)
    pen = ImageDraw.Draw(image)
    for n, line in enumerate(titles):
        pen.text((MARGIN, MARGIN + n * (TITLE_SIZE + 16)), line, INK, font(TITLE_SIZE))
    for n, column in enumerate(columns):
        pen.text((_cell_left(n), top), column, INK, font(HEAD_SIZE))
    for n, (name, counted) in enumerate(rows):
        _draw_row(pen, body + n * ROW_HEIGHT, name, counted.all, shaded=n % 2 == 0)
    for n, line in enumerate(notes):
        pen.text((MARGIN, body + len(rows) * ROW_HEIGHT + 24 + n * (NOTE_SIZE + 14)), line, INK, font(NOTE_SIZE))
    return as_png(image)


def _draw_row(pen: ImageDraw.ImageDraw, top: int, name: str, cells: Sequence[Rate], *, shaded: bool) -> None:
    if shaded:
        pen.rectangle((0, top, WIDTH, top + ROW_HEIGHT - 1), SHADE)
    lines, size = fitted(name)
    middle = top + ROW_HEIGHT // 2 - (len(lines) - 1) * (size + 8) // 2
    for n, line in enumerate(lines):
        pen.text((MARGIN, middle + n * (size + 8)), line, INK, font(size), anchor="lm")
    for n, rate in enumerate(cells):
        _draw_cell(pen, _cell_left(n), top, rate)


def _draw_cell(pen: ImageDraw.ImageDraw, left: int, top: int, rate: Rate) -> None:
    """The percentage, its bar and the counts; the counts alone where there are too few."""
    counts = f"{rate.count}/{rate.total}"
    if rate.percent is None:
        middle = top + ROW_HEIGHT // 2
        pen.text((left, middle), counts if rate.total else "—", INK, font(NUMBER_SIZE), anchor="lm")
        return
    pen.text((left, top + 54), f"{rate.percent}%", INK, font(NUMBER_SIZE), anchor="ls")
    pen.rectangle((left, top + 70, left + BAR_WIDTH, top + 70 + BAR_HEIGHT), TRACK)
    if rate.percent:
        pen.rectangle((left, top + 70, left + BAR_WIDTH * rate.percent // 100, top + 70 + BAR_HEIGHT), BAR)
    pen.text((left, top + 128), counts, INK, font(COUNT_SIZE), anchor="ls")


def _cell_left(column: int) -> int:
    return MARGIN + NAME_WIDTH + column * CELL_WIDTH


def fitted(name: str) -> tuple[list[str], int]:
    """The name in one line, or smaller in two; cut with an ellipsis where that is still too long."""
    if font(NAME_SIZE).getlength(name) <= NAME_WIDTH - GAP:
        return [name], NAME_SIZE
    lines = wrapped(name, LONG_NAME_SIZE, NAME_WIDTH - GAP)
    return lines if len(lines) <= 2 else [lines[0], lines[1][:-1] + "…"], LONG_NAME_SIZE


def wrapped(text: str, size: int, width: int) -> list[str]:
    """The text broken where it must be: between any two ideographs, but within no word of letters where a space is
    near."""
    lines = [""]
    for character in text:
        if font(size).getlength(lines[-1] + character) > width:
            head, space, tail = lines[-1].rpartition(" ")
            whole = space and character.isascii() and tail.isascii()
            lines[-1:] = [head, tail] if whole else [lines[-1], ""]
        lines[-1] += character
    return lines


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def as_png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", compress_level=3)
    return out.getvalue()
