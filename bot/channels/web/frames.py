"""What a page says to the server, and the server's own form of it that waits in the inbox."""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from domain.chat import Incoming, Knocked, Pressed, Said

LONGEST_ID = 64

ClientId = Annotated[str, Field(pattern=rf"^[A-Za-z0-9_-]{{8,{LONGEST_ID}}}$")]
"""A page's own id for what it sends: sent again after a broken line, it is stored once."""

MessageId = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""As far as the database counts."""

RoomId = Annotated[str, Field(min_length=1, max_length=100)]


class _Frame(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hello(_Frame):
    """The first frame. `since` is the newest revision the page has seen, 0 for none."""

    type: Literal["hello"]
    token: str = Field(max_length=200)
    since: int = Field(0, ge=0)


class Place(_Frame):
    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False)
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False)


class Say(_Frame):
    """Words, something that was uploaded before, a place, or several of them. Pictures that were chosen together have
    the same `album`, each in a frame of its own; `reply_to` is the message that is answered."""

    type: Literal["say"]
    id: ClientId
    room: RoomId
    text: str = ""
    attachment: str | None = Field(None, max_length=64)
    album: ClientId | None = None
    reply_to: MessageId | None = None
    location: Place | None = None


class Press(_Frame):
    type: Literal["press"]
    id: ClientId
    room: RoomId
    message: MessageId
    data: str = Field(max_length=64)


class Earlier(_Frame):
    """Somebody scrolls up: the messages before this one."""

    type: Literal["earlier"]
    room: RoomId
    before: MessageId


_FRAMES: TypeAdapter[Say | Press | Earlier] = TypeAdapter(Annotated[Say | Press | Earlier, Field(discriminator="type")])


def hello(text: str) -> Hello:
    return Hello.model_validate_json(text)


def id_of(text: str) -> str | None:
    """Which of its frames a page is to be told about, even where the rest of the frame makes no sense."""
    try:
        said = json.loads(text)
    except ValueError:
        return None
    known = said.get("id") if isinstance(said, dict) else None
    return known if isinstance(known, str) and len(known) <= LONGEST_ID else None


def frame(text: str) -> Say | Press | Earlier:
    return _FRAMES.validate_json(text)


_INCOMING: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in (Said, Pressed, Knocked)}


def payload(incoming: Said | Pressed | Knocked) -> str:
    """As it waits in the inbox."""
    name = type(incoming).__name__
    return json.dumps({name: _INCOMING[name].dump_python(incoming, mode="json")}, ensure_ascii=False)


def translate(payload: Any) -> Incoming | None:
    """Out of the inbox again."""
    ((name, fields),) = payload.items()
    incoming: Incoming = _INCOMING[name].validate_python(fields)
    return incoming
