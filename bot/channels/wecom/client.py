"""The long connection to WeCom: one for this bot, made again and again, given up only where somebody else took it."""

import asyncio
import hashlib
import tempfile
from pathlib import Path

import aiohttp
from filelock import FileLock, Timeout

from bot.channels import Doubt, Later
from bot.channels.wecom.frames import PING, SUBSCRIBE, Json
from bot.channels.wecom.line import Cut, Heard, Line
from bot.channels.wecom.standing import Rhythm, Standing
from bot.proxy import proxy_for

RECEIVABLE = 16 * 1024 * 1024
"""Bytes of a frame that is taken off the line at all, so that one that is too long costs itself and not the line."""

DISCONNECTED_SECONDS = 3.0
"""How long what is to be said waits while there is no line."""


class Client:
    def __init__(self, bot_id: str, secret: str, url: str, rhythm: Rhythm, standing: Standing) -> None:
        self._bot_id = bot_id
        self._secret = secret
        self._url = url
        self._rhythm = rhythm
        self._standing = standing
        self._line: Line | None = None

    async def ask(self, cmd: str, body: Json, req_id: str = "") -> Json:
        """What WeCom answered; Declined, Later where nothing was sent, or Doubt."""
        if self._line is None:
            wait = self._rhythm.probe if self._standing.refused else DISCONNECTED_SECONDS
            raise Later("not connected", wait, everyone=True)
        try:
            return await self._line.ask(cmd, body, req_id)
        except Cut as error:
            raise Later(str(error), DISCONNECTED_SECONDS, everyone=True) from error

    async def run(self, heard: Heard) -> None:
        """Until cancelled. A bot that hears nothing and says so nowhere is the worst: no error ends the trying."""
        lease = FileLock(lease_of(self._bot_id), mode=0o600)
        await self._until_leased(lease)
        try:
            while not await self._stand(heard):
                pass
            # It is somebody else's now, until a person has stopped one of the two and started this one anew.
            await asyncio.Event().wait()
        finally:
            lease.release()

    async def _until_leased(self, lease: FileLock) -> None:
        """Two processes with one bot would take it from each other for ever: the second waits."""
        while True:
            try:
                lease.acquire(timeout=0)
            except Timeout:
                self._standing.elsewhere("another process on this machine")
            except OSError as error:
                # Somebody else's file: WeCom itself still tells who came second.
                self._standing.elsewhere(f"the lease cannot be written: {error.strerror}")
            else:
                return
            await asyncio.sleep(self._rhythm.probe)

    async def _stand(self, heard: Heard) -> bool:
        """A line from its first to its last moment; whether the bot was taken over. Else it is time for the next."""
        try:
            async with _session(self._url, self._rhythm.connect) as session:
                return await self._talk(session, heard)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the next line must be tried
            await asyncio.sleep(self._standing.wait_after(error))
        return False

    async def _talk(self, session: aiohttp.ClientSession, heard: Heard) -> bool:
        async with session.ws_connect(self._url, max_msg_size=RECEIVABLE, timeout=_CLOSING) as socket:
            line = Line(socket, self._bot_id, heard, self._rhythm.answer)
            reading = asyncio.create_task(line.read())
            try:
                await self._keep_up(line, reading)
            except Doubt:
                if not line.displaced:
                    raise
            finally:
                self._line = None
                reading.cancel()
                await asyncio.wait([reading])
            if line.displaced:
                self._standing.elsewhere("a newer connection")
                return True
            raise _broken(reading) or Cut(f"closed with {socket.close_code}")

    async def _keep_up(self, line: Line, reading: asyncio.Task[None]) -> None:
        """Subscribed, and tried by a ping now and then, as long as somebody reads at the other end."""
        await line.ask(SUBSCRIBE, {"bot_id": self._bot_id, "secret": self._secret})
        self._line = line
        self._standing.up()
        while not reading.done():
            await asyncio.wait([reading], timeout=self._rhythm.ping)
            if not reading.done():
                await line.ask(PING, None)
                self._standing.heard()


def _broken(reading: asyncio.Task[None]) -> BaseException | None:
    """What broke in this house while it read, if something did."""
    return None if reading.cancelled() else reading.exception()


async def answers(url: str) -> bool:
    """Whether somebody listens there. Nothing is asked: to subscribe would take the bot from whoever has it."""
    try:
        async with _session(url, Rhythm().connect) as session, session.ws_connect(url, timeout=_CLOSING):
            return True
    except (aiohttp.ClientError, OSError, TimeoutError):
        return False


def _session(url: str, connect: float) -> aiohttp.ClientSession:
    proxy = proxy_for(url.replace("ws", "http", 1))
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(connect), proxy=proxy)


_CLOSING = aiohttp.ClientWSTimeout(ws_close=1.0)
"""Nobody waits long for a polite goodbye."""


def lease_of(bot_id: str) -> Path:
    """The same file for every process of this machine that has this bot, wherever its village lies."""
    name = hashlib.sha256(bot_id.encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"gridbot-wecom-{name}.lock"
