"""The way out of the house: from China, much of the world is reached through a proxy only."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def proxy_for(url: str) -> str | None:
    """The HTTP proxy that the environment names for this service: from China, Telegram is seldom reached without."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in _LOOPBACK or proxy_bypass(host):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if proxy and proxy.startswith("http") else None
