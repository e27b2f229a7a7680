"""``sphinx-postmortem approve``: writes what an edition shows as what people have approved."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from sphinx_postmortem.cli.review import FAULTS
from sphinx_postmortem.cli.shown import Shown, ask_sphinx, check_edition
from sphinx_postmortem.cli.site import SiteError, read_site
from sphinx_postmortem.cli.terminal import echo, secho
from sphinx_postmortem.core.exports.command_json import ApproveData
from sphinx_postmortem.core.releases.compare import PageReview, PageState
from sphinx_postmortem.core.releases.release_files import remove_releases, write_releases


@click.command()
@click.argument("source", metavar="SRC", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("pages", metavar="[PAGES]...", nargs=-1)
@click.option("--edition", required=True, metavar="NAME", help="Edition to approve.")
@click.option(
    "--build",
    "built",
    metavar="OUT",
    type=click.Path(file_okay=False, path_type=Path),
    help="OUT of an earlier `build`: its caches are used, so that only what has changed is read.",
)
@click.option("--json", "as_json", is_flag=True, help="Print which releases were written and removed as JSON.")
@click.option("-j", "--jobs", default="auto", show_default=True, help="Number of parallel processes.")
@click.option("-v", "--verbose", is_flag=True, help="Show all that Sphinx says.")
def approve(
    source: Path, pages: tuple[str, ...], edition: str, built: Path | None, jobs: str, *, as_json: bool, verbose: bool
) -> None:
    r"""Write what an edition of the site in SRC shows to releases/EDITION, one text file for each page.

    PAGES are names or source files of pages; without any all pages are approved, and the releases of pages that are
    gone are removed. `_site` stands for what is on no page alone: titles, banners, owners, files that are copied.
    Commit the files: the pull request shows exactly what these readers will read.

    \b
    Examples:
      sphinx-postmortem approve . --edition leadership
      sphinx-postmortem approve . incidents/sec-2026-014 --edition public

    Exit codes: 0 approved, 1 the edition could not be read or has broken markings, 2 wrong use.
    """
    try:
        site = read_site(source.resolve())
    except SiteError as error:
        raise click.UsageError(str(error)) from error
    check_edition(site, edition)
    shown = ask_sphinx(site, edition, built, jobs, verbose=verbose)
    if shown.has_faults:
        secho(f"{edition}: {FAULTS}. Nothing was approved.", fg="red", err=True)
        sys.exit(1)
    chosen = choose_pages(shown, shown.review(), pages)
    written = [each.page for each in chosen if each.state is not PageState.GONE]
    gone = [each.page for each in chosen if each.state is PageState.GONE]
    write_releases(shown.folder, edition, {page: shown.pages[page] for page in written})
    remove_releases(shown.folder, edition, [f"{page}.txt" for page in gone])
    if as_json:
        echo(json.dumps(approve_data(shown, written, gone), indent=1))
        return
    for page in written:
        echo(f"approved  {shown.release(page)}")
    for page in gone:
        echo(f"removed   {shown.release(page)}")
    if not chosen:
        echo(f"{edition}: everything is as it was approved")


def choose_pages(shown: Shown, reviews: list[PageReview], named: tuple[str, ...]) -> list[PageReview]:
    """Return the pages to approve: of those named, or of all, the ones that differ.

    Raises:
        click.BadParameter: there is no such page.
    """
    by_name: dict[str, PageReview] = {}
    for each in reviews:
        by_name[each.page] = each
        if source := shown.sources.get(each.page):
            by_name[str(Path(source).resolve())] = each
    chosen: list[PageReview] = []
    for name in named:
        found = by_name.get(name.strip("/")) or by_name.get(str(Path(name).resolve()))
        if found is None:
            raise click.BadParameter(f'the edition "{shown.edition}" has no page "{name}"', param_hint="PAGES")
        chosen.append(found)
    return [each for each in (chosen if named else reviews) if each.state is not PageState.APPROVED]


def approve_data(shown: Shown, written: list[str], gone: list[str]) -> ApproveData:
    """Return what ``--json`` prints."""
    return {
        "edition": shown.edition,
        "written": [str(shown.release(page)) for page in written],
        "removed": [str(shown.release(page)) for page in gone],
    }
