"""The rows of review records, as the rules read them."""

from __future__ import annotations

from sphinx_postmortem.core.checks.page import CheckedPage, CheckedRow, rows_in


def review_rows(page: CheckedPage) -> list[CheckedRow]:
    """Return the rows of the page's review records that say anything."""
    return [
        row for _, table, file in page.tables_named("review-record") for row in rows_in(table, file) if not row.is_empty
    ]
