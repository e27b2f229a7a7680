"""What becomes of each field of a record, declared beside the field.

References, names, exports and rebuilds all work from these declarations, so that a new field needs no second list. A
field without a declaration is treated as an author's text that may hide something: references and names in it are
replaced, it is in no export, and every list is written again when it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any, ClassVar, Protocol, TypeVar, get_args, get_type_hints

from sphinx_postmortem.core.dataclass_on_demand import dataclass


class AnyRecord(Protocol):
    """An instance of some dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


Record = TypeVar("Record", bound=AnyRecord)

TEXT, PLAIN, OWNERS = "text", "plain", "owners"
RECORDS, SUMMARIES = "records", "summaries"
_USE = "postmortem"


@dataclass(frozen=True)
class Use:
    """What becomes of a field.

    ``content`` is ``TEXT`` (an author's text: references and names in it are replaced), ``OWNERS`` (names of owners,
    for which editions without names show roles) or ``PLAIN`` (neither). ``exported`` is the field's name in
    ``postmortems.json``; without one it is not exported. ``parts`` are the names of both texts of a pair; the first
    is a key and stays as it is. ``listed`` says which lists show it: all (``RECORDS``), or only those that show texts
    of incidents (``SUMMARIES``). ``added`` says that the field came after the first release of today's version of
    ``postmortems.json``, so that files of that version may lack it.
    """

    content: str = TEXT
    exported: str = ""
    parts: tuple[str, str] | None = None
    listed: str = RECORDS
    added: bool = False


def use(
    content: str = TEXT,
    *,
    exported: str = "",
    parts: tuple[str, str] | None = None,
    listed: str = RECORDS,
    added: bool = False,
) -> Mapping[str, Use]:
    """Return the metadata of a dataclass field, as ``field(metadata=use(...))``; see ``Use``."""
    return {_USE: Use(content, exported, parts, listed, added)}


@cache
def uses_of(record: type[AnyRecord]) -> Mapping[str, Use]:
    """Return what becomes of each field of a record class."""
    return {each.name: each.metadata.get(_USE, Use()) for each in fields(record)}


def added_fields(record: type[AnyRecord]) -> tuple[str, ...]:
    """Return the exported names of the fields that files of today's version of ``postmortems.json`` may lack."""
    return tuple(each.exported for each in uses_of(record).values() if each.added)


def rewrite_texts(
    record: Record, rewrite: Callable[[str], str], rewrite_owner: Callable[[str], str] | None = None
) -> Record:
    """Return a record with all its texts rewritten, those of records within it too.

    Args:
        record: a dataclass.
        rewrite: returns what stands in place of a text.
        rewrite_owner: returns what stands in place of an owner; without it owners stay.
    """
    changed: dict[str, Any] = {}
    for name, each in uses_of(type(record)).items():
        value = getattr(record, name)
        if each.content == TEXT:
            new = _rewritten(value, rewrite, rewrite_owner, has_key=each.parts is not None)
        elif each.content == OWNERS and rewrite_owner is not None:
            new = tuple(dict.fromkeys(map(rewrite_owner, value)))
        else:
            continue
        if new != value:
            changed[name] = new
    return replace(record, **changed) if changed else record


def _rewritten(
    value: Any, rewrite: Callable[[str], str], rewrite_owner: Callable[[str], str] | None, *, has_key: bool = False
) -> Any:
    if isinstance(value, str):
        return rewrite(value) if value else value
    if isinstance(value, tuple | list | frozenset | set):
        if has_key:
            return tuple((key, rewrite(text)) for key, text in value)
        return type(value)(_rewritten(each, rewrite, rewrite_owner) for each in value)
    if isinstance(value, Mapping):
        return {key: _rewritten(each, rewrite, rewrite_owner) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return rewrite_texts(value, rewrite, rewrite_owner)
    return value


def texts_of(record: AnyRecord) -> Iterator[str]:
    """Yield all texts of a record that hold something, those of records within it too."""
    for name in _text_fields(type(record)):
        value = getattr(record, name)
        if value:  # most are empty: every build looks through all records
            yield from (value,) if isinstance(value, str) else _texts(value)


@cache
def _text_fields(record: type[AnyRecord]) -> tuple[str, ...]:
    return tuple(name for name, each in uses_of(record).items() if each.content == TEXT)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list | frozenset | set):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from texts_of(value)


def without(record: Record, listed: str) -> Record:
    """Return a record as lists show it that show no fields which are ``listed`` so: these fields hold nothing."""
    uses = uses_of(type(record))
    return replace(record, **{each.name: _default(each) for each in fields(record) if uses[each.name].listed == listed})


def _default(declared: Field[Any]) -> Any:
    return declared.default if declared.default_factory is MISSING else declared.default_factory()


def exported_fields(record: AnyRecord) -> dict[str, Any]:
    """Return the exported fields of a record as plain JSON values, by their name in ``postmortems.json``."""
    exported: dict[str, Any] = {}
    for name, each in uses_of(type(record)).items():
        if each.exported:
            exported[each.exported] = _json_value(getattr(record, name), each)
    return exported


def _json_value(value: Any, each: Use) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [dict(zip(each.parts, pair, strict=True)) for pair in value] if each.parts else list(map(_item, value))
    return value


def _item(value: Any) -> Any:
    return exported_fields(value) if is_dataclass(value) and not isinstance(value, type) else value


def from_exported(kind: type[Record], data: Mapping[str, Any], **given: Any) -> Record:
    """Return the record whose exported fields are ``data``; ``given`` are the fields that an export holds otherwise.

    A field that the data lack has its default.
    """
    hints = _type_hints(kind)
    values = {
        name: _record_value(data[each.exported], each, hints[name])
        for name, each in uses_of(kind).items()
        if each.exported and each.exported in data and name not in given
    }
    return kind(**values, **given)


@cache
def _type_hints(kind: type[AnyRecord]) -> dict[str, Any]:
    return get_type_hints(kind)


def _record_value(value: Any, each: Use, hint: Any) -> Any:
    if isinstance(value, list):
        if each.parts:
            return tuple(tuple(pair[part] for part in each.parts) for pair in value)
        record = next((kind for kind in get_args(hint) if isinstance(kind, type) and is_dataclass(kind)), None)
        return tuple(from_exported(record, item) for item in value) if record else tuple(value)
    if isinstance(value, str) and hint == date | None:
        return date.fromisoformat(value)
    return value
