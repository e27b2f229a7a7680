"""Directives of other extensions, which may keep the text that they are given and publish it.

In a filtered edition such a directive is given its text without what the edition hides. Where it has exactly that text
parsed, the text as written is parsed in its place, so that the gate reads each marking where it stands.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from docutils.nodes import Element, Node
from docutils.parsers.rst import Directive
from docutils.parsers.rst.states import RSTState
from docutils.statemachine import StringList
from docutils.utils import Reporter
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.audience.kept_texts import HiddenPartError, mentions_marking, without_hidden
from sphinx_postmortem.sphinx_ext.audience.file_directives import guard_files, refuse_marked_part, refuse_special
from sphinx_postmortem.sphinx_ext.audience.known_packages import keeps_text
from sphinx_postmortem.sphinx_ext.audience.page_accounting import note_cut
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.upstream.myst import fences_of, is_markdown

if TYPE_CHECKING:
    from myst_parser.mocking import MockIncludeDirective


class VisibleText(StringList):
    """The text of a directive as the edition may see it, and the text as written."""

    as_written: StringList


def visible_text(directive: Directive, content: StringList) -> StringList:
    """Return what a directive may be given of its text.

    Raises:
        ExtensionError: a marking in it cannot be cut out; nothing may be published.
    """
    env: BuildEnvironment | None = getattr(directive.state.document.settings, "env", None)
    if env is None or not content or not keeps_text(type(directive)) or not mentions_marking("\n".join(content)):
        return content
    settings = domain_of(env).settings
    if not settings.edition.is_filtered:
        return content
    fences = partial(fences_of, directive.state) if is_markdown(directive.state) else None
    try:
        kept, cuts = without_hidden(list(content), settings.edition, settings.redaction_notice, fences)
    except HiddenPartError as error:
        raise ExtensionError(
            f"{directive.state.document['source']}:{directive.lineno + error.line + 1}: the directive "
            f'"{directive.name}" of another extension may keep this marked text and publish it. Nothing was '
            "published; put the marked part outside that directive, or the whole directive into a marked block."
        ) from error
    if not cuts:
        return content
    path, _ = directive.state_machine.get_source_and_line(directive.lineno)
    for cut in cuts:
        note_cut(env, path or "", _line_of(directive, content, cut.start), cut.name, list(content)[cut.start : cut.end])
    visible = VisibleText(kept, content.source(0))
    visible.as_written = content
    return visible


def _line_of(directive: Directive, content: StringList, index: int) -> int:
    """Return the line in the file of a line of a directive's text; both count from 1."""
    if is_markdown(directive.state):
        return int(directive.lineno + directive.content_offset + index + 1)
    return int(content.offset(index)) + 1


_originals: list[tuple[type, str, Callable[..., Any]]] = []


def guard_directives(app: Sphinx) -> None:
    """Handle ``builder-inited``: look at the text of each directive of other extensions in a filtered edition.

    All directives are made by ``Directive.__init__``, in either syntax, whoever has looked up their class. MyST is
    loaded for a filtered edition even where the site does not: an extension may load it while pages are read.
    """
    release_directives()
    is_filtered = domain_of(app.env).settings.edition.is_filtered
    if is_filtered:
        _replace(Directive, "__init__", _guarded_init)
        _replace(RSTState, "nested_parse", _parse_as_written)
        _replace(Reporter, "system_message", _without_marked_text)
    if is_filtered or "myst_parser" in sys.modules:
        from myst_parser.mocking import MockIncludeDirective, MockState

        _replace(MockIncludeDirective, "run", _guarded_include)
        if is_filtered:
            _replace(MockState, "nested_parse", _parse_as_written)


def release_directives(*_: object) -> None:
    """Handle ``build-finished``: leave docutils as it was."""
    while _originals:
        owner, name, original = _originals.pop()
        setattr(owner, name, original)


def _replace(owner: type, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    original = cast("Callable[..., Any]", getattr(owner, name))
    _originals.append((owner, name, original))
    setattr(owner, name, wrap(original))


def _guarded_init(original: Callable[..., None]) -> Callable[..., None]:
    def init(self: Directive, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        guard_files(self)
        visible = visible_text(self, self.content)
        if visible is not self.content:
            self.content = visible
            self.block_text = "\n".join(visible)

    return init


def _without_marked_text(original: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the text of a directive that could not be run out of the log, where it holds a marking."""

    def system_message(self: Reporter, level: int, message: str, *quoted: Node, **more: Any) -> Any:
        kept = [node for node in quoted if not mentions_marking(node.astext())]
        return original(self, level, message, *kept, **more)

    return system_message


def _guarded_include(original: Callable[..., Any]) -> Callable[..., Any]:
    """Guard MyST's own `include`, which takes no more than the options from the registered one."""

    def run(self: MockIncludeDirective) -> Any:
        env: BuildEnvironment = self.document.settings.env
        refuse_special(env, str(self.arguments[0]))
        refuse_marked_part(env, str(self.arguments[0]), self.options)
        return original(self)

    return run


def _parse_as_written(original: Callable[..., Any]) -> Callable[..., Any]:
    def nested_parse(self: object, block: StringList, input_offset: int, node: Element, *args: Any, **more: Any) -> Any:
        written = getattr(block, "as_written", block)
        return original(self, written, input_offset, node, *args, **more)

    return nested_parse
