"""Pictures and files on WeCom: to be fetched within five minutes, decrypted in memory, and kept for the village."""

import asyncio
import base64
import hashlib
import sqlite3
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import aiohttp
import structlog
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels import Later, Never
from bot.channels.wecom.frames import CHANNEL, Json
from bot.clock import Clock
from bot.proxy import proxy_for
from domain.chat import Attachment, Medium
from storage.store import Store

LARGEST_DOWNLOAD = 20 * 1024 * 1024
"""Bytes of a file (WeCom's own limit for what is uploaded)."""

FETCH_SECONDS = 60.0
"""For one of them; its address is good for five minutes."""

AT_ONCE = 4
MOST_WAITING = 100
"""Under way together, and on the way or waiting for it: no more is held in memory, whoever sends how much."""

PADDED_TO = 32
"""Bytes of a block that the end is filled up to (WeCom: decrypting media)."""

_MEDIA = {"image": Medium.PHOTO, "file": Medium.FILE, "video": Medium.VIDEO}

log = structlog.get_logger()


class Shown(NamedTuple):
    """Something in a message that is not words: where it is, how it is opened, and its name in the house."""

    medium: Medium
    url: str
    key: str
    name: str

    @property
    def attachment(self) -> Attachment:
        return Attachment(CHANNEL, self.name, self.medium)


def shown_in(body: Json) -> list[Shown]:
    """What a message shows and what the one shows that it quotes. Its name follows from the message's id, so that a
    repeat names the same."""
    parts = [*parts_of(body), *parts_of(body.get("quote") or {})]
    found = [(_MEDIA[kind], part) for kind, part in parts if kind in _MEDIA]
    names = (hashlib.sha256(f"{body['msgid']}.{n}".encode()).hexdigest()[:32] for n in range(len(found)))
    return [
        Shown(medium, str(part["url"]), str(part.get("aeskey") or ""), name)
        for (medium, part), name in zip(found, names, strict=True)
    ]


def parts_of(message: Json) -> Iterator[tuple[str, Json]]:
    """What a message is made of, each with its kind."""
    kind = message.get("msgtype", "")
    if kind == "mixed":
        for item in message["mixed"]["msg_item"]:
            yield item["msgtype"], item[item["msgtype"]]
    elif kind in message:
        yield kind, message[kind]


class Cellar:
    """Fetches what was shown as soon as it came in, and hands it out ever after."""

    def __init__(self, store: Store, clock: Clock, secure: bool) -> None:
        """`secure`: only what comes over TLS is fetched, as the long connection itself does."""
        self._store = store
        self._clock = clock
        self._schemes = ("https://",) if secure else ("https://", "http://")
        self._coming: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Semaphore(AT_ONCE)

    def expect(self, body: Json) -> None:
        """Begin to fetch what this message shows; its words wait for nothing."""
        try:
            shown = shown_in(body)
        except (AttributeError, KeyError, TypeError):
            # Whoever translates it says so.
            return
        for one in shown:
            if one.name not in self._coming and len(self._coming) < MOST_WAITING:
                task = self._coming[one.name] = asyncio.create_task(self._bring(one))
                task.add_done_callback(partial(self._came, one.name))

    def _came(self, name: str, _done: asyncio.Task[None]) -> None:
        del self._coming[name]

    async def fetch(self, name: str) -> bytes:
        """Later where it is still on its way, Never where it could not be had in time."""
        if coming := self._coming.get(name):
            await asyncio.wait([coming])
        try:
            async with self._store.transaction():
                kept = await self._store.files.get(name)
        except sqlite3.Error as error:
            raise Later(type(error).__name__) from error
        if kept is None:
            raise Never("not kept")
        return kept

    async def close(self) -> None:
        for task in list(self._coming.values()):
            task.cancel()
        await asyncio.gather(*self._coming.values(), return_exceptions=True)

    async def _bring(self, shown: Shown) -> None:
        try:
            async with self._turn, asyncio.timeout(FETCH_SECONDS):
                data = await asyncio.to_thread(opened, await self._download(shown.url), shown.key)
                async with self._store.transaction():
                    await self._store.files.keep(data, self._clock.now(), shown.name)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError, sqlite3.Error) as error:
            # Neither the address nor the key: whoever has both sees the picture.
            log.warning("wecom_file_lost", error=type(error).__name__)

    async def _download(self, url: str) -> bytes:
        if not url.startswith(self._schemes):
            raise ValueError("no address to fetch from")
        async with (
            aiohttp.ClientSession(proxy=proxy_for(url)) as session,
            session.get(url, allow_redirects=False, raise_for_status=True) as response,
        ):
            data = bytearray()
            async for piece in response.content.iter_chunked(64 * 1024):
                data += piece
                if len(data) > LARGEST_DOWNLOAD + PADDED_TO:
                    raise ValueError("more than WeCom hands out")
            return bytes(data)


def opened(data: bytes, key: str) -> bytes:
    """What was encrypted for this bot: AES-256-CBC, the key's own beginning before the first block. ValueError where
    the key does not fit. What has no key was not encrypted."""
    if not key:
        return data
    secret = base64.b64decode(key + "=" * (-len(key) % 4))
    cipher = Cipher(algorithms.AES256(secret), modes.CBC(secret[:16])).decryptor()
    plain = cipher.update(data) + cipher.finalize()
    filled = plain[-1] if plain else 0
    if not 1 <= filled <= PADDED_TO or plain[-filled:] != bytes([filled]) * filled:
        raise ValueError("the key does not fit")
    return plain[:-filled]
