"""What all commands share: the config, the store, and faults said in a sentence."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import uvloop

from bot import config as configs
from bot.catalogue import translations
from bot.importer import ImportRefused
from bot.logs import hide
from domain.language import speak
from domain.refused import Refused
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


async def with_store(config: configs.Config, work: Callable[[Store], Awaitable[T]]) -> T:
    store = await Store.open(config.storage.path)
    try:
        return await work(store)
    except sqlite3.Error as error:
        if is_out_of_order(error):
            raise trouble(error, store.db.path) from error
        raise
    finally:
        await store.close()


def configured(path: Path) -> configs.Config:
    """The config, its language spoken and its secrets hidden from here on."""
    config = configs.load(path)
    speak(translations(config.language))
    for secret in config.secrets():
        hide(secret)
    return config


@contextmanager
def explained() -> Iterator[None]:
    """Faults that whoever runs the bot can mend are said in a sentence; a traceback is for faults of the program."""
    try:
        yield
    except (configs.ConfigError, StorageTrouble, ImportRefused) as error:
        raise click.ClickException(str(error)) from error
    except Refused as error:
        raise click.ClickException(error.sentence) from error


def finish(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
