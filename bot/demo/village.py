"""侯官村 for the demo: a real place with invented people, the same ones for the same seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from domain.chat import AccountId, ChatId
from domain.checkin import CheckIn, Contact
from domain.duty import Turns
from domain.grid import Grid
from domain.language import _
from domain.people import Appointment, Role
from storage.duty import AT_ONCE
from storage.register import Door, GroupRoom, Settler
from storage.store import Store

ROOT = "350121107201"
"""侯官村委会 in the statistical division codes."""

CHANNEL = "web"

LEVELS = ("村", "网格", "片", "小队")
GRIDS = 6
SQUADS_OF_AREAS = (5, 6, 5, 6)
"""Areas of a grid and squads of an area: 132 squads in all, so that 1,250 households make ten or fewer a squad."""

HOUSEHOLDS_OF_A_SQUAD = ((8, 9, 10), (1, 3, 6))
PEOPLE_OF_A_HOUSEHOLD = ((1, 2, 3, 4, 5, 6), (12, 22, 28, 20, 12, 6))
"""Sizes and how often they come: 3.2 people a household, about 4,000 in the village as its officers count them."""

ZONE = ZoneInfo("Asia/Shanghai")
FIRST_ASKED = timedelta(minutes=2)
"""After the visitor came: time to look round."""

DEPUTIES_IN_TEN = 6
VACANT_SQUADS = 5
"""Besides the one of the story."""

OUTSIDE_WITH = "周队长"
"""Whose squad has what is told to everybody passed on by hand."""

STORY_GRID, STORY_AREA = 3, 1
"""The branch the named people live on: the typhoon story climbs it."""

_SURNAMES = ("林", "陈", "黄", "郑", "王", "张", "吴", "李", "刘", "杨", "江", "叶", "高", "翁", "潘", "薛")
_OFTEN = (18, 17, 9, 8, 7, 7, 6, 6, 4, 4, 3, 3, 3, 2, 2, 1)
_FIRST = "文志国建永家德秀美玉丽春月海明小思晓依兆孝金水松梅兰宝榕雅雨"
_SECOND = "华强平英芳珠琴辉斌钦锋光清香云娟霞萍敏杰健凯伟泉官妹弟铭欣涵"
_LANES = ("江滨", "古渡", "榕荫", "龙眼", "螺女", "后山")
_LANE_KINDS = ("里", "巷", "弄", "路")
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Character:
    """Somebody the visitor can be: their account on the web chat, who they are, and the grid that is theirs."""

    name: str
    account: str
    role: str
    grid: str


@dataclass(frozen=True)
class Village:
    code: str
    cast: tuple[Character, ...]
    grids: int
    households: int
    people: int


@dataclass(frozen=True)
class _Squad:
    grid: Grid
    area: tuple[int, int]
    lane: str
    first_door: int


async def settle(store: Store, seed: int, now: datetime) -> Village:
    """Bring the village into an empty register; a village that stands already is left as it is."""
    plan = _Plan(seed, now.year)
    async with store.transaction():
        if await store.grids.get(ROOT) is None:
            await store.register.settle_grids(plan.grids)
            await store.register.settle_doors(plan.doors)
            await store.register.settle_people(plan.with_accounts())
            await store.register.settle_rooms(plan.rooms())
            await _take_turns(store, plan.cast[0].grid)
            await _ask_every_day(store, plan.cast, now)
            # Neighbours of this squad are in a WeChat group besides, where the bot may not be.
            await store.passings.set_outside(next(one.grid for one in plan.cast if one.name == OUTSIDE_WITH))
    return Village(ROOT, plan.cast, len(plan.grids), len(plan.doors), sum(door.people for door in plan.doors))


async def _take_turns(store: Store, squad: str) -> None:
    """The officers have duty day by day; in the squad of the story leader and deputy take turns, now the leader."""
    for grid, turns in ((ROOT, Turns.DAY), (squad, Turns.WEEK)):
        staff = [who.id for who in await store.duty.staff(grid)]
        await store.duty.next_change(await store.duty.begin(grid, turns, staff, None), AT_ONCE)


async def _ask_every_day(store: Store, cast: Sequence[Character], now: datetime) -> None:
    """吴奶奶 lives alone: her squad leader wants her asked, and 李阿姨 is her daughter. The visitor sees it soon."""
    people = {one.name: await store.people.by_account(AccountId(CHANNEL, one.account)) for one in cast}
    alone, leader, daughter = (people[name] for name in ("吴奶奶", "周队长", "李阿姨"))
    home = next(one.grid for one in cast if one.name == "吴奶奶")
    if alone and leader and daughter:
        due_at = now + FIRST_ASKED
        hour = due_at.astimezone(ZONE).time().replace(second=0, microsecond=0)
        contact = Contact(daughter.name, person=daughter.id)
        asked = CheckIn(alone.name, home, hour, leader.who, due_at, alone.id)
        await store.checkins.add(asked.change(hour, contact, alone.id, leader.who, due_at, now))


class _Plan:
    """The whole village in memory, drawn from the seed. The cast and the tree are the same for every seed."""

    def __init__(self, seed: int, year: int) -> None:
        self._random = Random(seed)
        self._year = year
        tree = list(_tree())
        self.grids = [Grid(ROOT, "侯官村", LEVELS[0], None), *(grid for grid, _squad in tree)]
        self._squads = [squad for _grid, squad in tree if squad]
        self._named = _cast_by_post(self._squads)
        self.cast = tuple(self._named.values())
        self.doors: list[Door] = []
        self._people: list[Settler] = []
        self._vacant = self._vacancies()
        self._lead_village()
        for squad in self._squads:
            self._fill(squad)

    def _vacancies(self) -> set[str]:
        """Squads without leader and deputy, and one area without."""
        story = [squad.grid.code for squad in self._squads if squad.area == (STORY_GRID, STORY_AREA)]
        others = [squad.grid.code for squad in self._squads if squad.grid.code not in story]
        areas = [grid.code for grid in self.grids if grid.level == LEVELS[2] and not story[0].startswith(grid.code)]
        return {story[1], *self._random.sample(others, VACANT_SQUADS), self._random.choice(areas)}

    def _lead_village(self) -> None:
        """Officers at the root, a leader for each grid and area, deputies for most."""
        for nth in range(4):
            self._appoint(Role.OFFICER, ROOT, nth)
        for grid in self.grids:
            if grid.level in LEVELS[1:3] and grid.code not in self._vacant:
                self._appoint(Role.LEADER, grid.code)
                if grid.level == LEVELS[1] or self._random.randrange(10) < DEPUTIES_IN_TEN:
                    self._appoint(Role.DEPUTY, grid.code)

    def _appoint(self, role: Role, grid: str, nth: int = 0) -> None:
        self._people.append(self._settler(f"{grid}/{role.value}/{nth}", (Appointment(role, grid),), None, True))

    def _fill(self, squad: _Squad) -> None:
        """A household behind each door; the second and the third door lead, where the squad has leaders."""
        code, storied = squad.grid.code, squad.area == (STORY_GRID, STORY_AREA)
        leads = {} if code in self._vacant else {1: Role.LEADER}
        if leads and (storied or self._random.randrange(10) < DEPUTIES_IN_TEN):
            leads[2] = Role.DEPUTY
        for nth in range(self._draw(HOUSEHOLDS_OF_A_SQUAD)):
            door = self._door(code, f"{squad.lane}{squad.first_door + nth}号")
            held = [Appointment(role, code) for role in (Role.RESIDENT, leads.get(nth)) if role]
            self.doors.append(door)
            self._people.append(self._settler(f"{code}/door/{nth}", tuple(held), door, storied or nth in leads))

    def _door(self, grid: str, door: str) -> Door:
        people = self._draw(PEOPLE_OF_A_HOUSEHOLD)
        alone = people == 1 and self._random.random() < 0.5
        notes = f"独居，{self._year - self._random.randint(66, 92)} 年生" if alone else ""
        return Door(grid, door, people, notes, "独居老人" if alone else "")

    def _settler(self, post: str, held: tuple[Appointment, ...], home: Door | None, joined: bool) -> Settler:
        """`joined`: has an account. Its number is given at the end, after those of the cast."""
        named = self._named.get(post)
        account = AccountId(CHANNEL, named.account if named else "") if joined else None
        return Settler(named.name if named else self._name(), held, home, account)

    def with_accounts(self) -> Iterator[Settler]:
        number = len(self.cast)
        for person in self._people:
            account = person.account
            if account and not account.account:
                number += 1
                account = AccountId(CHANNEL, f"demo-{number}")
            private = f"me-{account.account}" if account else None
            yield Settler(person.name, person.appointments, person.home, account, private)

    def rooms(self) -> Iterator[GroupRoom]:
        return (GroupRoom(ChatId(CHANNEL, f"grid-{grid.code}"), grid.name, grid.code) for grid in self.grids)

    def _name(self) -> str:
        surname = self._random.choices(_SURNAMES, _OFTEN)[0]
        first = self._random.choice(_FIRST) if self._random.random() < 0.8 else ""
        return surname + first + self._random.choice(_SECOND)

    def _draw(self, often: tuple[tuple[int, ...], tuple[int, ...]]) -> int:
        return self._random.choices(*often)[0]


def _tree() -> Iterator[tuple[Grid, _Squad | None]]:
    """Grids, areas and squads, each after its parent; squads are numbered through the village."""
    number = 0
    for g in range(1, GRIDS + 1):
        grid = Grid(f"{ROOT}{g:02}", f"{numeral(g)}网格", LEVELS[1], ROOT)
        yield grid, None
        for a, squads in enumerate(SQUADS_OF_AREAS, 1):
            area = Grid(f"{grid.code}{a:02}", f"{grid.name}{numeral(a)}片", LEVELS[2], grid.code)
            yield area, None
            for s in range(1, squads + 1):
                number += 1
                squad = Grid(f"{area.code}{s:02}", f"{numeral(number)}队", LEVELS[3], area.code)
                lane = _LANES[g - 1] + _LANE_KINDS[a - 1]
                yield squad, _Squad(squad, (g, a), lane, 10 * (s - 1) + 1)


def _cast_by_post(squads: list[_Squad]) -> dict[str, Character]:
    """The named people by where they stand in the plan, in the order in which they are shown."""
    home, vacant, next_one = [squad.grid for squad in squads if squad.area == (STORY_GRID, STORY_AREA)][:3]
    area = str(home.parent)
    grid = area[:-2]
    posts = [
        (f"{home.code}/door/0", "李阿姨", _("{squad}居民").format(squad=home.name), home.code),
        (f"{home.code}/door/1", "张队长", _("{squad}队长").format(squad=home.name), home.code),
        (f"{home.code}/door/2", "小林", _("{squad}副队长").format(squad=home.name), home.code),
        (f"{area}/leader/0", "刘片长", _("片长"), area),
        (f"{grid}/leader/0", "王主任", _("网格长"), grid),
        (f"{ROOT}/officer/0", "陈书记", _("村书记"), ROOT),
        (f"{vacant.code}/door/0", "赵叔", _("{squad}居民，队长空缺").format(squad=vacant.name), vacant.code),
        (f"{next_one.code}/door/1", "周队长", _("{squad}队长").format(squad=next_one.name), next_one.code),
        (f"{next_one.code}/door/0", "吴奶奶", _("{squad}居民").format(squad=next_one.name), next_one.code),
        (f"{ROOT}/officer/1", "郑干事", _("村干部"), ROOT),
    ]
    return {post: Character(name, f"demo-{n}", role, grid) for n, (post, name, role, grid) in enumerate(posts, 1)}


def numeral(number: int) -> str:
    """1 to 199 as they are said: 一, 十三, 四十五, 一百零二, 一百一十."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        said += "零"
    return said + (_DIGITS[ones] if ones else "")
