"""The country's holidays: by the State Council's own dates, whose weekends belong to them."""

from datetime import date

import pytest

from handlers.holidays import LAST_KNOWN_YEAR, is_holiday


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        ("2026-10-01", True),
        ("2026-10-03", True),
        ("2026-10-07", True),
        ("2026-10-08", False),
        ("2026-10-10", False),
        ("2026-07-25", False),
        ("2026-02-17", True),
    ],
)
def test_a_holiday_is_what_the_country_has_free_and_no_other_weekend(day: str, holiday: bool) -> None:
    assert is_holiday(date.fromisoformat(day)) is holiday


def test_of_years_that_nobody_has_announced_none_is_known() -> None:
    assert not is_holiday(date(LAST_KNOWN_YEAR + 1, 10, 1))
