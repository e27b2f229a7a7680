"""Translates each text that the product shows to readers, where the catalogue of the build's language has it.

A build has one language. ``use`` sets its catalogue once, before pages are read; processes that read pages side by
side inherit it. Without a catalogue, texts are English. What programs read (JSON, CSV, ids, anchors, CSS classes, file
names) is not translated, and neither are warnings and the output of the command line.

``tools/catalogue.py`` finds the texts by the names of these functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from gettext import NullTranslations
from typing import Protocol

from sphinx_postmortem.core.dataclass_on_demand import dataclass

_ENGLISH = NullTranslations()
_active: list[NullTranslations] = [_ENGLISH]
_characters: list[frozenset[str]] = [frozenset()]


class Say(Protocol):
    """Makes a text from a message and its values: ``say`` in the build's language, ``plain`` in English."""

    def __call__(self, message: str, /, **values: object) -> str:
        """Return the text."""
        ...


def use(catalogue: NullTranslations | None, characters: frozenset[str] = frozenset()) -> None:
    """Set the catalogue of this build, and the characters of its texts; with None, texts are English."""
    _active[0] = catalogue or _ENGLISH
    _characters[0] = characters


def characters_said() -> frozenset[str]:
    """Return the characters that texts in the language of the build may have; empty where texts are English."""
    return _characters[0]


def say(message: str, /, **values: object) -> str:
    """Return a text in the language of the build.

    Args:
        message: the English text, with the names of values in braces. Catalogues have the translation under it.
        values: the values by their names. Without any value, braces stay as they are.
    """
    translated = _active[0].gettext(message) if message else ""  # the empty message is a catalogue's own head
    return _filled(translated, message, values)


def say_many(one: str, many: str, number: int, /, **values: object) -> str:
    """Return a text with a number, ``{number}``, in the form that the build's language has for that number."""
    translated = _active[0].ngettext(one, many, number)
    return _filled(translated, one if number == 1 else many, {"number": number, **values})


def later(message: str, /) -> str:
    """Return a text as it is, and mark it for the catalogue; ``say`` translates it where it is shown."""
    return message


def later_many(one: str, many: str, /) -> tuple[str, str]:
    """Return both forms of a text with a number, and mark it for the catalogue; ``say_many`` takes the forms."""
    return one, many


def plain(message: str, /, **values: object) -> str:
    """Return a text in English, for programs and for warnings."""
    return message.format(**values) if values else message


def _filled(translated: str, english: str, values: Mapping[str, object]) -> str:
    """Fill in values; use the English text where a translation has wrong names (``faulty_texts`` tells of those)."""
    if not values:
        return translated
    try:
        return translated.format(**values)
    except (KeyError, IndexError, ValueError, AttributeError):
        return english.format(**values)


@dataclass(frozen=True, init=False)
class Message:
    """A text with its values: ``said`` returns it in the language of the build, for readers, and ``str`` in English."""

    message: str
    values: tuple[tuple[str, object], ...]
    many: str = ""

    def __init__(self, message: str, many: str = "", /, **values: object) -> None:
        """Keep a text and its values. If ``many`` is given, the value ``number`` chooses between the two forms."""
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
    """Return a message in the language of the build. A plain text, which an author wrote, is returned as it is."""
    return text.said() if isinstance(text, Message) else text


def listed(names: list[str]) -> str:
    """Return names as one text, in the language of the build: ``A, B and C``."""
    if len(names) < 2:
        return "".join(names)
    return say("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])
