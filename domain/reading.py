"""What the bot understood of somebody's words, for the case and for whoever wants to know why."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is, by what people can see or smell: how high the water stands, what there is of a fire."""

    ANKLE = "ankle"
    KNEE = "knee"
    WAIST = "waist"
    ABOVE = "above"
    SMELL = "smell"
    SMOKE = "smoke"
    FLAME = "flame"


@dataclass(frozen=True)
class Reading:
    """`kind` is None for talk that reports nothing; not `sure` is worth one question. `danger`: a life or a body is at
    risk now. `because` are the words that decided, for and against, as they stand in the text."""

    kind: str | None
    sure: bool
    severity: Severity | None
    place: str | None
    people: int | None
    danger: bool
    because: tuple[str, ...]


NOTHING_READ = Reading(None, False, None, None, None, False, ())
