"""What must hold after a week, whatever happened in it; each says in words what is wrong."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from domain.drill import MARK
from storage.database import moment
from tests.simulation.hands import Week
from tests.simulation.village import DRILL_GRID, GRIDS, OFFICES, group_of, groups_below

GROUPS = {group_of(grid) for grid in GRIDS}

_AGAIN = r"(?:【重发】)?"
_LIVE = re.compile(rf"{_AGAIN}(?:{MARK}\n)?(?:（仍然有效）)?【(?:.色预警|.色演练|通知|更正)】")
_END = re.compile(rf"{_AGAIN}(?:{MARK}\n)?【(?:撤销|解除)】")
_NUMBER = re.compile(r"第 (\d+) 号")


def broken(week: Week) -> Iterator[str]:
    house = week.house
    yield from house.faults
    for check in (
        _every_report_is_a_case, _one_card_a_chat, _nothing_after_its_end, _the_end_is_told, _nobody_lets_out_their_own,
        _drills_look_like_drills, _nothing_real_in_practice, _no_page_is_lost, _every_warning_arrives, _nothing_waits,
    ):  # fmt: skip
        yield from check(week)


def _every_report_is_a_case(week: Week) -> Iterator[str]:
    texts = [row["text"] for row in week.house.read("SELECT text FROM cases WHERE gathered = 0")]
    found = {word: sum(word in text for text in texts) for word in week.reported}
    erased = texts.count("")
    """A week after a search ended its words are erased, and a clock that was set may bring that about."""
    for word, cases in found.items():
        if cases > 1 or list(found.values()).count(0) > erased:
            yield f"{week.reported[word]} reported {word}: {cases} cases"


def _one_card_a_chat(week: Week) -> Iterator[str]:
    doubtful = {(r["chat"], r["card"]) for r in week.house.read("SELECT chat, card FROM outbox WHERE doubts > 0")}
    # What was in doubt goes over to the case that another follows.
    heads = week.house.read("SELECT 'case:' || id AS part, 'case:' || merged_into AS head FROM cases")
    head_of = {row["part"]: row["head"] for row in heads}
    for (chat, card), copies in sorted(week.house.line.cards().items()):
        if (
            card.startswith(("case:", "alert:", "draft:"))
            and copies > 1
            and doubtful.isdisjoint({(chat, card), (chat, head_of.get(card))})
        ):
            yield f"{chat} has {card} {copies} times"


def _broadcasts_seen(week: Week, chats: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    """Chat, number and text, of every message about a broadcast, in the order they were seen there."""
    for chat in sorted(chats):
        for shown in week.house.line.shown[chat]:
            if number := _NUMBER.search(shown.text):
                yield chat, int(number[1]), shown.text


def _nothing_after_its_end(week: Week) -> Iterator[str]:
    ended = set()
    for chat, number, text in _broadcasts_seen(week, GROUPS):
        if _END.match(text):
            ended.add((chat, number))
        elif (chat, number) in ended and _LIVE.match(text):
            yield f"{chat} hears of {number} after its end: {text}"


def _the_end_is_told(week: Week) -> Iterator[str]:
    """To those who were told, or somebody was asked to do it; to nobody else but where there is a doubt."""
    over = {row["id"] for row in week.house.read("SELECT id FROM broadcasts WHERE stage IN ('cancelled', 'cleared')")}
    seen = list(_broadcasts_seen(week, GROUPS))
    live = {(chat, number) for chat, number, text in seen if _LIVE.match(text)}
    told = {(chat, number) for chat, number, text in seen if _END.match(text)}
    for chat, number in sorted(live - told):
        if number in over and not _somebody_was_asked(week, number, chat):
            yield f"{chat} was told of {number}, and not of its end"
    maybe = {
        (row["chat"], int(row["card"].split(":")[1]))
        for row in week.house.read(
            "SELECT chat, card FROM outbox WHERE card LIKE 'alert:%' AND (doubts > 0 OR recalled = 1)"
        )
    }
    for chat, number in sorted(told - live - maybe):
        yield f"{chat} was told of the end of {number}, and not of {number}"


def _somebody_was_asked(week: Week, number: int, chat: str) -> bool:
    """Whether a person was told that this group could not be."""
    private = week.house.line.shown.keys() - GROUPS
    texts = [text for _chat, about, text in _broadcasts_seen(week, private) if about == number]
    return any(f"没能送到“{chat}”" in text or f"没能告诉“{chat}”" in text for text in texts)


_SENT = """
SELECT broadcasts.*, authors.name AS by, approvers.name AS passed FROM broadcasts
JOIN people AS authors ON authors.id = broadcasts.author
LEFT JOIN people AS approvers ON approvers.id = broadcasts.approver WHERE sent_at IS NOT NULL
"""


def _nobody_lets_out_their_own(week: Week) -> Iterator[str]:
    for row in week.house.read(_SENT):
        (grid,) = re.findall(r'"(\w+)"', row["area"])
        grave = row["sort"] == "drill" or row["colour"] in ("orange", "red") or grid == "T"
        if grave and not (row["passed"] or row["bypass"]):
            yield f"{row['id']} left though nobody let it out"
        if row["by"] == row["passed"]:
            yield f"{row['id']} was let out by its author"
        if row["passed"] and group_of(grid) not in groups_below(OFFICES[row["passed"]][1]):
            yield f"{row['id']} for {grid} was let out by {row['passed']}"


def _drills_look_like_drills(week: Week) -> Iterator[str]:
    drills = {row["id"] for row in week.house.read("SELECT id FROM broadcasts WHERE sort = 'drill'")}
    for chat, number, text in _broadcasts_seen(week, GROUPS):
        if number not in drills:
            continue
        if chat not in groups_below(DRILL_GRID):
            yield f"{chat} takes no part in drills: {text}"
        if not (text.removeprefix("【重发】").startswith(MARK) and text.endswith(MARK)):
            yield f"{chat} may take a drill for the real thing: {text}"


def _nothing_real_in_practice(week: Week) -> Iterator[str]:
    for row in week.house.read("SELECT id, sort FROM broadcasts WHERE sort <> 'drill'"):
        if row["id"] in week.practised:
            yield f"{row['id']} left while the bot was practised with"


def _no_page_is_lost(week: Week) -> Iterator[str]:
    """Whatever is of life and death was confirmed, or replaced by what is newer, or somebody was told of the doubt."""
    for row in week.house.read("SELECT * FROM outbox WHERE promise = 'A' AND state NOT IN ('sent', 'superseded')"):
        given_up = row["state"] == "dead" or (row["state"] == "doubt" and row["doubts"] > 1)
        if not given_up or (row["card"] and not _somebody_knows(week, row["card"], row["chat"], row["settled_at"])):
            yield f"a page to {row['chat']} ({row['card']}) is {row['state']}: {row['reason']}"


def _somebody_knows(week: Week, card: str, chat: str, at: str) -> bool:
    name, number = card.split(":")[:2]
    about = f"第 {number} 号" if name in ("alert", "draft") else f"#{number}"
    told = any(
        about in shown.text and f"“{chat}”" in shown.text and "没能" in shown.text
        for other, seen in week.house.line.shown.items()
        for shown in seen
        if other != chat
    )
    # A draft that does not wait any more needs nobody's approval, and its author knows of it.
    over = name == "draft" and week.house.read(
        f"""SELECT 1 FROM broadcast_log LEFT JOIN people ON people.id = person WHERE broadcast = {number}
            AND (event = 'written' AND name = '{chat}' OR at <= '{at}'
                 AND event IN ('approved', 'rejected', 'returned', 'lapsed', 'discarded', 'bypassed'))"""
    )
    # Who is told has no card of its own: where that is lost too, two phones in doubt would call each other for ever.
    settled = moment(at)
    lost = any(
        timedelta(0) <= moment(row["queued_at"]) - settled < timedelta(minutes=1)
        for row in week.house.read("SELECT queued_at FROM outbox WHERE card IS NULL AND state IN ('dead', 'doubt')")
    )
    return told or bool(over) or lost


def _every_warning_arrives(week: Week) -> Iterator[str]:
    """A grave one in every group below its grid, but where it was taken back before, or given up and somebody knows."""
    seen = {(chat, number) for chat, number, text in _broadcasts_seen(week, GROUPS) if _LIVE.match(text)}
    for row in week.house.read(f"{_SENT} AND sort = 'alert' AND colour IN ('orange', 'red')"):
        (grid,) = re.findall(r'"(\w+)"', row["area"])
        for chat in sorted(groups_below(grid)):
            if (chat, row["id"]) not in seen and not _is_settled(week, row["id"], chat):
                yield f"{chat} never heard of {row['id']}"


def _is_settled(week: Week, number: int, chat: str) -> bool:
    copies = week.house.read(
        f"SELECT state FROM outbox WHERE card = 'alert:{number}' AND chat = '{chat}' AND promise = 'A'"
    )
    over = week.house.read(f"SELECT 1 FROM broadcasts WHERE id = {number} AND ended_at IS NOT NULL")
    called_back = bool(over and copies) and all(copy["state"] == "superseded" for copy in copies)
    return called_back or any(copy["state"] in ("dead", "doubt") for copy in copies)


def _nothing_waits(week: Week) -> Iterator[str]:
    for row in week.house.read("SELECT * FROM inbox WHERE state <> 'done'"):
        yield f"{row['update_id']} of {row['channel']} is {row['state']}: {row['payload']}"
    newest = week.house.read("SELECT max(queued_at) AS at FROM outbox")[0]["at"]
    for row in week.house.read("SELECT * FROM outbox WHERE state IN ('queued', 'sending') AND due_at IS NULL"):
        if row["queued_at"] < newest[:13]:
            yield f"message {row['id']} to {row['chat']} is {row['state']} since {row['queued_at']}: {row['reason']}"
