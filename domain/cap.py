"""The Common Alerting Protocol: a warning as services hand it to each other, and what of it is ours.

Terms and their values are those of OASIS, CAP Version 1.2, 1 July 2010, section 3.2.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.broadcast import Broadcast
from domain.colour import Colour
from domain.language import _
from domain.refused import Refused
from domain.stages import Sort, Stage

SEVERITIES = {Colour.RED: "Extreme", Colour.ORANGE: "Severe", Colour.YELLOW: "Moderate", Colour.BLUE: "Minor"}
"""One to one, as the China Meteorological Administration grades its signals."""

COLOURS = {severity: colour for colour, severity in SEVERITIES.items()}

URGENCIES = {Colour.RED: "Immediate", Colour.ORANGE: "Expected", Colour.YELLOW: "Future", Colour.BLUE: "Future"}
"""Of a warning that was written here and says nothing of it."""

CATEGORY, CERTAINTY = "Safety", "Likely"
"""The same."""

SORTS = {"Actual": Sort.ALERT, "Exercise": Sort.DRILL}
"""What is told to people; `System`, `Test` and `Draft` are between machines."""

ALERT, UPDATE, CANCEL = "Alert", "Update", "Cancel"


@dataclass(frozen=True)
class Reference:
    """An earlier message, as `sender,identifier,sent` names it."""

    sender: str
    identifier: str
    sent: str

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{self.sent}"


@dataclass(frozen=True)
class Info:
    """What one language says of the danger. `geocodes` are name and value."""

    language: str
    categories: tuple[str, ...]
    event: str
    urgency: str
    severity: str
    certainty: str
    responses: tuple[str, ...] = ()
    onset: datetime | None = None
    expires: datetime | None = None
    headline: str = ""
    description: str = ""
    instruction: str = ""
    sender_name: str = ""
    area: str = ""
    geocodes: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """What people are told: the danger, then what to do."""
        return "\n".join(filter(None, (self.description or self.headline or self.event, self.instruction)))


@dataclass(frozen=True)
class CapAlert:
    """`sent` is kept as it was written: a reference has to repeat it."""

    identifier: str
    sender: str
    sent: str
    status: str
    message: str
    scope: str
    references: tuple[Reference, ...] = ()
    infos: tuple[Info, ...] = ()

    @property
    def sort(self) -> Sort:
        """Refused where it is not for people, or not for all of them."""
        if self.status not in SORTS:
            raise Refused(_("这份预警的状态是 {status}，不是发给大家看的。").format(status=self.status))
        if self.scope != "Public":
            raise Refused(_("这份预警的范围是 {scope}，不能发到群里。").format(scope=self.scope))
        if self.message not in (ALERT, UPDATE, CANCEL):
            raise Refused(_("这份预警的类型是 {kind}，只认 Alert、Update、Cancel。").format(kind=self.message))
        return SORTS[self.status]

    def info(self, language: str) -> Info:
        """What it says in this language, or in its first."""
        if not self.infos:
            raise Refused(_("这份预警里没有内容（info）。"))
        return next((info for info in self.infos if info.language.startswith(language)), self.infos[0])


def colour_of(severity: str) -> Colour:
    """Refused for `Unknown`: nobody can tell how loudly to say it."""
    if severity not in COLOURS:
        raise Refused(
            _("严重程度 {severity} 没有对应的颜色。只认 {known}。").format(
                severity=severity, known="、".join(SEVERITIES.values())
            )
        )
    return COLOURS[severity]


def prefix_of(geocode: str) -> str:
    """What the codes of all grids in a division begin with: 350121000000 is the county 350121. Administrative codes
    grow by 2, 2, 2, 3 and 3 digits (GB/T 2260, GB/T 10114)."""
    code = geocode.strip()
    for length in (2, 4, 6, 9):
        if len(code) == 12 and code.isdecimal() and set(code[length:]) == {"0"}:
            return code[:length]
    return code


def as_cap(
    broadcast: Broadcast, sender: str, nth: int, sent: datetime, info: Info, earlier: tuple[Reference, ...]
) -> CapAlert:
    """A broadcast as it stands now, the `nth` message about it, for other services."""
    status = "Exercise" if broadcast.sort is Sort.DRILL else "Actual"
    kind = CANCEL if broadcast.stage is Stage.CANCELLED else UPDATE if earlier else ALERT
    identifier = f"{identifier_of(broadcast)}.{nth}"
    return CapAlert(identifier, sender, written(sent), status, kind, "Public", earlier, (info,))


def identifier_of(broadcast: Broadcast) -> str:
    """What the names of all messages about it begin with."""
    return f"gridbot-{broadcast.id}"


def written(moment: datetime) -> str:
    """As the standard writes times: to the second, with the offset, never `Z`."""
    return moment.replace(microsecond=0).isoformat()
