"""`python -m bot`, the same as `gridbot`."""

from bot.cli import main

main(prog_name="gridbot")
