"""Signing in: by an invitation, or by the poster of a squad; after that a browser stays signed in."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.web.limits import LONGEST_NAME
from bot.channels.web.rooms import sender
from bot.clock import Clock
from domain.chat import Sender
from domain.language import _
from domain.refused import Refused
from domain.text import clean, has_words
from storage.store import Store
from storage.websessions import Session

SESSION_VALID = timedelta(days=180)
"""Without a visit. An old person signs in once and must not be asked again because of a quiet summer."""


@dataclass(frozen=True)
class SignedIn:
    token: str
    who: Sender


class Sessions:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def known(self, token: str) -> Session | None:
        """Whose token this is; whoever visits stays signed in."""
        now = self._clock.now()
        async with self._store.transaction():
            session = await self._store.webchat.sessions.get(token, now)
            if session and session.expires_at < now + SESSION_VALID / 2:
                await self._store.webchat.sessions.prolong(token, now + SESSION_VALID)
        return session

    async def by_invitation(self, code: str, name: str) -> SignedIn:
        """A new account for whoever holds a good invitation. The bot itself redeems it, as on every channel."""
        now = self._clock.now()
        async with self._store.transaction():
            invitation = await self._store.enrolment.invitation(code)
            if invitation is None or invitation.used or invitation.expires_at <= now:
                raise Refused(_("这个邀请码不对，或者用过了、过期了。请核对每一个字，或请给您邀请码的人再发一个。"))
            return await self._open(name)

    async def by_poster(self, poster: str, name: str) -> SignedIn:
        """A new account that may do nothing yet but wait to be let in."""
        async with self._store.transaction():
            await self.squad(poster)
            return await self._open(name)

    async def squad(self, poster: str) -> str:
        """The name of the squad whose poster this is. Inside a transaction."""
        code = await self._store.enrolment.poster_grid(poster)
        grid = await self._store.grids.get(code) if code else None
        if grid is None or grid.closed_at:
            raise Refused(_("这个二维码失效了，请向队长要新的。"))
        return grid.name

    async def squad_of(self, poster: str) -> str:
        async with self._store.transaction():
            return await self.squad(poster)

    async def leave(self, token: str) -> None:
        async with self._store.transaction():
            await self._store.webchat.sessions.close(token)

    async def _open(self, name: str) -> SignedIn:
        token, account = secrets.token_urlsafe(32), secrets.token_hex(8)
        await self._store.webchat.sessions.open(token, account, name, self._clock.now() + SESSION_VALID)
        return SignedIn(token, sender(account, name))


def proper(written: str, what: str) -> str:
    """A name or a door as somebody wrote it, made safe; refused where nothing is in it."""
    cleaned = clean(written).replace("\n", " ")[:LONGEST_NAME]
    if not has_words(cleaned):
        raise Refused(_("请写上{what}。").format(what=what))
    return cleaned
