"""A grid's parts as a picture for a phone: a tile each, its colour and its shape saying how it is there."""

from collections.abc import Iterator, Sequence

from PIL import Image, ImageColor, ImageDraw

from domain.overview import Look, Tile
from handlers.chart import INK, MARGIN, PAPER, WIDTH, as_png, font, wrapped

TITLE_SIZE, STAMP_SIZE, LEGEND_SIZE = 52, 36, 36
GAP = 14


class Format:
    """`columns` and `rows` of a page, the height of a tile, and its type: the name, the number, the notes."""

    def __init__(self, columns: int, rows: int, height: int, sizes: tuple[int, int, int]) -> None:
        self.columns, self.rows, self.height = columns, rows, height
        self.name, self.number, self.note = sizes
        self.width = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) // columns

    @property
    def page(self) -> int:
        return self.columns * self.rows


FORMATS = (Format(2, 4, 280, (60, 92, 46)), Format(3, 6, 196, (40, 60, 32)), Format(5, 9, 130, (28, 42, 24)))
"""The fewer there are, the larger; what fits on no single page takes several of the smallest. Services make what is
higher than 1,600 pixels smaller, until nobody can read it."""

COLOURS = {
    Look.GRAVE: ("#a3001b", "#ffffff"),
    Look.URGENT: ("#ffab2e", "#000000"),
    Look.BUSY: ("#fff2a8", "#000000"),
    Look.OWING: ("#cfe1f7", "#000000"),
    Look.CALM: ("#e6f4ea", "#000000"),
}
"""Of a tile and of what is written on it, at more than 7:1 (WCAG AAA). From dark to light: the order is seen without
any colour too."""


SHADES = 32
"""Steps from each paper to its ink. The picture is drawn as numbers of a palette in which these lie one after another,
so that the rim of a letter gets the shade between the two, and a page is a third of what it would be in full colour."""

PAGE = len(COLOURS) * SHADES
"""The number of the page's own paper, and where its shades begin."""


def pages(tiles: Sequence[Tile]) -> list[Sequence[Tile]]:
    page = _format(len(tiles)).page
    return [tiles[n : n + page] for n in range(0, len(tiles), page)]


def draw(title: str, stamp: str, tiles: Sequence[Tile], of: int) -> bytes:
    """A PNG of one page; `of` is how many there are on all, so that every page is alike."""
    form, titles = _format(of), wrapped(title, TITLE_SIZE, WIDTH - 2 * MARGIN)
    top = MARGIN + len(titles) * (TITLE_SIZE + 16)
    body = top + STAMP_SIZE + 24
    foot = body + -(-len(tiles) // form.columns) * (form.height + GAP) + 10
    image = Image.new("L", (WIDTH, foot + LEGEND_SIZE + MARGIN), PAGE)
    pen = ImageDraw.Draw(image)
    for n, line in enumerate(titles):
        pen.text((MARGIN, MARGIN + n * (TITLE_SIZE + 16)), line, _ink(PAGE), font(TITLE_SIZE))
    pen.text((MARGIN, top), stamp, _ink(PAGE), font(STAMP_SIZE))
    for n, one in enumerate(tiles):
        row, column = divmod(n, form.columns)
        _draw_tile(pen, MARGIN + column * (form.width + GAP), body + row * (form.height + GAP), one, form)
    _draw_legend(pen, foot)
    image.putpalette([channel for ramp in (*COLOURS.values(), (PAPER, INK)) for channel in _ramp(*ramp)])
    return as_png(image)


def _ramp(paper: str, ink: str) -> Iterator[int]:
    """Red, green and blue of each shade from the one to the other."""
    first, last = ImageColor.getrgb(paper), ImageColor.getrgb(ink)
    for step in range(SHADES):
        yield from (a + (b - a) * step // (SHADES - 1) for a, b in zip(first, last, strict=True))


def _ink(paper: int) -> int:
    return paper + SHADES - 1


def _format(tiles: int) -> Format:
    return next((form for form in FORMATS if tiles <= form.page), FORMATS[-1])


def _draw_tile(pen: ImageDraw.ImageDraw, left: int, top: int, one: Tile, form: Format) -> None:
    """The name above, the number and its shape in the middle, notes below."""
    paper = list(COLOURS).index(one.look) * SHADES
    ink = _ink(paper)
    pen.rounded_rectangle((left, top, left + form.width - 1, top + form.height - 1), 10, paper)
    inside, edge = form.width - 2 * GAP, left + GAP
    pen.text(
        (edge, top + form.height * 0.2), _shortened(one.name, form.name, inside), ink, font(form.name), anchor="lm"
    )
    side, middle = form.number * 0.7, top + form.height * (0.52 if one.notes else 0.62)
    _draw_sign(pen, one.look, (edge + side / 2, middle), side, ink)
    pen.text((edge + side + GAP, middle), one.headline, ink, font(form.number), anchor="lm")
    notes = [*one.notes]
    while font(form.note).getlength(" ".join(notes)) > inside:
        notes.pop()
    pen.text((edge, top + form.height * 0.85), " ".join(notes), ink, font(form.note), anchor="lm")


def _draw_sign(pen: ImageDraw.ImageDraw, look: Look, middle: tuple[float, float], side: float, ink: int) -> None:
    """The shape of a state, so that nobody has to know a colour."""
    (x, y), r = middle, side / 2
    box = (x - r, y - r, x + r, y + r)
    match look:
        case Look.GRAVE:
            pen.polygon([(x, y - r), (x + r, y + r), (x - r, y + r)], ink)
        case Look.URGENT:
            pen.polygon([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], ink)
        case Look.BUSY:
            pen.ellipse(box, ink)
        case Look.OWING:
            pen.ellipse(box, outline=ink, width=max(3, round(side / 7)))
        case Look.CALM:
            pen.line([(x - r, y), (x - r / 4, y + r * 0.7), (x + r, y - r * 0.7)], ink, max(4, round(side / 6)))


def _draw_legend(pen: ImageDraw.ImageDraw, top: int) -> None:
    """Each shape with its word, the worst first."""
    left, side = float(MARGIN), LEGEND_SIZE * 0.8
    for look in sorted(Look, reverse=True):
        _draw_sign(pen, look, (left + side / 2, top + LEGEND_SIZE / 2), side, _ink(PAGE))
        left += side + 10
        pen.text((left, top + LEGEND_SIZE / 2), look.spoken, _ink(PAGE), font(LEGEND_SIZE), anchor="lm")
        left += font(LEGEND_SIZE).getlength(look.spoken) + 36


def _shortened(name: str, size: int, width: float) -> str:
    """On one line; where it is too long its end stands, by which neighbours differ: 荆溪镇第六队, 荆溪镇第七队."""
    if font(size).getlength(name) <= width:
        return name
    while font(size).getlength("…" + name) > width:
        name = name[1:]
    return "…" + name
