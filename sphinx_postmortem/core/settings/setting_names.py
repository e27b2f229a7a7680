"""Which names of settings exist: a name that is nearly one of ours is an error, never a setting that does nothing."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from difflib import get_close_matches
from inspect import isclass, ismodule, isroutine

from sphinx_postmortem.core.settings.all_settings import OPTIONS
from sphinx_postmortem.core.settings.values import SettingError

PREFIX = "postmortem_"
PREVIEW_FOLDER = "SPHINX_POSTMORTEM_PREVIEW"
"""The variable of the environment in which ``serve`` names its own folder: builds into it show what checks say."""
SETTING_NAMES = tuple(PREFIX + option.name for option in OPTIONS)

_BY_LETTERS = {re.sub(r"[\W_]", "", name): name for name in SETTING_NAMES}
_BARE = {re.sub(r"[\W_]", "", option.name): PREFIX + option.name for option in OPTIONS}
FORMER_NAMES = {PREFIX + former: PREFIX + option.name for option in OPTIONS for former in option.formerly}
_REAL_NAMES = frozenset([*SETTING_NAMES, *FORMER_NAMES])
_PATHS = PREFIX + "audience_paths"
_NEAR = 0.88  # `postmortem` alone is a third of most names


def refuse_unknown_names(
    namespace: Mapping[str, object], overrides: Iterable[str], known: Container[str] | None = None
) -> None:
    """Refuse names that look like settings of ours and are none.

    Args:
        namespace: the names that ``conf.py`` has set, with their values. Modules, functions, classes and names that
            begin with an underscore are none of our business.
        overrides: the names that ``-D`` has set.
        known: every setting that exists, those of other extensions too. None where that is not known: then only
            names that are nearly one of ours are refused.

    Raises:
        SettingError: there are such names; the message says what each should be.
    """
    unknown = {name: value for name, value in namespace.items() if name not in (known or ())}  # comparing is slow
    found = dict(_strange_names(unknown, namespace, only_near=known is None))
    found |= dict(_strange_overrides(name for name in overrides if name not in (known or ())))
    told = [_sentence(name, near) for name, near in sorted(found.items())]
    if told:
        raise SettingError("; ".join(told))


def _sentence(name: str, near: str) -> str:
    mend = f'write "{near}"' if near else "take it out, or see the reference of settings"
    return f'there is no setting "{name}"; {mend}'


def _strange_names(
    unknown: Mapping[str, object], namespace: Mapping[str, object], *, only_near: bool
) -> Iterator[tuple[str, str]]:
    """Yield the unknown names that look like settings, each with the nearest setting or an empty text."""
    for name, value in unknown.items():
        if name in _REAL_NAMES or name.startswith("_") or ismodule(value) or isroutine(value) or isclass(value):
            continue
        near = nearest(name)
        is_prefixed = name.startswith(PREFIX) and (near or not only_near)
        if is_prefixed or (near and not _is_source_of(value, near, namespace)):
            yield name, near
        elif _letters(name) == "audiencepaths" and isinstance(value, Mapping) and _PATHS not in namespace:
            yield name, _PATHS


def _strange_overrides(overrides: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in overrides:
        letters = _letters(name)
        near = nearest(name) or _BARE.get(letters, "")
        if name not in _REAL_NAMES and (near or letters.startswith("postmortem") or "audience" in letters):
            yield name, near or next(iter(_nearest(letters, _BARE)), "")


def nearest(name: str) -> str:
    """Return the setting that a name resembles, whatever its case and its joiners; empty where it resembles none."""
    letters = _letters(name)
    cutoff = 0.75 if letters.startswith("postmortem") else _NEAR
    return next(iter(_nearest(letters, _BY_LETTERS, cutoff)), "")


def _nearest(letters: str, names: Mapping[str, str], cutoff: float = 0.6) -> list[str]:
    return [names[found] for found in get_close_matches(letters, names, n=1, cutoff=cutoff)]


def _letters(name: str) -> str:
    letters = re.sub(r"[\W_]", "", name).casefold()
    return re.sub(r"^postmortems(?=.)", "postmortem", letters)


def _is_source_of(value: object, near: str, namespace: Mapping[str, object]) -> bool:
    """Say whether a variable such as ``POSTMORTEM_AUDIENCES`` holds what the setting itself is given."""
    return near in namespace and namespace[near] == value
