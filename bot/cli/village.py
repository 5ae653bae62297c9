"""Who and what the village is: the register, invitations, and the poster in a squad's group."""

from pathlib import Path

import click

from bot import config as configs
from bot.cli.common import config_option, configured, explained, finish, main, with_store
from bot.clock import SystemClock
from bot.importer import import_file
from bot.qr import poster
from domain.grid import Grid
from domain.language import _
from domain.people import INVITED, role_named
from handlers.enroll import new_code
from storage.store import Store


@main.command("import")
@click.argument("what", type=click.Choice(["grids", "people", "households", "duty"]))
@click.argument("file", type=click.Path(path_type=Path))
@config_option
def import_(what: str, file: Path, path: Path) -> None:
    """Take grids, people, households or duty from a CSV or .xlsx FILE: all of it, or none and the reasons."""
    with explained():
        config = configured(path)
        click.echo(finish(with_store(config, lambda store: import_file(store, what, file))))


@main.command()
@click.argument("role")
@click.argument("grid")
@config_option
def invite(role: str, grid: str, path: Path) -> None:
    """Print an invitation code that binds one account to ROLE at GRID (its code, or its name)."""
    with explained():
        config = configured(path)
        click.echo(finish(with_store(config, lambda store: _invite(store, config, role, grid))))


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


@main.command()
@click.argument("grid")
@click.option("--output", type=click.Path(path_type=Path), help="A .svg or .png file; without it, GRID.svg.")
@config_option
def qr(grid: str, output: Path | None, path: Path) -> None:
    """Make the QR code that a squad posts in its WeChat group: who scans it can ask to join."""
    with explained():
        config = configured(path)
        found, code = finish(with_store(config, lambda store: _hang_poster(store, grid)))
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


async def _one_grid(store: Store, word: str) -> Grid:
    found = await store.grids.find(word)
    if len(found) != 1:
        why = _("没有叫 {name} 的网格") if not found else _("叫 {name} 的网格有几个，请写编号")
        raise click.ClickException(why.format(name=word))
    return found[0]
