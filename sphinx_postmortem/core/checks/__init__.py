"""The checks: the template's rules, each a small function in a registry. The first use of one loads all."""

from __future__ import annotations

from sphinx_postmortem.core.checks.baseline import Baseline, load_baseline, write_baseline
from sphinx_postmortem.core.checks.fix import Fix, apply_fixes, find_fixes
from sphinx_postmortem.core.checks.page import CheckedPage, CheckedRow, check_page, file_of
from sphinx_postmortem.core.checks.plain import read_plain
from sphinx_postmortem.core.checks.registry import Check, Finding, Hit, all_checks, find_check
from sphinx_postmortem.core.checks.runner import (
    PAGE_SUFFIXES,
    find_pages,
    read_file,
    run_noted,
    run_page,
    run_site,
    run_text,
    run_tickets,
    severity_of,
)
from sphinx_postmortem.core.checks.ticket_pairs import Comparison, compare
from sphinx_postmortem.core.checks.tickets_followed import ticket_fixes
from sphinx_postmortem.core.reader.source import DEFAULT_MARKDOWN_SYNTAX
from sphinx_postmortem.core.settings import SettingError, Settings, read_settings

__all__ = [
    "DEFAULT_MARKDOWN_SYNTAX",
    "PAGE_SUFFIXES",
    "Baseline",
    "Check",
    "CheckedPage",
    "CheckedRow",
    "Comparison",
    "Finding",
    "Fix",
    "Hit",
    "SettingError",
    "Settings",
    "all_checks",
    "apply_fixes",
    "check_page",
    "compare",
    "file_of",
    "find_check",
    "find_fixes",
    "find_pages",
    "load_baseline",
    "read_file",
    "read_plain",
    "read_settings",
    "run_noted",
    "run_page",
    "run_site",
    "run_text",
    "run_tickets",
    "severity_of",
    "ticket_fixes",
    "write_baseline",
]
