"""What did not surely arrive, and how a person settles it."""

from pathlib import Path

import click

from bot.cli.common import config_option, configured, explained, finish, main, with_store
from bot.clock import SystemClock
from bot.deliveries import listed, settled


@main.group(invoke_without_command=True)
@config_option
@click.pass_context
def deliveries(context: click.Context, path: Path) -> None:
    """List messages that are in doubt, dead or stuck, and what could not be handled. Never anybody's words."""
    if context.invoked_subcommand is None:
        with explained():
            config = configured(path)
            zone, now = config.settings().timezone, SystemClock().now()
            for line in finish(with_store(config, lambda store: listed(store, zone, now))):
                click.echo(line)


@deliveries.command()
@click.argument("number")
@click.argument("end", type=click.Choice(["delivered", "lost"]))
@config_option
def settle(number: str, end: str, path: Path) -> None:
    """Say how message NUMBER ended: it is there after all, or it is lost and goes again where that makes sense."""
    with explained():
        config, now = configured(path), SystemClock().now()
        click.echo(finish(with_store(config, lambda store: settled(store, number, now, arrived=end == "delivered"))))
