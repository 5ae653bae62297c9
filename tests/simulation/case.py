"""A case of the simulated week: reported, pressed at by those who may and those who may not, and mostly settled."""

import asyncio
import random

from tests.simulation.hands import HOUR, MINUTE, WEEK, Week
from tests.simulation.village import OFFICES, RESIDENTS, above, group_of

REPORTS = (
    *("上报 巷口的路灯坏了，{k}", "上报 垃圾没人收，{k}", "上报 水管爆了，{k}", "上报 楼梯扶手松了，{k}") * 3,
    "上报 地下车库进水了，{k}", "上报 地下车库进水了，{k}", "上报 楼道里有煤气味，{k}", "走失 老人 70岁 蓝衣服 {k}",
    "求助 帮我搬东西 {k}", "建议 村口装个路灯 {k}", "上报 隔壁占了宅基地 {k}",
)  # fmt: skip
"""`k` is a word that is said nowhere else."""

STEPS = (
    "acknowledge:{n}", "acknowledge:{n}", "escalate:{n}", "resolve_now:{n}", "resolve_now:{n}", "cancel:{n}",
    "rate:{n}:satisfied", "rate:{n}:unsolved", "rate:{n}:dissatisfied", "search_confirm:{n}", "found:{n}",
    "lend_hand:{n}", "give_back:{n}", "split:{n}",
)  # fmt: skip

WORDS = ("办结 {n} 处理好了", "接单 {n}", "查询 {n}", "撤销 {n} 没事了", "派单 {n} 张队长")


async def case(week: Week, number: int) -> None:
    luck = week.luck("case", number)
    await asyncio.sleep(luck.uniform(0, WEEK - HOUR))
    who, word = luck.choice(sorted(RESIDENTS)), f"甲{number}乙"
    chat = group_of(RESIDENTS[who]) if luck.random() < 0.8 else None
    week.reported[word] = who
    await week.house.says(who, luck.choice(REPORTS).format(k=word), chat=chat)
    await week.again(luck)
    near = [name for name, (_role, grid) in OFFICES.items() if grid in above(RESIDENTS[who])]
    if luck.random() < 0.85:
        await asyncio.sleep(luck.uniform(10, 10 * MINUTE))
        await week.presses(luck.choice(near), f"acknowledge:{week.case_of(word)}", luck)
    for _step in range(luck.randrange(6)):
        await asyncio.sleep(luck.choice((5.0, MINUTE, 10 * MINUTE, 2 * HOUR, 30 * HOUR)) * luck.uniform(0.2, 1.5))
        await _step_of_case(week, week.case_of(word) or number, who, luck)
    while luck.random() < 0.95 and _is_open(week, word):
        await _is_settled(week, word, who, luck.choice(near), luck)


async def _is_settled(week: Week, word: str, reporter: str, who: str, luck: random.Random) -> None:
    """Most people do what they are there for."""
    case = week.case_of(word)
    for press in (f"acknowledge:{case}", f"resolve_now:{case}"):
        await asyncio.sleep(luck.uniform(1, 10 * MINUTE))
        await week.presses(who, press, luck)
    answer = luck.choice(("satisfied", "satisfied", "satisfied", "unsolved"))
    await week.presses(reporter, f"rate:{case}:{answer}", luck)


def _is_open(week: Week, word: str) -> bool:
    found = week.house.read(f"SELECT 1 FROM cases WHERE text LIKE '%{word}%' AND due_at IS NOT NULL")
    return bool(found)


async def _step_of_case(week: Week, case: int, reporter: str, luck: random.Random) -> None:
    near = [name for name, (_role, grid) in OFFICES.items() if grid in above(RESIDENTS[reporter])]
    who = luck.choice([*near, *near, reporter, reporter, *sorted(RESIDENTS)])
    chat = luck.choice([None, group_of(luck.choice(above(RESIDENTS[reporter])))])
    if luck.random() < 0.2:
        await week.house.says(who, luck.choice(WORDS).format(n=case), chat=chat)
    else:
        await week.presses(who, luck.choice(STEPS).format(n=case), luck, chat)
