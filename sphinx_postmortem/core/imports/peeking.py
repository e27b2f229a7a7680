"""Looks into JSON: what the first bytes of a file hold, and the items within it, wherever the export has put them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.draft import SourceError
from sphinx_postmortem.core.imports.files import BadLine, Source
from sphinx_postmortem.core.imports.json_values import child, items_of, list_of, mapping_of, text_of

_SPACE = expression(r"\s*")
_DECODER = json.JSONDecoder()
_MOST_LOOKED_AT = 20


@dataclass(frozen=True)
class Item:
    """An item of an export: its place for messages, its value, and the stream that a data pipeline gave it to."""

    place: str
    value: Any
    stream: str = ""


def peek(source: Source) -> Any:
    """Return what the first bytes of a JSON file hold: the document, as far as it goes; None where it is no JSON."""
    if source.is_zip:
        return None
    text = source.head.decode("utf-8-sig", "ignore")
    try:
        return _value(text, _skip(text, 0))[0]
    except RecursionError:
        return None


def first_items(source: Source, *containers: str) -> Sequence[Any]:
    """Return the first items of a JSON file: of its list, of a list below one of ``containers``, or of its lines."""
    if is_json_lines(source):
        lines = source.head.decode("utf-8-sig", "ignore").splitlines()
        return [_unwrapped(_whole(line)) for line in lines if line.strip()]
    found = peek(source)
    if isinstance(found, list):
        return list_of(found)[:_MOST_LOOKED_AT]
    for name in containers:
        if items := items_of(found, name):
            return items[:_MOST_LOOKED_AT]
        if below := _enveloped(found, name):
            return [below]
    return [found]


def items_in(source: Source, *containers: str) -> Iterator[Item]:
    """Yield the items of a JSON file one by one, in its order, with their places.

    They stand in the list at the top, in a list below one of ``containers``, alone at the top or below one of
    ``containers``, or each on a line (JSON Lines). Records of an Airbyte pipeline are unwrapped.

    Raises:
        SourceError: the file is no JSON, or breaks off.
    """
    top = peek(source)
    if is_json_lines(source):
        yield from _of_lines(source)
        return
    if isinstance(top, list):
        yield from _numbered(source, "item", "item")
        return
    name = next((name for name in containers if isinstance(mapping_of(top).get(name), list)), "")
    if name:
        yield from _numbered(source, f"{name}.item", name)
        return
    whole = source.json()
    below = next((found for name in containers if (found := _enveloped(whole, name))), whole)
    yield Item(source.name, below)


def _enveloped(document: object, name: str) -> Mapping[str, Any]:
    """Return the object that a document holds below a name, where the document is but its envelope."""
    keys = mapping_of(document)
    is_envelope = len(keys) == 1 or (name == "data" and "id" not in keys)
    return child(document, name) if is_envelope else {}


def is_json_lines(source: Source) -> bool:
    """Say whether a file is JSON Lines: its first line is a whole object, and another one follows."""
    if source.is_zip or not source.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return False
    lines = [line for line in source.head.decode("utf-8-sig", "ignore").splitlines() if line.strip()]
    first = mapping_of(_whole(lines[0]))
    return bool(first) and (len(lines) > 1 or "record" in first)


def no_json(item: Item) -> str:
    """Return the text of a line that is no JSON; empty for others."""
    return item.value.text if isinstance(item.value, BadLine) else ""


def _of_lines(source: Source) -> Iterator[Item]:
    for number, value in source.json_lines():
        record = child(value, "record")
        if record and "data" in record:
            yield Item(f"{source.name}:{number}", record["data"], text_of(record, "stream"))
        else:
            yield Item(f"{source.name}:{number}", value)


def _numbered(source: Source, prefix: str, name: str) -> Iterator[Item]:
    for number, value in enumerate(source.json_items(prefix), start=1):
        yield Item(f"{source.name}: {name} {number}", value)


def _whole(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _unwrapped(value: Any) -> Any:
    record = child(value, "record")
    return record["data"] if record and "data" in record else value


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _value(text: str, position: int) -> tuple[Any, int]:
    """Return the value at a position and where it ends; one that is cut off has what stands before the cut."""
    try:
        return _DECODER.raw_decode(text, position)
    except ValueError:
        pass
    if text.startswith("{", position):
        return _cut_object(text, position + 1), len(text)
    if text.startswith("[", position):
        return _cut_list(text, position + 1), len(text)
    return None, len(text)


def _cut_list(text: str, position: int) -> list[Any]:
    found: list[Any] = []
    while (position := _skip(text, position)) < len(text) and text[position] != "]":
        value, position = _value(text, position)
        found.append(value)
        position = _skip(text, position)
        position += text.startswith(",", position)
    return found


def _cut_object(text: str, position: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while (position := _skip(text, position)) < len(text) and text[position] == '"':
        key, position = _value(text, position)
        position = _skip(text, position)
        if not isinstance(key, str) or not text.startswith(":", position):
            break
        found[key], position = _value(text, _skip(text, position + 1))
        position = _skip(text, position)
        position += text.startswith(",", position)
    return found


def refuse_empty(source: Source, what: str) -> SourceError:
    """Return the error of a file that holds nothing that can be imported."""
    return SourceError(f"{source.name}: it holds no {what}; see the page of this source for what to export")
