"""What the words of a report say of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What the words of a report say of it, as far as they do. `severity` is a `Severity` by its code word,
    `people` how many are concerned, `served` the one on whose behalf somebody else reports."""

    severity: str = ""
    place: str = ""
    people: int | None = None
    danger: bool = False
    served: str = ""


NOTHING_SAID = Facts()
