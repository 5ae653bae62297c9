"""Words of people, made safe to store and short enough to show."""

import re
import unicodedata

EXCERPT_CHARS = 300
"""How much of a report a card shows; the whole text stays in the case."""

# Cc: control, Cf: format (bidi overrides, zero-width), Co and Cs: private and surrogate.
# U+200D joins the parts of an emoji family and is kept; newline and tab become plain space below.
_UNSEEN = {"Cc", "Cf", "Co", "Cs"}
_KEPT = {"\n", "\t", "\u200d"}
_BLANKS = re.compile(r"[ \t\u3000\xa0]+")
_NUMBERED = re.compile(r"(?:【\w+】)?\W*#(\d{1,11})(?!\d)")
_LINES = re.compile(r"\s*\n\s*")


def clean(text: str) -> str:
    """Without characters that nobody sees but that could turn a line round or hide a word."""
    seen = text if text.isprintable() else "".join(filter(_is_seen, text))
    return _LINES.sub("\n", _BLANKS.sub(" ", seen)).strip()


def _is_seen(c: str) -> bool:
    return c in _KEPT or unicodedata.category(c) not in _UNSEEN


def one_line(text: str, limit: int = EXCERPT_CHARS) -> str:
    """The text on one line, cut with an ellipsis when it is longer than the limit."""
    line = clean(text).replace("\n", " ")
    return line if len(line) <= limit else line[: limit - 1] + "…"


def number_in(quoted: str) -> int | None:
    """The number of the case that a message of the bot's begins with, as it can be read in a quotation of it."""
    found = _NUMBERED.match(quoted)
    return int(found[1]) if found else None


def has_words(text: str) -> bool:
    """Whether there is a letter, an ideograph or a digit in it: an emoji alone tells nobody where to go."""
    return any(unicodedata.category(c)[0] in "LN" for c in text)
