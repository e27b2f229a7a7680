"""Nodes that stand for content derived from all pages, until the pages are written.

A new kind is a subclass of ``Placeholder`` with a method ``render``. It needs no registration: Sphinx finds the
visitors of a node's base classes, too.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_postmortem.sphinx_ext.guest import is_unused
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain, domain_of
from sphinx_postmortem.sphinx_ext.tree import every


class Placeholder(nodes.General, nodes.Element):
    """Stands for derived content on the page ``docname``: some builders merge all pages before they write."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return the content, when the records of all pages are known."""
        raise NotImplementedError

    @property
    def docname(self) -> str:
        """The page on which the content stands."""
        return str(self["docname"])

    @property
    def level(self) -> int:
        """The level of a heading within the section in which the content stands."""
        depth, up = 1, self.parent
        while up is not None:
            depth, up = depth + isinstance(up, nodes.section), up.parent
        return min(depth, 6)

    @property
    def place(self) -> tuple[str, int | None]:
        """The page and the line that warnings name."""
        return self.docname, self.line


class ReplacePlaceholders(SphinxPostTransform):
    """Puts the derived content in place of its placeholders, before references are resolved (priority 10)."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Replace every placeholder of the tree."""
        if is_unused(self.env):
            return
        for placeholder in every(self.document, Placeholder):
            placeholder.replace_self(placeholder.render(domain_of(self.env)))


def refuse_leftover(visitor: nodes.NodeVisitor, node: nodes.Element) -> None:
    """Visit a placeholder that nothing has replaced.

    Raises:
        ExtensionError: always.
    """
    raise ExtensionError(f"a placeholder for derived content was not replaced on the page {node.get('docname')!r}")
