"""The stand-in's other side, for benches and tests that run it as a process: people speak in bulk, and all is counted.

POST /control/says    [[chat, user, text], …]: said by people, in this order (a chat above zero is private)
POST /control/press   [[chat, user, data, message_id], …]
POST /control/fail    {"kind": "flood", "chat": null, "method": null, "times": 1, "seconds": 1, "to": 0}
POST /control/heal    no more faults
GET  /control/counts  updates confirmed, messages sent and edited, calls by method, over_limit, violations,
                      seconds from the first message to the last, and how often each text was said in a chat
GET  /control/tally   ?pattern=(\\d+) 号楼: how often each match was said in a new message
GET  /control/sent    ?since=K: the parameters of every new message from the K-th on
"""

import re
from collections import Counter
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from tests.standin.telegram import Telegram


class Control:
    def __init__(self, telegram: "Telegram") -> None:
        self._telegram = telegram

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/control/says", self.says),
            web.post("/control/press", self.press),
            web.post("/control/fail", self.fail),
            web.post("/control/heal", self.heal),
            web.get("/control/counts", self.counts),
            web.get("/control/tally", self.tally),
            web.get("/control/sent", self.sent),
        ]

    async def says(self, request: web.Request) -> web.Response:
        for chat, user, text in await request.json():
            self._telegram.says(chat, user, text)
        return web.json_response({})

    async def press(self, request: web.Request) -> web.Response:
        for chat, user, data, message_id in await request.json():
            self._telegram.presses(chat, user, data, message_id)
        return web.json_response({})

    async def fail(self, request: web.Request) -> web.Response:
        self._telegram.fail(**await request.json())
        return web.json_response({})

    async def heal(self, _request: web.Request) -> web.Response:
        self._telegram.faults.clear()
        return web.json_response({})

    async def counts(self, _request: web.Request) -> web.Response:
        telegram = self._telegram
        return web.json_response(
            {
                "sent": len(telegram.sent),
                "edited": len(telegram.edited),
                "confirmed": telegram.confirmed,
                "waiting": len(telegram.updates),
                "calls": telegram.calls,
                "over_limit": telegram.over_limit,
                "seconds": telegram.last_sent_at - telegram.first_sent_at,
                "texts": Counter(f"{p['chat_id']} {p.get('text', '')[:40]}" for p in telegram.sent),
                "violations": telegram.violations[:10],
            }
        )

    async def tally(self, request: web.Request) -> web.Response:
        pattern = re.compile(request.query["pattern"])
        texts = (p.get("text") or p.get("caption") or "" for p in self._telegram.sent)
        return web.json_response(Counter(match[0] for text in texts if (match := pattern.search(text))))

    async def sent(self, request: web.Request) -> web.Response:
        return web.json_response(self._telegram.sent[int(request.query.get("since", 0)) :])
