"""Writes an edition's data files: at the end of a build that asks for them, or by a builder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from sphinx_postmortem.core import exports
from sphinx_postmortem.core.exports.export_files import EXPORT_FILES, FORMATS
from sphinx_postmortem.core.exports.publication import EditionRecords, Publication, folder_url
from sphinx_postmortem.core.records.vocabulary import NOT_NAMED
from sphinx_postmortem.sphinx_ext.exports import calendars
from sphinx_postmortem.sphinx_ext.exports.built_files import built_files
from sphinx_postmortem.sphinx_ext.pageless_builder import PagelessBuilder
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.upstream.sphinx import application_of


def publication_of(app: Sphinx) -> Publication:
    """Return how this build's edition is published."""
    config, settings = app.config, settings_of(app.config)
    pages = settings.export_pages or ("dirhtml" if app.builder.name == "dirhtml" else "html")
    suffix = config.html_link_suffix if config.html_link_suffix is not None else config.html_file_suffix
    return Publication(
        edition=settings.edition.name,
        title=str(config.project),
        author="" if str(config.author).casefold() in NOT_NAMED else str(config.author),
        url=folder_url(str(config.html_baseurl)),
        pages=pages,
        suffix=".html" if suffix is None else str(suffix),
        today=settings.today,
    )


def edition_data(app: Sphinx) -> EditionRecords:
    """Return what the formats of the edition's data are made from."""
    domain = domain_of(app.env)
    feed = built_files(domain).feed_path
    return EditionRecords(domain.knowledge, domain.own_knowledge, publication_of(app), domain.settings, feed)


def edition_files(app: Sphinx, formats: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of every data file of the edition.

    Raises:
        ExtensionError: calendars are asked for, and the library for them is not installed.
    """
    edition = edition_data(app)
    for each in (FORMATS[name] for name in FORMATS if name in formats):
        writer: Any = import_module(f"{exports.__name__}.{each.writer}") if each.writer else calendars
        yield from writer.files(edition)


def write_files(app: Sphinx, folder: Path) -> None:
    """Write all data files into a folder, and remove calendars and layers for which the edition has nothing now."""
    written: set[Path] = set()
    formats = settings_of(app.config).export_formats
    for name, content in edition_files(app, formats):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.add(path)
    for path in (folder / name for name in EXPORT_FILES["navigator"] if "navigator" in formats):
        if path not in written:
            path.unlink(missing_ok=True)
    for path in data_files(folder):
        if path.parent != folder and path not in written and calendars.MADE_HERE in path.read_bytes():
            path.unlink()


def data_files(folder: Path) -> list[Path]:
    """Return the data files that lie in a folder, those of earlier builds too."""
    found: list[Path] = []
    for path in (folder / name for names in EXPORT_FILES.values() for name in names):
        found += sorted(path.glob("*.ics")) if path.is_dir() else [path] if path.is_file() else []
    return found


class ExportBuilder(PagelessBuilder):
    """Reads all pages, and writes the edition's data files; pages it writes none."""

    name = "postmortem-export"
    epilog = "The data files are in %(outdir)s."

    def finish(self) -> None:
        """Write the files."""
        write_files(application_of(self), Path(self.outdir))
