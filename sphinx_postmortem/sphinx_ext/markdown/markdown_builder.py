"""The builder ``postmortem-markdown``: a Markdown file for each page, and two files that lead programs to them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from docutils import nodes
from sphinx.builders import Builder

from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.markdown.page_blocks import PageBlocks
from sphinx_postmortem.sphinx_ext.markdown.page_index import index_text, pages_in_order, whole_text
from sphinx_postmortem.sphinx_ext.markdown.places import DOWNLOADS, IMAGES, Places
from sphinx_postmortem.sphinx_ext.upstream.sphinx import application_of
from sphinx_postmortem.sphinx_ext.warnings import warn

SUFFIX = ".md"


class MarkdownBuilder(Builder):
    """Writes pages as GitHub Flavored Markdown, from the nodes that every builder gets."""

    name = "postmortem-markdown"
    format = "markdown"
    epilog = "The Markdown files are in %(outdir)s."
    allow_parallel = True
    supported_image_types = ["image/svg+xml", "image/png", "image/gif", "image/jpeg", "image/webp"]

    def get_outdated_docs(self) -> Iterator[str]:
        """Yield the pages whose source is newer than their file; others name those that list changed records."""
        for docname in sorted(self.env.found_docs):
            made, source = self._file(docname), Path(self.env.doc2path(docname))
            try:
                if docname in self.env.all_docs and source.stat().st_mtime <= made.stat().st_mtime:
                    continue
            except FileNotFoundError:
                pass
            yield docname

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the address of a page's file."""
        return f"{docname}{SUFFIX}"

    def _file(self, docname: str) -> Path:
        return Path(self.outdir, f"{docname}{SUFFIX}")

    def write_doc_serialized(self, docname: str, doctree: nodes.document) -> None:
        """Note which images the page shows; only the first process copies files."""
        self.post_process_images(doctree)

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write a page."""
        places = Places(self.get_target_uri(docname), self.images, self.env.toc_secnumbers.get(docname, {}))
        lines = PageBlocks(places).blocks(doctree.children)
        path = self._file(docname)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")

    def finish(self) -> None:
        """Copy images and downloads, and write the lists of pages."""
        self._copy(IMAGES, {name: source for source, name in self.images.items()})
        downloads = cast("dict[str, tuple[set[str], str]]", self.env.dlfiles)
        self._copy(DOWNLOADS, {name: source for source, (_pages, name) in downloads.items()})
        app = application_of(self)
        pages = [page for page in pages_in_order(self.env) if self._file(page).is_file()]
        texts = {page: self._file(page).read_text(encoding="utf-8") for page in pages}
        for name, text in (
            ("llms.txt", index_text(app, pages, self.get_target_uri)),
            ("llms-full.txt", whole_text(app, texts, self.get_target_uri)),
        ):
            Path(self.outdir, name).write_text(text, encoding="utf-8", newline="\n")

    def _copy(self, folder: str, files: dict[str, str]) -> None:
        for name, source in files.items():
            target = Path(self.outdir, folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(Path(self.srcdir, source), target)
            except OSError as error:
                warn(Code.BAD_FILE, f"{source} cannot be copied: {error.strerror}")
