"""What Telegram's refusals mean for a message: certainly not delivered, certainly never, or in doubt."""

import structlog
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.channels import CardGone, Doubt, Later, Moved, Never, TooLarge, Unreachable
from bot.channels.telegram.files import METHODS
from bot.channels.telegram.transport import Flooded, NotSent

PROBE_SECONDS = 60.0
"""Between two tries with a token that was refused: somebody has to change it, and nothing is lost meanwhile."""

# Telegram tells its refusals apart by their text only, and changes the case of some.
_UNCHANGED = "message is not modified"
_TOO_LATE = "query is too old"
_CARD_GONE = (
    "message to edit not found",
    "message to delete not found",
    "message can't be edited",
    "message_id_invalid",
)
_OTHERWISE_PLACED = ("no text in the message to edit", "no caption in the message to edit")
_TOO_BIG = "file is too big"
_NOBODY_THERE = (
    "chat not found",
    "chat was deactivated",
    "user not found",
    "peer_id_invalid",
    "chat_write_forbidden",
    "chat_restricted",
)
_NO_RIGHT = ("not enough rights to send", "have no rights to send")

_FILE_METHODS = {method for method, _field in METHODS.values()}

log = structlog.get_logger()


class FileRefused(Never):
    """The words may be said; it is the file that Telegram does not take in this form."""


def judged(error: TelegramError) -> Exception:
    """Certainly not delivered, certainly never, or in doubt."""
    match error:
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden():
            return Unreachable(str(error))
        case InvalidToken():
            log.error("telegram_token_refused")
            return Later("the token was refused", after=PROBE_SECONDS, everyone=True)
        case NotSent():
            return Later(str(error), everyone=True)
        case NetworkError():
            return Doubt(str(error))
    # What is left answered with a status of its own, so nothing was delivered: a 409 here, or one not yet invented.
    return Never(str(error))


def refused(error: BadRequest, method: str = "") -> Exception:
    why = str(error)
    if any(sign in why.lower() for sign in _CARD_GONE):
        return CardGone(why)
    if any(sign in why.lower() for sign in _NOBODY_THERE):
        return Unreachable(why)
    # A group may let the bot write and send no pictures: then the words tell whether anybody is there.
    if method in _FILE_METHODS:
        return FileRefused(why)
    return Unreachable(why) if any(sign in why.lower() for sign in _NO_RIGHT) else Never(why)


def unfetched(error: TelegramError) -> Exception:
    """Another channel's delivery waits for the file, so whatever may pass is worth a wait; nothing was said yet."""
    if isinstance(error, BadRequest | Forbidden):
        return TooLarge(str(error)) if _TOO_BIG in str(error).lower() else Never(str(error))
    if isinstance(error, Flooded):
        return Later(str(error), after=error.seconds)
    return Later(str(error))


def is_unchanged(error: BadRequest) -> bool:
    return _UNCHANGED in str(error).lower()


def is_too_late(error: BadRequest) -> bool:
    return _TOO_LATE in str(error).lower()


def stands_otherwise(error: BadRequest) -> bool:
    """The card's words stand under a picture and not by themselves, or the other way round."""
    return any(sign in str(error).lower() for sign in _OTHERWISE_PLACED)
