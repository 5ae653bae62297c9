"""What the village is at when a visitor comes in: the doors of one area are asked whether all is well in the heat."""

from datetime import datetime, timedelta

from bot.demo.village import CHANNEL, STORY_AREA, STORY_GRID, Village
from domain.chat import AccountId
from domain.survey import Surveys
from domain.sweep import Sweep
from storage.store import Store

LEADER = "王主任"
LASTS = timedelta(hours=24)
"""Longer than anybody looks on, so that it does not end under their eyes."""


async def begin_sweep(store: Store, surveys: Surveys, village: Village, now: datetime) -> None:
    """Once in the life of a village; the clock hands out its checklists."""
    survey = surveys.get("heat")
    account = next(one.account for one in village.cast if one.name == LEADER)
    async with store.transaction():
        leader = await store.people.by_account(AccountId(CHANNEL, account))
        if survey is None or leader is None or await store.sweeps.get(1):
            return
        grid = f"{village.code}{STORY_GRID:02}{STORY_AREA:02}"
        drafted = Sweep(grid, survey, leader.who, leader.who, now, now + LASTS, due_at=now)
        sweep = await store.sweeps.save((await store.sweeps.add(drafted)).begin(now))
        await store.sweeps.log(sweep.id, "began", leader.id, now)
        await store.sweep_counts.begin(sweep.id, grid, grid, now)
