"""What the commands say of an edition that was published: for people, and with ``--json`` for programs."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from importlib.util import find_spec
from pathlib import Path

from sphinx_postmortem.cli.terminal import echo, secho
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.exports.command_json import EditionData, EditionsData
from sphinx_postmortem.core.exports.export_files import CALENDARS_NEED, DEFAULT_FORMATS, EXPORT_FILES, EXPORT_FORMATS


@dataclass(frozen=True)
class Written:
    """What one edition holds after a build: its folder, the numbers of pages, and the PDFs."""

    edition: str
    folder: Path
    pages: int
    pdfs: tuple[Path, ...]
    markdown: int = 0


def say_results(results: Mapping[str, Written | None], *, as_json: bool, formats: Collection[str]) -> None:
    """Print what was published, for people or for programs; ``formats`` are those of data files that were wanted."""
    if as_json:
        echo(json.dumps(editions_data(results), indent=1))
        return
    echo()
    for result in results.values():
        if result is not None:
            say_written(result)
    if "ics" in formats and "ics" not in possible_formats():
        echo(f"No calendars were written: {CALENDARS_NEED}")


def editions_data(results: Mapping[str, Written | None]) -> EditionsData:
    """Return what ``--json`` prints."""
    return {"editions": [edition_data(name, result) for name, result in results.items()]}


def edition_data(edition: str, result: Written | None) -> EditionData:
    """Return one edition's result for ``--json``; paths are absolute."""
    if result is None:
        return {"edition": edition, "published": False}
    return {
        "edition": edition,
        "published": True,
        "folder": str(result.folder),
        "html_pages": result.pages,
        "pdfs": [str(pdf) for pdf in result.pdfs],
        "markdown_pages": result.markdown,
        "data": [str(path) for path in data_files(result.folder)],
    }


def say_written(result: Written) -> None:
    """Print where an edition's output is."""
    secho(f"{result.edition} edition", bold=True)
    if result.pages:
        echo(f"  HTML  {result.folder / 'html' / 'index.html'}  ({result.pages} pages)")
    if result.pdfs:
        echo(f"  PDF   {result.folder / 'pdf'}  ({len(result.pdfs)} files)")
        for pdf in result.pdfs:
            echo(f"        {pdf.name}  {pdf.stat().st_size // 1024} KiB")
    if result.markdown:
        echo(f"  md    {result.folder / 'md' / 'llms.txt'}  ({result.markdown} pages)")
    say_data(result.folder)


def data_files(folder: Path) -> list[Path]:
    """Return the data files that an edition has."""
    return [folder / name for names in EXPORT_FILES.values() for name in names if (folder / name).exists()]


def say_data(folder: Path) -> None:
    """Print which data files an edition has."""
    for path in data_files(folder):
        echo(f"  data  {path}")


def possible_formats(wanted: Collection[str] = DEFAULT_FORMATS) -> tuple[str, ...]:
    """Return the formats of data files that can be written here: calendars need a library.

    Args:
        wanted: what the site's setting names.
    """
    has_calendars = find_spec("icalendar") is not None
    return tuple(name for name in EXPORT_FORMATS if name in wanted and (name != "ics" or has_calendars))
