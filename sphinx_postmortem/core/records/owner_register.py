"""The register of owners: a dict, or a TOML or CSV file below the source folder."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from sphinx_postmortem.core.records.model import Owner
from sphinx_postmortem.core.records.tables import column_key, parse_csv_table
from sphinx_postmortem.core.records.toml_lines import line_in_toml
from sphinx_postmortem.core.regular_files import read_regular_text

FIELDS = ("name", "team", "contact", "role")
_COLUMNS = ("id", *FIELDS)


class BadOwnersError(ValueError):
    """A register that cannot be used; the message names the place and says how to mend it."""


def read_owners(value: object, source: Path) -> tuple[Owner, ...]:
    """Return the owners of the setting ``postmortem_owners``, in their order.

    Args:
        value: a mapping of id to ``name``, ``team``, ``contact`` and ``role`` (or to the name alone), or a file's name.
        source: the source folder, below which the file lies.

    Raises:
        BadOwnersError: the value, the file, or an entry in it cannot be used.
    """
    if isinstance(value, Mapping):
        return _from_mapping(cast("Mapping[Any, object]", value), _in_conf)
    if not isinstance(value, str):
        raise BadOwnersError(
            f"postmortem_owners must be a dict, or the name of a TOML or CSV file, not {type(value).__name__}"
        )
    return read_owners_file(value, source) if value.strip() else ()


def read_owners_file(name: str, source: Path) -> tuple[Owner, ...]:
    """Return the owners of a file.

    Raises:
        BadOwnersError: it lies elsewhere, cannot be read, or an entry in it cannot be used.
    """
    path = (source / name).resolve()
    if not path.is_relative_to(source.resolve()):
        raise BadOwnersError(f"postmortem_owners: {name} lies outside the source folder; move it below")
    if path.suffix.lower() not in (".toml", ".csv"):
        raise BadOwnersError(f"postmortem_owners: {name} is neither a TOML nor a CSV file; name one of these")
    try:
        text = read_regular_text(path, "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadOwnersError(f"{name}: it is not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise BadOwnersError(f"postmortem_owners: {name} cannot be read ({error.strerror}); mend the path") from error
    return _from_csv(text, name) if path.suffix.lower() == ".csv" else _from_toml(text, name)


def as_mapping(owners: Iterable[Owner]) -> dict[str, dict[str, str]]:
    """Return owners as the plain values that ``postmortem_owners`` may hold."""
    return {owner.id: {name: getattr(owner, name) for name in FIELDS if getattr(owner, name)} for owner in owners}


def _in_conf(_owner: object, _field: object) -> str:
    return "postmortem_owners"


def _from_mapping(entries: Mapping[Any, object], place: Callable[[object, object], str]) -> tuple[Owner, ...]:
    """Read entries; ``place(id, field)`` says where one stands."""
    owners: dict[str, Owner] = {}
    for key, entry in entries.items():
        owner_id = str(key).strip()
        fields = {"name": entry} if isinstance(entry, str) else entry
        if not owner_id:
            raise BadOwnersError(f"{place(key, '')}: an owner has no id; give it one")
        if not isinstance(fields, Mapping):
            raise BadOwnersError(f'{place(key, "")}: "{owner_id}" must hold {", ".join(FIELDS)}, not {fields!r}')
        texts: dict[str, str] = {}
        for name, text in cast("Mapping[object, object]", fields).items():
            if name not in FIELDS:
                raise BadOwnersError(
                    f'{place(key, name)}: "{owner_id}" has no key "{name}"; known are {", ".join(FIELDS)}'
                )
            if not isinstance(text, str):
                raise BadOwnersError(f'{place(key, name)}: "{name}" of "{owner_id}" must be a text, not {text!r}')
            texts[str(name)] = " ".join(text.split())
        owner = Owner(owner_id, **texts)
        if owner.key in owners:
            raise BadOwnersError(f'{place(key, "")}: the id "{owner_id}" stands twice (case does not count); keep one')
        owners[owner.key] = owner
    return tuple(owners.values())


def _from_toml(text: str, name: str) -> tuple[Owner, ...]:
    try:
        entries = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadOwnersError(f"{name}: {error}; mend the TOML") from error

    def place(owner_id: object, field: object) -> str:
        line = line_in_toml(text, str(owner_id), str(field))
        return f"{name}, line {line}" if line else name

    return _from_mapping(entries, place)


def _from_csv(text: str, name: str) -> tuple[Owner, ...]:
    table = parse_csv_table(text)
    for problem in table.problems:
        raise BadOwnersError(f"{name}, line {problem.line}: {problem.message}")
    keys = [column_key(title) for title in table.header]
    for key, title in zip(keys, table.header, strict=True):
        if key not in _COLUMNS:
            raise BadOwnersError(f'{name}, line 1: there is no column "{title}"; known are {", ".join(_COLUMNS)}')
    if "id" not in keys:
        raise BadOwnersError(f'{name}, line 1: the column "id" is missing; write what authors write in Owner cells')
    owners: dict[str, Owner] = {}
    for row in table.rows:
        cells = dict(zip(keys, row.cells, strict=True))
        owner = Owner(cells["id"], **{field: cells.get(field, "") for field in FIELDS})
        if not owner.id:
            raise BadOwnersError(f"{name}, line {row.line}: an owner has no id; give it one")
        if owner.key in owners:
            raise BadOwnersError(f'{name}, line {row.line}: the id "{owner.id}" stands twice; keep one')
        owners[owner.key] = owner
    return tuple(owners.values())
