"""What happens to a message whose delivery is in doubt: a policy by promise, since no service can be asked."""

from enum import Enum

from domain.chat import Promise


class AfterDoubt(Enum):
    AGAIN = "again"
    """Deliver it once more."""
    IN_DOUBT = "in doubt"
    """Leave it as it is; what comes later mends it."""
    DROPPED = "dropped"
    """Give it up; the next one says it all again."""


def may_go_again(promise: Promise) -> bool:
    """Whether a message that surely did not arrive is worth saying later: a danger, its end, a card. A reply belongs to
    its moment, and what a digest says the next one says."""
    return promise in (Promise.LIFE, Promise.CORRECTION, Promise.CARD)


def after_doubt(promise: Promise, doubts: int, edits: bool) -> AfterDoubt:
    """`doubts` counts the earlier deliveries of this message nobody knows the end of; `edits` is true where it
    changes a message in place, which may be done twice without anybody seeing it."""
    if edits or promise is Promise.CORRECTION or (promise is Promise.LIFE and doubts == 0):
        return AfterDoubt.AGAIN
    return AfterDoubt.DROPPED if promise is Promise.DIGEST else AfterDoubt.IN_DOUBT
