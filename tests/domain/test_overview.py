"""What a part of a grid looks like, of what is known of it; and that nobody needs to tell colours apart."""

from dataclasses import replace

import pytest

from domain.kinds import Kinds
from domain.overview import LINES, NAMES, Look, Tile, Trouble, in_words, tile, worst_first
from handlers.tiles import COLOURS

LAMP = Trouble("S13", "repair", danger=False, waiting=True, count=1)


@pytest.mark.parametrize(
    ("known", "look", "headline", "notes"),
    [
        (Tile("十三队"), Look.CALM, "平安", []),
        (Tile("十三队", got=8, owed=8), Look.CALM, "平安", ["回执 8/8"]),
        (Tile("十三队", got=7, owed=8), Look.OWING, "7/8", []),
        (Tile("十三队", open=1), Look.BUSY, "1 件", []),
        (Tile("十三队", open=2, waiting=1, got=7, owed=8), Look.BUSY, "2 件", ["没人接 1", "回执 7/8"]),
        (Tile("十三队", asked=3, doors=8), Look.OWING, "3/8", []),
        (Tile("十三队", asked=8, doors=8, got=1, owed=2), Look.OWING, "1/2", ["摸排 8/8"]),
        (Tile("十三队", asked=3, doors=8, got=2, owed=2), Look.OWING, "3/8", ["回执 2/2"]),
        (Tile("十三队", open=1, asked=3, doors=8), Look.BUSY, "1 件", ["摸排 3/8"]),
        (Tile("十三队", asked=8, doors=8), Look.CALM, "平安", ["摸排 8/8"]),
        (Tile("十三队", open=2, urgent=1), Look.URGENT, "2 件", []),
        (Tile("十三队", open=3, urgent=2, grave=1), Look.GRAVE, "3 件", []),
    ],
)
def test_what_a_tile_says(known: Tile, look: Look, headline: str, notes: list[str]) -> None:
    assert (known.look, known.headline, known.notes) == (look, headline, notes)


@pytest.mark.parametrize(
    ("trouble", "look"),
    [
        (LAMP, Look.BUSY),
        (replace(LAMP, danger=True), Look.GRAVE),
        (replace(LAMP, kind="flood"), Look.URGENT),
        (replace(LAMP, kind="help"), Look.URGENT),
        (replace(LAMP, kind="fire_gas"), Look.GRAVE),
        (replace(LAMP, kind="lost_person"), Look.GRAVE),
        (replace(LAMP, kind="dispute"), Look.CALM),
        (replace(LAMP, kind="dispute", danger=True), Look.CALM),
        (replace(LAMP, kind="suggestion"), Look.CALM),
        (replace(LAMP, kind="left_the_config"), Look.BUSY),
    ],
)
def test_how_bad_a_report_makes_it(trouble: Trouble, look: Look) -> None:
    assert tile("十三队", [trouble], Kinds()).look is look


def test_reports_that_are_alike_are_counted_together() -> None:
    flood = Trouble("S13", "flood", danger=False, waiting=False, count=4)
    assert tile("十三队", [LAMP, flood], Kinds(), (1, 2)) == Tile("十三队", open=5, waiting=1, urgent=4, got=1, owed=2)


def test_the_worst_stand_first_and_those_alike_in_the_order_of_the_tree() -> None:
    tiles = [Tile("一"), Tile("二", open=1), Tile("三"), Tile("四", open=2, grave=1), Tile("五", open=9)]
    assert [one.name for one in worst_first(tiles)] == ["四", "二", "五", "一", "三"]


def test_in_words_it_stays_short_however_many_there_are() -> None:
    tiles = [*(Tile(f"{n}", open=1) for n in range(LINES + 3)), *(Tile(f"平{n}") for n in range(NAMES + 1))]
    counted, *lines = in_words(tiles)
    assert counted == "●有事 15 · ✓平安 21"
    assert len(lines) == LINES + 2
    assert lines[LINES] == "还有 3 个"
    assert lines[-1].startswith("平安：平0、平1")
    assert lines[-1].endswith("平19…")


def test_every_look_has_a_shape_and_a_shade_of_its_own() -> None:
    """By luminance (WCAG 2.2): whoever sees no colours sees which is worse, and can read what is written on it."""
    assert len({look.sign for look in Look}) == len({look.spoken for look in Look}) == len(Look)
    for look, (paper, ink) in COLOURS.items():
        light, dark = sorted((_luminance(paper), _luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 7, look
    trouble = [_luminance(COLOURS[look][0]) for look in (Look.GRAVE, Look.URGENT, Look.BUSY)]
    assert trouble == sorted(trouble)


def _luminance(colour: str) -> float:
    channels = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
