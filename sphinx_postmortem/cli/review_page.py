"""``review --html``: one page that needs nothing else, for reviewers who do not read diffs."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sphinx_postmortem.cli.check import find
from sphinx_postmortem.cli.render import TEMPLATES
from sphinx_postmortem.cli.shown import Shown
from sphinx_postmortem.core.checks.registry import Finding
from sphinx_postmortem.core.releases.compare import PageReview, State
from sphinx_postmortem.core.releases.release_files import SITE, read_release
from sphinx_postmortem.core.releases.review_sheet import Sheet, make_sheet


def review_page(source: Path, shown: Shown, full: Shown, reviews: list[PageReview]) -> str:
    """Return the HTML of the review.

    Args:
        source: the source folder.
        shown: what the edition shows.
        full: what the first edition shows.
        reviews: the edition's pages against their releases.
    """
    findings = _findings(source)
    sheets = [_sheet(source, shown, full, review, findings) for review in reviews]
    loader = FileSystemLoader(TEMPLATES / "review", encoding="utf-8")
    environment = Environment(
        loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    said = [finding for sheet in sheets for finding in sheet.findings]
    return environment.get_template("review.html.j2").render(
        edition=shown.edition,
        first=full.edition,
        name=source.resolve().name,
        site=source,
        folder=os.path.relpath(shown.folder / shown.edition, source),
        has_faults=shown.has_faults,
        sheets=sheets,
        hidden_pages=sorted(set(full.pages) - set(shown.pages)),
        quiet=sum(sheet.is_quiet for sheet in sheets),
        errors=sum(finding.severity == "error" for finding in said),
        warnings=sum(finding.severity == "warning" for finding in said),
        added=sum(sheet.count("added", "changed") for sheet in sheets),
        removed=sum(sheet.count("removed") for sheet in sheets),
        hidden=sum(sheet.count("hidden") for sheet in sheets),
    )


def _findings(source: Path) -> dict[Path, list[Finding]]:
    """Return the findings that count, by page."""
    by_page: dict[Path, list[Finding]] = defaultdict(list)
    for finding in find(source, ())[0]:
        if not finding.suppressed:
            by_page[Path(finding.file).resolve()].append(finding)
    return by_page


def _sheet(source: Path, shown: Shown, full: Shown, review: PageReview, findings: dict[Path, list[Finding]]) -> Sheet:
    page = review.page
    if review.state is State.GONE:
        return Sheet(review, "")
    path = Path(shown.sources[page]).resolve()
    return make_sheet(
        review,
        "" if page == SITE else os.path.relpath(path, source.resolve()),
        read_release(shown.folder, shown.edition, page),
        shown.pages[page],
        shown.pages[page] if page == SITE else full.pages.get(page, ()),
        [] if page == SITE else findings.get(path, []),
        [] if page == SITE else path.read_text("utf-8", "replace").splitlines(),
    )
