"""A phone number is found again however it is written."""

import pytest

from domain.people import Appointment, Person, Role
from domain.phone import phone_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13800000001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("008613800000001", "13800000001"),
        ("１３８ ００００ ０００１", "13800000001"),
        ("(0591) 2345678", "05912345678"),
        ("+60123456789", "+60123456789"),
        ("110", None),
        ("23800000001", None),
        ("我的号码", None),
        ("", None),
    ],
)
def test_one_number_is_written_in_many_ways(written: str, number: str | None) -> None:
    assert phone_number(written) == number


LEADER, DEPUTY, RESIDENT = (Appointment(role, "S1") for role in (Role.LEADER, Role.DEPUTY, Role.RESIDENT))


@pytest.mark.parametrize(
    ("new", "other", "may"),
    [
        ((), (LEADER,), True),
        ((RESIDENT,), (LEADER,), True),
        ((LEADER,), (LEADER, RESIDENT), True),
        ((LEADER,), (RESIDENT,), False),
        ((LEADER,), (DEPUTY,), False),
        ((Appointment(Role.LEADER, "S2"),), (LEADER,), False),
    ],
)
def test_nobody_comes_to_an_office_by_being_another(
    new: tuple[Appointment, ...], other: tuple[Appointment, ...], may: bool
) -> None:
    assert Person(1, "新号", new).may_become(Person(2, "张队长", other)) is may
