"""Five hundred households report one flood within a minute, and nobody above is buried under messages."""

from itertools import pairwise

import pytest

from tests.fresh import new_store
from tests.storm import REPORTS, UPPER, note, storm, village

MINUTE = 60.0


@pytest.mark.timeout(300)
async def test_a_storm_of_reports_is_no_storm_of_messages() -> None:
    town = await village(await new_store())
    reported, heard = await storm(town, seed=1)
    spoken_in = {report.hears_in for report in reported}
    answered = [
        m.reply_to for chat in spoken_in for m in town.channel.chats[chat] if m.reply_to and "水浸 · " in m.text
    ]
    assert len(set(answered)) == len(answered) == REPORTS

    for _minute in range(12):
        await town.later(minutes=1)
        note(town, heard)
    for group in UPPER:
        apart = [(b - a).total_seconds() for a, b in pairwise(heard[group])]
        assert all(seconds >= MINUTE for seconds in apart), f"{group} heard more than one a minute"
    (card,) = town.channel.chats["村委群"]
    assert f"{REPORTS} 户上报" in card.text
    assert "还没有人接单：500 条" in card.text
    assert len(card.history) <= 20, "a card changes no oftener than somebody can read it"

    town.hush()
    await town.presses("陈书记", "接单", chat="村委群")
    await town.presses("陈书记", "办结", chat="村委群")
    await town.says("陈书记", "水抽干了", chat="村委群")
    for report in reported:
        told = [m for m in town.channel.chats[report.hears_in] if "办结：水抽干了" in m.text and report.who in m.text]
        assert told, f"{report.who} did not hear the end"
        assert [button.label for button in told[0].buttons] == ["满意", "不满意", "未解决"]
    await town.close()
