"""One connection to WeCom: asks and waits for answers, brings what people say, knows what was certainly not sent."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import structlog

from bot.channels import Doubt
from bot.channels.wecom import frames
from bot.channels.wecom.frames import HAPPENED, SAID, Json

DISPLACED = "disconnected_event"

Heard = Callable[[Json], Awaitable[None]]
"""Takes a frame in; may make the line wait, as long as the disk needs."""

log = structlog.get_logger()


class Declined(Exception):  # noqa: N818 -- an answer of the service, not a fault
    """WeCom answered, and not with 0: certainly not done."""

    def __init__(self, code: int) -> None:
        super().__init__(f"WeCom answered {code}")
        self.code = code


class Cut(Exception):  # noqa: N818
    """The line is gone, and no byte of this was sent."""


class Line:
    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, bot_id: str, heard: Heard, answer_seconds: float
    ) -> None:
        self._socket = socket
        self._bot_id = bot_id
        self._heard = heard
        self._answer_seconds = answer_seconds
        self._asked: dict[str, asyncio.Future[Json]] = {}
        self.displaced = False
        """Another connection took the bot over; whatever this one still answers is worth nothing."""

    async def ask(self, cmd: str, body: Json | None, req_id: str = "") -> Json:
        """What WeCom answered; Declined, Cut where nothing was sent, or Doubt."""
        req_id = req_id or frames.new_req_id(cmd)
        if self._socket.closed or req_id in self._asked:
            raise Cut("no line" if self._socket.closed else "asked twice at once")
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._asked[req_id] = answer
        try:
            try:
                await self._socket.send_str(frames.request(cmd, body, req_id))
            except (ConnectionError, RuntimeError) as error:
                # Refused before a byte of it was written: the line was on its way down.
                raise Cut(type(error).__name__) from error
            async with asyncio.timeout(self._answer_seconds):
                return await answer
        except TimeoutError:
            raise Doubt(f"no answer to {cmd}") from None
        finally:
            self._asked.pop(req_id, None)

    async def read(self) -> None:
        """Until the line ends, whoever ends it."""
        try:
            async for message in self._socket:
                frame = frames.parsed(message.data) if message.type is aiohttp.WSMsgType.TEXT else None
                if frame is None:
                    log.warning("wecom_frame_unread", size=len(message.data or ""))
                elif not await self._take(frame):
                    break
        finally:
            for answer in self._asked.values():
                if not answer.done():
                    answer.set_exception(Doubt("the line was cut"))

    async def _take(self, frame: Json) -> bool:
        """Whether the line goes on."""
        cmd, body = frame.get("cmd"), frames.body_of(frame)
        if cmd == HAPPENED and frames.event_of(body) == DISPLACED and body.get("aibotid") in (None, self._bot_id):
            self.displaced = True
            return False
        if cmd in (SAID, HAPPENED):
            await self._heard(frame)
        elif not cmd:
            self._answered(frame)
        else:
            log.warning("wecom_frame_unknown")
        return True

    def _answered(self, frame: Json) -> None:
        """An answer that nobody waits for any more changes nothing."""
        answer, code = self._asked.get(frames.req_id_of(frame)), frame.get("errcode")
        if answer is None or answer.done():
            return
        if code == 0:
            answer.set_result(frames.body_of(frame))
        elif isinstance(code, int):
            answer.set_exception(Declined(code))
        else:
            answer.set_exception(Doubt("an answer without a code"))
