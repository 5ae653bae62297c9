"""What is said where no feature answers: to talk that means nothing to the bot, to a refusal, to a bare press."""

from collections.abc import Iterable

from domain.chat import Answer, ChatKind, Incoming, Outgoing, Pressed, Said, Send
from domain.language import _


def unrouted(incoming: Incoming) -> list[Outgoing]:
    """Talk among neighbours is not the bot's; in a private chat it says what it understands."""
    if isinstance(incoming, Pressed):
        return [Answer(incoming.chat, incoming.press, _("这个按钮失效了。发“查询”看进展。"))]
    if isinstance(incoming, Said) and incoming.chat_kind is ChatKind.PRIVATE:
        return [Send(incoming.chat, _("有事请发：上报 哪里、出了什么事\n发“帮助”看还能做什么。"))]
    return []


def to_sender(incoming: Incoming, text: str) -> list[Outgoing]:
    if isinstance(incoming, Pressed):
        return [Answer(incoming.chat, incoming.press, text)]
    return [Send(incoming.chat, text, reply_to=incoming.message_id)]


def apology(incoming: Incoming) -> list[Outgoing]:
    """The words are kept, a person will look; nobody is left to believe that all went well."""
    if not isinstance(incoming, Said | Pressed):
        return []
    return to_sender(incoming, _("这句话我没处理好，已经记下来请管理员看。急事请直接打 110、119、120，或找队长。"))


def acknowledged(incoming: Incoming, outs: Iterable[Outgoing]) -> Iterable[Outgoing]:
    """Every press is answered, so that no phone is left showing that it waits."""
    answered = any(isinstance(out, Answer) for out in outs)
    return [Answer(incoming.chat, incoming.press)] if isinstance(incoming, Pressed) and not answered else []
