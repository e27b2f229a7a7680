"""The checks: the template's rules, each a small function in a registry. Importing this package registers them all."""

from __future__ import annotations

from sphinx_postmortem.core.checks import (
    actions,
    addressed,
    bad_values,
    causes,
    clocks,
    closure,
    contradictions,
    directive_use,
    durations,
    executive,
    glyphs,
    imported,
    labels,
    language,
    markings,
    register,
    repeats,
    responses,
    secret,
    summary,
    suppress,
    tagged_factors,
    techniques,
    template,
    tickets_followed,
    timeline,
    veris_names,
)
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
from sphinx_postmortem.core.checks.ticket_fixes import ticket_fixes
from sphinx_postmortem.core.checks.ticket_pairs import Comparison, compare
from sphinx_postmortem.core.reader.source import DEFAULT_MARKDOWN_SYNTAX
from sphinx_postmortem.core.settings import SettingError, Settings, read_settings

RULES = (
    template,
    directive_use,
    summary,
    bad_values,
    labels,
    executive,
    secret,
    timeline,
    imported,
    durations,
    causes,
    tagged_factors,
    language,
    actions,
    tickets_followed,
    addressed,
    responses,
    clocks,
    veris_names,
    closure,
    contradictions,
    markings,
    glyphs,
    register,
    repeats,
    techniques,
    suppress,
)

__all__ = [
    "DEFAULT_MARKDOWN_SYNTAX",
    "PAGE_SUFFIXES",
    "RULES",
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
