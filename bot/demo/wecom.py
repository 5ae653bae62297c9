"""Half of the demo's village on WeCom: the groups of those who are not in the story, on a stand-in in this process."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels import Fetch
from bot.channels.wecom import WeComChannel
from bot.channels.wecom.frames import CHANNEL, GROUP, PRIVATE
from bot.clock import Clock
from bot.demo.standin import WeCom
from bot.demo.standin.talk import Chat, Said
from bot.demo.story import GRID_LEADER, RESIDENT, SQUAD_LEADER
from bot.demo.village import CHANNEL as WEB
from bot.demo.village import Character
from domain.chat import AccountId, ChatId, ChatKind
from domain.language import _
from storage.store import Store

STATIC = Path(__file__).parent / "static"
PAGE = "/demo/wecom"

MOST_SHOWN = 60
"""Messages on a phone; and as many are remembered of what people said."""

LONGEST_WORDS = 2_000


class WeComHalf:
    """`cast` are those who can be played on WeCom: everybody whose group is there."""

    def __init__(self, cast: Sequence[Character]) -> None:
        storied = {person.grid for person in cast if person.name in (RESIDENT, SQUAD_LEADER, GRID_LEADER)}
        self.cast = [person for person in cast if person.grid not in storied]
        self.service = WeCom()
        self._lines: list[tuple[float, Chat, dict[str, Any]]] = []

    async def open(self, store: Store, clock: Clock, fetch: Fetch) -> WeComChannel:
        """The groups are bound, and everybody has said a word to the bot; its channel."""
        await self.service.start()
        async with store.transaction():
            for person in self.cast:
                await self._let_in(person, store, clock)
        return WeComChannel(self.service.bot_id, self.service.secret, self.service.url, store, clock, fetch)

    async def _let_in(self, person: Character, store: Store, clock: Clock) -> None:
        """The same person as on the web chat, by an account of their own."""
        account, group = AccountId(CHANNEL, person.account), ChatId(CHANNEL, GROUP + person.grid)
        known = await store.people.meet(AccountId(WEB, person.account), person.name)
        met = await store.people.meet(account, person.name)
        if met.id != known.id:
            await store.people.merge(met.id, known.id)
        await store.chats.meet(group, ChatKind.GROUP, person.role)
        await store.chats.bind(group, person.grid)
        await store.chats.meet(ChatId(CHANNEL, PRIVATE + person.account), ChatKind.PRIVATE, person.name)
        await store.people.open_private_chat(account, PRIVATE + person.account)
        await store.people.use(account, clock.now())
        self.service.spoken |= {(1, person.account), (2, person.grid)}

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PAGE, _page),
            Route(f"{PAGE}/talk.json", self._talk),
            Route(f"{PAGE}/say", self._say, methods=["POST"]),
            Route(f"{PAGE}/press", self._press, methods=["POST"]),
        ]

    async def _talk(self, request: Request) -> Response:
        person, chat = self._who(request.query_params.get("account"), request.query_params.get("room"))
        if person is None:
            return JSONResponse({}, 404)
        changed = {
            said.body["template_card"]["task_id"]: said
            for said in self.service.updated
            if not said.body["userids"] or person.account in said.body["userids"]
        }
        lines = [*self._lines, *((said.at, said.chat, _shown(said, changed)) for said in self.service.sent)]
        shown = [line for _at, where, line in sorted(lines, key=lambda line: line[0]) if where == chat][-MOST_SHOWN:]
        texts = {
            "group": _("群里"),
            "private": _("私下"),
            "say": _("发送"),
            "hint": _("企业微信：在群里自动 @机器人"),
        }
        return JSONResponse({"lines": shown, "texts": texts})

    async def _say(self, request: Request) -> Response:
        asked = await request.json()
        person, (kind, name) = self._who(asked.get("account"), asked.get("room"))
        words = str(asked.get("text", "")).strip()[:LONGEST_WORDS]
        if person is None or not words:
            return JSONResponse({}, 400)
        self._lines.append((self.service.now(), (kind, name), {"who": person.name, "text": words}))
        del self._lines[: -MOST_SHOWN * len(self.cast)]
        self.service.says(person.account, words, name if kind == 2 else None)
        return JSONResponse({}, 202)

    async def _press(self, request: Request) -> Response:
        asked = await request.json()
        person, (kind, name) = self._who(asked.get("account"), asked.get("room"))
        if person is None:
            return JSONResponse({}, 400)
        self.service.presses(person.account, str(asked.get("task")), str(asked.get("key")), name if kind == 2 else None)
        return JSONResponse({}, 202)

    def _who(self, account: str | None, room: str | None) -> tuple[Character | None, Chat]:
        person = next((one for one in self.cast if one.account == account), None)
        if person is None:
            return None, (0, "")
        return person, ((1, person.account) if room == "private" else (2, person.grid))


def _shown(said: Said, changed: dict[str, Said]) -> dict[str, Any]:
    """A message of the bot as a phone shows it; a card as it stands now."""
    task = said.body.get("template_card", {}).get("task_id")
    said = changed.get(task, said)
    card = said.body.get("template_card", {})
    buttons = [{"label": button["text"], "key": button["key"]} for button in card.get("button_list", [])]
    kind = said.body["msgtype"]
    text = said.text.replace("**", "") or {"image": _("[图片]"), "video": _("[视频]")}.get(kind, _("[文件]"))
    return {"who": "", "text": text, "task": task, "buttons": buttons}


async def _page(_request: Request) -> Response:
    return FileResponse(STATIC / "wecom.html")
