"""Telegram as the house sees it: what is said there comes in, what is promised goes out, and doubt is called doubt."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog
from starlette.routing import Route
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels import CardGone, Doubt, Fetch, Health, Later, Moved, Never, Receive, TooLarge
from bot.channels.carrier import BROKEN, Missing
from bot.channels.telegram import compose
from bot.channels.telegram.compose import PIN, Call
from bot.channels.telegram.enclosures import Enclosed, Enclosures
from bot.channels.telegram.files import CHANNEL, LARGEST_DOWNLOAD, name_of
from bot.channels.telegram.findings import Finding, findings
from bot.channels.telegram.furnish import furnish
from bot.channels.telegram.outages import Outages, Rhythm
from bot.channels.telegram.poll import Poller
from bot.channels.telegram.refusals import (
    FileRefused,
    is_too_late,
    is_unchanged,
    judged,
    refused,
    stands_otherwise,
    unfetched,
)
from bot.channels.telegram.translate import translate
from bot.channels.telegram.transport import Api, Flooded, Patience
from bot.channels.telegram.webhook import Webhook
from bot.channels.words import words_alone
from bot.clock import Clock
from domain.chat import Answer, Incoming, Outgoing, Promise, Send, Setting, Withdraw
from domain.pace import Pace

FLOODED_IN_A_ROW = 12
"""Telegram does not say whether it wants silence in one chat or in all. Where so many chats are refused and none is let
through between them, all are meant: more than are under way at once, and less than half a second's."""

KEPT = timedelta(hours=24)
"""How long Telegram keeps updates for a bot that does not listen (Bot API: getting updates)."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Called:
    """Where Telegram is to bring what is said, and the secret by which it is known."""

    url: str
    secret: str


class TelegramChannel:
    name = CHANNEL
    keeps: timedelta | None = KEPT
    changes_every: timedelta | None = None

    def __init__(
        self,
        token: str,
        base_url: str,
        pace: Pace,
        clock: Clock,
        fetch: Fetch,
        *,
        patience: Patience = Patience(),  # noqa: B008 -- frozen
        rhythm: Rhythm = Rhythm(),  # noqa: B008
        called: Called | None = None,
    ) -> None:
        """`fetch` brings what a channel keeps; from this one too, where it is to be sent in another form. `called`
        where Telegram is to call the bot; otherwise it is asked."""
        self.pace = pace
        self.health = Health()
        self._enclosures = Enclosures(fetch, clock)
        self._api = Api(token, base_url, patience)
        self._outages = Outages(clock, self.health, rhythm)
        self._called = called
        self._ear: Webhook | Poller = (
            Webhook(self._api, called.url, called.secret, rhythm, self._outages)
            if called
            else Poller(self._api, rhythm, self._outages)
        )
        self._begun: dict[Send, tuple[int, str]] = {}
        self._flooded: set[str] = set()

    def routes(self) -> list[Route]:
        """What has to be reached from outside for it to work."""
        return [self._ear.route()] if isinstance(self._ear, Webhook) else []

    def translate(self, payload: Any) -> Incoming | None:
        return translate(payload, self._ear.bot_name)

    async def run(self, receive: Receive) -> None:
        await self._ear.run(receive)

    async def close(self) -> None:
        await self._api.close_wire()

    async def check(self) -> list[Finding]:
        """What is wrong with this bot on Telegram and what to do, in plain words."""
        return await findings(self._api, self._called.url if self._called else "")

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        if isinstance(out, Answer):
            await self._answer(out)
            return None
        if isinstance(out, Withdraw):
            await self._take_down(out, edits or "")
            return None
        if isinstance(out, Setting):
            return await furnish(out, self._call)
        try:
            return await self._show(out, edits)
        except Never as error:
            if (words := words_alone(out, error)) is None:
                raise
            log.warning("telegram_refused_form", why=str(error))
            return await self._show(words, edits)

    async def _show(self, out: Send, edits: str | None) -> str:
        message = await (self._change(out, edits) if edits else self._say(out))
        if out.unpin if edits else out.pin:
            await self._pin(out, int(message))
        return message

    async def fetch(self, file_id: str) -> bytes:
        try:
            file = await self._api.call("getFile", {"file_id": name_of(file_id)})
            if file.get("file_size", 0) > LARGEST_DOWNLOAD:
                raise TooLarge("more than Telegram hands out")
            if not file.get("file_path"):
                raise Never("Telegram does not say where it is")
            return await self._api.download(file["file_path"])
        except TelegramError as error:
            raise unfetched(error) from error

    async def _answer(self, out: Answer) -> None:
        try:
            await self._call(compose.answer(out))
        except BadRequest as error:
            if not is_too_late(error):
                raise Never(str(error)) from error

    async def _pin(self, out: Send, message: int) -> None:
        """Or unpin it. A group where the bot may pin nothing has the words all the same."""
        try:
            await self._call(compose.pin(out, message), out.to.chat)
        except (BadRequest, Later, Never, Doubt, Moved) as error:
            log.warning("telegram_refused_pin", why=str(error))

    async def _change(self, out: Send, edits: str) -> str:
        if not edits.isdecimal():
            raise CardGone(edits)
        if out.location and not out.text and not out.attachment:
            await self._take_down(Withdraw(out.to, out.card or ""), edits)
            raise CardGone("a pin stays where it was put; the next one is put anew")
        for call in compose.changes(out, int(edits)):
            try:
                await self._call(call, out.to.chat)
                return edits
            except BadRequest as error:
                if is_unchanged(error):
                    return edits
                if not stands_otherwise(error):
                    raise refused(error) from error
        raise CardGone("neither words nor a caption")

    async def _take_down(self, out: Withdraw, message: str) -> None:
        """Telegram lets a bot delete for 48 hours only; after that people have to (Bot API: deleteMessage)."""
        if not message.isdecimal():
            raise CardGone(message)
        try:
            await self._call(compose.withdraw(out, int(message)), out.to.chat)
        except BadRequest as error:
            raise refused(error) from error

    async def _say(self, out: Send) -> str:
        """With what belongs to it; where Telegram will not show that, as a file; where it cannot be had, in words."""
        if out.attachment is None:
            return await self._say_all(out, None)
        urgent = out.promise is Promise.LIFE
        try:
            for as_file in (False, True):
                enclosed = await self._enclosures.of(out.attachment, as_file=as_file, urgent=urgent)
                try:
                    return await self._say_all(out, enclosed, as_file)
                except FileRefused as error:
                    log.warning("telegram_refused_file", why=str(error), method=enclosed.method)
            raise Missing(out.attachment.medium, BROKEN)
        except Missing as missing:
            text = f"{out.text}\n{missing.sentence}".strip()
            return await self._say_all(replace(out, text=text, attachment=None), None)

    async def _say_all(self, out: Send, enclosed: Enclosed | None, as_file: bool = False) -> str:
        """Where a message takes several calls, a pause of the service does not say again what was already said."""
        begun, message_id = self._begun.pop(out, (0, ""))
        for number, call in enumerate(compose.calls(out, enclosed)):
            if number < begun:
                continue
            try:
                result = await self._call(call, out.to.chat)
            except BadRequest as error:
                if message_id and call.method == PIN:
                    log.warning("telegram_refused_place", why=str(error))
                    return message_id
                raise refused(error, call.method) from error
            except Later:
                if number:
                    self._begun[out] = number, message_id
                raise
            if enclosed and out.attachment and call.method == enclosed.method:
                self._enclosures.sent(out.attachment, as_file, enclosed, result)
            # The message is its words; a pin only goes with them.
            message_id = message_id if message_id and call.method == PIN else _message_id(result)
        return message_id

    async def _call(self, call: Call, chat: str | None = None) -> Any:
        """What Telegram answered, or what its silence means. A BadRequest is passed on: each caller knows more."""
        try:
            result = await self._api.call(*call)
        except BadRequest:  # it is a NetworkError to the library, and none to us
            raise
        except Flooded as error:
            raise Later(str(error), error.seconds, everyone=self._floods(chat)) from error
        except TelegramError as error:
            if isinstance(error, InvalidToken):
                self._outages.refused()
            raise judged(error) from error
        self._flooded.clear()
        return result

    def _floods(self, chat: str | None) -> bool:
        """Whether the whole bot is to be silent. The answer to a press is said in no chat, so no chat's limit can have
        struck it."""
        if chat is None:
            return True
        self._flooded.add(chat)
        return len(self._flooded) >= FLOODED_IN_A_ROW


def _message_id(result: Any) -> str:
    try:
        return str(int(result["message_id"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Doubt("an answer without a message id") from error
