"""Every text that the product shows to readers goes through here, and is translated where a catalogue has it.

A build has one language. Its catalogue is set once, before pages are read (``use``); processes that read pages side by
side inherit it. Without one, texts are English. What programs read (JSON, CSV, ids, anchors, CSS classes, file names)
never goes through here, and neither do warnings and what the command line says.

``tools/catalogue.py`` collects the texts, by the names of these functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Protocol

_ENGLISH = NullTranslations()
_active: list[NullTranslations] = [_ENGLISH]


class Say(Protocol):
    """Makes a text from a message and its values: ``say`` in the build's language, ``plain`` in English."""

    def __call__(self, message: str, /, **values: object) -> str:
        """Return the text."""
        ...


def use(catalogue: NullTranslations | None) -> None:
    """Set the catalogue of this build; None for English."""
    _active[0] = catalogue or _ENGLISH


def say(message: str, /, **values: object) -> str:
    """Return a text in the language of the build.

    Args:
        message: the English text, with the names of values in braces; it is what catalogues know the text by.
        values: what stands in the place of the names. Without values, braces stay.
    """
    translated = _active[0].gettext(message) if message else ""  # the empty message is a catalogue's own head
    return _filled(translated, message, values)


def say_many(one: str, many: str, number: int, /, **values: object) -> str:
    """Return a text with a number, ``{number}``, in the form that the language has for it."""
    translated = _active[0].ngettext(one, many, number)
    return _filled(translated, one if number == 1 else many, {"number": number, **values})


def later(message: str, /) -> str:
    """Mark a text that is made when a module is imported; ``say`` translates it where it is shown."""
    return message


def later_many(one: str, many: str, /) -> tuple[str, str]:
    """Mark a text with a number that is made when a module is imported; ``say_many`` takes its two forms."""
    return one, many


def plain(message: str, /, **values: object) -> str:
    """Return a text in English: for programs, and for warnings."""
    return message.format(**values) if values else message


def _filled(translated: str, english: str, values: Mapping[str, object]) -> str:
    """Fill in values; a translation with wrong names gives way to the English text (``faulty_texts`` tells them)."""
    if not values:
        return translated
    try:
        return translated.format(**values)
    except (KeyError, IndexError, ValueError, AttributeError):
        return english.format(**values)


@dataclass(frozen=True, init=False)
class Message:
    """A text with its values that is both shown to readers (``said``) and told in English (``str``)."""

    message: str
    values: tuple[tuple[str, object], ...]
    many: str = ""

    def __init__(self, message: str, many: str = "", /, **values: object) -> None:
        """Take a text and its values; with a form for many, ``number`` among the values chooses the form."""
        object.__setattr__(self, "message", message)
        object.__setattr__(self, "many", many)
        object.__setattr__(self, "values", tuple(values.items()))

    def __str__(self) -> str:
        values = dict(self.values)
        return plain(self.many if self.many and values.get("number") != 1 else self.message, **values)

    def said(self) -> str:
        """Return the text in the language of the build; values that are messages are translated too."""
        values = {name: value.said() if isinstance(value, Message) else value for name, value in self.values}
        number = values.pop("number") if self.many else None
        return (
            say_many(self.message, self.many, number, **values)
            if isinstance(number, int)
            else say(self.message, **values)
        )


def said(text: Message | str) -> str:
    """Return a message in the language of the build; an author's text as it is."""
    return text.said() if isinstance(text, Message) else text


def listed(names: list[str]) -> str:
    """Return names as a list in words: ``A, B and C``."""
    if len(names) < 2:
        return "".join(names)
    return say("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])
