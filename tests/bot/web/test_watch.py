"""What machines ask of the bot: alive, ready, figures. No person, no chat, no word is in any answer."""

import asyncio
from dataclasses import dataclass

import aiohttp
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from bot.app import App
from bot.clock import SystemClock
from bot.config import Config, MetricsSection, WebSection
from bot.http import Server, listen
from bot.serve import porches
from bot.watch import Watch
from tests.bot.web.conftest import SETTINGS, House
from tests.town import recogniser_of

SQUAD = "grid-S13"


async def test_alive_and_ready(house: House) -> None:
    assert (await house.asks("GET", "/healthz")).said == {"ok": True}
    ready = await house.asks("GET", "/readyz", headers={"Host": "a-load-balancer"})
    assert (ready.status, ready.said) == (200, {"ready": True, "why": []})


async def test_the_figures_tell_what_lies_where_and_name_nobody(house: House) -> None:
    async with house.phone("li") as li:
        await li.say(SQUAD, "上报 家里进水了")
        await li.hears(SQUAD, "#1 水浸")
    answer = await house.asks("GET", "/metrics")
    text = answer.body.decode()
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert 'gridbot_open_cases{state="reported"} 1.0' in text
    assert 'gridbot_inbox{state="aside"} 0.0' in text
    assert 'gridbot_deliveries_total{channel="web",outcome="sent",promise="C"}' in text
    assert "gridbot_updates_handled_total" in text
    assert "gridbot_tick_age_seconds 0." in text
    assert not [word for word in ("李", "十三队", "S13", "进水", "me-") if word in text]


async def test_not_ready_is_503_with_the_reason(house: House) -> None:
    house.channel.health.trouble = "the token was refused"
    ready = await house.asks("GET", "/readyz")
    assert (ready.status, ready.said) == (503, {"ready": False, "why": ["web: the token was refused"]})


@dataclass
class Elsewhere:
    """A proxy said for whom it asks."""

    app: Starlette

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "client": ("203.0.113.7", 4000)}, receive, send)


async def test_figures_are_not_for_the_whole_village(house: House) -> None:
    app = App(house.store, SETTINGS, SystemClock(), recogniser=recogniser_of(SETTINGS.kinds))
    listening = listen("127.0.0.1", 0, "web")
    server = Server.of(Elsewhere(Starlette(routes=Watch(app).routes(here_only=True))))
    serving = asyncio.create_task(server.serve_until_cancelled(listening))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{url}/metrics") as answer:
            assert answer.status == 403
        async with session.get(f"{url}/healthz") as answer:
            assert answer.status == 200
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    listening.close()


async def test_a_port_of_their_own_where_there_is_no_web_chat(house: House) -> None:
    app = App(house.store, SETTINGS, SystemClock(), recogniser=recogniser_of(SETTINGS.kinds))
    config = Config(web=WebSection(enabled=False), metrics=MetricsSection(port=0))
    (porch,) = porches(config, app)
    serving = asyncio.create_task(porch.run())
    async with aiohttp.ClientSession() as session:
        for path in ("/healthz", "/readyz", "/metrics"):
            async with session.get(f"http://127.0.0.1:{porch.port}{path}") as answer:
                assert answer.status == 200, path
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert porches(Config(), app) == []
