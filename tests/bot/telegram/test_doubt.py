"""Whether a message left the house: every way a line can break, on a bare socket, and what is then said of it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bot.channels import Doubt, Later, Never
from bot.channels.telegram import TelegramChannel
from domain.chat import ChatId, Send
from tests.bot.telegram.conftest import channel_to
from tests.standin.telegram import TOKEN

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SAID = Send(ChatId("telegram", "7"), "话")


@asynccontextmanager
async def line(talk: Talk) -> AsyncIterator[TelegramChannel]:
    """A channel whose Telegram is this talk on a bare socket."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    channel = channel_to(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot")
    try:
        yield channel
    finally:
        await channel.close()
        server.close()


def answers(status: str, body: str, kind: str = "application/json", length: int | None = None) -> Talk:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = len(body.encode()) if length is None else length
        writer.write(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n\r\n{body}".encode())
        await writer.drain()

    return talk


async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def hangs_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def resets(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    # Linger of zero seconds: closing sends a reset, as a router does that forgot the connection.
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


async def half_a_header(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-")
    await writer.drain()


async def no_http(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    await writer.drain()


IN_DOUBT: dict[str, Talk] = {
    "silence": silent,
    "hung up": hangs_up,
    "reset": resets,
    "half a header": half_a_header,
    "no HTTP": no_http,
    "half a body": answers("200 OK", '{"ok":true,"resu', length=500),
    "half a JSON": answers("200 OK", '{"ok":true,"resu'),
    "a list": answers("200 OK", "[]"),
    "no result": answers("200 OK", '{"ok":true}'),
    "a stranger's answer": answers("200 OK", '{"status":"fine"}'),
    "a message without a number": answers("200 OK", '{"ok":true,"result":{}}'),
    "another result": answers("200 OK", '{"ok":true,"result":true}'),
    "500": answers("500 Internal Server Error", '{"ok":false,"error_code":500,"description":"Internal Server Error"}'),
    "502": answers("502 Bad Gateway", "<html>nginx</html>", "text/html"),
    "503 without words": answers("503 Service Unavailable", ""),
    "a proxy's 403": answers("403 Forbidden", "<html>blocked</html>", "text/html"),
    "elsewhere": answers("302 Found", "<html>login</html>", "text/html"),
}


@pytest.mark.parametrize("talk", IN_DOUBT.values(), ids=IN_DOUBT)
async def test_after_the_first_byte_left_it_is_in_doubt(talk: Talk) -> None:
    async with line(talk) as channel:
        with pytest.raises(Doubt) as raised:
            await channel.deliver(SAID, None)
    assert TOKEN.partition(":")[2] not in str(raised.value)


async def test_a_parsed_refusal_is_no_doubt() -> None:
    body = '{"ok":false,"error_code":413,"description":"Request Entity Too Large"}'
    async with line(answers("413 Request Entity Too Large", body)) as channel:
        with pytest.raises(Never):
            await channel.deliver(SAID, None)


@pytest.mark.parametrize(
    "base_url",
    ["http://no-such-host.invalid/bot", "http://127.0.0.1:1/bot", "nonsense", "ftp://127.0.0.1/bot"],
    ids=["no such name", "refused", "no address", "no HTTP"],
)
async def test_what_never_left_is_tried_again(base_url: str) -> None:
    channel = channel_to(base_url)
    with pytest.raises(Later) as raised:
        await channel.deliver(SAID, None)
    await channel.close()
    assert (raised.value.after, raised.value.everyone) == (None, True)
    assert TOKEN.partition(":")[2] not in str(raised.value)


async def test_a_handshake_that_fails_left_nothing() -> None:
    """A plain socket where TLS is spoken: the request waits for a key that never comes to be."""

    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    channel = channel_to(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot")
    with pytest.raises(Later):
        await channel.deliver(SAID, None)
    await channel.close()
    server.close()


async def test_a_connection_that_is_never_made_left_nothing() -> None:
    """A full queue of callers: the kernel lets the next one wait."""
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for caller in (first, second):
            caller.setblocking(False)
            caller.connect_ex(deaf.getsockname())
        channel = channel_to(f"http://127.0.0.1:{deaf.getsockname()[1]}/bot")
        with pytest.raises(Later):
            await channel.deliver(SAID, None)
        await channel.close()
