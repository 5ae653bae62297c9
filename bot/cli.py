"""The commands of whoever keeps the bot running."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click
import uvloop

from bot import cap as cap_files
from bot import config as configs
from bot.catalogue import Language, translations
from bot.clock import SystemClock
from bot.deliveries import listed, settled
from bot.importer import ImportRefused, import_file
from bot.logs import configure, hide
from bot.qr import poster
from domain.cap import CapAlert
from domain.grid import Grid
from domain.language import _, speak
from domain.people import INVITED, role_named
from domain.refused import Refused
from handlers.enroll import new_code
from handlers.routing import Ctx, Routes
from handlers.warned import handed_on, warned
from lexicon.recogniser import Recogniser
from storage.database import StorageTrouble, is_out_of_order, trouble
from storage.store import Store

T = TypeVar("T")

config_option = click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path),
    default=Path("config.toml"),
    show_default=True,
    help="The config file.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.version_option(package_name="gridbot")
def main() -> None:
    """Gridbot: a chat bot for neighbourhoods run as a tree of grids (网格)."""


@main.command()
@click.option(
    "--port", default=8080, type=click.IntRange(0, 65535), help="Where the page is opened, on this machine only."
)
@click.option("--data", type=click.Path(path_type=Path), help="Keep the demo's village here; without it, it is new.")
@click.option("--speed", default=1.0, type=click.FloatRange(0.1, 3600), help="60 makes an hour pass in a minute.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", help="What the bot speaks.")
def demo(port: int, data: Path | None, speed: float, language: Language) -> None:
    """Show a village at work, in a browser: no account, no token, nothing leaves this machine."""
    # In the commands that serve, as here: the others need not wait for what speaks to the network.
    from bot.demo import show

    speak(translations(language))
    configure("WARNING")
    with _explained():
        _run(show(port, data, speed))


@main.command()
@config_option
def run(path: Path) -> None:
    """Run the bot until SIGTERM or Ctrl-C."""
    from bot.serve import serve

    with _explained():
        config = _configured(path)
        configure()
        _run(serve(config))


@main.command()
@config_option
def check(path: Path) -> None:
    """Say in plain words what is wrong and what to do; exit 1 where something is."""
    from bot.check import check as check_all

    with _explained():
        findings = _run(check_all(_configured(path)))
    for finding in findings:
        click.echo(finding)
    sys.exit(any(finding.wrong for finding in findings))


@main.command("import")
@click.argument("what", type=click.Choice(["grids", "people", "households"]))
@click.argument("file", type=click.Path(path_type=Path))
@config_option
def import_(what: str, file: Path, path: Path) -> None:
    """Take grids, people or households from a CSV or .xlsx FILE: all of it, or none and the reasons."""
    with _explained():
        config = _configured(path)
        click.echo(_run(_with_store(config, lambda store: import_file(store, what, file))))


@main.command()
@click.option("--config", "path", type=click.Path(path_type=Path), help="The config file; without one, the defaults.")
def recognise(path: Path | None) -> None:
    """Read one sentence a line and print, as one line of JSON for each, what the bot makes of it."""
    default = Path("config.toml")
    with _explained():
        config = _configured(path or default) if path or default.exists() else configs.Config()
        recogniser = config.recogniser()
    for line in sys.stdin.buffer:
        reading = recogniser.read(line.decode("utf-8", errors="replace").strip("\r\n\ufeff"))
        sys.stdout.buffer.write(json.dumps(asdict(reading), ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()


@main.command()
@click.argument("role")
@click.argument("grid")
@config_option
def invite(role: str, grid: str, path: Path) -> None:
    """Print an invitation code that binds one account to ROLE at GRID (its code, or its name)."""
    with _explained():
        config = _configured(path)
        click.echo(_run(_with_store(config, lambda store: _invite(store, config, role, grid))))


async def _invite(store: Store, config: configs.Config, role_word: str, grid_word: str) -> str:
    role = role_named(role_word)
    if role not in INVITED:
        raise click.ClickException(
            _("没有 {role} 这个角色。可用：{roles}").format(role=role_word, roles="、".join(INVITED))
        )
    code, valid = new_code(), config.settings().invitation_valid
    async with store.transaction():
        grid = await _one_grid(store, grid_word)
        await store.enrolment.invite(code, role, grid.code, SystemClock().now() + valid)
    return code


@main.group(invoke_without_command=True)
@config_option
@click.pass_context
def deliveries(context: click.Context, path: Path) -> None:
    """List messages that are in doubt, dead or stuck, and what could not be handled. Never anybody's words."""
    if context.invoked_subcommand is None:
        with _explained():
            config = _configured(path)
            zone, now = config.settings().timezone, SystemClock().now()
            for line in _run(_with_store(config, lambda store: listed(store, zone, now))):
                click.echo(line)


@deliveries.command()
@click.argument("number")
@click.argument("end", type=click.Choice(["delivered", "lost"]))
@config_option
def settle(number: str, end: str, path: Path) -> None:
    """Say how message NUMBER ended: it is there after all, or it is lost and goes again where that makes sense."""
    with _explained():
        config, now = _configured(path), SystemClock().now()
        click.echo(_run(_with_store(config, lambda store: settled(store, number, now, arrived=end == "delivered"))))


@main.command()
@click.argument("grid")
@click.option("--output", type=click.Path(path_type=Path), help="A .svg or .png file; without it, GRID.svg.")
@config_option
def qr(grid: str, output: Path | None, path: Path) -> None:
    """Make the QR code that a squad posts in its WeChat group: who scans it can ask to join."""
    with _explained():
        config = _configured(path)
        found, code = _run(_with_store(config, lambda store: _hang_poster(store, grid)))
        target = output or Path(f"{found.code}.svg")
        base = config.web.public_url or f"http://{config.web.host}:{config.web.port}"
        url = f"{base.rstrip('/')}/join/{code}"
        drawn = poster(url, found.name, target.suffix.lstrip("."))
        try:
            target.write_bytes(drawn)
        except OSError as error:
            why = _("写不了 {path}：{why}。请换一个 --output。").format(path=target, why=error.strerror)
            raise click.ClickException(why) from error
        click.echo(f"{target}\n{url}")


async def _hang_poster(store: Store, grid_word: str) -> tuple[Grid, str]:
    async with store.transaction():
        grid = await _one_grid(store, grid_word)
        return grid, await store.enrolment.hang_poster(grid.code, new_code())


@main.group()
def cap() -> None:
    """Hand warnings to other services and take theirs, in the Common Alerting Protocol (CAP 1.2)."""


@cap.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--author", default="", help="Who is to submit it; without it, whoever answers for the area.")
@config_option
def import_cap(file: BinaryIO, author: str, path: Path) -> None:
    """Make a draft of the warning in FILE (- for standard input), for a person to submit."""
    with _explained():
        config, alert = _configured(path), cap_files.read(file.read(cap_files.LARGEST + 1))
        _run(_with_ctx(config, lambda ctx: warned(alert, author, ctx)))
    click.echo(_("已交给管那片地方的人核对。"))


@cap.command("export")
@click.argument("number", type=int)
@config_option
def export_cap(number: int, path: Path) -> None:
    """Print what was sent last of alert or drill NUMBER as CAP."""
    with _explained():
        config = _configured(path)
        alert = _run(_with_ctx(config, lambda ctx: _handed_on(config, number, ctx)))
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

    return await _with_store(config, act)


async def _one_grid(store: Store, word: str) -> Grid:
    found = await store.grids.find(word)
    if len(found) != 1:
        why = _("没有叫 {name} 的网格") if not found else _("叫 {name} 的网格有几个，请写编号")
        raise click.ClickException(why.format(name=word))
    return found[0]


async def _with_store(config: configs.Config, work: Callable[[Store], Awaitable[T]]) -> T:
    store = await Store.open(config.storage.path)
    try:
        return await work(store)
    except sqlite3.Error as error:
        if is_out_of_order(error):
            raise trouble(error, store.db.path) from error
        raise
    finally:
        await store.close()


def _configured(path: Path) -> configs.Config:
    """The config, its language spoken and its secrets hidden from here on."""
    config = configs.load(path)
    speak(translations(config.language))
    for secret in config.secrets():
        hide(secret)
    return config


@contextmanager
def _explained() -> Iterator[None]:
    """Faults that whoever runs the bot can mend are said in a sentence; a traceback is for faults of the program."""
    try:
        yield
    except (configs.ConfigError, StorageTrouble, ImportRefused) as error:
        raise click.ClickException(str(error)) from error
    except Refused as error:
        raise click.ClickException(error.sentence) from error


def _run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
