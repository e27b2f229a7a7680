"""``sphinx-postmortem check``: the template's rules over a site's sources, without a build."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from sphinx_postmortem.cli.site import Site, SiteError, read_site
from sphinx_postmortem.cli.terminal import echo, said_by_system
from sphinx_postmortem.cli.written_files import write_output
from sphinx_postmortem.core import checks
from sphinx_postmortem.core.audience.path_patterns import matches
from sphinx_postmortem.core.checks.report import FORMATS, REPORTS, counted
from sphinx_postmortem.core.problems import former_codes
from sphinx_postmortem.core.regular_files import read_regular
from sphinx_postmortem.core.settings import SettingError, Settings
from sphinx_postmortem.core.terminal_text import lines_without_controls
from sphinx_postmortem.core.whole_files import replace_file

_WRITABLE = 0o222
LEVELS = ("error", "warning", "note")
_REPORT_OPTIONS = (
    click.option(
        "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Output format."
    ),
    click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write to."),
    click.option(
        "--fail-on",
        type=click.Choice(LEVELS),
        default="warning",
        show_default=True,
        help="The least severity with which the command fails.",
    ),
)


def report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say how findings are told, and when they make it fail."""
    for option in reversed(_REPORT_OPTIONS):
        command = option(command)
    return command


@click.command()
@click.argument("source", metavar="SRC", type=click.Path(exists=True, path_type=Path))
@click.argument("files", metavar="[FILES]...", nargs=-1, type=click.Path(path_type=Path))
@report_options
@click.option(
    "--write-baseline",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write today's findings to FILE, so that only new ones count (setting postmortem_check_baseline).",
)
@click.option(
    "--fix", "mends", is_flag=True, help="First write what has one mechanical cure into the files, and print it."
)
@click.option("--list", "list_checks", is_flag=True, help="List all checks and stop.")
def check(
    source: Path,
    files: tuple[Path, ...],
    form: str,
    output: Path | None,
    fail_on: str,
    write_baseline: Path | None,
    *,
    mends: bool,
    list_checks: bool,
) -> None:
    """Check the pages of the Sphinx project SRC, or only FILES, against the rules of the postmortem template.

    SRC may be a single page, and needs no conf.py where files are named. A named page in plain Markdown, without
    directives, is checked as well: its timeline and its actions are the tables with such columns.

    Exit codes: 0 nothing found, 1 findings of the severity --fail-on or graver, 2 the checks could not be run.
    FILES are paths as the shell sees them; for a CSV file the pages that name it are checked. Rules about all pages
    together (the register) run when no FILES are given.
    """
    if list_checks:
        for item in checks.all_checks():
            echo(f"{item.code:22} {item.severity:8} {item.rule}")
        return
    if source.is_file():
        source, files = source.parent, (source, *files)
    try:
        if mends:
            mend(source, files)
        if write_baseline:
            _write_baseline(source, files, write_baseline)
            return
        findings, number = find(source, files)
        text = REPORTS[form](findings, number)
        if output:
            write_output(output, text, source)
        else:
            echo(text, nl=False)
    except (SiteError, SettingError) as error:
        echo(f"Error: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        written = None if mends else output or write_baseline
        said = f"{written}: {error.strerror}; name a file that can be written" if written else said_by_system(error)
        echo(f"Error: {lines_without_controls(said)}", err=True)
        sys.exit(2)
    numbers = counted(findings)
    sys.exit(1 if any(numbers[level] for level in LEVELS[: LEVELS.index(fail_on) + 1]) else 0)


def _write_baseline(source: Path, files: tuple[Path, ...], path: Path) -> None:
    if files:
        raise click.UsageError("a baseline is that of the whole site; name no files")
    findings, _ = find(source, (), use_baseline=False)
    write_output(path, checks.write_baseline(findings, source), source)
    known = sum(not finding.suppressed for finding in findings)
    inside = path.resolve().is_relative_to(source.resolve())
    name = path.resolve().relative_to(source.resolve()).as_posix() if inside else path.as_posix()
    echo(f'Wrote {path}: {known} known findings. In conf.py: postmortem_check_baseline = "{name}"')


def find(source: Path, files: tuple[Path, ...], *, use_baseline: bool = True) -> tuple[list[checks.Finding], int]:
    """Return the findings of a site, or of some of its files, and the number of pages read.

    Raises:
        SiteError: ``conf.py`` cannot be read, or a file does not exist.
        SettingError: a setting cannot be used.
    """
    pages, settings = read_pages(source, files)
    for page in pages if files else ():
        said = checks.read_plain(page)
        if said and (page.is_postmortem or not (source / "conf.py").is_file()):
            echo(f"{page.file}: {said}", err=True)
    findings = [finding for page in pages for finding in checks.run_page(page)]
    findings += [] if files else checks.run_site(pages, settings)
    baseline = checks.load_baseline(settings.check_baseline if use_baseline else "", source)
    for message in (*former_codes(settings.checks).values(), *baseline.told):
        echo(f"warning: {message}", err=True)
    return baseline.excuse(findings), len(pages)


def read_pages(source: Path, files: tuple[Path, ...]) -> tuple[list[checks.CheckedPage], Settings]:
    """Return the pages of a site, or some of them, and its settings."""
    is_site = (source / "conf.py").is_file()
    site = read_site(source.resolve()) if is_site or not files else Site(source.resolve())
    settings = site.settings.with_files_below(source)
    paths = _chosen(source, files, site) if files else _all_pages(source, site)
    syntax = site.markdown_syntax if is_site else checks.DEFAULT_MARKDOWN_SYNTAX
    return [checks.read_file(path, path.as_posix(), settings, source, syntax) for path in paths], settings


def mend(source: Path, files: tuple[Path, ...]) -> None:
    """Write what has one mechanical cure into the files below the source folder, and print each change.

    Raises:
        SiteError: ``conf.py`` cannot be read, or a file does not exist.
        SettingError: a setting cannot be used.
    """
    wanted: dict[Path, list[checks.Fix]] = {}
    for page in read_pages(source, files)[0]:
        if files:
            checks.read_plain(page)
        for fix in checks.find_fixes(page):
            wanted.setdefault(Path(checks.file_of(page, fix.file)), []).append(fix)
    number = 0
    for path, fixes in wanted.items():
        if not may_be_mended(path, source):
            continue
        own = path.suffix in (".md", ".markdown") and not fixes[0].file
        data, made = checks.apply_fixes(path.read_bytes(), list(dict.fromkeys(fixes)), own_markdown=own)
        if made:
            replace_file(path, data, within=source)
        for fix in made:
            echo(f'{path.as_posix()}:{fix.row.line}: "{fix.old}" is now "{fix.new}" [{fix.code}]')
        number += len(made)
    echo(f"{number} cell{'' if number == 1 else 's'} mended")


def may_be_mended(path: Path, source: Path) -> bool:
    """Say whether a file is one that may be written into; where it is not, print why."""
    why = _why_left(path, source)
    if why:
        echo(f"{path.as_posix()} is left as it is: it {why}", err=True)
    return not why


def _why_left(path: Path, source: Path) -> str:
    """Say why a file is not mended; empty where it is one of the site's own, and may be written."""
    resolved, root = path.resolve(), source.resolve()
    if path.is_symlink():
        return "is a link"
    if not resolved.is_file() or not resolved.is_relative_to(root):
        return "lies outside the sources"
    if any(part.startswith((".", "_build")) for part in resolved.relative_to(root).parts):
        return "lies in a hidden or a built folder"
    return "" if resolved.stat().st_mode & _WRITABLE else "is read-only"


def _chosen(source: Path, files: tuple[Path, ...], site: Site) -> list[Path]:
    """Return the pages among the files, and the pages that name another file among them: a table or an include.

    Raises:
        SiteError: a file does not exist.
    """
    chosen: list[Path] = []
    others: list[str] = []
    for file in files:
        path = file if file.exists() else source / file
        if not path.is_file():
            raise SiteError(f"{file} does not exist; name a page below {source}")
        if path.suffix in checks.PAGE_SUFFIXES:
            chosen.append(path)
        else:
            others.append(path.name)
    if others:
        chosen += [path for path in _all_pages(source, site) if _names_any(path, others)]
    return list({path.resolve(): path for path in chosen}.values())


def _names_any(page: Path, names: list[str]) -> bool:
    try:
        text = read_regular(page).decode("utf-8", errors="replace")
    except OSError:
        return False
    return any(name in text for name in names)


def _all_pages(source: Path, site: Site) -> list[Path]:
    def is_excluded(name: str) -> bool:
        parts = name.split("/")
        paths = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
        return any(matches(pattern, path) for pattern in site.exclude for path in paths)

    return list(checks.find_pages(source, is_excluded))
