"""The base of builders that read all pages and write none: their work is done at the end."""

from __future__ import annotations

from collections.abc import Iterator, Set

from docutils import nodes
from sphinx.builders import Builder


class PagelessBuilder(Builder):
    """Reads all pages, and resolves and writes none. Subclasses write ``finish``."""

    format = ""
    allow_parallel = True

    def get_outdated_docs(self) -> Iterator[str]:
        """Return no page: all work is done at the end."""
        return iter(())

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return an empty address: there are no pages."""
        return ""

    def write_documents(self, docnames: Set[str]) -> None:
        """Do nothing; pages are not even resolved."""

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Do nothing."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Do nothing."""
