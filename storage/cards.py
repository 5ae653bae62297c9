"""Which messages the cards stand in: each is looked up, for a warning stands in every chat of a county."""

from collections.abc import Iterable
from itertools import chain

from storage.database import Database, wanted

AT_ONCE = 1_000
"""Cards in one statement; SQLite takes 32,766 parameters."""

Place = tuple[str, str, str]
"""Channel, chat, and the card's name."""


async def cards_at(db: Database, places: Iterable[Place]) -> dict[Place, str | None]:
    """Of these cards those that are known there, with their messages; None where nothing is seen of it yet."""
    asked = sorted(set(places))
    found: dict[Place, str | None] = {}
    for begins in range(0, len(asked), AT_ONCE):
        some = asked[begins : begins + AT_ONCE]
        rows = await db.all(
            f"""{wanted("channel, chat, card", some)} SELECT cards.* FROM wanted CROSS JOIN cards
                WHERE cards.channel = wanted.channel AND cards.chat = wanted.chat AND cards.card = wanted.card""",
            *chain.from_iterable(some),
        )
        found |= {(row["channel"], row["chat"], row["card"]): row["message_id"] for row in rows}
    return found
