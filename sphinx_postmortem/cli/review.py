"""``sphinx-postmortem review``: what an edition would show, against what was approved."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter, defaultdict
from pathlib import Path

import click

from sphinx_postmortem.cli.check import find
from sphinx_postmortem.cli.shown import Shown, ask_sphinx, check_edition
from sphinx_postmortem.cli.site import SiteError, read_site
from sphinx_postmortem.cli.terminal import echo, secho
from sphinx_postmortem.cli.written_files import write_output
from sphinx_postmortem.core.checks.registry import Finding
from sphinx_postmortem.core.exports.command_json import ChangeData, ReviewData, ReviewedPage
from sphinx_postmortem.core.regular_files import real_path
from sphinx_postmortem.core.releases.compare import Change, PageReview, PageState
from sphinx_postmortem.core.releases.release_files import SITE, read_release
from sphinx_postmortem.core.releases.review_sheet import ReviewSheet, make_sheet
from sphinx_postmortem.html_templates import html_template

FAULTS = "a marking that is reported above cannot be trusted; mend it first"


@click.command()
@click.argument("source", metavar="SRC", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--edition", required=True, metavar="NAME", help="Edition to review.")
@click.option(
    "--build",
    "built",
    metavar="OUT",
    type=click.Path(file_okay=False, path_type=Path),
    help="OUT of an earlier `build`: its caches are used, so that only what has changed is read.",
)
@click.option("--exit-code", "fails", is_flag=True, help="Exit with 1 where anything differs from what was approved.")
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write one HTML page for reviewers. It shows hidden parts, too: only for readers of the first edition.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("-j", "--jobs", default="auto", show_default=True, help="Number of parallel processes.")
@click.option("-v", "--verbose", is_flag=True, help="Show all that Sphinx says.")
def review(
    source: Path,
    edition: str,
    built: Path | None,
    page: Path | None,
    jobs: str,
    *,
    fails: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    r"""Show page by page what an edition of the site in SRC would newly show, no longer show, or show differently.

    It compares the text of the edition with what `approve` has written to releases/EDITION. Each line is one statement:
    a heading, a paragraph, an item, a row.

    \b
    Examples:
      sphinx-postmortem review . --edition leadership
      sphinx-postmortem review . --edition public --build build/site --exit-code
      sphinx-postmortem review . --edition public --html review.html

    Exit codes: 0 reviewed, 1 something differs (with --exit-code) or the edition could not be read, 2 wrong use.
    """
    try:
        site = read_site(source.resolve())
    except SiteError as error:
        raise click.UsageError(str(error)) from error
    check_edition(site, edition)
    shown = ask_sphinx(site, edition, built, jobs, verbose=verbose)
    reviews = shown.review()
    if page is not None:
        full = ask_sphinx(site, site.audiences.internal, built, jobs, verbose=verbose)
        write_output(page, review_page(source, shown, full, reviews), source)
        echo(f"written {page}: it holds hidden parts, keep it from readers of other editions", err=True)
    if as_json:
        echo(json.dumps(review_data(shown, reviews), indent=1))
    else:
        say_reviews(shown, reviews, source)
    if shown.has_faults:
        secho(f"{edition}: {FAULTS}", fg="red", err=True)
    if shown.has_faults or (fails and not is_approved(reviews)):
        sys.exit(1)


def is_approved(reviews: list[PageReview]) -> bool:
    """Say whether all pages are as they were approved, and no release is left over."""
    return all(each.state is PageState.APPROVED for each in reviews)


def review_data(shown: Shown, reviews: list[PageReview]) -> ReviewData:
    """Return what ``--json`` prints."""
    return {
        "edition": shown.edition,
        "approved": is_approved(reviews),
        "has_faults": shown.has_faults,
        "pages": [_page_data(shown, each) for each in reviews],
    }


def _page_data(shown: Shown, review: PageReview) -> ReviewedPage:
    return {
        "page": review.page,
        "state": review.state.value,
        "source": shown.sources.get(review.page, ""),
        "release": str(shown.release(review.page)),
        "problem": review.problem,
        "changes": [_change_data(each) for each in review.changes],
    }


def _change_data(change: Change) -> ChangeData:
    return {
        "change": change.kind,
        "line": change.new.line if change.new else 0,
        "shown": str(change.new or ""),
        "approved": str(change.old or ""),
    }


def say_reviews(shown: Shown, reviews: list[PageReview], source: Path) -> None:
    """Print the pages that differ, and how many do not."""
    for each in reviews:
        if each.state is not PageState.APPROVED:
            say_page(each)
    numbers = Counter(each.state for each in reviews)
    said = ", ".join(f"{numbers[state]} {state.value}" for state in PageState if numbers[state])
    echo(f"{shown.edition}: {said or 'no pages'}")
    if not is_approved(reviews):
        echo(f"When this is right: sphinx-postmortem approve {source} --edition {shown.edition}")


def say_page(review: PageReview) -> None:
    """Print what differs on one page: ``+`` newly shown, ``-`` no longer shown."""
    secho(f"{review.page}: {review.state.value}{f', {review.problem}' if review.problem else ''}", bold=True)
    for change in review.changes:
        if change.old is not None:
            secho(f"  - {change.old}", fg="red")
        if change.new is not None:
            secho(f"  + {change.new}", fg="green")
    echo()


def review_page(source: Path, shown: Shown, full: Shown, reviews: list[PageReview]) -> str:
    """Return the HTML of the review.

    Args:
        source: the source folder.
        shown: what the edition shows.
        full: what the first edition shows.
        reviews: the edition's pages against their releases.
    """
    findings = _findings(source)
    first_those_that_differ = sorted(reviews, key=lambda review: review.state is PageState.APPROVED)
    sheets = [_sheet(source, shown, full, review, findings) for review in first_those_that_differ]
    said = [finding for sheet in sheets for finding in sheet.findings]
    return html_template("review/review.html.j2").render(
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
            by_page[real_path(finding.file)].append(finding)
    return by_page


def _sheet(
    source: Path, shown: Shown, full: Shown, review: PageReview, findings: dict[Path, list[Finding]]
) -> ReviewSheet:
    page = review.page
    if review.state is PageState.GONE:
        return ReviewSheet(review, "")
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
