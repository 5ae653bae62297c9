"""Every text for people exists in English too, with the same blanks in it."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.catalogue import translations
from domain.language import _, speak

ROOT = Path(__file__).parent.parent
PACKAGES = ("domain", "storage", "lexicon", "handlers", "bot")


def texts() -> list[str]:
    found = (
        message
        for package in PACKAGES
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / package), keywords={"_": None, "N_": None}
        )
    )
    return sorted({message for message in found if isinstance(message, str)})


def english() -> dict[str, str]:
    with (ROOT / "bot/locale/en/LC_MESSAGES/gridbot.po").open("rb") as source:
        return {str(message.id): str(message.string) for message in read_po(source) if message.id}


def test_the_catalogue_is_complete_and_has_nothing_left_over() -> None:
    here, there = set(texts()), english()
    assert not here - {text for text, translated in there.items() if translated}, "run `make texts` and translate"
    assert not there.keys() - here, "run `make texts`"


def test_blanks_are_the_same_in_both_languages() -> None:
    def blanks(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)", text))

    assert [zh for zh, en in english().items() if blanks(zh) != blanks(en)] == []


def test_english_is_english() -> None:
    """But for the names of the demo's people, which stand on their phones in Chinese."""
    names = re.compile("李阿姨|张队长|王主任")
    assert [en for en in english().values() if re.search(r"[\u4e00-\u9fff]", names.sub("", en))] == []


@pytest.fixture
def in_english():  # type: ignore[no-untyped-def]
    speak(translations("en"))
    yield
    speak(translations("zh"))


@pytest.mark.usefixtures("in_english")
def test_one_setting_changes_the_language() -> None:
    assert _("接单") == "Take"
    assert _("{who} 已接单").format(who="Li") == "Li has already taken it"
