"""The schema of VERIS: what stands at a path, what is wrong with a value, and what of it is right.

Only the words of JSON Schema (draft 4) are known that the schema uses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

VERSION = "1.4.1"
SCHEMA_FILE = Path(__file__).with_name("verisc-merged.json")
_LONGEST_SHOWN = 80  # letters of a wrong value
NOTHING = object()
"""What is left of a value of which nothing is right."""

Node = Mapping[str, Any]
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
_NAMES = {"object": "an object", "array": "a list", "string": "a text", "integer": "a whole number"}


class SchemaFault(NamedTuple):
    """What is wrong at a path (names with dots between them), and whether something is missing there."""

    path: str
    message: str
    is_missing: bool = False


@cache
def schema() -> Node:
    """Return the schema of whole records."""
    return cast("Node", json.loads(SCHEMA_FILE.read_text("utf-8")))


@cache
def node_at(path: str) -> Node | None:
    """Return the part of the schema for a path such as ``action.hacking.variety``; None where it has none."""
    node = schema()
    for name in path.split("."):
        properties: Mapping[str, Node] = node.get("properties", {})
        if name not in properties:
            return None
        node = properties[name]
    return node


@cache
def values_below(place: str) -> tuple[str, ...]:
    """Return what the schema lists at a place such as ``action.*.variety``, where ``*`` is any name.

    Of an object these are the names of its members; of a list and of a text the values that it allows.
    """
    nodes: list[Node] = [schema()]
    for name in place.split("."):
        nodes = [cast("Node", node["items"]) if node.get("type") == "array" else node for node in nodes]
        members = [cast("Mapping[str, Node]", node.get("properties", {})) for node in nodes]
        nodes = [node for each in members for key, node in each.items() if name in ("*", key)]
    found: dict[str, None] = {}
    for node in nodes:
        inner = cast("Node", node.get("items", {}) if node.get("type") == "array" else node)
        found |= dict.fromkeys([*map(str, inner.get("enum", ())), *inner.get("properties", {})])
    return tuple(found)


def is_open(node: Node) -> bool:
    """Say whether an object may have members that the schema does not name."""
    return bool(node.get("type") == "object" and node.get("additionalProperties") is not False)


def unknown_name(path: str) -> str:
    """Return what is wrong with a path that the schema lacks, with the nearest that it has."""
    names = path.split(".")
    for index, name in enumerate(names):
        above = node_at(".".join(names[:index])) if index else schema()
        known = list((above or {}).get("properties", {}))
        if name not in known:
            near = _nearest(name, known)
            begin = ".".join(names[:index])
            hint = f'did you mean "{begin}.{near}"?'.replace('".', '"') if near else f"known are {', '.join(known)}"
            return f'VERIS {VERSION} has no "{".".join(names[: index + 1])}"; {hint}'
    return f'VERIS {VERSION} has no "{path}"'


def unknown_value(path: str, value: object, allowed: list[Any]) -> str:
    """Return what is wrong with a value that the schema does not list, with the nearest that it does."""
    known = [str(each) for each in allowed if each is not None]
    near = _nearest(str(value), known)
    some = ", ".join(f'"{each}"' for each in known[:12])
    hint = f'did you mean "{near}"?' if near else f"write one of {some}{', …' if len(known) > 12 else ''}"
    return f'"{value}" is no value of {path} in VERIS {VERSION}; {hint}'


def _nearest(name: str, known: list[str]) -> str:
    folded = {each.casefold(): each for each in reversed(known)}
    near = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[near[0]] if near else ""


def faults_of(value: Any, node: Node, path: str = "") -> Iterator[SchemaFault]:
    """Yield what is wrong with a value, in the order in which it stands."""
    if message := _wrong(value, node, path):
        yield SchemaFault(path, message)
    elif isinstance(value, dict):
        members, known = cast("dict[str, Any]", value), cast("Mapping[str, Node]", node.get("properties", {}))
        begin = f"{path}." if path else ""
        for name in node.get("required", ()):
            if name not in members:
                yield SchemaFault(begin + name, f"{path or 'the record'} needs {begin}{name}", is_missing=True)
        for name, member in members.items():
            if name in known:
                yield from faults_of(member, known[name], begin + name)
            elif not is_open(node):
                yield SchemaFault(begin + name, unknown_name(begin + name))
    elif isinstance(value, list):
        for item in value:
            yield from faults_of(item, node.get("items", {}), path)


def _shown(value: object) -> str:
    """Return a value as a message shows it: no more than a line of it."""
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _wrong(value: Any, node: Node, path: str) -> str:
    """Return what is wrong with a value itself, whatever is in it."""
    kind = str(node.get("type", ""))
    is_flag = isinstance(value, bool)
    if kind and (not isinstance(value, _TYPES[kind]) or (is_flag and kind != "boolean")):
        return f"{path} is {_shown(value)}; write {_NAMES.get(kind, f'a {kind}')}"
    if "enum" in node and value not in node["enum"]:
        return unknown_value(path, value, node["enum"])
    if isinstance(value, str):
        if not node.get("minLength", 0) <= len(value) <= node.get("maxLength", len(value)):
            return (
                f"{path} is {_shown(value)}; its length is {node.get('minLength', 0)} to {node.get('maxLength', 'any')}"
            )
        if "pattern" in node and not re.search(node["pattern"], value):
            return f"{path} is {_shown(value)}, which is not of its form ({node['pattern']})"
    elif isinstance(value, int | float) and not is_flag:
        if not node.get("minimum", value) <= value <= node.get("maximum", value):
            return f"{path} is {value}; write {node.get('minimum')} to {node.get('maximum')}"
    elif isinstance(value, dict | list):
        return _wrong_size(cast("dict[str, Any] | list[Any]", value), node, path)
    return ""


def _wrong_size(value: dict[str, Any] | list[Any], node: Node, path: str) -> str:
    if len(value) < node.get("minProperties" if isinstance(value, dict) else "minItems", 0):
        return f"{path or 'the record'} holds nothing"
    if isinstance(value, list) and node.get("uniqueItems"):
        texts = [json.dumps(item, sort_keys=True) for item in value]
        twice = next((text for text in texts if texts.count(text) > 1), "")
        return f"{path} holds {twice} twice; leave one of them" if twice else ""
    return ""


def right_part(value: Any, node: Node) -> Any:
    """Return what of a value the schema allows: members and items that are wrong are left out.

    What an object needs and lacks is ``Unknown``, where the schema knows that value. ``NOTHING`` where none is right.
    """
    if isinstance(value, dict) and node.get("type", "object") == "object":
        known = cast("Mapping[str, Node]", node.get("properties", {}))
        members = {
            name: kept
            for name, member in cast("dict[str, Any]", value).items()
            if name in known or is_open(node)
            if (kept := right_part(member, known.get(name, {}))) is not NOTHING
        }
        for name in node.get("required", ()):
            if name not in members and (unknown := _unknown(known[name])) is not NOTHING:
                members[name] = unknown
        is_whole = all(name in members for name in node.get("required", ()))
        return members if is_whole and not _wrong(members, node, "") else NOTHING
    if isinstance(value, list) and node.get("type", "array") == "array":
        items = [kept for item in value if (kept := right_part(item, node.get("items", {}))) is not NOTHING]
        if node.get("uniqueItems"):
            items = list({json.dumps(item, sort_keys=True): item for item in items}.values())
        return NOTHING if _wrong(items, node, "") else items
    return NOTHING if _wrong(value, node, "") else value


def _unknown(node: Node) -> Any:
    """Return the value for what is not known; ``NOTHING`` where the schema has none."""
    if "Unknown" in node.get("enum", ()):
        return "Unknown"
    if "Unknown" in node.get("items", {}).get("enum", ()):
        return ["Unknown"]
    return NOTHING
