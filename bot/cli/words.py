"""What the bot makes of a village's own words."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from bot import config as configs
from bot.cli.common import configured, explained, main


@main.command()
@click.option("--config", "path", type=click.Path(path_type=Path), help="The config file; without one, the defaults.")
def recognise(path: Path | None) -> None:
    """Read one sentence a line and print, as one line of JSON for each, what the bot makes of it."""
    default = Path("config.toml")
    with explained():
        config = configured(path or default) if path or default.exists() else configs.Config()
        recogniser = config.recogniser()
    for line in sys.stdin.buffer:
        reading = recogniser.read(line.decode("utf-8", errors="replace").strip("\r\n\ufeff"))
        sys.stdout.buffer.write(json.dumps(asdict(reading), ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
