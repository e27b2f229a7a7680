"""Findings as text, JSON, SARIF 2.1.0 and GitHub annotations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sphinx_postmortem.core.checks.baseline import REASON as IN_BASELINE
from sphinx_postmortem.core.checks.registry import Finding, all_checks
from sphinx_postmortem.core.terminal_text import without_controls

if TYPE_CHECKING:
    from sphinx_postmortem.core.exports.command_json import CheckData, FindingData

FORMATS = ("text", "json", "sarif", "github")
_GRAVEST_FIRST = ("error", "warning", "note", "off")
_OF_PROMPTS = "prompt-left"
_SARIF_LEVELS = {"error": "error", "warning": "warning", "note": "note"}
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def counted(findings: Sequence[Finding]) -> Counter[str]:
    """Count the findings that are not suppressed by severity; the suppressed under ``suppressed``."""
    return Counter("suppressed" if finding.suppressed else finding.severity for finding in findings)


def as_text(findings: Sequence[Finding], pages: int) -> str:
    """Return one line for each finding, the gravest first, and a last line with their numbers.

    The prompts that are left on a page share a line.
    """
    lines = [
        f"{_place(finding)}: {finding.severity}: {finding.message} [{finding.code}]"
        for finding in in_order(with_prompts_grouped(findings))
        if not finding.suppressed
    ]
    return "\n".join([*lines, summary_line(findings, pages)]) + "\n"


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with errors first, then warnings, then notes."""
    return sorted(findings, key=lambda finding: _GRAVEST_FIRST.index(finding.severity))


def with_prompts_grouped(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with one in the place of all prompts that are left on a page."""
    of_page: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.code == _OF_PROMPTS and not finding.suppressed:
            of_page.setdefault((finding.file, finding.severity), []).append(finding)
    shown: list[Finding] = []
    for finding in findings:
        prompts = of_page.get((finding.file, finding.severity), [finding])
        if finding.code != _OF_PROMPTS or finding.suppressed or len(prompts) == 1:
            shown.append(finding)
        elif finding is prompts[0]:
            lines = ", ".join(dict.fromkeys(str(each.line) for each in prompts))
            message = f"{len(prompts)} prompts are left (lines {lines}); write what belongs there, or delete them"
            shown.append(replace(finding, message=message, column=0))
    return shown


def summary_line(findings: Sequence[Finding], pages: int) -> str:
    """Return the numbers of findings and pages as a sentence."""
    numbers = counted(findings)
    said = [f"{numbers[name]} {name}{'' if numbers[name] == 1 else 's'}" for name in ("error", "warning", "note")]
    extra = f", {numbers['suppressed']} suppressed" if numbers["suppressed"] else ""
    return f"{pages} page{'' if pages == 1 else 's'} checked: {', '.join(said)}{extra}"


def as_json(findings: Sequence[Finding], pages: int) -> str:
    """Return all findings, the suppressed with their reason, and the numbers."""
    return json.dumps(check_data(findings, pages), indent=1, ensure_ascii=False) + "\n"


def check_data(findings: Sequence[Finding], pages: int) -> CheckData:
    """Return what ``--format json`` prints."""
    numbers = counted(findings)
    return {
        "pages": pages,
        "summary": {
            "error": numbers["error"],
            "warning": numbers["warning"],
            "note": numbers["note"],
            "suppressed": numbers["suppressed"],
        },
        "findings": [cast("FindingData", asdict(finding)) for finding in findings],
    }


def as_sarif(findings: Sequence[Finding], pages: int) -> str:
    """Return a SARIF 2.1.0 log with one run; suppressed findings carry their reason as justification."""
    rules = [
        {
            "id": item.code,
            "shortDescription": {"text": _message(item.rule)},
            "fullDescription": {"text": _message(f"{item.rule} Source: {item.source}.")},
            "defaultConfiguration": {"level": _SARIF_LEVELS.get(item.severity, "none")},
        }
        for item in all_checks()
    ]
    places = {rule["id"]: index for index, rule in enumerate(rules)}
    driver = {
        "name": "sphinx-postmortem",
        "informationUri": "https://pypi.org/project/sphinx-postmortem/",
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(finding, places) for finding in findings],
    }
    return json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _sarif_result(finding: Finding, places: Mapping[Any, int]) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.file)}}
    if finding.line:
        region = {"startLine": finding.line}
        if finding.column:
            region["startColumn"] = finding.column
        location["region"] = region
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": places[finding.code],
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": _message(finding.message)},
        "locations": [{"physicalLocation": location}],
    }
    if finding.suppressed:
        kind = "external" if finding.suppressed == IN_BASELINE else "inSource"
        result["suppressions"] = [{"kind": kind, "justification": finding.suppressed}]
    return result


def _message(text: str) -> str:
    """Return a text as a SARIF message string (3.11.5 and 3.11.6): no placeholders and no embedded links."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _uri(file: str) -> str:
    """Return a path as a URI reference: relative as it is, absolute with the scheme ``file``."""
    from urllib.parse import quote

    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def as_github(findings: Sequence[Finding], pages: int) -> str:
    """Return workflow commands, which GitHub shows at the lines of a pull request."""
    lines: list[str] = []
    for finding in in_order(findings):
        if finding.suppressed:
            continue
        level = {"note": "notice"}.get(finding.severity, finding.severity)
        place = f"file={_property(finding.file)}"
        place += f",line={finding.line}" if finding.line else ""
        place += f",col={finding.column}" if finding.column else ""
        title = _property(f"postmortem.{finding.code}")
        lines.append(f"::{level} {place},title={title}::{_data(finding.message)}")
    return "\n".join([*lines, summary_line(findings, pages)]) + "\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _place(finding: Finding) -> str:
    parts = [without_controls(finding.file), *(str(number) for number in (finding.line, finding.column) if number)]
    return ":".join(parts)


REPORTS: dict[str, Callable[[Sequence[Finding], int], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
}
