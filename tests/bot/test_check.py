"""What is wrong is said before the village finds out."""

import socket
from contextlib import closing
from pathlib import Path

import pytest

from bot.check import check
from bot.config import Config, StorageSection, WebSection
from bot.importer import import_file
from storage.store import Store
from tests.bot.test_import import GRIDS


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
