"""Warnings from other services, and for them."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

import click

from bot import cap as cap_files
from bot import config as configs
from bot.cli.common import config_option, configured, explained, finish, main, with_store
from bot.clock import SystemClock
from domain.cap import CapAlert
from domain.language import _
from domain.refused import Refused
from handlers.routing import Ctx, Routes
from handlers.warned import handed_on, warned
from lexicon.recogniser import Recogniser
from storage.store import Store

T = TypeVar("T")


@main.group()
def cap() -> None:
    """Hand warnings to other services and take theirs, in the Common Alerting Protocol (CAP 1.2)."""


@cap.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--author", default="", help="Who is to submit it; without it, whoever answers for the area.")
@config_option
def import_cap(file: BinaryIO, author: str, path: Path) -> None:
    """Make a draft of the warning in FILE (- for standard input), for a person to submit."""
    with explained():
        config, alert = configured(path), cap_files.read(file.read(cap_files.LARGEST + 1))
        finish(_with_ctx(config, lambda ctx: warned(alert, author, ctx)))
    click.echo(_("已交给管那片地方的人核对。"))


@cap.command("export")
@click.argument("number", type=int)
@config_option
def export_cap(number: int, path: Path) -> None:
    """Print what was sent last of alert or drill NUMBER as CAP."""
    with explained():
        config = configured(path)
        alert = finish(_with_ctx(config, lambda ctx: _handed_on(config, number, ctx)))
    click.echo(cap_files.write(alert), nl=False)


async def _handed_on(config: configs.Config, number: int, ctx: Ctx) -> CapAlert:
    broadcast = await ctx.store.broadcasts.get(number)
    if broadcast is None:
        raise Refused(_("没有第 {n} 号预警或演练。").format(n=number))
    return await handed_on(broadcast, config.cap.sender, config.cap.geocode, ctx)


async def _with_ctx(config: configs.Config, work: Callable[[Ctx], Awaitable[T]]) -> T:
    """Done by this command in one transaction; what it promises to be said, a bot that runs says within seconds."""

    async def act(store: Store) -> T:
        settings, now = config.settings(), SystemClock().now()
        ctx = Ctx(store, settings, now, Routes(()), Recogniser(settings.kinds))
        async with store.transaction():
            result = await work(ctx)
            if isinstance(result, list):
                store.outbox.add(result, now)
            return result

    return await with_store(config, act)
