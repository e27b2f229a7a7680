"""Chooses the edition of a build. What is nearly a choice is an error: the wrong edition would show what is hidden."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from sphinx_postmortem.core.audience.audiences import Audiences, Edition

# Letters of other scripts that are drawn as Latin ones (Unicode TR 39 lists them as confusable), and digits.
_DRAWN_AS = {
    ord(letter): latin
    for latin, letters in {
        "a": "аα",
        "b": "в",
        "c": "с",
        "d": "ԁ",
        "e": "еε3",
        "g": "ɡ",
        "h": "һн",
        "i": "іıι",
        "j": "ј",
        "k": "кκ",
        "l": "ӏ1",
        "m": "м",
        "o": "оο0",
        "p": "рρ",
        "s": "ѕ5",
        "t": "тτ4",
        "u": "υ",
        "v": "ν",
        "x": "х",
        "y": "у",
    }.items()
    for letter in letters
}
_RESEMBLES = 0.8
_LONG = 4  # letters from which an audience's name counts within a longer word, and by resemblance
_SHORT = 3  # letters from which the beginning of a name counts


def choose_edition(
    audiences: Audiences, setting: str | None, tags: Iterable[str], *, is_required: bool = False
) -> Edition:
    """Choose the edition from ``postmortem_audience`` and the tags of the build.

    Args:
        audiences: those of the site.
        setting: the value of ``postmortem_audience``; None where neither ``conf.py`` nor ``-D`` gives one.
        tags: the tags (``-t``). A tag that is an audience's name chooses it. One that holds such a name, begins one or
            resembles one is an error, and so is one that speaks of an audience. Others are not ours.
        is_required: whether a build must name its edition.

    Raises:
        ValueError: no such audience, an empty choice, two different ones, none where one is required, or a tag that
            is nearly a choice.
    """
    known = ", ".join(audiences.names)
    if setting is not None and not setting.strip():
        raise ValueError(
            "postmortem_audience is empty, as a variable that is not set makes it; "
            f"write one of {known}, or leave it out"
        )
    chosen = {audiences.named(setting)} if setting is not None else set[str]()
    for tag in tags:
        if tag in audiences.names:
            chosen.add(tag)
        elif near := resembled_audience(tag, audiences):
            raise ValueError(f'the tag "{tag}" is no audience, but looks like "{near}"; write "-t {near}"')
        elif "audience" in "".join(_words(tag)):
            raise ValueError(f'the tag "{tag}" names no audience; write "-t" with one of {known}')
    if len(chosen) > 1:
        names = ", ".join(sorted(chosen, key=audiences.names.index))
        raise ValueError(f"one build makes one edition, but these were asked for: {names}")
    if is_required and not chosen:
        raise ValueError(
            f'postmortem_require_edition is set, and this build names no edition; add "-t" with one of {known}'
        )
    return Edition(audiences, chosen.pop() if chosen else audiences.internal)


def resembled_audience(text: str, audiences: Audiences) -> str:
    """Return the audience whose name a text holds, begins or resembles; empty where there is none."""
    words = _words(text)
    whole = "".join(words)
    for name in audiences.names:
        wanted = "".join(_words(name))
        is_within = len(wanted) >= _LONG and wanted in whole
        begins = any(len(word) >= _SHORT and wanted.startswith(word) for word in (*words, whole))
        least = _RESEMBLES if len(wanted) >= _LONG else 1
        if is_within or begins or any(_ratio(word, wanted) >= least for word in (*words, whole)):
            return name
    return ""


def refuse_template_variables(context: Mapping[str, object], audiences: Audiences) -> None:
    """Refuse variables of templates (``-A``) that speak of audiences: they choose no edition.

    Raises:
        ValueError: there is such a variable.
    """
    for name, value in context.items():
        whole = "".join(_words(name))
        chooses = whole in ("edition", "postmortem") and isinstance(value, str) and resembled_audience(value, audiences)
        if "audience" in whole or whole.startswith("postmortem") or chooses or resembled_audience(name, audiences):
            raise ValueError(
                f'the template variable "{name}" (-A, or html_context) chooses no edition; write "-t" with one of '
                f"{', '.join(audiences.names)}, or call the variable something else"
            )


def _words(text: str) -> list[str]:
    """Return the words of a text in the letters as which they are drawn, without accents and invisible characters."""
    plain = "".join(
        char for char in unicodedata.normalize("NFKD", text) if unicodedata.category(char) not in ("Mn", "Cf")
    )
    return [word for word in re.split(r"[\W_]+", plain.casefold().translate(_DRAWN_AS)) if word]


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
