"""How the site's addresses answer: what went wrong is said in a sentence that the page shows as it is."""

from collections.abc import Awaitable, Callable

from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot.channels import Later
from bot.channels.web.guard import Guard
from bot.channels.web.limits import TooFast
from bot.channels.web.rooms import sender
from bot.channels.web.sessions import Sessions
from domain.chat import Sender
from domain.language import _
from domain.refused import Refused

Handler = Callable[[Request], Awaitable[Response]]


class No(Exception):  # noqa: N818 -- an answer, not a fault
    def __init__(self, status: int, sentence: str = "") -> None:
        super().__init__(sentence)
        self.status = status


class Door:
    """Who asks: one of our own pages, and a person who is signed in."""

    def __init__(self, sessions: Sessions, guard: Guard) -> None:
        self._sessions = sessions
        self._guard = guard

    def must_be_ours(self, request: Request) -> None:
        if not self._guard.same_origin(request.headers):
            raise No(403)

    async def who(self, request: Request) -> Sender:
        session = await self._sessions.known(token_of(request))
        if session is None:
            raise No(401, _("请先进来：用邀请码，或扫小队的二维码。"))
        return sender(session.account, session.name)


def answered(handler: Handler) -> Handler:
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except TooFast as fast:
            return sorry(429, fast.sentence, {"Retry-After": str(round(fast.after + 0.5))})
        except Refused as refused:
            return sorry(422, refused.sentence)
        except ValidationError:
            return sorry(422, _("这个页面太旧了，请刷新后再试。"))
        except Later:
            return sorry(503, _("正在启动，请等一会儿再试。"))
        except TimeoutError:
            return sorry(408, _("网络太慢，没传完。请再试一次。"))
        except ClientDisconnect:
            return Response(status_code=400)
        except No as no:
            return sorry(no.status, str(no))

    return answer


def sorry(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"text": sentence}, status, headers)


def token_of(request: Request) -> str:
    scheme, _space, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def body_of(request: Request, limit: int, too_long: str) -> bytes:
    """Read no further than the limit, whatever the headers promise."""
    if int(request.headers.get("content-length") or 0) > limit:
        raise No(413, too_long)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise No(413, too_long)
    return bytes(body)
