"""What can be done with a case, as buttons: for those who work on it, its reporter, and where many are told at once."""

from domain.case import WAITING, Case, State
from domain.chat import Button, Rows
from domain.helping import give_back_button
from domain.kinds import Kind
from domain.language import _
from handlers.discretion import Face
from handlers.letters import letter_buttons


def work_buttons(case: Case, kind: Kind, *, helps: bool = False) -> Rows:
    """What those who answer for a case can do with it now; `helps`: it is shown to the neighbour who went."""
    if kind.letter:
        return letter_buttons(case)
    if not case.open:
        return _apart(case)
    assign = Button(_("派单"), f"assign:{case.id}")
    escalate = Button(_("上报上级"), f"escalate:{case.id}")
    correct = Button(_("更正"), f"correct:{case.id}")
    take = Button(_("接单"), f"acknowledge:{case.id}")
    done = Button(_("办结"), f"resolve:{case.id}")
    if case.state in WAITING:
        return ((take, assign), (escalate, correct))
    rows: Rows = ((done, take) if case.stalled else (done,), (assign, escalate, correct))
    return (*rows, (give_back_button(case),)) if helps else rows


def reporter_buttons(case: Case) -> Rows:
    if not case.open:
        return _apart(case)
    return ((Button(_("更正"), f"correct:{case.id}"), Button(_("撤销上报"), f"cancel:{case.id}")),)


def _apart(case: Case) -> Rows:
    """Until its reporter has had the last word, what follows another may turn out to be a thing of its own."""
    if case.state is not State.MERGED or case.rating:
        return ()
    return ((Button(_("不是同一件事"), f"split:{case.id}"),),)


def private_buttons(face: Face, kind: Kind) -> Rows:
    own = work_buttons(face.case, kind) if face.works else reporter_buttons(face.case) if face.reported else ()
    return (*own, *face.buttons)


def brief_button(case: Case, kind: Kind) -> Button | None:
    """The one thing to do about the case where many are told of at once."""
    if case.state not in WAITING and not case.stalled:
        return None
    if kind.letter:
        return Button(_("回复") + " " + case.number, f"answer:{case.id}")
    return Button(_("接单") + " " + case.number, f"acknowledge:{case.id}")
