"""``sphinx-postmortem actions``: actions follow the tickets of their trackers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from sphinx_postmortem.cli.check import LEVELS, may_be_mended, read_pages, report_options
from sphinx_postmortem.cli.site import SiteError
from sphinx_postmortem.cli.terminal import echo
from sphinx_postmortem.cli.written_files import write_output
from sphinx_postmortem.core import checks
from sphinx_postmortem.core.checks.report import REPORTS, counted
from sphinx_postmortem.core.imports.draft import SourceError
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.tracker_files import TRACKERS, TicketFile, read_tickets
from sphinx_postmortem.core.settings import SettingError, Settings
from sphinx_postmortem.core.whole_files import replace_file


@click.command()
@click.argument("source", metavar="SRC", type=click.Path(exists=True, path_type=Path))
@click.argument("files", metavar="[FILES]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--from",
    "exports",
    metavar="EXPORT",
    multiple=True,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Export of a tracker; may be given several times.",
)
@click.option("--kind", type=click.Choice(TRACKERS), help="The tracker, where the content of EXPORT does not tell it.")
@report_options
@click.option("--write", "writes", is_flag=True, help="First write into the tables what the tickets say, and print it.")
def actions(
    source: Path,
    files: tuple[Path, ...],
    exports: tuple[Path, ...],
    kind: str | None,
    form: str,
    output: Path | None,
    fail_on: str,
    *,
    writes: bool,
) -> None:
    r"""Compare the actions of the site SRC, or of FILES, with the tickets in exports of its trackers.

    A row names its ticket in a column Ticket, or in any cell: SEC-41, acme/registry#12, #12, or an address. It says
    what is done in one place and open in the other, has another owner or date, was closed as not planned, or is in no
    export, and which tickets have no action. Nothing is fetched.

    \b
    --write changes single cells alone: a status becomes done, a due date that of the ticket, an owner the one of
    postmortem_owners whom the ticket is assigned to. No action is reopened or given up by it.

    \b
    Examples:
      gh issue list --state all --limit 1000 \
        --json number,title,state,stateReason,closedAt,assignees,labels,milestone,url > gh.json
      sphinx-postmortem actions postmortems --from gh.json
      sphinx-postmortem actions postmortems --from jira.json --write

    Exit codes: 0 nothing found, 1 findings of the severity --fail-on or graver, 2 the files cannot be compared.
    """
    if source.is_file():
        source, files = source.parent, (source, *files)
    try:
        tickets = [read_tickets(Source(path, path.as_posix()), kind or "") for path in exports]
        for sentence in (said for each in tickets for said in each.said):
            echo(f"Note: {sentence}", err=True)
        if writes:
            follow(source, files, tickets)
        pages, settings = read_pages(source, files)
        findings = checks.run_tickets(pages, _compared(pages, tickets), settings)
    except (SiteError, SettingError, SourceError) as error:
        echo(f"Error: {error}", err=True)
        sys.exit(2)
    text = REPORTS[form](findings, len(pages))
    if output:
        write_output(output, text, source)
    else:
        echo(text, nl=False)
    numbers = counted(findings)
    sys.exit(1 if any(numbers[level] for level in LEVELS[: LEVELS.index(fail_on) + 1]) else 0)


def _compared(pages: Sequence[checks.CheckedPage], files: Sequence[TicketFile]) -> checks.Comparison:
    return checks.compare(pages, [(each.name, each.tickets) for each in files])


def follow(source: Path, files: tuple[Path, ...], tickets: Sequence[TicketFile]) -> None:
    """Write what tickets say into the cells of action tables, and print each change.

    Raises:
        SiteError: ``conf.py`` cannot be read, or a file does not exist.
        SettingError: a setting cannot be used.
    """
    pages, settings = read_pages(source, files)
    number = 0
    for path, fixes in _wanted(pages, settings, tickets).items():
        if not may_be_mended(path, source):
            continue
        own = path.suffix in (".md", ".markdown") and not fixes[0].file
        data, made = path.read_bytes(), list[checks.Fix]()
        for fix in fixes:  # one by one: two cells of a row may change
            data, done = checks.apply_fixes(data, [fix], own_markdown=own)
            made += done
        if made:
            replace_file(path, data, within=source)
        for fix in made:
            echo(f'{path.as_posix()}:{fix.row.line}: "{fix.old}" is now "{fix.new}" [{fix.code}]')
        for fix in fixes:
            if fix not in made:
                said = f'the cell "{fix.old}" was left as it is, since its markup makes a change unsafe'
                echo(f'{path.as_posix()}:{fix.row.line}: {said}; write "{fix.new}" [{fix.code}]', err=True)
        number += len(made)
    echo(f"{number} cell{'' if number == 1 else 's'} written")


def _wanted(
    pages: Sequence[checks.CheckedPage], settings: Settings, tickets: Sequence[TicketFile]
) -> dict[Path, list[checks.Fix]]:
    wanted: dict[Path, list[checks.Fix]] = {}
    for file, fix in checks.ticket_fixes(_compared(pages, tickets), settings):
        fixes = wanted.setdefault(Path(file), [])
        if fix not in fixes:
            fixes.append(fix)
    return wanted
