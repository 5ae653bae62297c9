"""The bot as a process of its own on WeCom, and whether what it was given and what it promised was kept."""

import asyncio
import json
from collections import Counter
from pathlib import Path

from domain.chat import ChatId, Promise, Send
from tests.bot.telegram.test_village import village
from tests.faults.house import House
from tests.faults.promises import REPEATED, TEXT
from tests.standin.wecom import WeCom

CONFIG = """
[storage]
path = {path}
[wecom]
bot_id = "{bot_id}"
url = "{url}"
[web]
enabled = false
[quiet]
enabled = false
[flood]
per_person = 100000
per_group = 100000
"""


class WeComHouse(House):
    """`lives` as on Telegram; each group has a squad of its own, so that no report is the same as another's."""

    def __init__(self, directory: Path, wecom: WeCom) -> None:
        self.path, self.wecom = directory / "village.db", wecom
        self._config, self._log = directory / "config.toml", directory / "bot.log"
        self._lives = []
        self.secrets = {"GRIDBOT_WECOM_SECRET": wecom.secret}

    async def settle(self, groups: int) -> None:
        await (await village(self.path)).close()
        self.run("DELETE FROM chats")
        names = [f"wr{n}" for n in range(groups)]
        self.run("INSERT INTO grids (code, name, level, parent) VALUES (?, ?, '小队', 'V')", [(n, n) for n in names])
        self.run(
            "INSERT INTO chats (channel, chat, kind, title, grid) VALUES ('wecom', ?, 'group', ?, ?)",
            [(f"g:{n}", n, n) for n in names],
        )
        self.wecom.spoken |= {(2, name) for name in names}
        told = {"path": json.dumps(str(self.path)), "bot_id": self.wecom.bot_id, "url": self.wecom.url}
        self._config.write_text(CONFIG.format(**told), "utf-8")

    async def connected(self) -> None:
        await self.until(lambda: self.wecom.live and not self.wecom.live.closed)

    def stored(self) -> set[str]:
        return {number for (number,) in self.rows("SELECT update_id FROM inbox WHERE channel = 'wecom'")}

    async def handled(self, seconds: float = 50.0) -> None:
        await self.until(lambda: not self.count("SELECT count(*) FROM inbox WHERE state = 'waiting'"), seconds)


async def killed_at_half(house: WeComHouse, messages: int, groups: int) -> tuple[int, int]:
    """People say so many things, the bot is killed when half of them are stored, and started again: how many of those
    that it was given and stored made no case, and how many made two."""
    house.start()
    await house.connected()
    said = {
        house.wecom.says(f"u{n}", f"上报 {n} 号楼地下车库进水了", f"wr{n % groups}")["msgid"]: n
        for n in range(messages)
    }
    await house.until(lambda: len(house.stored()) >= messages // 2, 120)
    house.kill()
    given = house.stored()
    house.start()
    await house.connected()
    await house.handled(120)
    told = Counter(text for (text,) in house.rows("SELECT text FROM cases WHERE gathered = 0"))
    of_given = [told[f"{said[number]} 号楼地下车库进水了"] for number in given]
    return of_given.count(0), sum(copies > 1 for copies in told.values())


async def cut_amid_an_alert(house: WeComHouse, groups: int, seconds: float) -> tuple[int, int, int, int]:
    """An alert goes to so many groups, and the line is cut for so long: how many never heard, how many heard twice,
    how many of these without being told that it is a repeat, and how many deliveries were in doubt."""
    house.start()
    await house.connected()
    house.wecom.fail("slow", seconds=0.02, times=1_000_000)
    chats = [f"wr{n}" for n in range(groups)]
    await house.promise(*(Send(ChatId("wecom", f"g:{chat}"), TEXT, promise=Promise.LIFE) for chat in chats))
    await house.until(lambda: len(house.wecom.sent) >= groups // 2)
    with house.wecom.gone():
        await asyncio.sleep(seconds)
    await house.until(lambda: {said.chat for said in house.wecom.sent} >= {(2, chat) for chat in chats}, 120)
    await house.delivered()
    heard = {chat: house.wecom.texts((2, chat)) for chat in chats}
    twice = [texts for texts in heard.values() if len(texts) > 1]
    unmarked = sum(not copy.startswith(REPEATED) for texts in twice for copy in texts[1:])
    doubts = house.count("SELECT coalesce(sum(doubts), 0) FROM outbox")
    return sum(not texts for texts in heard.values()), len(twice), unmarked, doubts
