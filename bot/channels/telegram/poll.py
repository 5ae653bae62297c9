"""What people say on Telegram, kept before Telegram is told that it came: a crash loses nothing, an outage ends."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from telegram.error import NetworkError

from bot.channels import Receive
from bot.channels.telegram.files import CHANNEL
from bot.channels.telegram.outages import Outages, Rhythm
from bot.channels.telegram.translate import UPDATES
from bot.channels.telegram.transport import Api
from storage.inbox import Arrival

BATCH = 100
"""Updates in one answer (Bot API: getUpdates), and so in one commit."""


_written = json.JSONEncoder(separators=(",", ":")).encode


class Poller:
    """Asks for updates until cancelled. No error ends it: a bot that hears nothing and says so nowhere is the worst."""

    def __init__(self, api: Api, rhythm: Rhythm, outages: Outages) -> None:
        self._api = api
        self._rhythm = rhythm
        self._outages = outages
        self._called_no_more = False
        self._unconfirmed: int | None = None
        self.bot_name = ""
        """How commands address this bot; Telegram is asked for it before anything else."""

    async def run(self, receive: Receive) -> None:
        while True:
            try:
                await self._poll(receive)
            except Exception as error:  # noqa: BLE001 -- whatever it is, the next question must be asked
                await asyncio.sleep(self._outages.wait_after(error))

    async def _poll(self, receive: Receive) -> None:
        """Ask, keep, and only then let go of: the next question confirms what this one brought.

        Without anything to confirm it is asked without an offset. After a week of silence Telegram's numbers begin
        anew at random (https://core.telegram.org/bots/api#update), and an old offset might pass over the new ones."""
        if not self.bot_name:
            self.bot_name = str((await self._api.call("getMe", {}))["username"])
        if not self._called_no_more:
            # Once, at the start: a webhook of an earlier run would keep Telegram from answering. Whoever sets one
            # later is another program, and is not fought.
            await self._api.call("deleteWebhook", {"drop_pending_updates": False})
            self._called_no_more = True
        asked = {"timeout": self._rhythm.poll, "limit": BATCH, "allowed_updates": UPDATES}
        if self._unconfirmed is not None:
            asked["offset"] = self._unconfirmed + 1
        updates = await self._api.call("getUpdates", asked, self._rhythm.poll + self._rhythm.margin)
        arrived = arrivals(updates)
        if arrived:
            await receive(arrived)
        self._unconfirmed = int(arrived[-1].update_id) if arrived else None
        self._outages.over()


def arrivals(updates: Any) -> Sequence[Arrival]:
    """Their JSON in ASCII: half an emoji, which JSON may carry and a database may not, stays written out in it."""
    try:
        return [Arrival(CHANNEL, str(int(update["update_id"])), _written(update)) for update in updates]
    except (KeyError, TypeError, ValueError) as error:
        raise NetworkError("an answer that is not a list of updates") from error
