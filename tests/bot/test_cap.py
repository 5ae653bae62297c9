"""A warning comes as a file and goes as a file; whatever else is in the file does no harm."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cap import LARGEST, read, write
from domain.cap import CapAlert
from domain.people import Role
from domain.refused import Refused
from handlers.routing import Ctx, Routes
from handlers.warned import handed_on, warned
from tests.town import Town, recogniser_of

MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>35012141600000_20260725120000</identifier>
  <sender>fzqx@example.cn</sender>
  <sent>2026-07-25T12:00:00+08:00</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>zh-CN</language>
    <category>Met</category>
    <event>暴雨</event>
    <responseType>Evacuate</responseType>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Observed</certainty>
    <expires>2026-07-25T20:00:00+08:00</expires>
    <senderName>闽侯县气象台</senderName>
    <headline>暴雨橙色预警</headline>
    <description>3 小时内降雨 50 毫米以上。</description>
    <instruction>低洼处的人马上上楼。</instruction>
    <area>
      <areaDesc>三网格</areaDesc>
      <geocode><valueName>GB/T 2260</valueName><value>G3</value></geocode>
    </area>
  </info>
</alert>
"""


def changed(*changes: tuple[str, str]) -> CapAlert:
    text = MESSAGE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read(text.encode())


def about(alert: CapAlert, message: str) -> tuple[str, str]:
    """What turns the message into another one that refers to this."""
    reference = f"<references>{alert.sender},{alert.identifier},{alert.sent}</references>"
    return "<msgType>Alert</msgType>\n  <scope>Public</scope>", (
        f"<msgType>{message}</msgType>\n  <scope>Public</scope>{reference}"
    )


async def takes(town: Town, alert: CapAlert, author: str = "") -> None:
    """As the command does it while the bot runs."""
    async with town.store.transaction():
        outs = await warned(alert, author, ctx_of(town))
        town.store.outbox.add(outs, town.clock.now())
    await town.settle()


def ctx_of(town: Town) -> Ctx:
    return Ctx(town.store, town.settings, town.clock.now(), Routes(()), recogniser_of(town.settings.kinds))


async def hands_on(town: Town, number: int) -> CapAlert:
    async with town.store.transaction():
        broadcast = await town.store.broadcasts.get(number)
        assert broadcast
        return read(write(await handed_on(broadcast, "gridbot@houguan.example", "GB/T 2260", ctx_of(town))))


async def goes_out(town: Town) -> None:
    await town.presses("王主任", "提交")
    await town.says("王主任", "三网格")
    await town.presses("陈书记", "通过")


async def test_a_file_is_a_draft_until_two_people_have_read_it(town: Town) -> None:
    await takes(town, read(MESSAGE.encode()))
    town.hears("王主任", "闽侯县气象台 发来一条预警，已写成草稿")
    town.hears(
        "王主任",
        "【橙色预警】三网格 · 第 1 号 · 草稿",
        "3 小时内降雨 50 毫米以上。\n低洼处的人马上上楼。",
        "有效到 20:00",
    )
    assert "十三队群" not in town.channel.chats
    await goes_out(town)
    town.hears("十三队群", "【橙色预警】三网格", "低洼处的人马上上楼")


async def test_what_came_is_handed_on_as_it_came(town: Town) -> None:
    await takes(town, read(MESSAGE.encode()))
    await goes_out(town)
    given = await hands_on(town, 1)
    info = given.info("zh")
    assert (given.status, given.message, given.references) == ("Actual", "Alert", ())
    assert (info.categories, info.event, info.urgency) == (("Met",), "暴雨", "Immediate")
    assert (info.severity, info.certainty, info.geocodes) == ("Severe", "Observed", (("GB/T 2260", "G3"),))


async def test_a_correction_and_the_end_refer_to_what_went_before(town: Town) -> None:
    await takes(town, read(MESSAGE.encode()))
    await goes_out(town)
    first = await hands_on(town, 1)
    await town.presses("王主任", "更正")
    await town.says("王主任", "低洼处的人 19 点前上楼")
    second = await hands_on(town, 1)
    await town.presses("王主任", "撤销")
    third = await hands_on(town, 1)
    assert [one.message for one in (first, second, third)] == ["Alert", "Update", "Cancel"]
    assert [r.identifier for r in third.references] == [first.identifier, second.identifier]
    assert [r.sent for r in third.references] == [first.sent, second.sent]
    assert third.info("zh").urgency == "Past"


async def test_an_update_is_a_draft_that_names_what_it_replaces(town: Town) -> None:
    alert = read(MESSAGE.encode())
    await takes(town, alert)
    await goes_out(town)
    await takes(town, changed(about(alert, "Update"), ("120000<", "130000<"), ("Severe", "Extreme")))
    async with town.store.transaction():
        draft = await town.store.broadcasts.get(2)
    assert draft
    assert (draft.revises, draft.text.splitlines()[0]) == (1, "3 小时内降雨 50 毫米以上。")


async def test_a_cancel_of_several_drops_what_waits_and_offers_to_take_back_what_is_out(town: Town) -> None:
    alert = read(MESSAGE.encode())
    await takes(town, alert)
    await goes_out(town)
    other = changed(("120000<", "130000<"))
    await takes(town, other)
    town.hush()
    both = f"{alert.sender},{alert.identifier},{alert.sent} {other.sender},{other.identifier},{other.sent}"
    cancel = changed(
        ("<msgType>Alert</msgType>\n  <scope>Public</scope>",
         f"<msgType>Cancel</msgType>\n  <scope>Public</scope><references>{both}</references>"),
        ("120000<", "140000<"),
    )  # fmt: skip
    await takes(town, cancel)
    town.hears("王主任", "第 1 号的发布单位撤销了它")
    town.hears("王主任", "第 2 号 · 不发了")
    town.silent_in("十三队群")
    await town.presses("王主任", "撤销")
    town.hears("十三队群", "【撤销】三网格的橙色预警（第 1 号）作废")


async def test_an_exercise_never_looks_real(town: Town) -> None:
    town.settings = replace(town.settings, drill_grids=frozenset({"G3"}))
    town.restart()
    await takes(town, changed((">Actual<", ">Exercise<")))
    town.hears("王主任", "【橙色演练】三网格 · 第 1 号 · 草稿")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([(">G3<", ">990000000000<")], "没有编码是 990000000000 的网格"),
        ([(">Severe<", ">Unknown<")], "严重程度 Unknown"),
        ([("T20:00", "T11:00")], "到期时间已经过去"),
        ([("<geocode><valueName>GB/T 2260</valueName><value>G3</value></geocode>", "")], "没有写行政区划编码"),
        ([("<msgType>Alert", "<msgType>Cancel")], "没有收到过它要撤销的预警"),
        ([(">Actual<", ">Test<")], "状态是 Test"),
    ],
)
async def test_what_cannot_be_ours_is_said_at_once(town: Town, changes: list[tuple[str, str]], why: str) -> None:
    with pytest.raises(Refused, match=why):
        await takes(town, changed(*changes))


async def test_only_who_answers_for_the_area_can_be_its_author(town: Town) -> None:
    with pytest.raises(Refused, match="没有 李阿姨"):
        await takes(town, read(MESSAGE.encode()), "李阿姨")
    await town.person("林镇长", (Role.OFFICER, "V"))
    await takes(town, read(MESSAGE.encode()), "林镇长")
    town.hears("林镇长", "【橙色预警】三网格")


BOMB = """<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">&c;</alert>"""
LOOK = """<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&a;</identifier></alert>"""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "不是完整的 XML"),
        (MESSAGE.encode()[:300], "不是完整的 XML，第 8 行"),
        (b"<alert/>", "这不是 CAP 1.2"),
        (MESSAGE.replace("cap:1.2", "cap:1.1").encode(), "这不是 CAP 1.2"),
        (BOMB.encode(), "DOCTYPE"),
        (LOOK.encode(), "DOCTYPE"),
        (b" " * (LARGEST + 1), "文件太大"),
        (MESSAGE.replace("<status>Actual</status>", "").encode(), "第 7 行.*status"),
        (MESSAGE.replace(">Severe<", ">Terrible<").encode(), "第 15 行.*Terrible"),
        (MESSAGE.replace("20:00:00+08:00", "20:00:00Z").encode(), "第 17 行"),
        (MESSAGE.replace("</scope>", "</scope><references>one two</references>").encode(), "references 要写成"),
    ],
)
def test_a_bad_file_is_explained_with_its_line(content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read(content)


async def test_what_is_over_before_anybody_reads_it_is_not_sent(town: Town) -> None:
    await takes(town, read(MESSAGE.encode()))
    town.clock.pass_time(timedelta(hours=9))
    await town.presses("王主任", "提交")
    assert "十三队群" not in town.channel.chats
