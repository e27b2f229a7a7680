"""The builder ``postmortem-markdown``: a Markdown file for each page, and two files that lead programs to them.

These are ``llms.txt`` and ``llms-full.txt`` (https://llmstxt.org): which pages there are, and all of them in one file.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import cast
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.records.tones import status_label
from sphinx_postmortem.sphinx_ext.html.page_context import banner_text
from sphinx_postmortem.sphinx_ext.markdown import spelling
from sphinx_postmortem.sphinx_ext.markdown.page_blocks import PageBlocks
from sphinx_postmortem.sphinx_ext.markdown.places import DOWNLOADS, IMAGES, Places
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
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
    supported_remote_images = True  # a page links them; Sphinx would fetch them
    supported_data_uri_images = True

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


def pages_in_order(env: BuildEnvironment) -> list[str]:
    """Return the pages as the site's tables of contents list them, then the others by name."""
    order: dict[str, None] = {}
    waiting = [str(env.config.root_doc)]
    while waiting:
        page = waiting.pop()
        if page not in order and page in env.found_docs:
            order[page] = None
            waiting += reversed(env.toctree_includes.get(page, []))
    return list(dict.fromkeys([*order, *sorted(env.found_docs)]))


def index_text(app: Sphinx, pages: Iterable[str], address: Callable[[str], str]) -> str:
    """Return ``llms.txt``: incidents, the latest first, with what tells them apart, then the other pages.

    Args:
        app: the application.
        pages: the pages in order.
        address: gives the path of a page's file.
    """
    incidents = domain_of(app.env).knowledge.incidents_by_page
    pages = list(pages)
    told = [page for page in pages if page in incidents]
    told.sort(key=lambda page: incidents[page].first_day or date.min, reverse=True)
    lines = head(app, say("One Markdown file for each page. [All pages in one file](llms-full.txt)"))
    for name, listed in ((say("Incidents"), told), (say("Pages"), [page for page in pages if page not in incidents])):
        if listed:
            lines += ["", f"## {name}", ""]
        for page in listed:
            entry = spelling.link(spelling.text(title_of(app.env, page)), quote(address(page)))
            about = facts(incidents[page]) if page in incidents else ""
            lines.append(f"- {entry}: {spelling.text(about)}" if about else f"- {entry}")
    return "\n".join([*lines, ""])


def whole_text(app: Sphinx, texts: Mapping[str, str], address: Callable[[str], str]) -> str:
    """Return ``llms-full.txt``: each page after a line that names its file."""
    parts = head(app, say("All pages in one file. Links are as seen from the file that is named above each page"))
    for page, text in texts.items():
        parts += ["", f"<!-- {quote(address(page))} -->", "", text.rstrip("\n")]
    return "\n".join([*parts, ""])


def head(app: Sphinx, about: str) -> list[str]:
    """Return the title and the summary of either file."""
    banner = banner_text(app)
    said = f"{about}. {spelling.text(banner)}." if banner else f"{about}."
    return [f"# {spelling.text(str(app.config.project)) or say('Postmortems')}", "", f"> {said}"]


def title_of(env: BuildEnvironment, page: str) -> str:
    """Return a page's title as text; its name where it has none."""
    title = env.titles.get(page)
    return (title.astext() if title is not None else "") or page


def facts(incident: Incident) -> str:
    """Return what tells an incident apart: severity, status, first day."""
    day = incident.first_day.isoformat() if incident.first_day else ""
    return ", ".join(filter(None, (incident.severity, status_label(incident.status), day)))
