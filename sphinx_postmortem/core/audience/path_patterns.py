"""Patterns for paths, as the settings and commands that name files and folders take them.

A pattern that hides (``postmortem_audience_paths``) is taken in the widest sense that its author may have had: its case
does not count, nor the way in which an accent is written, and ``**/`` may stand for no folder at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import product

from sphinx_postmortem.core.expressions import expression

_WILD = expression(r"(\*\*|\*|\?|\[[^\]]*\])")
_ROOTS = frozenset(
    ["home", "users", "root", "mnt", "media", "volumes", "srv", "opt", "var", "tmp", "builds", "workspace"]
)
_NEAR = 0.85
_MOST_ACROSS = 5  # each doubles what is compared: it stands for some folders, and for none


def matches(pattern: str, path: str) -> bool:
    """Say whether a pattern (``*`` within a folder, ``**`` across folders) matches a path or a folder above it."""
    return _expression(pattern).fullmatch(path) is not None


@lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str]:
    parts = _WILD.split(pattern.replace("\\", "/").removeprefix("./").strip("/"))
    translated = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    expression = "".join(
        translated.get(part) or (part.replace("[!", "[^") if part.startswith("[") else re.escape(part))
        for part in parts
    )
    return re.compile(rf"{expression}(/.*)?")


def fault_of(pattern: str) -> str:
    """Return why a pattern that hides cannot mean what its author thinks, and what to write; empty if it can."""
    bare = pattern.replace("\\", "/")
    first = _steps(bare)[0].casefold() if _steps(bare) else ""
    if not first:
        return "names nothing; write a path below the source folder"
    if pattern != pattern.strip() or any(unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") for char in pattern):
        return "has a blank at an end, or a character that nobody sees; write the path alone"
    if (
        first.startswith("~")
        or re.match(r"[a-z]:", first)
        or (bare.startswith("/") and first in _ROOTS)
        or "://" in bare
    ):
        return "is a path on one machine; write it from the source folder"
    if ".." in _steps(bare):
        return "leaves the source folder; write a path below it"
    if re.search(r"[{},]", bare):
        return "holds a brace or a comma, which are no wildcards; write an entry for each path"
    if bare.startswith(("!", "^")) or bare.endswith("$") or re.search(r"\.[*+]($|/)", bare) or "$" in bare:
        return "is no pattern that is known here; write `*` within a folder and `**` across folders"
    if _across_folders(bare).count("**") > _MOST_ACROSS:
        return f"holds `**` more than {_MOST_ACROSS} times; write one, or an entry for each path"
    return ""


def _across_folders(pattern: str) -> list[str]:
    """Return the steps of a pattern; several ``**`` in a row say what one does."""
    steps = _steps(pattern)
    return [step for place, step in enumerate(steps) if step != "**" or steps[place - 1 : place] != ["**"]]


def hides(pattern: str, path: str) -> bool:
    """Say whether a pattern of ``postmortem_audience_paths`` covers a path: itself, or a folder above it."""
    folded = _folded(path)
    return any(expression.fullmatch(folded) for expression in _expressions(pattern))


@lru_cache(maxsize=1024)
def _expressions(pattern: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(_expression, _readings(_folded(pattern))))


def sphinx_patterns(pattern: str) -> tuple[str, ...]:
    """Return what ``hides`` says as patterns of Sphinx, which know case, and match no folder's content."""
    found: list[str] = []
    for reading in _readings(pattern):
        for form in dict.fromkeys(unicodedata.normalize(name, reading) for name in ("NFC", "NFD", "NFKC")):
            written = "".join(_any_case(part) for part in _WILD.split(form))
            found += [written] if written.endswith("**") else [written, f"{written}/**"]
    return tuple(dict.fromkeys(found))


def near_paths(patterns: Iterable[str], paths: Iterable[str]) -> dict[str, str]:
    """Return, by pattern, a path or a folder above one that is nearly what the pattern names: one step is other.

    Steps that differ in digits alone are not near: years and numbers of incidents are many. The name of a page without
    its suffix is.
    """
    split = [tuple(_steps(path)) for path in paths]
    found: dict[str, str] = {}
    for pattern in patterns:
        wanted = [step for step in _steps(_folded(pattern)) if step != "**"]
        if not wanted or "**" in _steps(pattern)[:-1]:
            continue
        tests = [_expression(want) for want in wanted]
        for steps in sorted({path[: len(wanted)] for path in split if len(path) >= len(wanted)}):
            there = [_folded(step) for step in steps]
            others = [place for place, step in enumerate(there) if not tests[place].fullmatch(step)]
            if len(others) == 1 and _is_near_step(wanted[others[0]], there[others[0]]):
                found[pattern] = "/".join(steps)
                break
    return found


def _is_near_step(wanted: str, step: str) -> bool:
    if _WILD.search(wanted) or re.sub(r"\d", "", wanted) == re.sub(r"\d", "", step):
        return False
    bare = step.rpartition(".")[0] or step
    return wanted == bare or any(_is_alike(wanted, each) for each in (step, bare))


def _is_alike(one: str, other: str) -> bool:
    compared = SequenceMatcher(None, one, other)
    return compared.real_quick_ratio() >= _NEAR and compared.ratio() >= _NEAR


def _steps(path: str) -> list[str]:
    return [step for step in path.replace("\\", "/").split("/") if step not in ("", ".")]


def _readings(pattern: str) -> tuple[str, ...]:
    """Return a pattern without empty steps, and with each ``**/`` as some folders and as none."""
    steps = _across_folders(pattern)
    choices = [(step, "") if step == "**" and place < len(steps) - 1 else (step,) for place, step in enumerate(steps)]
    read = dict.fromkeys("/".join(filter(None, choice)) for choice in product(*choices[:64]))
    return tuple(read)


def _folded(text: str) -> str:
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _any_case(part: str) -> str:
    """Write a part of a pattern so that its case does not count."""
    if part.startswith("[") and part.endswith("]"):
        inner = part[1:-1]
        return part if inner.startswith("!") else f"[{inner}{inner.swapcase()}]"
    if _WILD.fullmatch(part):
        return part
    letters: list[str] = []
    for char in part:
        forms = sorted({form for form in (char, char.lower(), char.upper()) if len(form) == 1})
        letters.append(f"[{''.join(forms)}]" if len(forms) > 1 else char)
    return "".join(letters)


# Python warns of a set that begins with `[`: all but that sign. A backslash needs no second one in Sphinx's sets.
_LITERAL = {"*": "[*]", "?": "[?]", "[": "[!\x01-Z\\-\U0010ffff]"}


def literal_pattern(path: str) -> str:
    """Write a path as a pattern that matches only itself."""
    return "".join(_LITERAL.get(char, char) for char in path)
