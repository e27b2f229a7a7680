"""The names of our directives and the columns of our tables, for those who need no more of them than that."""

from __future__ import annotations

from collections.abc import Mapping

LISTS: Mapping[str, str] = {
    "action-list": "action_fields.ACTIONS",
    "incident-list": "incident_fields.INCIDENTS",
    "event-list": "event_fields.EVENT_LIST",
    "response-list": "event_fields.RESPONSE_LIST",
    "evidence-list": "event_fields.EVIDENCE_LIST",
    "clock-list": "clock_fields.CLOCK_LIST",
    "runbook-list": "runbook_fields.RUNBOOKS",
    "lesson-list": "lesson_fields.LESSON_LIST",
    "factor-list": "lesson_fields.FACTOR_LIST",
    "technique-list": "technique_fields.TECHNIQUES",
}
"""Each directive that lists records, with its table of fields: a name in ``core/lists``, loaded when it is used.

``event-list`` is the class ``EventList`` of ``sphinx_ext/lists/list_directives.py``.
"""

DIRECTIVE_NAMES = (
    *("incident-summary", "timeline", "action-table", "response-table", "veris", "review-record", "reporting-clocks"),
    *("actions-by-owner", *LISTS, "runbook-incidents", "incident-navigation", "incident-overview", "similar-incidents"),
    *("incident-metrics", "root-cause", "contributing-factors", "affected-assets", "closure-checklist"),
    *("audience", "internal-only", "revision-history"),
)
"""Every directive of ours, in the order of the reference; only these read ``:audience:`` and ``:internal-columns:``."""

MARKING_OPTIONS = ("audience", "internal-columns")
"""The options by which a directive is marked."""

REQUIRED_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "timeline": ("time", "event"),
    "action-table": ("action", "owner"),
    "response-table": ("response",),
    "veris": ("field", "value"),
    "review-record": ("who", "read on", "agreed"),
}
"""Each directive whose body is a table, with the columns that the table needs."""
