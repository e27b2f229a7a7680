"""Compares what a command has printed with the fields that are declared and documented."""

from __future__ import annotations

from typing import Any, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

from sphinx_postmortem.core.exports.command_json import COMMAND_JSON


def assert_documented(data: Any, command: str) -> None:
    """Fail unless the data have the fields that the reference shows for a command, of their types, and no others."""
    assert_shape(data, COMMAND_JSON[command])


def assert_shape(data: Any, kind: Any) -> None:
    if get_origin(kind) is list:
        assert isinstance(data, list)
        for item in data:
            assert_shape(item, get_args(kind)[0])
    elif is_typeddict(kind):
        hints = get_type_hints(kind, include_extras=True)
        required = {name for name, hint in hints.items() if get_origin(hint) is not NotRequired}
        assert required <= set(data) <= set(hints)
        plain = get_type_hints(kind)
        for name, value in data.items():
            assert_shape(value, plain[name])
    else:
        assert type(data) is kind
