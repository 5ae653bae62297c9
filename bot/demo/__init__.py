"""A village at work, in a browser: no account, no token, and nothing leaves this machine."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from bot.app import App, run_until_told
from bot.catalogue import Language
from bot.channels import Channel
from bot.channels.web import WebChannel
from bot.clock import SystemClock
from bot.config import modes, surveys, templates
from bot.demo.player import READ_SECONDS, Player
from bot.demo.stage import Stage
from bot.demo.underway import begin_sweep
from bot.demo.village import ROOT, ZONE, Village, settle
from bot.demo.wecom import WeComHalf
from bot.serve import fetcher, opened
from domain.language import _
from domain.settings import Settings
from storage.store import Store

SETTINGS = Settings(timezone=ZONE, drill_grids=frozenset({ROOT}))

SEED = 20240725
"""The day typhoon Gaemi came ashore in Fujian."""

TICK_SECONDS = 0.25
"""At --speed 60 a quarter of a second is fifteen of the village's: no deadline is seen much too late."""

HOST = "127.0.0.1"


async def show(port: int, data: Path | None, speed: float, language: Language, *, with_wecom: bool = False) -> None:
    """Until Ctrl-C. Without `data` the village is new each time, and gone afterwards; `with_wecom` half of it is on a
    stand-in for WeCom."""
    with _home(data) as folder:
        async with opened(folder / "demo.db") as store:
            clock = SystemClock(speed)
            village = await settle(store, SEED, clock.now())
            await begin_sweep(store, surveys.load(language), village, clock.now())
            half = WeComHalf(village.cast) if with_wecom else None
            app, channel, player = await stage(store, clock, village, port, speed, language=language, half=half)
            _announce(village, channel.url)
            await run_until_told(app)
            await player.stop()
            if half:
                await half.service.stop()


async def stage(
    store: Store,
    clock: SystemClock,
    village: Village,
    port: int,
    speed: float,
    read_seconds: float = READ_SECONDS,
    language: Language = "zh",
    half: WeComHalf | None = None,
) -> tuple[App, WebChannel, Player]:
    """The same house as any village's, with the demo's page before its chat."""
    front = Stage(store, clock, speed, village.cast, half.cast if half else ())
    kept: dict[str, Channel] = {}
    fetch = fetcher(store, kept)
    pages = [*front.routes(), *(half.routes() if half else ())]
    channel = WebChannel(store, clock, SETTINGS, HOST, port, fetch=fetch, front=pages)
    await front.open_doors()
    player = front.player = Player(store, clock, channel.talk, village.cast, speed, read_seconds)
    app = App(
        store,
        replace(
            SETTINGS,
            templates=templates.load(language),
            modes=modes.load(language),
            surveys=surveys.load(language),
        ),
        clock,
        TICK_SECONDS,
    )
    app.add(channel)
    if half:
        kept["web"], kept["wecom"] = channel, await half.open(store, clock, fetch)
        app.add(kept["wecom"])
    return app, channel, player


def _announce(village: Village, url: str) -> None:
    people = _("侯官村：{grids} 个网格，{households} 户，{people} 人。人物都是虚构的。")
    click.echo(people.format(grids=village.grids, households=village.households, people=village.people))
    click.echo(_("请在浏览器打开：{url}").format(url=url))
    click.echo(_("按 Ctrl-C 停止。"))


@contextmanager
def _home(data: Path | None) -> Iterator[Path]:
    if data:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="gridbot-demo-") as folder:
        yield Path(folder)
