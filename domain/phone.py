"""电话号码: written in many ways, stored in one, so that the same number is found again."""

import re
import unicodedata

_BETWEEN = re.compile(r"[\s()-]")
_COUNTRY = re.compile(r"^(\+|00)?86(?=1\d{10}$)")
_NUMBER = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|\+\d{7,15}")
"""Mobile, fixed line with or without its area code, or a foreign number with its plus."""


def phone_number(written: str) -> str | None:
    """The number as it is stored; None where it is none."""
    digits = _COUNTRY.sub("", _BETWEEN.sub("", unicodedata.normalize("NFKC", written)))
    return digits if _NUMBER.fullmatch(digits) else None
