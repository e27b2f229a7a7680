"""Documents for the tests of imports, and how they are read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sphinx_postmortem.core.imports.draft import Draft
from sphinx_postmortem.core.imports.draft_page import DraftPage, Frame, make_page
from sphinx_postmortem.core.imports.draft_rows import time_cell
from sphinx_postmortem.core.imports.files import Asked, Source
from sphinx_postmortem.core.imports.from_markdown import read_markdown_document
from sphinx_postmortem.core.records.numeric_dates import Order
from sphinx_postmortem.core.records.zones import read_zone

FRAME = Frame("SEC-2026-001", severities=("SEV-1", "SEV-2"))


def read(
    folder: Path, text: str, *, name: str = "report.md", zone: str = "", day: date | None = None, order: Order = ""
) -> Draft:
    """Return the draft of a Markdown document."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    asked = Asked(zone=read_zone(zone) if zone else None, day=day, date_order=order)
    return read_markdown_document(Source(path, name, asked))[0]


def rows(draft: Draft) -> list[tuple[str, str]]:
    """Return the times, in UTC, and the events of a draft."""
    return [(time_cell(event.moment)[0], event.event.written) for event in draft.events]


def page(draft: Draft) -> DraftPage:
    """Return the page of a draft."""
    return make_page(draft, FRAME, "sec-2026-001.csv")
