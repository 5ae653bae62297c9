"""The English catalogue, read from its source: nothing to compile, nothing that can be out of date."""

from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language = Literal["zh", "en"]


def translations(language: Language) -> NullTranslations:
    """Chinese is what stands in the code; any other language is a catalogue."""
    if language == "zh":
        return NullTranslations()
    with files("bot").joinpath("locale", language, "LC_MESSAGES", "gridbot.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
