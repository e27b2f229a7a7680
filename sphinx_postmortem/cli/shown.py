"""What an edition shows, as ``review`` and ``approve`` ask Sphinx for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from sphinx_postmortem.cli.build_options import has_unsafe_marking
from sphinx_postmortem.cli.site import Site, SiteError, run_sphinx
from sphinx_postmortem.cli.terminal import Progress, echo
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.releases.compare import PageReview, review_edition
from sphinx_postmortem.core.releases.release_files import file_name
from sphinx_postmortem.core.releases.statements import Statement
from sphinx_postmortem.core.working_folders import working_folder


@dataclass(frozen=True)
class Shown:
    """What one edition shows.

    Attributes:
        edition: its name.
        folder: the folder of releases.
        pages: the statements of each page.
        sources: the source file of each page; empty for what stands on no page.
        has_faults: whether a marking cannot be trusted.
    """

    edition: str
    folder: Path
    pages: dict[str, tuple[Statement, ...]]
    sources: dict[str, str]
    has_faults: bool

    def review(self) -> list[PageReview]:
        """Compare all pages with what was approved."""
        return review_edition(self.folder, self.edition, self.pages)

    def release(self, page: str) -> Path:
        """Return the path of a page's release; a page that is gone is named by that path already."""
        name = file_name(page) if page in self.pages else f"{page}.txt"
        return self.folder / self.edition / name


def check_edition(site: Site, edition: str) -> None:
    """Refuse an edition that the site lacks, and the first, of which nothing is approved."""
    known = site.audiences.names[1:]
    if edition not in known:
        why = "shows everything, so there is nothing to approve" if edition == site.audiences.internal else "is unknown"
        choice = f"choose from {', '.join(known)}" if known else "this site has no other"
        raise click.BadParameter(f'the edition "{edition}" {why}; {choice}', param_hint="--edition")


def ask_sphinx(site: Site, edition: str, built: Path | None, jobs: str, *, verbose: bool) -> Shown:
    """Return what an edition shows.

    Args:
        site: the site.
        edition: name of the edition.
        built: OUT of an earlier ``build``, whose caches make this quick; None to read all pages anew.
        jobs: number of processes that read.
        verbose: whether all that Sphinx says is shown.

    Raises:
        SiteError: the site could not be read.
    """
    with working_folder("review") as folder:
        log, output = folder / "log", folder / "shown"
        doctrees = _caches(built, edition) or folder / "doctrees"
        arguments = ["-b", "postmortem-release", "-d", str(doctrees), "-D", f"postmortem_audience={edition}"]
        arguments += ["-j", jobs, str(site.source), str(output)]
        progress = Progress(f"{edition}: reading", verbose=verbose, edition=edition)
        if run_sphinx(arguments, log, progress):
            raise SiteError(f"the edition {edition} could not be read; see the error above")
        data = json.loads((output / "shown.json").read_text(encoding="ascii"))
        return _as_shown(data, has_faults=edition != site.audiences.internal and has_unsafe_marking(log))


def _caches(built: Path | None, edition: str) -> Path | None:
    """Return the caches of an earlier build, unless it has warned of markings: Sphinx would not repeat that."""
    if built is None:
        return None
    state = built.resolve() / ".state" / edition
    logs = [path for path in (*state.glob("*.log"), state / "warnings") if path.is_file()]
    if not (state / "doctrees").is_dir() or any(map(has_unsafe_marking, logs)):
        echo(f"{state} has no caches that can be used; all pages are read anew", err=True)
        return None
    return state / "doctrees"


def _as_shown(data: dict[str, Any], *, has_faults: bool) -> Shown:
    pages = {page: tuple(Statement(*each) for each in entry["statements"]) for page, entry in data["pages"].items()}
    sources = {page: str(entry["source"]) for page, entry in data["pages"].items()}
    return Shown(data["edition"], Path(data["folder"]), pages, sources, has_faults)
