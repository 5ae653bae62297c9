"""What the bot says, in the language of its village: one process speaks one language.

Texts stand in Chinese in the code; `bot/catalogue.py` installs the English catalogue when the config asks for it.
"""

from gettext import NullTranslations

_spoken = NullTranslations()


def speak(translations: NullTranslations) -> None:
    """Use these translations from now on, for every text of this process."""
    global _spoken
    _spoken = translations


def _(message: str) -> str:
    return _spoken.gettext(message)


def N_(message: str) -> str:  # noqa: N802 -- gettext's own name for "translate later"
    """Mark a text for the catalogue where it is stored; `_` translates it where it is shown."""
    return message
