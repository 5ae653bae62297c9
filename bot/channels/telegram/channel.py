"""Telegram as the house sees it: what is said there comes in, what is promised goes out, and doubt is called doubt."""

from typing import Any

import structlog
from telegram import InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from bot.channels import CardGone, Doubt, Fetch, Later, Moved, Never, Receive, Unreachable
from bot.channels.telegram import compose
from bot.channels.telegram.compose import Call
from bot.channels.telegram.findings import Finding, findings
from bot.channels.telegram.poll import Poller, Rhythm
from bot.channels.telegram.translate import CHANNEL, translate
from bot.channels.telegram.transport import LONGEST_ANSWER, Api, Flooded, NotSent, Patience
from bot.clock import Clock
from domain.chat import Answer, Incoming, Outgoing, Send, Withdraw
from domain.pace import Pace

PROBE_SECONDS = 60.0
"""Between two tries with a token that was refused: somebody has to change it, and nothing is lost meanwhile."""

FLOODED_CHATS = 3
"""Telegram does not say whether it wants silence in one chat or in all; as many at once are taken for all."""

# Telegram tells its refusals apart by their text only, and changes the case of some.
_UNCHANGED = "message is not modified"
_TOO_LATE = "query is too old"
_CARD_GONE = (
    "message to edit not found",
    "message to delete not found",
    "message can't be edited",
    "message_id_invalid",
    "no text in the message",
)
_NOBODY_THERE = (
    "chat not found",
    "chat was deactivated",
    "user not found",
    "peer_id_invalid",
    "not enough rights to send",
    "have no rights to send",
    "chat_write_forbidden",
    "chat_restricted",
)

log = structlog.get_logger()


class TelegramChannel:
    name = CHANNEL

    def __init__(
        self,
        token: str,
        base_url: str,
        pace: Pace,
        clock: Clock,
        fetch_photo: Fetch,
        *,
        patience: Patience = Patience(),  # noqa: B008 -- frozen
        rhythm: Rhythm = Rhythm(),  # noqa: B008
    ) -> None:
        """`fetch_photo` brings the pictures that other channels keep."""
        self.pace = pace
        self._clock = clock
        self._fetch_photo = fetch_photo
        self._api = Api(token, base_url, patience)
        self._poller = Poller(self._api, clock, rhythm)
        self._begun: dict[Send, int] = {}
        self._flooded: dict[str, float] = {}

    @property
    def last_poll_at(self) -> float | None:
        """When Telegram last answered the question for updates, by the clock that never jumps."""
        return self._poller.last_poll_at

    def translate(self, payload: Any) -> Incoming | None:
        return translate(payload)

    async def run(self, receive: Receive) -> None:
        await self._poller.run(receive)

    async def close(self) -> None:
        await self._api.close_wire()

    async def check(self) -> list[Finding]:
        """What is wrong with this bot on Telegram and what to do, in plain words."""
        return await findings(self._api)

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        if isinstance(out, Answer):
            await self._answer(out)
            return None
        if isinstance(out, Withdraw):
            await self._take_down(out, edits or "")
            return None
        return await (self._change(out, edits) if edits else self._say(out))

    async def fetch(self, file_id: str) -> bytes:
        try:
            file = await self._api.call("getFile", {"file_id": file_id})
            if file.get("file_size", 0) > LONGEST_ANSWER or not file.get("file_path"):
                raise Never("the picture is larger than Telegram hands out")
            return await self._api.download(file["file_path"])
        except TelegramError as error:
            raise _unfetched(error) from error

    async def _answer(self, out: Answer) -> None:
        try:
            await self._call(compose.answer(out))
        except BadRequest as error:
            if _TOO_LATE not in str(error).lower():
                raise Never(str(error)) from error

    async def _change(self, out: Send, edits: str) -> str:
        if not edits.isdecimal():
            raise CardGone(edits)
        try:
            await self._call(compose.change(out, int(edits)), out.to.chat)
        except BadRequest as error:
            if _UNCHANGED not in str(error).lower():
                raise _refused(error) from error
        return edits

    async def _take_down(self, out: Withdraw, message: str) -> None:
        """Telegram lets a bot delete for 48 hours only; after that people have to (Bot API: deleteMessage)."""
        if not message.isdecimal():
            raise CardGone(message)
        try:
            await self._call(compose.withdraw(out, int(message)), out.to.chat)
        except BadRequest as error:
            raise _refused(error) from error

    async def _say(self, out: Send) -> str:
        """Where a message takes several calls, a pause of the service does not say again what was already said."""
        begun = self._begun.pop(out, 0)
        message_id = ""
        for number, call in enumerate(compose.calls(out)):
            if number < begun:
                continue
            try:
                result = await self._call(await self._with_picture(out, call), out.to.chat)
                message_id = _message_id(result)
            except BadRequest as error:
                raise _refused(error) from error
            except Later:
                if number:
                    self._begun[out] = number
                raise
        return message_id

    async def _with_picture(self, out: Send, call: Call) -> Call:
        """A picture of our own is named; another channel's is brought along."""
        if out.attachment is None or "photo" not in call.parameters or out.attachment.channel == CHANNEL:
            return call
        picture = InputFile(await self._fetch_photo(out.attachment), filename="photo.jpg")
        return Call(call.method, call.parameters | {"photo": picture})

    async def _call(self, call: Call, chat: str | None = None) -> Any:
        """What Telegram answered, or what its silence means. A BadRequest is passed on: each caller knows more."""
        try:
            return await self._api.call(*call)
        except BadRequest:  # it is a NetworkError to the library, and none to us
            raise
        except Flooded as error:
            raise Later(str(error), error.seconds, everyone=self._floods(chat, error.seconds)) from error
        except TelegramError as error:
            raise _judged(error) from error

    def _floods(self, chat: str | None, seconds: float) -> bool:
        """Whether so many chats are to be silent at once that the whole bot is meant. The answer to a press is said
        in no chat, so no chat's limit can have struck it."""
        if chat is None:
            return True
        now = self._clock.monotonic()
        self._flooded = {c: until for c, until in self._flooded.items() if until > now}
        self._flooded[chat] = now + seconds
        return len(self._flooded) >= FLOODED_CHATS


def _judged(error: TelegramError) -> Exception:
    """Certainly not delivered, certainly never, or in doubt."""
    match error:
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden():
            return Unreachable(str(error))
        case InvalidToken():
            log.error("telegram_token_refused")
            return Later("the token was refused", after=PROBE_SECONDS, everyone=True)
        case NotSent():
            return Later(str(error), everyone=True)
        case NetworkError():
            return Doubt(str(error))
    # What is left answered with a status of its own, so nothing was delivered: a 409 here, or one not yet invented.
    return Never(str(error))


def _refused(error: BadRequest) -> Exception:
    why = str(error)
    if any(sign in why.lower() for sign in _CARD_GONE):
        return CardGone(why)
    if any(sign in why.lower() for sign in _NOBODY_THERE):
        return Unreachable(why)
    return Never(why)


def _unfetched(error: TelegramError) -> Exception:
    """Another channel's delivery waits for the picture, so whatever may pass is worth a wait; nothing was said yet."""
    if isinstance(error, BadRequest | Forbidden):
        return Never(str(error))
    if isinstance(error, Flooded):
        return Later(str(error), after=error.seconds)
    return Later(str(error))


def _message_id(result: Any) -> str:
    try:
        return str(int(result["message_id"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Doubt("an answer without a message id") from error
