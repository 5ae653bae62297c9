"""Where something is, as a phone says it."""

from domain.chat import Location

SOUTH, NORTH, WEST, EAST = 3.8, 53.6, 73.5, 135.1
"""Degrees around China: 曾母暗沙, 漠河, 帕米尔, 黑瞎子岛 (the country's extremes as its atlases give them)."""

OPEN_SEA_EAST, OPEN_SEA_NORTH = 123.0, 38.0
"""South of 38° N the mainland's and Zhoushan's easternmost shores lie west of 123° E; what is further out is water."""


def plausible(location: Location) -> bool:
    """Whether somebody can be standing there: a phone without a fix says 0, 0, or a point out at sea."""
    north, east = location.latitude, location.longitude
    if not (SOUTH <= north <= NORTH and WEST <= east <= EAST):
        return False
    return not (north < OPEN_SEA_NORTH and east > OPEN_SEA_EAST)
