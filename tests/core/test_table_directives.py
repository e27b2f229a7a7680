"""Every directive whose table the gate reads is known as one to the accounting and to the audit."""

from __future__ import annotations

from sphinx_postmortem.core.audience.accounting import needs_body
from sphinx_postmortem.core.audit.marks import TABLE_DIRECTIVES
from sphinx_postmortem.core.directives import DIRECTIVE_OPTIONS

WITH_COLUMNS = {name for name, options in DIRECTIVE_OPTIONS.items() if "internal-columns" in options}


def test_the_audit_reads_the_rows_of_each():
    assert set(TABLE_DIRECTIVES) == WITH_COLUMNS


def test_the_accounting_misses_the_body_of_each():
    assert all(needs_body(name, "") and not needs_body(name, "rows.csv") for name in WITH_COLUMNS)
