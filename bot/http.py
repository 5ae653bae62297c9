"""A port of this machine, and a server on it that stops when the house does."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from bot.config import ConfigError
from domain.language import _

STOP_SECONDS = 3
"""How long a stop waits for requests that are under way; pages come back by themselves."""

BACKLOG = 512
"""Connections that wait to be accepted: a village that comes back after a restart."""


class Server(uvicorn.Server):
    """Signals are the bot's own business: it stops the whole house in order."""

    @classmethod
    def of(cls, app: ASGIApp, **more: Any) -> "Server":
        return cls(
            uvicorn.Config(
                app,
                access_log=False,
                log_config=None,
                server_header=False,
                lifespan="off",
                timeout_graceful_shutdown=STOP_SECONDS,
                **more,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def serve_until_cancelled(self, listening: socket.socket) -> None:
        serving = asyncio.ensure_future(self.serve(sockets=[listening]))
        try:
            await asyncio.shield(serving)
        finally:
            self.should_exit = True
            await serving


def listen(host: str, port: int, section: str) -> socket.socket:
    """The port, taken; ConfigError with what to do where that cannot be. `section` of the config names it."""
    try:
        family, kind, proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind, proto)
        try:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(address)
            taken.listen(BACKLOG)
        except OSError:
            taken.close()
            raise
    except OSError as error:
        raise ConfigError(_why_not(error, host, port, section)) from error
    taken.setblocking(False)
    return taken


def _why_not(error: OSError, host: str, port: int, section: str) -> str:
    if error.errno == errno.EADDRINUSE:
        why = _("端口 {port} 已经被别的程序占用。请关掉那个程序，或换一个端口。")
    elif error.errno == errno.EACCES:
        why = _("没有权限使用端口 {port}。请用 1024 以上的端口。")
    else:
        why = _("不能打开 {host} 的端口 {port}：{error}。请检查 [{section}] host 和 port。")
    return why.format(port=port, host=host, error=error.strerror, section=section)
