"""Runs the checks over pages and files, and turns what they find into findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sphinx_postmortem.core.checks.page import CheckedPage, check_page
from sphinx_postmortem.core.checks.registry import SEVERITIES, Check, Finding, Hit, all_checks, find_check
from sphinx_postmortem.core.checks.settings import BadCheckSettingError, CheckSettings
from sphinx_postmortem.core.checks.suppress import page_severities, read_suppressions
from sphinx_postmortem.core.source_page import SourcePage
from sphinx_postmortem.core.source_reader import decode

LARGEST_FILE = 20_000_000
PAGE_SUFFIXES = (".md", ".rst", ".markdown")
SUPPRESSION = "bad-suppression"


def validate_severities(settings: CheckSettings) -> None:
    """Make sure that ``postmortem_checks`` names known codes and severities.

    Raises:
        BadCheckSettingError: it does not.
    """
    for code, severity in settings.checks:
        if find_check(code) is None:
            raise BadCheckSettingError(f"postmortem_checks: there is no check {code!r}")
        if severity not in SEVERITIES:
            raise BadCheckSettingError(f"postmortem_checks[{code!r}] must be one of {', '.join(SEVERITIES)}")


def run_page(page: CheckedPage) -> list[Finding]:
    """Return the findings of one page, by line; the suppressed ones are kept with their reason."""
    chosen = dict(page.settings.checks)
    own = page_severities(page)
    findings = list(_page_faults(page, own))
    for item in all_checks():
        severity = _severity(item, page, chosen, own)
        if severity == "off" or item.page_rule is None or not (item.any_page or _applies(item, page)):
            continue
        hits: Iterable[Hit] = item.page_rule(page, page.settings)
        findings += [Finding(item.code, severity, hit.message, _file(page, hit), hit.line, hit.column) for hit in hits]
    findings = _suppress(page, findings)
    return sorted(findings, key=lambda finding: (finding.file, finding.line, finding.column, finding.code))


TEXT_CODES = (
    *("executive-ip", "executive-host", "executive-hash", "executive-path", "executive-cve", "executive-email"),
    *("executive-account", "human-error", "cause-fault", "cause-person", "blame-person", "blame-word", "prompt-left"),
)


def run_text(page: CheckedPage, shown: SourcePage) -> list[Finding]:
    """Return the findings of the rules about what a text says, on the part of a page that an edition shows.

    Args:
        page: the whole page, for its severities and suppressions.
        shown: what the edition shows of it.
    """
    read = CheckedPage(page.file, shown, settings=page.settings)
    chosen, own = dict(page.settings.checks), page_severities(page)
    findings: list[Finding] = []
    for item in all_checks():
        severity = _severity(item, page, chosen, own)
        if item.code in TEXT_CODES and severity != "off" and item.page_rule is not None and read.is_postmortem:
            hits = item.page_rule(read, page.settings)
            findings += [Finding(item.code, severity, hit.message, page.file, hit.line) for hit in hits]
    kept = [finding for finding in _suppress(page, findings) if finding.code != SUPPRESSION]
    return sorted(kept, key=lambda finding: (finding.line, finding.code))


def run_site(pages: Sequence[CheckedPage], settings: CheckSettings) -> list[Finding]:
    """Return the findings of the rules about all pages together."""
    chosen = dict(settings.checks)
    findings: list[Finding] = []
    for item in all_checks():
        severity = chosen.get(item.code, item.severity)
        if item.site_rule is not None and severity != "off":
            hits = item.site_rule(pages, settings)
            findings += [Finding(item.code, severity, hit.message, hit.file, hit.line, hit.column) for hit in hits]
    return findings


def read_file(path: Path, name: str, settings: CheckSettings, root: Path) -> CheckedPage:
    """Read one file for the checks; never fails.

    Args:
        path: the file.
        name: how findings name it.
        settings: the site's settings.
        root: the source folder, below which a ``:file:`` must lie.
    """
    from sphinx_postmortem.core.source_page import Fault

    markdown = path.suffix != ".rst"
    try:
        if path.stat().st_size > LARGEST_FILE:
            fault = Fault("unreadable-file", 0, f"the file is larger than {LARGEST_FILE} bytes; divide it")
            return CheckedPage(name, SourcePage(markdown, []), settings=settings, faults=[fault])
        data = path.read_bytes()
    except OSError as error:
        fault = Fault("unreadable-file", 0, f"the file cannot be read ({error.strerror}); mend the path or its rights")
        return CheckedPage(name, SourcePage(markdown, []), settings=settings, faults=[fault])
    text, faults = decode(data)
    return check_page(name, text, settings, markdown=markdown, faults=faults, read_csv=_csv_reader(path, root))


def find_pages(root: Path, is_excluded: Callable[[str], bool]) -> Iterator[Path]:
    """Yield the pages below a source folder, in order."""
    for path in sorted(root.rglob("*")):
        if path.suffix in PAGE_SUFFIXES and path.is_file():
            relative = path.relative_to(root).as_posix()
            hidden = any(part.startswith((".", "_build")) for part in relative.split("/"))
            if not hidden and not is_excluded(relative):
                yield path


def _csv_reader(path: Path, root: Path) -> Callable[[str], str]:
    def read(name: str) -> str:
        base = root if name.startswith("/") else path.parent
        target = (base / name.lstrip("/")).resolve()
        if not target.is_relative_to(root.resolve()):
            raise ValueError("it lies outside the source folder")
        if target.stat().st_size > LARGEST_FILE:
            raise ValueError("it is too large")
        return target.read_text(encoding="utf-8")

    return read


def _applies(item: Check, page: CheckedPage) -> bool:
    return page.is_postmortem


def _file(page: CheckedPage, hit: Hit) -> str:
    if not hit.file:
        return page.file
    return (Path(page.file).parent / hit.file).as_posix()


def _severity(item: Check, page: CheckedPage, chosen: dict[str, str], own: dict[str, tuple[str, int]]) -> str:
    if item.code in own and own[item.code][0] in (*SEVERITIES, "false"):
        return own[item.code][0].replace("false", "off")
    severity = chosen.get(item.code, item.severity)
    is_draft = item.incomplete and page.status == "draft"
    return "note" if is_draft and item.code not in chosen and severity != "off" else severity


def _page_faults(page: CheckedPage, own: dict[str, tuple[str, int]]) -> Iterator[Finding]:
    for code, (severity, line) in own.items():
        if find_check(code) is None:
            yield Finding(SUPPRESSION, "error", f'there is no check "{code}"; mend the code', page.file, line)
        elif severity not in (*SEVERITIES, "false"):
            message = f'"{severity}" is no severity; write one of {", ".join(SEVERITIES)}'
            yield Finding(SUPPRESSION, "error", message, page.file, line)


def _suppress(page: CheckedPage, findings: list[Finding]) -> list[Finding]:
    suppressions, faults = read_suppressions(page)
    extra = [Finding(SUPPRESSION, "error", message, page.file, line) for line, message in faults]
    used: set[int] = set()
    kept: list[Finding] = []
    for finding in findings:
        by = next(
            (
                item
                for item in suppressions
                if finding.code in item.codes and finding.file == page.file and item.first <= finding.line <= item.last
            ),
            None,
        )
        if by:
            used.add(by.line)
        kept.append(replace(finding, suppressed=by.reason) if by else finding)
    for item in suppressions:
        unknown = [code for code in item.codes if find_check(code) is None]
        if unknown:
            extra.append(Finding(SUPPRESSION, "error", f'there is no check "{unknown[0]}"', page.file, item.line))
        elif item.line not in used:
            message = f"nothing is found here that {', '.join(item.codes)} would report; remove the comment"
            extra.append(Finding(SUPPRESSION, "note", message, page.file, item.line))
    return kept + extra
