"""One bot's share of a county is swept within the hour: each squad leader goes from door to door at their own pace."""

import asyncio
import math
import random
import sqlite3
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.config import surveys
from domain.chat import Answer, Outgoing
from domain.settings import Settings
from tests.fresh import _copied
from tests.simulation.house import House
from tests.simulation.instant import run
from tests.simulation.line import Line
from tests.town import CHANNEL, Town

DOORS = 10
"""Behind which a squad leader asks: a squad of the village of the source has no more."""

BRANCHES = 12
"""Squads in a grid, grids in a village, villages in a town: 尚干镇 has 676 squads in 82 areas in 15 zones."""

SECONDS_A_DOOR, SPREAD = 96.0, 0.8
"""On the average, for one knock or call: 94 teams had informed 2,688 households in 45 minutes. The delay is lognormal,
and `SPREAD` is the deviation of its logarithm: one door in twenty takes more than four minutes."""

_MEDIAN = math.log(SECONDS_A_DOOR) - SPREAD**2 / 2
"""The logarithm of the median, so that the average is what it is to be."""

NEVER = 0.05
"""Of the leaders."""

ANSWERS = {"安全": 84, "无人": 6, "联系不上": 4, "已转移": 5, "需帮助": 1}
"""Of a hundred doors."""

FIRST, COUNTED, CALLING, UNREACHED = "安全", "已转移", "需帮助", "联系不上"
"""The answer that stands at every door, the one after which a number is asked, the one that opens a case, and the one
that counts for nothing yet."""

TAKES = "接单"
"""What whoever finds somebody in need does at once."""

MAYOR = "镇长"
ORDER = "摸排 T 台风转移 截止 1小时"
LASTS, REST = 3600.0, 120.0
"""Seconds of the sweep, and until everybody's card says that it is over."""

SETTINGS = Settings(timezone=ZoneInfo("Asia/Shanghai"), surveys=surveys.load("zh"))


@dataclass(frozen=True)
class Swept:
    """Seconds and messages. `listed`: from the order to each leader's list. `turned`: from each tap to the next door on
    the list. `slowest`: all that whoever was through last waited for the bot. `counted`: from the last answer that
    counts until the top reads all of them. `a_minute` and `a_second`: the most in any chat, and of the whole bot."""

    households: int
    answers: int
    listed: Sequence[float]
    turned: Sequence[float]
    slowest: float
    counted: float
    a_minute: int
    a_second: int
    messages: int


class Phones(Line):
    """The chats of a town, on a line without faults; whoever waits for theirs to change is told."""

    there, back = (0.05, 0.15), (0.05, 0.15)

    def __init__(self, luck: random.Random) -> None:
        super().__init__(luck)
        self.faulty = False
        self.left: list[tuple[float, str]] = []
        """When each message left, and to which chat. The answer to a press is none: Telegram counts it nowhere."""
        self._changes: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        if not isinstance(out, Answer):
            self.left.append((asyncio.get_running_loop().time(), out.to.chat))
        return await super().deliver(out, edits)

    def _remember(self, out: Outgoing, edits: str | None, message: str | None) -> None:
        super()._remember(out, edits, message)
        if not isinstance(out, Answer):
            self._changes[out.to.chat].set()
            self._changes[out.to.chat] = asyncio.Event()

    async def change(self, chat: str) -> None:
        await self._changes[chat].wait()

    def button(self, chat: str, label: str) -> str | None:
        """What the newest button of this label in the chat says to the bot."""
        taps = (one for message in reversed(self.chats[chat]) for one in message.buttons if one.label == label)
        return next((one.data for one in taps), None)

    def at(self, chat: str, part: str) -> float:
        """When the chat first read this."""
        return next(shown.at for shown in self.shown[chat] if part in shown.text)


def swept(squads: int, seed: int = 1) -> Swept:
    """In virtual time."""
    with closing(_copied()) as file:
        return run(_swept(file, squads, seed))


async def _swept(file: sqlite3.Connection, squads: int, seed: int) -> Swept:
    line = Phones(random.Random(f"{seed} line"))
    house = House(file, SETTINGS, line)
    await house.start()
    await build(house, squads)
    await house.says(MAYOR, ORDER)
    while line.button(MAYOR, "开始") is None:
        await line.change(MAYOR)
    ordered = _now()
    await house.presses(MAYOR, "开始")
    leaders = [_Leader(house, line, n, random.Random(f"{seed} {n}")) for n in range(squads)]
    await asyncio.gather(*(leader.sweeps() for leader in leaders))
    await asyncio.sleep(LASTS + REST - (_now() - ordered))
    await house.stop()
    assert not house.faults, house.faults[:3]
    return _figures(house, line, leaders, ordered)


def _figures(house: House, line: Phones, leaders: Sequence["_Leader"], ordered: float) -> Swept:
    (row,) = house.read("SELECT done, total FROM sweep_counts WHERE grid = 'T'")
    told = [line.at(chat, f"问到 {row['done']}/{row['total']} 户") for chat in (MAYOR, group("T"))]
    slowest = max(leaders, key=lambda leader: leader.tapped_at)
    return Swept(
        households=row["total"],
        answers=sum(leader.answers for leader in leaders),
        listed=[leader.listed_at - ordered for leader in leaders],
        turned=[wait for leader in leaders for wait in leader.turned],
        slowest=slowest.listed_at - ordered + sum(slowest.turned),
        counted=max(told) - max(leader.counted_at for leader in leaders),
        a_minute=max(most_within(60, times) for times in _by_chat(line.left).values()),
        a_second=most_within(1, [at for at, _chat in line.left]),
        messages=len(line.left),
    )


class _Leader:
    def __init__(self, house: House, line: Phones, number: int, luck: random.Random) -> None:
        self._house, self._line, self._luck = house, line, luck
        self._name = leader(f"S{number}")
        self._door = ""
        self.listed_at = self.tapped_at = self.counted_at = 0.0
        self.answers = 0
        self.turned: list[float] = []

    async def sweeps(self) -> None:
        await self._until(lambda: self._line.button(self._name, FIRST) is not None)
        self.listed_at = _now()
        if self._luck.random() < NEVER:
            return
        for left in reversed(range(DOORS)):
            await self._asks(last=not left)

    async def _asks(self, *, last: bool) -> None:
        """Behind the door that the list shows. Where nothing follows, no door may be shown any more."""
        door = self._line.button(self._name, FIRST)
        await asyncio.sleep(self._luck.lognormvariate(_MEDIAN, SPREAD))
        label = self._luck.choices(list(ANSWERS), list(ANSWERS.values()))[0]
        await self._taps(label)
        if label != UNREACHED:
            self.counted_at = self.tapped_at
        if label == COUNTED:
            await self._turns(lambda: self._line.button(self._name, "2") is not None)
            await self._taps("2")
        if label == CALLING:
            await self._until(lambda: self._line.button(self._name, TAKES) is not None)
            await self._house.presses(self._name, TAKES)
        self.answers += 1
        shown = {door} if last else {door, None}
        await self._turns(lambda: self._line.button(self._name, FIRST) not in shown)

    async def _taps(self, label: str) -> None:
        self.tapped_at = _now()
        await self._house.presses(self._name, label)

    async def _turns(self, what: Callable[[], bool]) -> None:
        """Until the list shows what comes next."""
        await self._until(what)
        self.turned.append(_now() - self.tapped_at)

    async def _until(self, what: Callable[[], bool]) -> None:
        while not what():
            await self._line.change(self._name)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _by_chat(left: Iterable[tuple[float, str]]) -> dict[str, list[float]]:
    times: defaultdict[str, list[float]] = defaultdict(list)
    for at, chat in left:
        times[chat].append(at)
    return times


MOMENT = 1e-6
"""Seconds: so much is lost where times are added up."""


def most_within(seconds: float, times: Iterable[float]) -> int:
    """Messages in the fullest stretch of so many seconds, wherever it begins."""
    within: deque[float] = deque()
    most = 0
    for at in times:
        within.append(at)
        while within[0] < at - seconds + MOMENT:
            within.popleft()
        most = max(most, len(within))
    return most


# -- the town --------------------------------------------------------------------------------------------------------


def group(grid: str) -> str:
    return f"{grid}群"


def leader(grid: str) -> str:
    return MAYOR if grid == "T" else f"{grid}长"


def grids(squads: int) -> list[tuple[str, str, str | None]]:
    """Code, level and parent, each after its parent."""
    below = -(-squads // BRANCHES)
    villages = -(-below // BRANCHES)
    return [
        ("T", "镇", None),
        *((f"V{n}", "村", "T") for n in range(villages)),
        *((f"G{n}", "网格", f"V{n // BRANCHES}") for n in range(below)),
        *((f"S{n}", "小队", f"G{n // BRANCHES}") for n in range(squads)),
    ]


async def build(town: Town, squads: int) -> None:
    """Every grid has a leader who can be told and a group; every squad has its doors and a deputy."""
    rows = grids(squads)
    codes = [code for code, _level, _parent in rows]
    lowest = [code for code in codes if code.startswith("S")]
    people = [(n, leader(code), code, "leader") for n, code in enumerate(codes, 1)]
    people += [(n, f"{code}副", code, "deputy") for n, code in enumerate(lowest, len(codes) + 1)]
    async with town.store.transaction():
        many = town.store.db.run_many
        await many(
            "INSERT INTO grids (code, name, level, parent) VALUES (?, ?, ?, ?)",
            [(code, code, level, parent) for code, level, parent in rows],
        )
        await many("INSERT INTO people (id, name) VALUES (?, ?)", [(n, name) for n, name, _code, _role in people])
        await many(
            "INSERT INTO accounts (channel, account, person, private_chat) VALUES (?, ?, ?, ?)",
            [(CHANNEL, name, n, name) for n, name, _code, _role in people],
        )
        await many(
            "INSERT INTO appointments (person, grid, role) VALUES (?, ?, ?)",
            [(n, code, role) for n, _name, code, role in people],
        )
        await many(
            "INSERT INTO chats (channel, chat, kind, title, grid) VALUES (?, ?, 'group', ?, ?)",
            [(CHANNEL, group(code), group(code), code) for code in codes],
        )
        await many(
            "INSERT INTO households (grid, door, care) VALUES (?, ?, ?)",
            [(code, f"{n}号", "独居老人" if n == DOORS else "") for code in lowest for n in range(1, DOORS + 1)],
        )
