"""Show a village, run the bot, and say what stands in its way."""

import os
import sys
from pathlib import Path

import click

from bot.catalogue import Language, translations
from bot.cli.common import config_option, configured, explained, finish, main
from bot.logs import configure
from domain.language import speak
from storage import failpoints


@main.command()
@click.option(
    "--port", default=8080, type=click.IntRange(0, 65535), help="Where the page is opened, on this machine only."
)
@click.option("--data", type=click.Path(path_type=Path), help="Keep the demo's village here; without it, it is new.")
@click.option("--speed", default=1.0, type=click.FloatRange(0.1, 3600), help="60 makes an hour pass in a minute.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", help="What the bot speaks.")
@click.option("--wecom-standin", is_flag=True, help="Half of the village is on a stand-in for WeCom.")
def demo(port: int, data: Path | None, speed: float, language: Language, wecom_standin: bool) -> None:
    """Show a village at work, in a browser: no account, no token, nothing leaves this machine."""
    # In the commands that serve, as here: the others need not wait for what speaks to the network.
    from bot.demo import show

    speak(translations(language))
    configure("WARNING")
    with explained():
        finish(show(port, data, speed, language, with_wecom=wecom_standin))


@main.command()
@config_option
def run(path: Path) -> None:
    """Run the bot until SIGTERM or Ctrl-C."""
    from bot.serve import serve

    failpoints.arm(os.environ.get(failpoints.VARIABLE))
    with explained():
        config = configured(path)
        configure()
        finish(serve(config))


@main.command()
@config_option
def check(path: Path) -> None:
    """Say in plain words what is wrong and what to do; exit 1 where something is."""
    from bot.check import check as check_all

    with explained():
        findings = finish(check_all(configured(path)))
    for finding in findings:
        click.echo(finding)
    sys.exit(any(finding.wrong for finding in findings))
