"""What a group on Telegram is called and which commands it offers, while its work has a mode of its own."""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import BadRequest

from bot.channels import Retitled, Unable, Unreachable
from bot.channels.telegram.compose import Call, Json, chat_of, cut
from bot.channels.telegram.refusals import refused
from domain.chat import Entitle, Menu, Setting
from domain.language import _
from domain.text import one_line

ABOUT_UNITS = 256
"""Of what a command is for (Bot API: BotCommand). The title's limit is `domain.mode.LONGEST_NAME`."""

Caller = Callable[[Call, str | None], Awaitable[Any]]

# As Telegram says it of a group where the bot is no admin, or an admin who may not change what it is called.
_NO_RIGHT = ("not enough rights", "admin_required", "need administrator rights", "can't change")
_UNCHANGED = "not modified"


async def furnish(out: Setting, call: Caller) -> str | None:
    try:
        if isinstance(out, Entitle):
            return await _entitle(out, call)
        await _offer(out, call)
        return None
    except BadRequest as error:
        raise _judged(error) from error


async def _entitle(out: Entitle, call: Caller) -> str:
    """What it was called before, to the letter. Telegram is asked first: people may have changed it unheard."""
    chat = chat_of(out)
    before = str((await call(Call("getChat", chat), out.to.chat)).get("title", ""))
    shown = one_line(before)
    if shown == one_line(out.title):
        return before
    if shown not in map(one_line, out.over):
        raise Retitled(shown)
    try:
        await call(Call("setChatTitle", chat | {"title": out.title}), out.to.chat)
    except BadRequest as error:
        if _UNCHANGED not in str(error).lower():
            raise
    return before


async def _offer(out: Menu, call: Caller) -> None:
    scope: Json = {"scope": {"type": "chat", **chat_of(out)}}
    commands = [{"command": one.word, "description": cut(one.about, ABOUT_UNITS)} for one in out.commands]
    named = Call("setMyCommands", scope | {"commands": commands}) if commands else Call("deleteMyCommands", scope)
    await call(named, out.to.chat)


def _judged(error: BadRequest) -> Exception:
    why = refused(error)
    if not isinstance(why, Unreachable) and any(sign in str(error).lower() for sign in _NO_RIGHT):
        return Unable(_("机器人不是群管理员，或没有“修改群资料”的权限"))
    return why
