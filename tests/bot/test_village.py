"""The demo's village: the size of the real one, squads a leader can know, and gaps for a case to climb over."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.demo.village import ROOT, numeral, settle
from domain.chat import AccountId, ChatId
from domain.grid import SQUAD_HOUSEHOLDS
from domain.people import Role
from storage.store import Store
from tests.fresh import new_store
from tests.town import NOON


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    store = await new_store()
    yield store
    await store.close()


async def _everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    tables = ("grids", "households", "people", "appointments", "accounts", "chats")
    async with store.transaction():
        return {
            table: [tuple(row) for row in await store.db.all(f"SELECT * FROM {table} ORDER BY 1, 2, 3")]  # noqa: S608 -- tables
            for table in tables
        }


async def test_it_has_the_size_of_the_real_village(store: Store) -> None:
    village = await settle(store, 1, NOON)
    assert village.households == pytest.approx(1250, abs=40)
    assert village.people == pytest.approx(4000, abs=200)
    async with store.transaction():
        levels = await store.db.all("SELECT level FROM grids GROUP BY level ORDER BY min(length(code))")
        assert [row["level"] for row in levels] == ["村", "网格", "片", "小队"]
        assert await store.grids.oversized() == []
        biggest = await store.db.one("SELECT max(n) FROM (SELECT count(*) AS n FROM households GROUP BY grid)")
    assert biggest
    assert biggest[0] == SQUAD_HOUSEHOLDS


async def test_the_same_seed_makes_the_same_village_and_another_seed_other_people(store: Store) -> None:
    village = await settle(store, 7, NOON)
    first = await _everything(store)
    again, other = await new_store(), await new_store()
    assert await settle(again, 7, NOON) == village
    others = await settle(other, 8, NOON)
    assert await _everything(again) == first
    assert (await _everything(other))["people"] != first["people"]
    assert others.cast == village.cast
    await again.close()
    await other.close()


async def test_settling_twice_changes_nothing(store: Store) -> None:
    village = await settle(store, 1, NOON)
    before = await _everything(store)
    assert await settle(store, 1, NOON) == village
    assert await _everything(store) == before


async def test_everybody_of_the_cast_is_there_and_can_be_reached(store: Store) -> None:
    village = await settle(store, 1, NOON)
    assert [c.name for c in village.cast[:6]] == ["李阿姨", "张队长", "小林", "刘片长", "王主任", "陈书记"]
    async with store.transaction():
        for character in village.cast:
            account = AccountId("web", character.account)
            person = await store.people.by_account(account)
            assert person
            assert person.name == character.name
            assert character.grid in {held.grid for held in person.appointments}
            assert await store.people.private_chat_of(account) == ChatId("web", f"me-{character.account}")


async def test_the_story_climbs_one_branch_and_the_neighbours_have_no_leader(store: Store) -> None:
    village = await settle(store, 1, NOON)
    by_name = {character.name: character.grid for character in village.cast}
    async with store.transaction():
        rungs = await store.grids.rungs(by_name["李阿姨"])
        assert [rung.grid.code for rung in rungs] == [by_name[n] for n in ("李阿姨", "刘片长", "王主任", "陈书记")]
        assert all(rung.answers() and rung.groups == (ChatId("web", f"grid-{rung.grid.code}"),) for rung in rungs)
        neighbours = await store.grids.rungs(by_name["赵叔"])
        assert not neighbours[0].answers()
        assert neighbours[1:] == rungs[1:]


async def test_there_are_vacancies_and_a_resident_behind_every_door(store: Store) -> None:
    village = await settle(store, 3, NOON)
    async with store.transaction():
        vacant = await store.db.all(
            """SELECT level FROM grids WHERE NOT EXISTS
               (SELECT 1 FROM appointments WHERE grid = code AND role <> 'resident') ORDER BY code"""
        )
        doors = await store.db.one(
            """SELECT count(DISTINCT household) FROM people JOIN households ON households.id = people.household
               JOIN appointments ON person = people.id AND appointments.grid = households.grid AND role = ?""",
            Role.RESIDENT.value,
        )
        root = await store.grids.get(ROOT)
    assert sorted(row["level"] for row in vacant) == ["小队"] * 6 + ["片"]
    assert doors
    assert doors[0] == village.households
    assert root
    assert root.name == "侯官村"


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (10, "十"), (13, "十三"), (45, "四十五"), (102, "一百零二"), (110, "一百一十")]
)
def test_numerals_as_they_are_said(number: int, said: str) -> None:
    assert numeral(number) == said
