"""Records as ``postmortems.json`` holds them, how a page begins, and what a finished PDF says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pypdf import PdfReader

from sphinx_postmortem.core.exports.edition_json import time_fields
from sphinx_postmortem.core.records.time_reading import parse_moment

START_OF_PAGE = """# SEC-1: The title names the cause

:::{incident-summary} SEC-1
:date: 2026-01-02
:severity: SEV-2
:status: closed
:tlp: CLEAR

Shown <b>summary</b>.
:::

:::{timeline}
:internal-columns: Notes

| Time (UTC) | Event | Notes | Audience |
|---|---|---|---|
"""


def event(written: str, text: str, **more: Any) -> dict[str, Any]:
    """Return a row of a timeline."""
    return {**time_fields(parse_moment(written)), "event": text, "notes": "", "milestone": "", "other": [], **more}


def incident(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return an incident."""
    return {"id": "SEC-1", "title": "A title", "events": list(events), "actions": [], "responses": [], **more}


def text_of_pdf(path: Path) -> str:
    """Return the text of a PDF with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
