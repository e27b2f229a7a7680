"""Reads values out of JSON that others wrote: any of them may be missing, null, or of another type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

_EMPTY: Mapping[str, Any] = {}


def mapping_of(value: object) -> Mapping[str, Any]:
    """Return a value if it is an object, else an empty one."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else _EMPTY


def child(value: object, *path: str) -> Mapping[str, Any]:
    """Return the object that stands below a value at a path of keys, else an empty one."""
    for key in path:
        value = mapping_of(value).get(key)
    return mapping_of(value)


def list_of(value: object) -> Sequence[Any]:
    """Return a value if it is a list, else an empty one."""
    return cast("Sequence[Any]", value) if isinstance(value, list) else ()


def items_of(value: object, *path: str) -> Sequence[Any]:
    """Return the list that stands below a value at a path of keys, else an empty one."""
    for key in path:
        value = mapping_of(value).get(key)
    return list_of(value)


def text_of(value: object, *path: str) -> str:
    """Return the text that stands below a value at a path of keys; numbers as text, anything else as an empty one."""
    for key in path:
        value = mapping_of(value).get(key)
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float):
        return format(value, "f").rstrip("0").rstrip(".")
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else ""


def first_text(value: object, *keys: str) -> str:
    """Return the first text that stands below a value at one of some keys."""
    return next((text for key in keys if (text := text_of(value, key))), "")
