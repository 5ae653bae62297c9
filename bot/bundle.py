"""Many deadlines at once, after a time without the bot: a chat hears of them in few messages and in order."""

from collections import Counter
from collections.abc import Sequence

from domain.chat import ChatId, Outgoing, Send
from domain.language import _

LOUD = 3
"""As many messages of one tick a chat hears one by one; more are gathered."""

LINES = 8
"""Cases in one gathered message: a small screen shows as many with their buttons."""


def bundled(outs: Sequence[Outgoing]) -> list[Outgoing]:
    """The same, with what a chat would hear more than `LOUD` times gathered, each chat's lines in their order."""
    loud = {chat for chat, n in Counter(out.to for out in outs if _brief(out)).items() if n > LOUD}
    gathered: dict[tuple[ChatId, bool], list[Send]] = {}
    rest: list[Outgoing] = []
    for out in outs:
        if isinstance(out, Send) and out.brief and out.to in loud:
            gathered.setdefault((out.to, out.card is not None), []).append(out)
        else:
            rest.append(out)
    for sends in gathered.values():
        rest += [_gather(sends[i : i + LINES]) for i in range(0, len(sends), LINES)]
    return rest


def _brief(out: Outgoing) -> bool:
    return isinstance(out, Send) and out.brief is not None


def _gather(sends: Sequence[Send]) -> Send:
    text = "\n".join([_("超时 {n} 件：").format(n=len(sends)), *(str(send.brief) for send in sends)])
    buttons = tuple((send.brief_button,) for send in sends if send.brief_button and send.card)
    return Send(sends[0].to, text, buttons, min(send.promise for send in sends))
