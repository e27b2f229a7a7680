"""The builder ``postmortem-release``: reads all pages, and says what the edition shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from pathlib import Path

from docutils import nodes
from sphinx.builders import Builder

from sphinx_postmortem.sphinx_ext.releases.gate import RELEASE_BUILDER, as_data, shown_pages
from sphinx_postmortem.sphinx_ext.upstream.sphinx import application_of

SHOWN = "shown.json"


class ReleaseBuilder(Builder):
    """Writes ``shown.json`` for the commands ``review`` and ``approve``; pages it writes none."""

    name = RELEASE_BUILDER
    format = ""
    epilog = "What the edition shows is in %(outdir)s."
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

    def finish(self) -> None:
        """Write the file."""
        app = application_of(self)
        text = json.dumps(as_data(app, shown_pages(app)))
        Path(self.outdir, SHOWN).write_text(text, encoding="ascii")
