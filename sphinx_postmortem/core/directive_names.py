"""The names of our directives and the columns of our tables, for those who need no more of them than that."""

from __future__ import annotations

from collections.abc import Mapping

DIRECTIVE_NAMES = (
    "incident-summary",
    "timeline",
    "action-table",
    "response-table",
    "veris",
    "review-record",
    "reporting-clocks",
    "actions-by-owner",
    "action-list",
    "incident-list",
    "event-list",
    "response-list",
    "evidence-list",
    "clock-list",
    "runbook-incidents",
    "runbook-list",
    "incident-navigation",
    "incident-overview",
    "lesson-list",
    "similar-incidents",
    "factor-list",
    "technique-list",
    "incident-metrics",
    "root-cause",
    "contributing-factors",
    "affected-assets",
    "closure-checklist",
    "audience",
    "internal-only",
    "revision-history",
)
"""Every directive of ours, in the order of the reference; only these read ``:audience:`` and ``:internal-columns:``."""

REQUIRED_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "timeline": ("time", "event"),
    "action-table": ("action", "owner"),
    "response-table": ("response",),
    "veris": ("field", "value"),
    "review-record": ("who", "read on", "agreed"),
}
"""Each directive whose body is a table, with the columns that the table needs."""
