"""Writes an edition's data files: at the end of a build that asks for them, or by a builder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.exports.atom import incident_feed
from sphinx_postmortem.core.exports.csv_tables import actions_csv, events_csv
from sphinx_postmortem.core.exports.edition_json import export_edition, json_text
from sphinx_postmortem.core.exports.export_files import CALENDARS_NEED, EXPORT_FILES, STIX_FILE
from sphinx_postmortem.core.exports.navigator_layer import layers
from sphinx_postmortem.core.exports.publication import Publication, folder_url
from sphinx_postmortem.core.exports.stix_bundle import stix_bundle
from sphinx_postmortem.core.exports.timesketch_csv import timesketch_csv
from sphinx_postmortem.core.exports.veris_json import veris_json
from sphinx_postmortem.sphinx_ext.exports import calendars
from sphinx_postmortem.sphinx_ext.exports.built_files import built_files
from sphinx_postmortem.sphinx_ext.exports.calendars import CLOCKS, clock_calendar
from sphinx_postmortem.sphinx_ext.pageless_builder import PagelessBuilder
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.upstream.sphinx import application_of

DATA, FEED, VERIS = (EXPORT_FILES[name][0] for name in ("json", "atom", "veris"))
ACTIONS, EVENTS = EXPORT_FILES["csv"]
(TIMESKETCH,) = EXPORT_FILES["timesketch"]
_NO_AUTHOR = "Author name not set"  # Sphinx's default


def publication_of(app: Sphinx) -> Publication:
    """Return how this build's edition is published."""
    config, settings = app.config, settings_of(app.config)
    pages = settings.export_pages or ("dirhtml" if app.builder.name == "dirhtml" else "html")
    suffix = config.html_link_suffix if config.html_link_suffix is not None else config.html_file_suffix
    return Publication(
        edition=settings.edition.name,
        title=str(config.project),
        author="" if config.author == _NO_AUTHOR else str(config.author),
        url=folder_url(str(config.html_baseurl)),
        pages=pages,
        suffix=".html" if suffix is None else str(suffix),
        today=settings.today,
    )


def edition_json(app: Sphinx) -> str:
    """Return the text of ``postmortems.json``."""
    domain = domain_of(app.env)
    return json_text(export_edition(domain.own_knowledge, publication_of(app), domain.settings.clock_keeper))


def edition_files(app: Sphinx, formats: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of every data file of the edition.

    Raises:
        ExtensionError: calendars are asked for, and the library for them is not installed.
    """
    publication, domain = publication_of(app), domain_of(app.env)
    if "json" in formats:
        yield DATA, edition_json(app).encode()
    if "csv" in formats:
        yield ACTIONS, actions_csv(domain.knowledge, publication)
        yield EVENTS, events_csv(domain.knowledge, publication)
    if "timesketch" in formats:
        yield TIMESKETCH, timesketch_csv(domain.knowledge, publication)
    if "veris" in formats:
        yield VERIS, veris_json(domain.own_knowledge).encode()
    if "ics" in formats:
        if not calendars.can_make_calendars():
            raise ExtensionError(f"calendars cannot be made: {CALENDARS_NEED}")
        yield from calendars.action_calendars(domain.knowledge, publication, domain.settings.done_statuses)
        yield CLOCKS, clock_calendar(domain.own_knowledge, publication, domain.settings.clock_keeper)
    if "atom" in formats:
        yield FEED, incident_feed(domain.knowledge, publication, built_files(domain).feed_path)
    if "navigator" in formats:
        yield from layers(domain.knowledge, publication, domain.settings.attack_table)
    if "stix" in formats:
        table, done = domain.settings.attack_table, domain.settings.done_statuses
        yield STIX_FILE, stix_bundle(domain.own_knowledge, publication, table, done)


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
