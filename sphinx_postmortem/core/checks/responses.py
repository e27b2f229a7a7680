"""Rules for containment and remediation (template section 7), and for evidence that is a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sphinx_postmortem.core.checks.page import CheckedPage, CheckedRow
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.evidence import files_claimed
from sphinx_postmortem.core.records.kind_words import response_kind, response_kind_of_title
from sphinx_postmortem.core.records.model import CONTAINMENT, REMEDIATION
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.core.records.vocabulary import COLUMNS
from sphinx_postmortem.core.settings import Settings

_SOURCE = "template section 7"


def _page(row: str, status: str = "closed") -> str:
    return (
        f":::{{incident-summary}} SEC-1\n:status: {status}\n\nText.\n:::\n\n:::{{response-table}}\n"
        f"| Kind | Action | Evidence | Validation |\n|---|---|---|---|\n{row}\n:::\n"
    )


def _of_kind(page: CheckedPage, kind: str) -> Iterator[CheckedRow]:
    """Yield the responses of a kind that are facts."""
    for directive, table, rows in page.responses:
        column = table.column(*COLUMNS["response"])
        title = table.header[column] if column is not None else ""
        otherwise = response_kind(directive.option("kind")) or response_kind_of_title(title)
        for row in rows:
            text = row.cell("response")
            if (response_kind(row.cell("kind")) or otherwise) == kind and text and not is_prompt(text):
                yield row


def _says(row: CheckedRow, name: str) -> bool:
    text = row.cell(name).strip(" *_`|-–—")
    return bool(text) and not is_prompt(text)


@check(
    "response-evidence",
    "error",
    source=_SOURCE,
    bad=_page("| containment | Token revoked | | |"),
    good=_page("| containment | Token revoked | siem:4711 | |"),
)
def response_evidence(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each containment of a closed incident names the evidence that was preserved, or says that there is none."""
    for row in _of_kind(page, CONTAINMENT) if page.status == "closed" else ():
        if not _says(row, "evidence"):
            message = "the incident is closed, but this containment names no evidence"
            yield Hit(
                row.line,
                f'{message}; write it in the column Evidence, or "none" and why',
                file=row.file,
            )


@check(
    "response-validation",
    "error",
    source=_SOURCE,
    bad=_page("| remediation | Trusted publishing | | |"),
    good=_page("| remediation | Trusted publishing | | An upload with the old token failed |"),
)
def response_validation(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each fix of a closed incident says how it was validated."""
    for row in _of_kind(page, REMEDIATION) if page.status == "closed" else ():
        if not _says(row, "validation"):
            message = "the incident is closed, but this fix does not say how it was validated"
            yield Hit(row.line, f"{message}; write it in the column Validation", file=row.file)


@check(
    Code.EVIDENCE_FILE,
    "error",
    source="template sections 4 and 7",
    in_build=True,
    bad=_page("| containment | Token revoked | evidence/none.log | |"),
    good=_page("| containment | Token revoked | siem:4711 | |"),
)
def evidence_file(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Evidence that is named as a file is there, below the source folder."""
    for row in (*page.all_events, *(row for _, _, rows in page.responses for row in rows)):
        written = row.cell("evidence")
        for name, must_be_file in files_claimed(written) if written else ():
            if not must_be_file:
                continue
            path = (Path(page.file).absolute().parent / name).resolve()
            root = page.root.absolute().resolve() if page.root else None
            if root is not None and not path.is_relative_to(root):
                yield Hit(
                    row.line, f'the evidence "{name}" lies outside the source folder; move it below', file=row.file
                )
            elif not path.is_file():
                yield Hit(
                    row.line, f'the evidence "{name}" is not there; add the file, or mend the path', file=row.file
                )
