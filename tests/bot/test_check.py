"""What is wrong is said before the village finds out."""

import socket
import sqlite3
from contextlib import closing
from datetime import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.check import check
from bot.config import WECOM_VARIABLE, Config, StorageSection, TelegramSection, WebSection, WeComSection
from bot.config.robots import RobotSection
from bot.config.sections import DigestSection, DutySection
from bot.importer import import_file
from bot.serve import only_one
from domain.chat import NOT_SPOKEN, AccountId, ChatId, ChatKind, Send
from domain.mode import Change
from domain.people import Role
from storage.inbox import Arrival
from storage.store import Store
from tests.bot.test_import import GRIDS
from tests.standin.telegram import Telegram
from tests.standin.wecom import WeCom
from tests.town import NOON


@pytest.fixture
async def config(tmp_path: Path) -> Config:
    path = tmp_path / "village.db"
    store = await Store.open(path)
    (tmp_path / "grids.csv").write_text(GRIDS, "utf-8")
    (tmp_path / "doors.csv").write_text(
        "grid,door,people,notes\n" + "".join(f"S,{n}号,3,\n" for n in range(11)), "utf-8"
    )
    await import_file(store, "grids", tmp_path / "grids.csv")
    await import_file(store, "households", tmp_path / "doors.csv")
    await store.close()
    return Config(owners=("telegram:1",), storage=StorageSection(path=path), web=WebSection(port=0))


async def said(config: Config) -> tuple[str, bool]:
    found = await check(config)
    return "\n".join(map(str, found)), any(finding.wrong for finding in found)


async def test_a_squad_that_is_too_large_is_reported_and_not_refused(config: Config) -> None:
    text, wrong = await said(config)
    assert "1 个小队超过 10 户，队长顾不过来，建议拆分：一小队（11）" in text
    assert "没有能接单的人" in text
    assert "没有群" in text
    assert "可以运行" in text
    assert not wrong


async def test_an_empty_register_and_a_broken_file_stop_the_start(config: Config, tmp_path: Path) -> None:
    empty = config.model_copy(update={"storage": StorageSection(path=tmp_path / "new.db")})
    text, wrong = await said(empty)
    assert "还没有网格" in text
    assert wrong
    (tmp_path / "letter.db").write_bytes(b"a letter" * 1000)
    text, wrong = await said(config.model_copy(update={"storage": StorageSection(path=tmp_path / "letter.db")}))
    assert "不是 Gridbot 的数据库" in text
    assert wrong


async def test_without_a_channel_or_with_a_port_in_use(config: Config) -> None:
    text, wrong = await said(config.model_copy(update={"web": WebSection(enabled=False)}))
    assert "没有可用的渠道" in text
    assert wrong
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        text, _wrong = await said(config.model_copy(update={"web": WebSection(port=port)}))
    assert f"端口 {port} 用不了" in text


async def test_a_port_taken_by_this_village_s_own_bot_is_as_it_should_be(config: Config) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        taken = config.model_copy(update={"web": WebSection(port=other.getsockname()[1])})
        _text, wrong = await said(taken)
        assert wrong
        with only_one(config.storage.path):
            text, wrong = await said(taken)
    assert "用不了" in text
    assert not wrong


async def test_a_free_port_is_left_free(config: Config) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
    free = config.model_copy(update={"web": WebSection(port=port)})
    for _twice in range(2):
        text, wrong = await said(free)
        assert "端口" not in text
        assert not wrong


async def test_a_file_that_somebody_else_is_writing(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.database.BUSY_TIMEOUT_MS", 10)
    with closing(sqlite3.connect(config.storage.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        text, wrong = await said(config)
        other.execute("ROLLBACK")
    assert "被别的程序占用" in text
    assert wrong


async def test_what_waits_for_somebody_s_hand_is_counted_and_the_first_are_named(config: Config) -> None:
    store = await Store.open(config.storage.path)
    async with store.transaction():
        for n in range(1, 8):
            chat = ChatId("telegram", f"-{n}")
            await store.chats.meet(chat, ChatKind.GROUP, f"{n}号群")
            await store.chats.unreachable(chat, "kicked")
        store.outbox.add([Send(ChatId("telegram", "-1"), "到"), Send(ChatId("telegram", "-2"), "到")], NOON)
        await store.outbox.write()
        await store.db.run("UPDATE outbox SET state = CASE chat WHEN '-1' THEN 'doubt' ELSE 'dead' END")
        await store.inbox.store([Arrival("telegram", "1", "{}")], NOON)
        await store.db.run("UPDATE inbox SET state = 'aside'")
    await store.close()
    text, wrong = await said(config)
    assert "7 个会话送不到：1号群、2号群、3号群、4号群、5号群 等" in text
    assert "1 条收到的消息没处理成" in text
    assert "1 条消息不知道送到没有" in text
    assert "1 条消息没送到" in text
    assert not wrong


async def test_a_squad_with_somebody_who_answers_and_a_group_is_not_complained_of(config: Config) -> None:
    store = await Store.open(config.storage.path)
    async with store.transaction():
        leader = await store.people.meet(AccountId("telegram", "5"), "张队长")
        await store.people.appoint(leader.id, Role.LEADER, "S")
        await store.chats.meet(ChatId("telegram", "-1"), ChatKind.GROUP, "一小队群")
        await store.chats.bind(ChatId("telegram", "-1"), "S")
    await store.close()
    text, _wrong = await said(config)
    assert "没有能接单的人" not in text
    assert "没有群" not in text


async def test_a_mode_that_holds_and_left_the_config_is_named(config: Config) -> None:
    store = await Store.open(config.storage.path)
    async with store.transaction():
        leader = await store.people.meet(AccountId("telegram", "5"), "张队长")
        for grid, mode in (("S", "harvest"), ("V", "flood")):
            await store.modes.begin(Change(grid, mode, NOON, leader.who))
    await store.close()
    text, wrong = await said(config)
    assert "有网格正在 harvest 模式，配置里已经没有了" in text
    assert not wrong


async def test_a_token_that_telegram_refuses_and_no_owner(config: Config) -> None:
    telegram = Telegram()
    await telegram.start()
    section = TelegramSection(token=SecretStr("2:wrong"), base_url=telegram.base_url)
    text, wrong = await said(config.model_copy(update={"telegram": section, "owners": ()}))
    await telegram.stop()
    assert "Telegram 不认这个 token" in text
    assert "owners 是空的" in text
    assert "2:wrong" not in text
    assert wrong


async def test_a_rota_with_somebody_who_cannot_be_called_and_a_change_by_night(config: Config, tmp_path: Path) -> None:
    store = await Store.open(config.storage.path)
    (tmp_path / "people.csv").write_text("name,role,grid\n张三,队长,S\n李四,副手,S\n", "utf-8")
    (tmp_path / "duty.csv").write_text("grid,turn,person\nS,每周,张三\nS,每周,李四\n", "utf-8")
    await import_file(store, "people", tmp_path / "people.csv")
    async with store.transaction():
        (zhang, *_others) = await store.duty.staff("S")
        await store.people.bind(AccountId("web", "a"), zhang.id)
        await store.people.open_private_chat(AccountId("web", "a"), "me-a")
    await import_file(store, "duty", tmp_path / "duty.csv")
    await store.close()
    text, wrong = await said(config.model_copy(update={"duty": DutySection(change=time(5))}))
    assert "1 个网格的值班表里有叫不到的人：一小队（李四）" in text
    assert "[duty] change 在安静时段里" in text
    assert not wrong
    text, _wrong = await said(config)
    assert "[duty]" not in text


async def test_a_digest_at_night_is_pointed_at(config: Config) -> None:
    assert "[digest]" not in (await said(config))[0]
    text, wrong = await said(config.model_copy(update={"digest": DigestSection(morning=time(5), evening=None)}))
    assert "· [digest] morning 在安静时段里" in text
    assert "evening" not in text
    assert not wrong


async def test_a_robot_of_a_grid_that_nobody_has(config: Config) -> None:
    url = SecretStr("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a")
    robots = (RobotSection(grid="S", url=url), RobotSection(grid="MOON", url=url))
    text, wrong = await said(config.model_copy(update={"robots": robots}))
    assert "[[robots]] 里的 MOON 不是网格" in text
    assert wrong
    text, wrong = await said(config.model_copy(update={"robots": robots[:1]}))
    assert "群机器人" not in text
    assert not wrong
    text, wrong = await said(config.model_copy(update={"robots": (RobotSection(grid="S"),)}))
    assert "没有地址，请写上 url，或设环境变量 GRIDBOT_ROBOT_S" in text
    assert wrong


async def test_a_squad_outside_where_nobody_can_pass_anything_on(config: Config) -> None:
    store = await Store.open(config.storage.path)
    async with store.transaction():
        await store.passings.set_outside("S")
    await store.close()
    text, wrong = await said(config)
    assert "1 个小队的居民在外部群里，可是没有人能转发：一小队" in text
    assert "没有群" not in text
    assert not wrong


async def test_wecom_is_half_set_up_or_cannot_be_reached(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WECOM_VARIABLE, raising=False)
    for wecom, said_of_it in (
        (WeComSection(bot_id="aib-1"), "没有 secret"),
        (WeComSection(secret=SecretStr("s")), "没有 bot_id"),
        (WeComSection(bot_id="aib-1", secret=SecretStr("s"), url="ws://127.0.0.1:9/"), "连不上企业微信"),
    ):
        text, wrong = await said(config.model_copy(update={"wecom": wecom}))
        assert said_of_it in text
        assert wrong


async def test_wecom_is_looked_at_without_taking_the_bot_away(config: Config) -> None:
    service = WeCom()
    await service.start()
    wecom = WeComSection(bot_id=service.bot_id, secret=SecretStr(service.secret), url=service.url)
    text, wrong = await said(config.model_copy(update={"wecom": wecom}))
    assert ("企业微信" in text, wrong) == (False, False)
    assert not service.calls
    await service.stop()


async def test_a_chat_where_nobody_has_spoken_is_named_with_what_to_do(config: Config) -> None:
    store = await Store.open(config.storage.path)
    async with store.transaction():
        await store.chats.meet(ChatId("wecom", "u:zhang"), ChatKind.PRIVATE, "张队长")
        await store.chats.unreachable(ChatId("wecom", "u:zhang"), NOT_SPOKEN)
    await store.close()
    text, _wrong = await said(config)
    assert "还没对机器人说过话，机器人不能先开口：张队长" in text
    assert "@机器人" in text
