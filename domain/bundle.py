"""Many messages for one chat at once, after a night or a time without the bot: it gets few of them, in order."""

from collections import Counter
from collections.abc import Container, Sequence
from typing import TypeGuard

from domain.chat import Button, ChatId, Outgoing, Rows, Send
from domain.language import _
from domain.text import one_line

Standing = tuple[ChatId, str | None]
"""A chat, and the card that stands in it or is on its way there."""

LOUD = 3
"""As many messages of one tick a chat hears one by one; more are gathered."""

LINES = 8
"""Cases in one gathered message: a small screen shows as many with their buttons."""

MORNING_LINES = 30
"""Lines of what waited through the night, in one message: whoever slept scrolls once. Telegram takes 4096 units, and
100 buttons."""

MORNING_LINE_CHARS = 120


def bundled(outs: Sequence[Outgoing], standing: Container[Standing] = ()) -> list[Outgoing]:
    """The same, with what a chat would hear more than `LOUD` times gathered, each chat's lines in their order. A card
    that stands there already changes in place, and nobody hears it."""
    loud = {chat for chat, n in Counter(out.to for out in outs if _heard(out, standing)).items() if n > LOUD}
    gathered: dict[tuple[ChatId, bool], list[Send]] = {}
    rest: list[Outgoing] = []
    for out in outs:
        if _heard(out, standing) and out.to in loud:
            gathered.setdefault((out.to, out.card is not None), []).append(out)
        else:
            rest.append(out)
    for sends in gathered.values():
        parts = (sends[i : i + LINES] for i in range(0, len(sends), LINES))
        rest += [in_one(_("超时 {n} 件：").format(n=len(part)), part) for part in parts]
    return rest


def morning(held: Sequence[Send]) -> list[Outgoing]:
    """What one chat was spared in the night, in one message; a single one as it is. Pictures follow, each under the
    number of its case."""
    worded = [send for send in held if send.attachment is None and send.location is None]
    rest = [send for send in held if send not in worded]
    if len(worded) < 2:
        return [*worded, *rest]
    parts = (worded[i : i + MORNING_LINES] for i in range(0, len(worded), MORNING_LINES))
    return [*(in_one(_("夜里有 {n} 条消息：").format(n=len(part)), part) for part in parts), *rest]


def in_one(title: str, sends: Sequence[Send]) -> Send:
    """A line and a short button for each of these, which all go to one chat."""
    lines = (one_line(send.brief or send.text, MORNING_LINE_CHARS) for send in sends)
    text = "\n".join([title, *lines])
    buttons = dict.fromkeys(row for send in sends if send.card or send.brief_button for row in _buttons(send))
    return Send(sends[0].to, text, tuple(buttons), min(send.promise for send in sends))


def _heard(out: Outgoing, standing: Container[Standing]) -> TypeGuard[Send]:
    return isinstance(out, Send) and out.brief is not None and (out.to, out.card) not in standing


def _buttons(send: Send) -> Rows:
    """Its own short button; else all it has, each with the number of the case: they stand among others now."""
    if send.brief is not None:
        return ((send.brief_button,),) if send.brief_button else ()
    number = (send.card or "").partition(":")[2]
    return tuple(tuple(Button(f"{b.label} #{number}", b.data) for b in row) for row in send.buttons)
