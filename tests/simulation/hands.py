"""A week in a house: whose luck it is, what people do with it, and what came of that."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

from tests.simulation.house import House

MINUTE, HOUR = 60.0, 3600.0
WEEK = 7 * 24 * HOUR


class Week:
    """One house, one seed. Each story is a task of its own with its own luck, so that they do not lead each other."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self._seed = seed
        self.reported: dict[str, str] = {}
        """The word that is said nowhere else, and who said it."""
        self.practised: set[int] = set()
        """Broadcasts that left while the bot was practised with."""
        self.machine = asyncio.Lock()
        """One hand at the switch."""

    def luck(self, *of: object) -> random.Random:
        return random.Random(f"{self._seed} {of}")

    async def presses(self, who: str, data: str, luck: random.Random, chat: str | None = None) -> None:
        for _press in range(2 if luck.random() < 0.1 else 1):
            await self.house.presses_data(who, data, chat)
        await self.again(luck)

    async def again(self, luck: random.Random) -> None:
        """The service brings an update twice; then people look at what came of it."""
        if luck.random() < 0.05:
            await self.house.repeats()
        await asyncio.sleep(luck.uniform(0.5, 5))

    def case_of(self, word: str) -> int | None:
        return self.number(f"SELECT id FROM cases WHERE text LIKE '%{word}%'")

    def stage(self, broadcast: int) -> str:
        return str(self.house.read(f"SELECT stage FROM broadcasts WHERE id = {broadcast}")[0]["stage"])

    def broadcast(self, number: int) -> int | None:
        return self.number(f"SELECT id FROM broadcasts WHERE text LIKE '%丙{number}丁%'")

    def number(self, sql: str) -> int | None:
        rows: Sequence[Any] = self.house.read(sql)
        return rows[0][0] if rows else None
