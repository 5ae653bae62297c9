"""What every request must hold to, whatever it asks for: this site's own name, and this site's own pages."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.language import _

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)
"""Nothing from elsewhere. `blob:` are the pictures, voices and videos, which a page fetches with its token."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(self)",
    "Cache-Control": "no-cache",
}


class Guard:
    """`host` is where it listens, `public_url` how people reach it through a proxy. Programs that ask for one of the
    `open_paths` may call this machine by any name."""

    def __init__(self, host: str, public_url: str | None, open_paths: frozenset[str] = frozenset()) -> None:
        self._open_paths = open_paths
        public = urlsplit(public_url or "")
        self._names = {"localhost", host, public.hostname or host}
        self._origin = f"{public.scheme}://{public.netloc}".lower() if public_url else None

    def knows_host(self, headers: Mapping[str, str]) -> bool:
        """A name that only an attacker's page would use for this machine (DNS rebinding) is not ours."""
        name = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        return name in self._names or _is_address(name)

    def same_origin(self, headers: Mapping[str, str]) -> bool:
        """Whether it was one of our own pages that asked; browsers say so and cannot be made to lie."""
        origin = headers.get("origin", "").lower()
        if not origin:
            return False
        return origin == self._origin or urlsplit(origin).netloc == headers.get("host", "").lower()

    def wrap(self, app: ASGIApp) -> ASGIApp:
        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                await app(scope, receive, send)
                return
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            if not self.knows_host(headers) and scope["path"] not in self._open_paths:
                app_or_no: ASGIApp = PlainTextResponse(
                    _("这个网址没有登记。请在配置里把 [web] public_url 设成大家打开的网址。"), 400
                )
            else:
                app_or_no = app
            await app_or_no(scope, receive, _with_headers(send))

        return guarded


def _with_headers(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            set_already = {name for name, _value in message.get("headers", [])}
            more = [
                (name.lower().encode(), value.encode())
                for name, value in HEADERS.items()
                if name.lower().encode() not in set_already
            ]
            message = {**message, "headers": [*message.get("headers", []), *more]}
        await send(message)

    return guarded


def address_of(client_host: str) -> str:
    """Who counts as one sender: an IPv6 household has 2 ** 64 addresses, and counts as one."""
    try:
        address = ipaddress.ip_address(client_host)
    except ValueError:
        return client_host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
