"""No interleaving of words, presses, deadlines, repeats, lost answers and restarts brings the village into disorder."""

import asyncio
from dataclasses import asdict
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.channels import Doubt, Later
from domain.case import OPEN, State
from domain.people import Role
from tests.conftest import SETTINGS
from tests.fresh import new_store
from tests.town import Town

GROUPS = ("十三队群", "三网格群", "村委群")
PEOPLE = {"李阿姨": Role.RESIDENT, "张队长": Role.LEADER, "王主任": Role.LEADER, "陈书记": Role.OFFICER}
VERBS = (
    "acknowledge", "assign", "assign_to:{}:2", "escalate", "resolve", "resolve_now",
    "rate:{}:satisfied", "rate:{}:unsolved", "rate:{}:nonsense", "rate", "assign_to:{}",
    "let_in", "let_in:x", "nonsense", "cancel", "lend_hand", "give_back", "answer", "publish", "publish_now",
    "name:{}:named", "name:{}:anonymous", "same", "differs", "split",
    "other", "visit", "note", "agreement", "fail", "join", "decline", "helper", "helper_is:{}:3",
    "agree:{}:1", "disagree:{}:1", "agree_for:{}:1:other", "invite:{}:1", "side:u1:{}", "side_new:u1", "visit_note",
)  # fmt: skip
ENDED = {State.CLOSED, State.CANCELLED, State.MERGED}


class AnyOrder(RuleBasedStateMachine):
    @initialize()
    def the_village(self) -> None:
        self.loop = asyncio.Runner()
        self.town = self.loop.run(_village())
        self.ended: dict[int, State] = {}
        self.reports = 0

    def teardown(self) -> None:
        if hasattr(self, "town"):
            self.loop.run(self.town.close())
            self.loop.close()

    @rule(
        chat=st.sampled_from([*GROUPS, None]),
        words=st.sampled_from(
            [
                "上报 东门进水了",
                "上报 隔壁占了我家宅基地",
                "求助 明天帮我搬床",
                "建议 村口装个路灯",
                "匿名建议 食堂太咸",
            ]
        ),
    )
    def somebody_reports(self, chat: str | None, words: str) -> None:
        if self.reports < 3:
            self.reports += 1
            self.loop.run(self.town.says("李阿姨", words, chat=chat))

    @rule(
        who=st.sampled_from(sorted(PEOPLE)),
        verb=st.sampled_from(VERBS),
        number=st.integers(1, 4),
        chat=st.sampled_from([*GROUPS, None]),
    )
    def somebody_presses(self, who: str, verb: str, number: int, chat: str | None) -> None:
        data = verb.format(number) if "{" in verb else f"{verb}:{number}"
        self.loop.run(self.town.presses_data(who, data, chat))

    @rule(
        who=st.sampled_from(sorted(PEOPLE)),
        words=st.sampled_from(
            [
                "好了",
                "并案 2 1",
                "拆案 2",
                "撤销 1 没事了",
                "办结 1 好了",
                "派单 1 张队长",
                "查询 1",
                "查询",
                "约 1 明天9点",
                "调解 1",
            ]
        ),
        chat=st.sampled_from([*GROUPS, None]),
    )
    def somebody_says(self, who: str, words: str, chat: str | None) -> None:
        self.loop.run(self.town.says(who, words, chat=chat))

    @rule(minutes=st.sampled_from([1, 15, 60, 24 * 60, 4 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.town.clock.pass_time(timedelta(minutes=minutes))
        self.loop.run(self.town.tick())

    @rule()
    def the_service_repeats_itself(self) -> None:
        """The last update once more: nothing happens."""
        before = self.loop.run(_picture(self.town))
        self.loop.run(self.town.repeats())
        assert self.loop.run(_picture(self.town)) == before

    @rule(chat=st.sampled_from([*GROUPS, *sorted(PEOPLE)]), lost=st.booleans())
    def the_line_is_bad(self, chat: str, lost: bool) -> None:
        self.town.channel.errors[chat].append(Doubt("reset") if lost else Later("429", after=1.0))

    @rule()
    def the_bot_is_started_anew(self) -> None:
        self.town.restart()
        self.loop.run(self.town.settle())

    @invariant()
    def every_case_is_in_order(self) -> None:
        if not hasattr(self, "town"):
            return
        for case, log in self.loop.run(_cases(self.town)):
            assert (case.due_at is None) == (case.state in ENDED)
            assert case.state is not State.ACKNOWLEDGED or case.responder
            assert case.number == f"#{case.id}"
            assert len(log) >= case.version, "no state changes without a line"
            if case.id in self.ended:
                assert case.state is self.ended[case.id], "what has ended stays as it ended"
            if case.state in ENDED - {State.MERGED}:
                self.ended[case.id] = case.state
            assert case.state in OPEN | ENDED | {State.RESOLVED}

    @invariant()
    def no_group_hears_of_a_quarrel(self) -> None:
        if hasattr(self, "town"):
            heard = [m for group in GROUPS for m in self.town.channel.chats[group]]
            assert not [m for m in heard if "宅基地" in m.text or "宅基地" in "".join(m.history)]

    @invariant()
    def nothing_waits_and_nothing_broke(self) -> None:
        if hasattr(self, "town"):
            waiting, aside = self.loop.run(_inbox(self.town))
            assert (waiting, aside) == (0, 0)


async def _village() -> Town:
    town = Town(await new_store(), SETTINGS)
    await town.grid("V", "侯官村", "村", group="村委群")
    await town.grid("G3", "三网格", "网格", "V", group="三网格群")
    await town.grid("S13", "十三队", "小队", "G3", group="十三队群")
    for (name, role), grid in zip(PEOPLE.items(), ("S13", "S13", "G3", "V"), strict=True):
        await town.person(name, (role, grid))
    return town


async def _cases(town: Town) -> list:  # type: ignore[type-arg]
    async with town.store.transaction():
        numbers = [row["id"] for row in await town.store.db.all("SELECT id FROM cases ORDER BY id")]
        return [(await town.store.cases.get(n), await town.store.cases.log(n)) for n in numbers]


async def _picture(town: Town) -> list:  # type: ignore[type-arg]
    async with town.store.transaction():
        outbox = await town.store.db.all("SELECT count(*) AS n FROM outbox")
    return [outbox[0]["n"], *((asdict(case), len(log)) for case, log in await _cases(town))]


async def _inbox(town: Town) -> tuple[int, int]:
    async with town.store.transaction():
        return len(await town.store.inbox.waiting(10)), await town.store.inbox.aside()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=40, stateful_step_count=25)
