"""What WeCom's codes mean for a message: certainly not delivered, certainly never, or that nobody is there."""

from bot.channels import Later, Never, Unreachable
from bot.channels.wecom.line import Declined
from bot.channels.wecom.standing import INVALID_SECRET
from domain.chat import NOT_SPOKEN

BLOCKED_SECONDS = 60.0
"""How long WeCom hears nothing of a chat that was told too much: about as long as the window it was earned in."""

CROWDED_SECONDS = 1.0
"""Where too many were asked at once."""

_TOO_MUCH = 45009
_AT_ONCE = 45033
_BUSY = -1
_NEVER_SPOKE = {93001, 93006}
"""Not to be pushed to; no such chat: nobody there has spoken to the bot, so that it may not begin."""
_PUT_OUT = 93008

LATE = {846605, 846608}
"""The moment in which it could have been answered or changed is over."""


def judged(error: Declined) -> Exception:
    match error.code:
        case code if code == _TOO_MUCH:
            return Later(str(error), BLOCKED_SECONDS)
        case code if code == _AT_ONCE:
            return Later(str(error), CROWDED_SECONDS, everyone=True)
        case code if code in (_BUSY, INVALID_SECRET):
            return Later(str(error))
        case code if code in _NEVER_SPOKE:
            return Unreachable(NOT_SPOKEN)
        case code if code == _PUT_OUT:
            return Unreachable("the bot was put out")
    return Never(str(error))
