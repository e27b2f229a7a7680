"""Runs the checks over pages and files, and turns what they find into findings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.checks.page import CheckedPage, check_page, file_of
from sphinx_postmortem.core.checks.registry import Check, Finding, Hit, all_checks, find_check
from sphinx_postmortem.core.checks.suppress import apply_suppressions, page_severities
from sphinx_postmortem.core.checks.ticket_pairs import Comparison
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader import Directive, Fault, SourcePage, decode
from sphinx_postmortem.core.reader.includes import LARGEST_FILE, SiteFiles
from sphinx_postmortem.core.reader.source import DEFAULT_MARKDOWN_SYNTAX
from sphinx_postmortem.core.records.vocabulary import CHECK_SEVERITIES
from sphinx_postmortem.core.regular_files import read_regular
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.core.source_walk import fault_of_name, walk_sources

_FEWEST = 2
_BEGUN = ("", "draft")


def told_once(page: CheckedPage, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of one rule, with one in the place of those that each row of a table has in the same words.

    A finding that a comment excuses stays as it is, with those of the other rows.
    """
    found = list(findings)
    if len(found) < _FEWEST:
        return found
    for directive, lines in _tables(page).items():
        file, rows = lines
        at = {finding.line: finding for finding in found if finding.file == file and finding.line in rows}
        same = {(finding.message, finding.suppressed) for finding in at.values()}
        if len(rows) < _FEWEST or len(at) < len(rows) or len(same) > 1 or next(iter(same))[1]:
            continue
        first = found.index(at[min(at)])
        message = f"each of the {len(rows)} rows of the table: {found[first].message}"
        own = file_of(page, directive.file)
        found[first] = replace(found[first], message=message, line=directive.line, column=0, file=own)
        folded = {id(finding) for finding in at.values()}
        found = [finding for finding in found if id(finding) not in folded]
    return found


def _tables(page: CheckedPage) -> dict[Directive, tuple[str, frozenset[int]]]:
    """Return for each table the file that its rows stand in, and the lines of those that say anything."""
    rows = dict(page.rows_of)
    rows |= dict(zip((each[0] for each in page.timelines), page.events, strict=True))
    rows |= {directive: timed for directive, _, timed in page.responses}
    found = {directive: [row for row in each if not row.is_empty] for directive, each in rows.items()}
    return {
        directive: (file_of(page, each[0].file), frozenset(row.line for row in each))
        for directive, each in found.items()
        if each
    }


MOST_OF_A_KIND = 100  # findings of one rule on one page
_DIRECTIVE = expression(r"`:::\{([\w-]+)\}([^`]*)`")
PAGE_SUFFIXES = (".md", ".rst", ".markdown")


def run_page(page: CheckedPage, *, least: str = "note", skip: Collection[str] = ()) -> list[Finding]:
    """Return the findings of one page, by line; the suppressed ones are kept with their reason.

    Args:
        page: the page.
        least: the least severity that is of interest; rules below it are not run.
        skip: the codes of rules that are not run.
    """
    findings: list[Finding] = []
    after: list[tuple[Check, str]] = []
    own = tuple((code, severity) for code, (severity, _) in page_severities(page).items())
    is_begun = page.status in _BEGUN
    for item, severity in _of_interest(tuple(page.settings.checks.items()), own, least, frozenset(skip), is_begun):
        if not (item.any_page or page.is_postmortem) or _is_foreign(item, page.settings):
            continue
        if item.page_rule is not None:
            findings += _findings(item, severity, page, item.page_rule(page, page.settings))
        elif item.after_rule is not None:
            after.append((item, severity))
    findings = _of_whole_tables(page, apply_suppressions(page, _without_retold(page, findings)))
    for item, severity in after if not skip and least == "note" else ():
        findings += _findings(item, severity, page, item.after_rule(page, findings) if item.after_rule else ())
    return sorted(findings, key=lambda finding: (finding.file, finding.line, finding.column, finding.code))


@lru_cache(maxsize=16)  # most pages of a site are judged by the same rules
def _of_interest(
    chosen: tuple[tuple[str, str], ...],
    own: tuple[tuple[str, str], ...],
    least: str,
    skip: frozenset[str],
    is_begun: bool,
) -> tuple[tuple[Check, str], ...]:
    """Return the rules to run, in order, each with its severity.

    Args:
        chosen: the severities that the site sets.
        own: those that the page sets.
        least: the least severity that is of interest.
        skip: the codes of rules that are not run.
        is_begun: whether the incident is a draft or states no status.
    """
    of_site, of_page = dict(chosen), dict(own)
    rated = ((item, _severity(item, is_begun, of_site, of_page)) for item in all_checks() if item.code not in skip)
    return tuple((item, severity) for item, severity in rated if _is_wanted(severity, _least_of(item, least)))


def _without_retold(page: CheckedPage, findings: Sequence[Finding]) -> list[Finding]:
    """Return findings without the labels in text that another rule, which stops editions, tells at the same line."""
    stated = [finding for finding in findings if finding.code == Code.TLP_STATED.value]
    gate = find_check(Code.TLP_CONFLICT.value) if stated else None
    hits = gate.page_rule(page, page.settings) if gate is not None and gate.page_rule is not None else ()
    told = {(file_of(page, hit.file), hit.line) for hit in hits}
    return [each for each in findings if each not in stated or (each.file, each.line) not in told]


def _of_whole_tables(page: CheckedPage, findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with one for each rule that every row of a table breaks in the same words, and few of a kind."""
    of_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        of_rule.setdefault(finding.code, []).append(finding)
    known = set(findings)
    folded = [finding for found in of_rule.values() for finding in _first_of(told_once(page, found))]
    new = iter(apply_suppressions(page, [finding for finding in folded if finding not in known]))
    return [finding if finding in known else next(new) for finding in folded]


def run_noted(page: CheckedPage, noted: Sequence[Finding], *, edition: Edition, least: str) -> list[Finding]:
    """Return what a build has found by itself on a page, as ``run_page`` tells it: with the page's own severities.

    Args:
        page: the page.
        noted: the findings.
        edition: the edition; comments in what it hides excuse nothing.
        least: the least severity that is of interest.
    """
    findings: list[Finding] = []
    for finding in dict.fromkeys(noted):
        item = find_check(finding.code)
        severity = finding.severity if item is None else _severity_on(page, item)
        if item is not None and _is_wanted(severity, _least_of(item, least)):
            findings.append(replace(finding, severity=severity))
    return apply_suppressions(page, findings, edition)


def _least_of(item: Check, least: str) -> str:
    """Return the least severity of interest for a rule: what a build finds by itself, it tells as a warning too."""
    return min(least, "warning", key=CHECK_SEVERITIES.index) if item.in_build else least


def _is_wanted(severity: str, least: str) -> bool:
    return severity != "off" and CHECK_SEVERITIES.index(severity) >= CHECK_SEVERITIES.index(least)


def _findings(item: Check, severity: str, page: CheckedPage, hits: Iterable[Hit]) -> list[Finding]:
    """Return the findings of one rule."""
    return [
        Finding(item.code, severity, _in_markup(page, hit.message), file_of(page, hit.file), hit.line, hit.column)
        for hit in hits
    ]


def _first_of(found: list[Finding]) -> list[Finding]:
    """Return the findings of one rule; of very many of a kind, the first ones and their number."""
    if len(found) <= MOST_OF_A_KIND:
        return found
    left, last = len(found) - MOST_OF_A_KIND, found[MOST_OF_A_KIND]
    more = f"{left} more from here on break the same rule; mend the first {MOST_OF_A_KIND}, and check again"
    return [*found[:MOST_OF_A_KIND], replace(last, message=more, column=0, suppressed="")]


def _in_markup(page: CheckedPage, message: str) -> str:
    """Return a message that names directives as they are written on the page."""
    return message if page.source.markdown else _DIRECTIVE.sub(r"`.. \1::\2`", message)


TEXT_CODES = (
    *(
        "executive-ip",
        "executive-machine",
        "executive-host",
        "executive-hash",
        "executive-path",
        "executive-cve",
        "executive-email",
    ),
    *("executive-account", "human-error", "cause-fault", "cause-person", "blame-person", "blame-word", "prompt-left"),
)


def run_text(page: CheckedPage, shown: SourcePage, *, edition: Edition, least: str = "note") -> list[Finding]:
    """Return the findings of the rules about what a text says, on the part of a page that an edition shows.

    They depend on nothing that is hidden: a comment within a hidden block excuses nothing.

    Args:
        page: the whole page, for the severities in its front matter and the comments that excuse findings.
        shown: what the edition shows of it.
        edition: the edition; comments in what it hides excuse nothing.
        least: the least severity that is of interest.
    """
    read = CheckedPage(page.file, shown, settings=page.settings)
    chosen = dict(page.settings.checks)
    own = {code: severity for code, (severity, _) in page_severities(page).items()}
    findings: list[Finding] = []
    for item in all_checks():
        severity = _severity(item, read.status in _BEGUN, chosen, own)
        is_wanted = item.code in TEXT_CODES and _is_wanted(severity, least) and not _is_foreign(item, page.settings)
        if is_wanted and item.page_rule is not None and read.is_postmortem:
            hits = item.page_rule(read, page.settings)
            findings += [Finding(item.code, severity, hit.message, hit.file or page.file, hit.line) for hit in hits]
    findings = apply_suppressions(page, findings, edition)
    return sorted(findings, key=lambda finding: (finding.line, finding.code))


def _is_foreign(item: Check, settings: Settings) -> bool:
    """Say whether a check looks for English words, and the site is written in another language."""
    return item.english and not settings.is_in_english


def run_site(pages: Sequence[CheckedPage], settings: Settings, *, least: str = "note") -> list[Finding]:
    """Return the findings of the rules about all pages together."""
    chosen = dict(settings.checks)
    findings: list[Finding] = []
    for item in all_checks():
        severity = chosen.get(item.code, item.severity)
        if item.site_rule is not None and _is_wanted(severity, least):
            hits = item.site_rule(pages, settings)
            findings += [Finding(item.code, severity, hit.message, hit.file, hit.line, hit.column) for hit in hits]
    return findings


def run_tickets(pages: Sequence[CheckedPage], compared: Comparison, settings: Settings) -> list[Finding]:
    """Return the findings of the rules about actions and their tickets, by file and line."""
    findings: list[Finding] = []
    by_file = {file_of(page, file): page for page in pages for _, _, file in page.action_tables}
    for item in all_checks():
        severity = settings.checks.get(item.code, item.severity)
        if item.ticket_rule is None or severity == "off":
            continue
        for hit in item.ticket_rule(compared, settings):
            finding = Finding(item.code, severity, hit.message, hit.file, hit.line, hit.column)
            page = by_file.get(hit.file)
            findings += apply_suppressions(page, [finding]) if page is not None else [finding]
    return sorted(findings, key=lambda finding: (finding.file, finding.line, finding.code))


def read_file(
    path: Path,
    name: str,
    settings: Settings,
    root: Path,
    markdown_syntax: frozenset[str] = DEFAULT_MARKDOWN_SYNTAX,
    *,
    ran: Sequence[Directive] | None = None,
) -> CheckedPage:
    """Read one file for the checks; never fails.

    Args:
        path: the file.
        name: how findings name it.
        settings: the site's settings.
        root: the source folder, below which the files that the page includes or takes tables from must lie.
        markdown_syntax: the site's ``myst_enable_extensions``.
        ran: in a build, the directives of ours that ran on the page.
    """
    markdown = path.suffix != ".rst"
    if why := fault_of_name(path.name):
        fault = Fault("unreadable-file", 0, why)
        return CheckedPage(name, SourcePage(markdown, []), settings=settings, faults=[fault])
    try:
        if path.stat().st_size > LARGEST_FILE:
            fault = Fault("unreadable-file", 0, f"the file is larger than {LARGEST_FILE} bytes; divide it")
            return CheckedPage(name, SourcePage(markdown, []), settings=settings, faults=[fault])
        data = read_regular(path)
    except OSError as error:
        fault = Fault("unreadable-file", 0, f"the file cannot be read ({error.strerror}); mend the path or its rights")
        return CheckedPage(name, SourcePage(markdown, []), settings=settings, faults=[fault])
    text, faults = decode(data)
    page = check_page(
        name,
        text,
        settings,
        markdown=markdown,
        faults=faults,
        open_file=SiteFiles(path, root).open,
        markdown_syntax=markdown_syntax,
        ran=ran,
    )
    page.root = root
    return page


def find_pages(root: Path, is_excluded: Callable[[str], bool]) -> Iterator[Path]:
    """Yield the pages below a source folder, in order; also those that cannot be read, and folders that cannot."""

    def is_left_out(path: str) -> bool:
        return path.rpartition("/")[2].startswith((".", "_build")) or is_excluded(path)

    pages: list[Path] = []
    unreadable: list[str] = []
    walk = walk_sources(root, is_left_out, say_unreadable=lambda path, _why: unreadable.append(path))
    for folder, names in walk:
        pages += [root / folder / name for name in names if Path(name).suffix in PAGE_SUFFIXES]
    pages += [root / path for path in unreadable]
    yield from sorted(path for path in pages if not is_left_out(path.relative_to(root).as_posix()))


def severity_of(code: str, settings: Settings) -> str:
    """Return the severity that a site gives to a code of the checks; the rule's own where it gives none."""
    item = find_check(code)
    return settings.checks.get(code, item.severity if item else "error")


def _severity_on(page: CheckedPage, item: Check) -> str:
    """Return the severity of a rule on a page."""
    own = {code: severity for code, (severity, _) in page_severities(page).items()}
    return _severity(item, page.status in _BEGUN, page.settings.checks, own)


def _severity(item: Check, is_begun: bool, chosen: Mapping[str, str], own: Mapping[str, str]) -> str:
    if item.code in own and own[item.code] in (*CHECK_SEVERITIES, "false"):
        return own[item.code].replace("false", "off")
    severity = chosen.get(item.code, item.severity)
    is_less = item.incomplete and is_begun and item.code not in chosen and severity != "off"
    return "note" if is_less else severity
