"""Private names of MyST-Parser, read in 5.2.0: what our directives ask of it when they stand in a Markdown page."""

from __future__ import annotations

from typing import Protocol, cast

from myst_parser.mocking import MockState


class _Renderer(Protocol):
    """The part of MyST's renderer that parsing in place needs."""

    _heading_offset: int

    def nested_render_text(self, text: str, lineno: int, *, heading_offset: int) -> None: ...


class _MarkdownState(Protocol):
    _renderer: _Renderer


def is_markdown(state: object) -> bool:
    """Say whether a directive's state is that of a Markdown page."""
    return isinstance(state, MockState)


def render_in_place(state: object, text: str, line: int) -> None:
    """Parse Markdown into the place where the directive stands, headings and labels included.

    Args:
        state: the directive's state.
        text: the Markdown.
        line: the 0-based line of its first line in the file.
    """
    renderer = cast("_MarkdownState", state)._renderer
    renderer.nested_render_text(text, line, heading_offset=renderer._heading_offset)
