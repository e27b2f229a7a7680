"""The block ``veris`` of a page: rows of a field and its value, by the schema's own names.

A field is a path, such as ``action.hacking.variety``. A list of names has its values in one row, with semicolons
between them, or in several rows. An item of a list of objects (``asset.assets``) is its variety, and what else it has:
``S - Database; amount: 2``. A value in backticks is JSON, or a text as it is: so any record can be written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.veris.veris_schema import Node, node_at

_CODE = expression(r"(?P<fence>`{1,8})(?P<inner>.*)(?P=fence)\Z", re.DOTALL)
_NUMBER = expression(r"-?\d{1,300}(?:\.\d{1,300})?\Z", re.ASCII)  # what is longer is infinite, or none to Python
_DEEPEST = 40  # levels of a record: VERIS has seven


@dataclass(frozen=True)
class BlockRow:
    """One row: the path, the value as written, and its line."""

    path: str
    value: str
    line: int = 0


@dataclass(frozen=True)
class BlockFault:
    """What is wrong with a row."""

    line: int
    message: str


@dataclass(frozen=True)
class ReadBlock:
    """What rows say, as the part of a record, and which rows cannot be read."""

    record: dict[str, Any]
    faults: tuple[BlockFault, ...] = ()


def read_block(rows: Iterable[BlockRow]) -> ReadBlock:
    """Return what the rows of a block say. A value that is not as the schema wants is kept as it is written."""
    record: dict[str, Any] = {}
    faults: list[BlockFault] = []
    for row in rows:
        if not row.path:
            if row.value:
                faults.append(
                    BlockFault(row.line, f'"{row.value}" has no field; name it, as in action.hacking.variety')
                )
            continue
        names = row.path.split(".")
        if not all(name.strip() for name in names):
            message = f'"{row.path}" names no field between two dots; write it as in action.hacking.variety'
            faults.append(BlockFault(row.line, message))
            continue
        if len(names) > _DEEPEST:
            faults.append(BlockFault(row.line, f"a field has at most {_DEEPEST} names; this one has {len(names)}"))
            continue
        try:
            _put(record, names, _value(row), row)
        except ValueError as error:
            faults.append(BlockFault(row.line, str(error)))
    return ReadBlock(record, tuple(faults))


def is_name(path: str) -> bool:
    """Say whether the values of a field are names of the schema or numbers, and no texts of an author."""
    node = node_at(path)
    if node is None:
        return False
    items = cast("Node", node.get("items", {}))
    return (
        node.get("type") not in ("string", "array", "object")
        or "enum" in node
        or "enum" in items
        or ("enum" in items.get("properties", {}).get("variety", {}))
    )


def _value(row: BlockRow) -> Any:
    """Return the value of a row.

    Raises:
        ValueError: it cannot be read.
    """
    if (found := _CODE.match(row.value)) and "`" not in found["inner"]:
        try:
            value = json.loads(found["inner"])
            json.dumps(value, allow_nan=False)
        except (ValueError, RecursionError):  # JSON has no NaN and no number beyond all bounds
            return found["inner"]
        return value if _is_shallow(value, _DEEPEST) else found["inner"]
    node = node_at(row.path)
    if node is None:
        return row.value
    kind = node.get("type")
    if kind == "object":
        if row.value.strip("-–— ").casefold() in ("", "yes", "true"):
            return {}
        raise ValueError(f"{row.path} holds fields of its own; write them, as in {row.path}.{_first_member(node)}")
    if kind == "array":
        return _items(row.value, cast("Node", node.get("items", {})))
    return _plain(row.value, node)


def _is_shallow(value: Any, levels: int) -> bool:
    """Say whether a value holds no more than some levels of others: what reads it does so level by level."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    inner = cast("Iterable[Any]", members)
    return levels >= 0 and all(_is_shallow(each, levels - 1) for each in inner)


def _first_member(node: Node) -> str:
    return next(iter(node.get("properties", {})), "name")


def _items(text: str, node: Node) -> list[Any]:
    if node.get("type") == "object":
        return [_item(text, node)] if text else []
    return [_plain(part.strip(), node) for part in text.split(";") if part.strip()]


def _item(text: str, node: Node) -> dict[str, Any]:
    """Return an item of a list of objects: its first part without a name is the variety, or the indicator."""
    properties: Mapping[str, Node] = node.get("properties", {})
    main = next((name for name in ("variety", "indicator") if name in properties), next(iter(properties)))
    names = "|".join(map(re.escape, properties))
    parts = re.split(rf"(?:\A|;)\s*({names})\s*:\s*", text)
    found: dict[str, Any] = {main: _plain(parts[0].strip(), properties[main])} if parts[0].strip() else {}
    for name, value in zip(parts[1::2], parts[2::2], strict=True):
        found[name] = _plain(value.strip(), properties[name])
    return found


def _plain(text: str, node: Node) -> Any:
    kind = node.get("type")
    if kind in ("integer", "number") and _NUMBER.match(text):
        return float(text) if "." in text else int(text)
    if kind == "boolean" and text.casefold() in ("true", "yes", "false", "no"):
        return text.casefold() in ("true", "yes")
    return text


def _put(record: dict[str, Any], names: Sequence[str], value: Any, row: BlockRow) -> None:
    """Put a value into a record; a list goes on, and nothing else may be stated twice.

    Raises:
        ValueError: the place holds another value.
    """
    at = record
    for name in names[:-1]:
        inner = at.setdefault(name, {})
        if not _is_object(inner):
            raise ValueError(f"{row.path}: {name} has a value of its own already; leave one of them")
        at = cast("dict[str, Any]", inner)
    name = names[-1]
    before = at.get(name)
    if isinstance(before, list) and isinstance(value, list):
        at[name] = [*before, *value]
    elif isinstance(before, dict) and value == {}:
        return
    elif name in at:
        raise ValueError(f"{row.path} is stated twice; leave one of them")
    else:
        at[name] = value


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


# --- writing


def block_rows(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the rows that say what a record says: ``read_block`` gives the same record."""
    rows: list[tuple[str, str]] = []
    for name, value in record.items():
        rows += _rows(name, value)
    return rows


def block_text(rows: Iterable[tuple[str, str]]) -> str:
    """Return the block of some rows, as Markdown."""
    table = ["| Field | Value |", "|---|---|", *(f"| {path} | {value} |" for path, value in rows)]
    return "\n".join([":::{veris}", *table, "", ":::", ""])


def _rows(path: str, value: Any) -> list[tuple[str, str]]:
    node = node_at(path)
    if isinstance(value, dict) and value and (node is None or node.get("type") == "object"):
        members = cast("dict[str, Any]", value)
        if all(re.fullmatch(r"[\w-]+(?: [\w-]+)*", name) for name in members):
            return [row for name, member in members.items() for row in _rows(f"{path}.{name}", member)]
    if isinstance(value, list) and node is not None and node.get("type") == "array":
        return _rows_of_list(path, value, node)
    written = _written(value)
    return [(path, written if _reads_as(path, written, value) else _as_json(value))]


def _rows_of_list(path: str, items: list[Any], node: Node) -> list[tuple[str, str]]:
    if cast("Node", node.get("items", {})).get("type") == "object":
        written = [_written_item(item) for item in items]
        whole = all(_reads_as(path, text, [item]) for text, item in zip(written, items, strict=True))
        return [(path, text) for text in written] if items and whole else [(path, _as_json(items))]
    text = "; ".join(map(_written, items))
    return [(path, text if _reads_as(path, text, items) else _as_json(items))]


def _written_item(item: Any) -> str:
    if not isinstance(item, dict):
        return ""
    members = cast("dict[str, Any]", item)
    main = next((name for name in ("variety", "indicator") if name in members), "")
    parts = [_written(members[main])] if main else []
    return "; ".join([*parts, *(f"{name}: {_written(value)}" for name, value in members.items() if name != main)])


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else ""


def _reads_as(path: str, text: str, value: Any) -> bool:
    """Say whether a cell with this text is read as the value, of the same types, and is plain for every formatter."""
    # Names of audiences alone in a cell look like markings; the characters may be markup in a Markdown table.
    if not text or text != text.strip() or re.search(r"[|`\\\x00-\x1f\x7f-\x9f\u2028\u2029<>*_~\[\]{}]|  ", text):
        return False
    try:
        read = _value(BlockRow(path, text))
    except ValueError:
        return False
    parts = {part.strip().casefold() for part in text.split(";")}
    return _as_json(read) == _as_json(value) and not parts & _LIKE_MARKINGS


_LIKE_MARKINGS = frozenset(["internal", "leadership", "public", "external", "audience", "partner", "customer", "none"])


def _as_json(value: Any) -> str:
    """Return a value as JSON in backticks, without a character that a table or Markdown could take for its own."""
    text = json.dumps(value)
    if isinstance(value, str) and value.strip().casefold() in _LIKE_MARKINGS:
        text = f'"\\u{ord(value[0]):04x}{text[2:]}'
    for character in "|`":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"`{text}`"
