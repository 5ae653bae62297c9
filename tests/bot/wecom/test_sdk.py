"""The stand-in is faithful: WeCom's own client for Node connects to it, hears each kind of message and answers it."""

import asyncio
import base64
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from bot.demo.standin import WeCom, rules

SOURCE = Path(__file__).parents[2] / "channels" / "wecom-sdk"
GROUP = "wrSdk"
HERE = (2, GROUP)


@pytest.fixture(scope="module")
def client() -> Path:
    """Installed once for each version of the lock file, outside of the project."""
    if shutil.which("npm") is None:
        # Who decides whether a change may land has to have it.
        assert not os.environ.get("CI"), "the stand-in cannot be proved without node and npm"
        pytest.skip("needs node and npm")
    version = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"gridbot-wecom-sdk-{version}"
    folder.mkdir(exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not (folder / "node_modules" / "@wecom" / "aibot-node-sdk" / "package.json").exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(SOURCE / name, folder)
            subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=folder, check=True, timeout=50)
        shutil.copy(SOURCE / "client.mjs", folder)
    return folder / "client.mjs"


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    service = WeCom()
    await service.start()
    yield service
    await service.stop()


class Node:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def tells(self, what: str) -> dict[str, Any]:
        """Its next line, which has to be of this."""
        assert self._process.stdout
        line = json.loads(await asyncio.wait_for(self._process.stdout.readline(), 20))
        assert line["what"] == what, line
        return dict(line)


@asynccontextmanager
async def running(client: Path, wecom: WeCom, secret: str = "") -> AsyncIterator[Node]:
    process = await asyncio.create_subprocess_exec(
        "node", str(client), wecom.url, wecom.bot_id, secret or wecom.secret, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Node(process)
    finally:
        # Whoever was refused for good has gone already.
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def test_it_hears_and_answers_each_kind_of_message(client: Path, wecom: WeCom) -> None:
    picture = os.urandom(100)
    async with running(client, wecom) as node:
        await node.tells("authenticated")
        wecom.says("lisi", "路灯坏了", GROUP)
        heard = await node.tells("message.text")
        assert heard["body"]["text"]["content"] == "@网格助手 路灯坏了"
        assert wecom.texts(HERE) == ["已受理"]

        wecom.shows("lisi", "漏水", picture, chat=GROUP)
        assert base64.b64decode((await node.tells("message.mixed"))["answer"]) == picture
        assert wecom.buttons(HERE) == {"接单": ("sdk-1", "acknowledge:1")}

        wecom.presses("lisi", "sdk-1", "acknowledge:1", GROUP)
        assert (await node.tells("event.template_card_event"))["answer"]["errcode"] == 0
        assert [said.text for said in wecom.updated] == ["已接单"]

        for kind, content in (
            ("voice", wecom.people.voice("三栋停电了")),
            ("image", wecom.people.file(b"1", "image")),
            ("file", wecom.people.file(b"2")),
        ):
            wecom.brings(wecom.people.body("lisi", None, content))
            assert "answer" in await node.tells(f"message.{kind}")
        assert wecom.texts((1, "lisi")) == ["听到了", "", "文件收到"]
        assert [len(media) for media in wecom.uploads.media.values()] == [600 * 1024]

        wecom.enters("wangwu")
        assert (await node.tells("event.enter_chat"))["answer"]["errcode"] == 0
        wecom.brings(wecom.people.body("lisi", None, wecom.people.file(b"3", "video")))
        assert (await node.tells("message.video"))["refused"] == rules.NO_SUCH_CHAT
        async with asyncio.timeout(10):
            while not wecom.calls["ping"]:  # noqa: ASYNC110 -- another process does the work
                await asyncio.sleep(0.01)
    assert wecom.violations == []


async def test_it_is_refused_what_comes_too_late_or_too_often(client: Path, wecom: WeCom) -> None:
    async with running(client, wecom) as node:
        await node.tells("authenticated")
        now = wecom.now
        # The moment is over before the event has come.
        wecom.now = lambda: now() - 10
        body = wecom.people.event("wangwu", None, "enter_chat")
        wecom.brings(body)
        wecom.now = now
        assert (await node.tells("event.enter_chat"))["refused"] == rules.BAD_REQ_ID
        for _n in range(30):
            wecom.brings(wecom.people.body("lisi", None, wecom.people.voice("喂")))
            assert "answer" in await node.tells("message.voice")
        wecom.brings(wecom.people.body("lisi", None, wecom.people.voice("喂")))
        assert (await node.tells("message.voice"))["refused"] == rules.TOO_OFTEN
        wecom._streams["stream-1"] = now() - 7 * 60
        wecom.says("wangwu", "路灯坏了")
        assert (await node.tells("message.text"))["refused"] == rules.EXPIRED


async def test_it_is_displaced_by_a_newer_one_and_takes_no_wrong_secret(client: Path, wecom: WeCom) -> None:
    async with running(client, wecom) as first:
        await first.tells("authenticated")
        async with running(client, wecom) as second:
            await second.tells("authenticated")
            await first.tells("displaced")
            await first.tells("disconnected")
    async with running(client, wecom, secret="wrong") as refused:
        assert "853000" in (await refused.tells("error"))["code"]
