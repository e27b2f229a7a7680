"""Private names of MyST-Parser, read in 5.2.0: what our directives ask of it when they stand in a Markdown page.

No name of MyST is imported here: a site in reStructuredText alone does not pay for loading it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, cast

from sphinx.config import Config

from sphinx_postmortem.core.audience.kept_texts import Fence

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


class _Renderer(Protocol):
    """The part of MyST's renderer that parsing in place needs."""

    _heading_offset: int
    md: MarkdownIt

    def nested_render_text(self, text: str, lineno: int, *, heading_offset: int) -> None: ...


class _MarkdownState(Protocol):
    _renderer: _Renderer


def is_markdown(state: object) -> bool:
    """Say whether a directive's state is that of a Markdown page: MyST has made it, and is loaded then."""
    mocking = sys.modules.get("myst_parser.mocking")
    return mocking is not None and isinstance(state, mocking.MockState)


def render_in_place(state: object, text: str, line: int) -> None:
    """Parse Markdown into the place where the directive stands, headings and labels included.

    Args:
        state: the directive's state.
        text: the Markdown.
        line: the 0-based line of its first line in the file.
    """
    renderer = cast("_MarkdownState", state)._renderer
    renderer.nested_render_text(text, line, heading_offset=renderer._heading_offset)


def make_settings_once() -> None:
    """Have MyST, where it is loaded, make the default settings of docutils once, and not for each page.

    It makes a document for each page, which it throws away since Sphinx gives it one: the making is the default value
    of an argument. The settings of the documents that it makes for ``eval-rst`` are replaced at once.
    """
    base = sys.modules.get("myst_parser.mdit_to_docutils.base")
    if base is not None and not hasattr(base.get_default_settings, "cache_info"):
        vars(base)["get_default_settings"] = lru_cache(maxsize=1)(base.get_default_settings)


def fences_of(state: object, text: str) -> Iterator[Fence]:
    """Yield the fences of a Markdown text as the parser of the page finds them, those in lists and quotes too."""
    for token in cast("_MarkdownState", state)._renderer.md.parse(text, {}):
        if token.type in ("fence", "colon_fence") and token.map:
            yield Fence(token.map[0], token.map[1], token.info, token.content)


def markdown_syntax(config: Config) -> frozenset[str]:
    """Return the site's ``myst_enable_extensions``; MyST need not be loaded."""
    return frozenset(map(str, getattr(config, "myst_enable_extensions", ())))


def substitutions(config: Config) -> dict[str, object]:
    """Return the site's ``myst_substitutions``; MyST need not be loaded."""
    return dict(getattr(config, "myst_substitutions", {}))


def forget_lines_of_headings(metadata: dict[str, Any]) -> None:
    """Take the lines of headings from a page's metadata, which MyST notes there and never reads.

    The builders of JSON and of pickles write them, and the line of a visible heading tells how long hidden text is.
    """
    if slugs := metadata.get("myst_slugs"):
        metadata["myst_slugs"] = {name: (None, *rest) for name, (_, *rest) in slugs.items()}
