"""Which checks there are, and which module of ``core/checks`` declares each. The tests compare it with the rules.

A site that names checks in ``postmortem_checks`` would otherwise load all rules whenever its settings are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

_CODES = {
    "actions": (
        "actions-missing action-owner owner-unknown action-priority action-due action-status action-id "
        "action-duplicate action-ticket due-before-incident action-overdue done-evidence"
    ),
    "addressed": "factor-unaddressed factor-uncovered action-area",
    "bad_values": "bad-value bad-date",
    "causes": "root-cause-missing root-cause-why human-error cause-fault cause-person factor-missing factor-kind",
    "clocks": (
        "clock-regime clock-start clock-ran-out clock-notification clock-contradiction clock-hidden clock-not-in-force"
    ),
    "closure": "closed-unmet",
    "contradictions": "milestone-twice unknown-milestone milestone-proposed second-time zone-unstated",
    "directive_use": "missing-id unknown-option old-option empty-directive missing-column bad-file",
    "durations": "duration-stated",
    "executive": (
        "executive-ip executive-machine executive-host executive-hash executive-path executive-cve "
        "executive-email executive-account"
    ),
    "glyphs": "pdf-glyph",
    "labels": "tlp-conflict held-back",
    "language": "blame-person blame-hindsight blame-word person-name",
    "markings": "unknown-audience broken-marking",
    "register": "register-unreadable register-missing register-recommended",
    "repeats": "repeats-unknown repeats-cycle",
    "responses": "response-evidence response-validation evidence-file",
    "retold_facts": "tlp-stated severity-stated date-stated",
    "retold_times": "time-stated",
    "reviews_due": "review-due",
    "row_spans": "row-span",
    "secret": "secret",
    "slack_paste": "slack-text",
    "summary": "summary-missing summary-field summary-status summary-dates incident-duplicate future-date",
    "suppress": "bad-suppression renamed-code unused-suppression",
    "tagged_factors": "factor-unknown factor-twice factor-untagged",
    "techniques": "technique-unknown technique-revoked technique-deprecated",
    "template": "unreadable-file too-large broken-front-matter section-missing prompt-left empty-row duplicate-heading",
    "tickets_followed": "ticket-done ticket-open ticket-dropped ticket-owner ticket-due ticket-gone ticket-untracked",
    "timeline": (
        "timeline-missing malformed-table time-not-utc time-offset time-estimate time-format time-impossible "
        "time-weekday time-slip timeline-order timeline-duplicate milestone-missing milestone-order "
        "event-evidence"
    ),
    "veris_names": "veris-name veris-incomplete",
}
"""The codes by module, in the order in which the modules declare them."""


@cache
def check_codes() -> Mapping[str, str]:
    """Return the code of every check with the name of the module that declares it, by module."""
    return {code: module for module, codes in _CODES.items() for code in codes.split()}
