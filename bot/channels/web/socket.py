"""One open page and its line to the server: a greeting with the token, then frames both ways."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog
from pydantic import ValidationError
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.channels import Later
from bot.channels.web import frames, views
from bot.channels.web.guard import Guard
from bot.channels.web.hub import Page
from bot.channels.web.limits import HELLO_SECONDS, SEND_SECONDS, SPEAKING, Buckets, TooFast
from bot.channels.web.rooms import sender
from bot.channels.web.sessions import Sessions
from bot.channels.web.talk import Talk
from bot.clock import Clock
from domain.language import _
from domain.refused import Refused

NOT_SIGNED_IN = 4001
NOT_TEXT = 1003
"""Why a page is sent away: RFC 6455, section 7.4."""

AGAIN_SECONDS = 3.0
"""When a page asks again after a fault of ours; its words wait there."""

log = structlog.get_logger()


class Sockets:
    def __init__(self, talk: Talk, sessions: Sessions, guard: Guard, clock: Clock) -> None:
        self._talk = talk
        self._sessions = sessions
        self._guard = guard
        self._clock = clock
        self._speaking = Buckets(SPEAKING)

    async def serve(self, socket: WebSocket) -> None:
        if not self._guard.same_origin(socket.headers):
            await socket.close()
            return
        if self._talk.hub.full:
            await socket.send_denial_response(PlainTextResponse(_("现在人太多，请等一会儿。"), 503))
            return
        await socket.accept()
        greeting = await _greeting(socket)
        session = await self._sessions.known(greeting.token) if greeting else None
        if greeting is None or session is None:
            await _close(socket, NOT_SIGNED_IN)
            return
        page = Page(sender(session.account, session.name))
        self._talk.hub.join(page)
        try:
            await self._talk.welcome(page, greeting.since)
            await _close(socket, await self._until_gone(socket, page))
        finally:
            self._talk.hub.leave(page)

    async def _until_gone(self, socket: WebSocket, page: Page) -> int | None:
        """Read and write until either ends; the code to close with, None where the page closed."""
        ways: list[Coroutine[Any, Any, int | None]] = [self._read(socket, page), _write(socket, page)]
        ends: list[asyncio.Future[int | None]] = [*map(asyncio.create_task, ways), page.dropped]
        try:
            done, _still = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            return next(iter(done)).result()
        finally:
            # What a page said before it left is done to its end.
            async with page.answering:
                for end in ends:
                    end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

    async def _read(self, socket: WebSocket, page: Page) -> int | None:
        while True:
            try:
                text = await _text(socket)
                if text is None:
                    return NOT_TEXT
                async with page.answering:
                    await self._answer(text, page)
            except WebSocketDisconnect:
                return None
            except TooFast as fast:
                # Not read while it waits: what comes faster than it may stays with the sender.
                await asyncio.sleep(fast.after)

    async def _answer(self, text: str, page: Page) -> None:
        frame_id = frames.id_of(text)
        try:
            self._speaking.take(page.account, self._clock.monotonic())
            await self._act(frames.frame(text), page)
        except ValidationError:
            page.push(views.refused(frame_id, _("这个页面太旧了，请刷新后再试。")))
        except TooFast as fast:
            page.push(views.later(frame_id, fast.sentence, fast.after))
            raise
        except Refused as refused:
            page.push(views.refused(frame_id, refused.sentence))
        except Later as later:
            page.push(views.later(frame_id, str(later), AGAIN_SECONDS))
        except Exception:
            log.exception("frame_broke", account=page.account)
            page.push(views.later(frame_id, _("出了点问题，您的话还在，会自动再发。"), AGAIN_SECONDS))

    async def _act(self, frame: frames.Say | frames.Press | frames.Earlier, page: Page) -> None:
        if isinstance(frame, frames.Earlier):
            await self._talk.earlier(page, frame)
            return
        if isinstance(frame, frames.Say):
            await self._talk.say(page.who, frame)
        else:
            await self._talk.press(page.who, frame)
        page.push(views.stored(frame.id))


async def _greeting(socket: WebSocket) -> frames.Hello | None:
    try:
        async with asyncio.timeout(HELLO_SECONDS):
            text = await _text(socket)
        return frames.hello(text) if text is not None else None
    except (TimeoutError, ValidationError, WebSocketDisconnect):
        return None


async def _text(socket: WebSocket) -> str | None:
    """The next frame; None where it is no text."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or 1005)
    return message.get("text")


async def _write(socket: WebSocket, page: Page) -> int | None:
    while True:
        frame = await page.next_frame()
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await socket.send_text(frame)
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            # RuntimeError: Starlette's word for a line that was closed a moment ago.
            return None


async def _close(socket: WebSocket, code: int | None) -> None:
    """A line that takes nothing any more is not waited for."""
    if code is None:
        return
    try:
        async with asyncio.timeout(1):
            await socket.close(code)
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        return
