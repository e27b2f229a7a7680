"""Every problem the product reports about a source, by code.

A code is stable: users write ``suppress_warnings = ["postmortem.bad-value"]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Self

CHECKED = True  # a check has this code


class Code(Enum):
    """Every code. First those of which a build warns by itself, with the rule behind each; then those of the checks."""

    _value_: str
    is_check: bool
    """Whether a check has this code, so that ``postmortem_checks`` may name it."""

    def __new__(cls, text: str, is_check: bool = False) -> Self:
        """Take the code as users write it as the value."""
        code = object.__new__(cls)
        code._value_ = text
        code.is_check = is_check
        return code

    UNKNOWN_AUDIENCE = "unknown-audience", CHECKED
    """An audience name that is not in ``postmortem_audiences``. The content is hidden in every edition."""
    BROKEN_MARKING = "broken-marking", CHECKED
    """An audience marking that cannot be read. The content is hidden in every edition, or in every filtered one."""
    MISSING_ID = "missing-id", CHECKED
    """A summary without incident id (template section 3)."""
    UNKNOWN_OPTION = "unknown-option", CHECKED
    """A directive option that does not exist."""
    OLD_OPTION = "old-option", CHECKED
    """A directive option by a name that it had in an earlier version."""
    BAD_DATE = "bad-date", CHECKED
    """A date that is not ``YYYY-MM-DD`` (RFC 3339 full-date)."""
    BAD_VALUE = "bad-value", CHECKED
    """A severity, type, status, TLP label or kind outside the allowed values (template sections 3 and 7, TLP 2.0)."""
    TLP_CONFLICT = "tlp-conflict", CHECKED
    """Labels of an incident contradict each other, the page's marking, or its text. It stops filtered editions."""
    MALFORMED_TABLE = "malformed-table", CHECKED
    """A body that is not a pipe table, or a row with more or fewer cells than the header."""
    MISSING_COLUMN = "missing-column", CHECKED
    """A column that the directive needs is not in the table's header."""
    BAD_FILE = "bad-file", CHECKED
    """A ``:file:`` that is missing, unreadable or outside the source folder; a link round which folders have no end."""
    EVIDENCE_FILE = "evidence-file", CHECKED
    """Evidence that is named as a file, and is missing or outside the source folder."""
    UNKNOWN_REFERENCE = "unknown-reference"
    """A role that names an incident, action or owner that does not exist."""
    TECHNIQUE_UNKNOWN = "technique-unknown", CHECKED
    """An id of ATT&CK that its table lacks, or words in the place of an id."""
    BAD_IDENTIFIER = "bad-identifier"
    """A role ``cve``, ``cwe``, ``capec`` or ``d3fend`` with a text that is no such id; it is shown without a link."""
    MILESTONE_ORDER = "milestone-order", CHECKED
    """A milestone that is timed before one that must precede it; the duration is not shown."""
    EMPTY_DIRECTIVE = "empty-directive", CHECKED
    """A directive without the content it needs."""
    NAME_CLASH = "name-clash"
    """Another extension also defines one of our directive names; use the ``postmortem:`` name."""
    BAD_FILTER = "bad-filter"
    """A filter, order or limit of a list that cannot be used."""
    UNKNOWN_RUNBOOK = "unknown-runbook"
    """A runbook that an incident names, or a pattern of ``postmortem_runbook_paths``, without a page."""
    RENAMED_SETTING = "renamed-setting"
    """A setting is written by a name that it had before. It works; the message has its name of today."""
    RENAMED_CODE = "renamed-code", CHECKED
    """A code is written by a name that it had before. It works; the message has its name of today."""
    NO_HOLIDAYS = "no-holidays"
    """Working days cannot be told for reporting clocks: the library holidays (extra ``clocks``) or a calendar lacks."""
    BAD_CATALOGUE = "bad-catalogue"
    """A site's own translations of our texts cannot be read, or lack names in braces; the English text is shown."""
    NO_CHARTS = "no-charts"
    """A chart cannot be drawn, since matplotlib (the extra ``charts``) is missing or fails; the table stands alone."""
    PSEUDONYM_LEFT = "pseudonym-left"
    """A name that an edition shows as a role remains: in a file's name, over markup, or in a file that is copied."""
    NO_HISTORY = "no-history"
    """Git cannot tell a page's history: no repository, a shallow clone, or a file that was never committed."""
    PDF_CONFIG = "pdf-config"
    """A ``pdf_documents`` entry or another setting cannot be used."""
    PDF_FONT = "pdf-font"
    """No font that can be embedded was found, or a font is broken."""
    PDF_GLYPH = "pdf-glyph", CHECKED
    """A character is in none of the fonts; its code point is printed."""
    PDF_IMAGE = "pdf-image"
    """An image is missing or unreadable; its description is printed."""
    PDF_REMOTE_IMAGE = "pdf-remote-image"
    """An image lies on another host, which a build does not ask; its description is printed."""
    PDF_LINK = "pdf-link"
    """A link has no destination in the document; its text is printed."""
    PDF_NODE = "pdf-node"
    """A node has no PDF form; its text is printed without formatting."""
    PDF_RENDERER = "pdf-renderer"
    """Anything else that rst2pdf complained about."""
    PDF_STYLE = "pdf-style"
    """A style sheet or a style in it is missing or unusable."""

    # The checks; the rule of each stands where the check is declared.
    ACTIONS_MISSING = "actions-missing", CHECKED
    ACTION_OWNER = "action-owner", CHECKED
    OWNER_UNKNOWN = "owner-unknown", CHECKED
    ACTION_PRIORITY = "action-priority", CHECKED
    ACTION_DUE = "action-due", CHECKED
    ACTION_STATUS = "action-status", CHECKED
    ACTION_ID = "action-id", CHECKED
    ACTION_DUPLICATE = "action-duplicate", CHECKED
    ACTION_TICKET = "action-ticket", CHECKED
    TICKET_DONE = "ticket-done", CHECKED
    TICKET_OPEN = "ticket-open", CHECKED
    TICKET_DROPPED = "ticket-dropped", CHECKED
    TICKET_OWNER = "ticket-owner", CHECKED
    TICKET_DUE = "ticket-due", CHECKED
    TICKET_GONE = "ticket-gone", CHECKED
    TICKET_UNTRACKED = "ticket-untracked", CHECKED
    DUE_BEFORE_INCIDENT = "due-before-incident", CHECKED
    ACTION_OVERDUE = "action-overdue", CHECKED
    DONE_EVIDENCE = "done-evidence", CHECKED
    FACTOR_UNCOVERED = "factor-uncovered", CHECKED
    FACTOR_UNADDRESSED = "factor-unaddressed", CHECKED
    ACTION_AREA = "action-area", CHECKED
    RESPONSE_EVIDENCE = "response-evidence", CHECKED
    RESPONSE_VALIDATION = "response-validation", CHECKED
    REVIEW_DUE = "review-due", CHECKED
    BLAME_PERSON = "blame-person", CHECKED
    BLAME_HINDSIGHT = "blame-hindsight", CHECKED
    BLAME_WORD = "blame-word", CHECKED
    PERSON_NAME = "person-name", CHECKED
    ROOT_CAUSE_MISSING = "root-cause-missing", CHECKED
    ROOT_CAUSE_WHY = "root-cause-why", CHECKED
    HUMAN_ERROR = "human-error", CHECKED
    CAUSE_FAULT = "cause-fault", CHECKED
    CAUSE_PERSON = "cause-person", CHECKED
    FACTOR_MISSING = "factor-missing", CHECKED
    FACTOR_KIND = "factor-kind", CHECKED
    FACTOR_UNKNOWN = "factor-unknown", CHECKED
    FACTOR_TWICE = "factor-twice", CHECKED
    FACTOR_UNTAGGED = "factor-untagged", CHECKED
    REPEATS_UNKNOWN = "repeats-unknown", CHECKED
    REPEATS_CYCLE = "repeats-cycle", CHECKED
    CLOSED_UNMET = "closed-unmet", CHECKED
    EXECUTIVE_IP = "executive-ip", CHECKED
    EXECUTIVE_MACHINE = "executive-machine", CHECKED
    EXECUTIVE_HOST = "executive-host", CHECKED
    EXECUTIVE_HASH = "executive-hash", CHECKED
    EXECUTIVE_PATH = "executive-path", CHECKED
    EXECUTIVE_CVE = "executive-cve", CHECKED
    EXECUTIVE_EMAIL = "executive-email", CHECKED
    EXECUTIVE_ACCOUNT = "executive-account", CHECKED
    REGISTER_UNREADABLE = "register-unreadable", CHECKED
    REGISTER_MISSING = "register-missing", CHECKED
    REGISTER_RECOMMENDED = "register-recommended", CHECKED
    SECRET = "secret", CHECKED
    SUMMARY_MISSING = "summary-missing", CHECKED
    SUMMARY_FIELD = "summary-field", CHECKED
    SUMMARY_STATUS = "summary-status", CHECKED
    HELD_BACK = "held-back", CHECKED
    SUMMARY_DATES = "summary-dates", CHECKED
    INCIDENT_DUPLICATE = "incident-duplicate", CHECKED
    FUTURE_DATE = "future-date", CHECKED
    BAD_SUPPRESSION = "bad-suppression", CHECKED
    UNUSED_SUPPRESSION = "unused-suppression", CHECKED
    UNREADABLE_FILE = "unreadable-file", CHECKED
    TOO_LARGE = "too-large", CHECKED
    BROKEN_FRONT_MATTER = "broken-front-matter", CHECKED
    SECTION_MISSING = "section-missing", CHECKED
    PROMPT_LEFT = "prompt-left", CHECKED
    EMPTY_ROW = "empty-row", CHECKED
    SLACK_TEXT = "slack-text", CHECKED
    DUPLICATE_HEADING = "duplicate-heading", CHECKED
    TIMELINE_MISSING = "timeline-missing", CHECKED
    TIME_NOT_UTC = "time-not-utc", CHECKED
    TIME_OFFSET = "time-offset", CHECKED
    TIME_ESTIMATE = "time-estimate", CHECKED
    TIME_FORMAT = "time-format", CHECKED
    TIME_IMPOSSIBLE = "time-impossible", CHECKED
    TIME_SLIP = "time-slip", CHECKED
    TIMELINE_ORDER = "timeline-order", CHECKED
    TIMELINE_DUPLICATE = "timeline-duplicate", CHECKED
    MILESTONE_MISSING = "milestone-missing", CHECKED
    MILESTONE_TWICE = "milestone-twice", CHECKED
    UNKNOWN_MILESTONE = "unknown-milestone", CHECKED
    MILESTONE_PROPOSED = "milestone-proposed", CHECKED
    SECOND_TIME = "second-time", CHECKED
    ZONE_UNSTATED = "zone-unstated", CHECKED
    DURATION_STATED = "duration-stated", CHECKED
    DATE_STATED = "date-stated", CHECKED
    SEVERITY_STATED = "severity-stated", CHECKED
    TLP_STATED = "tlp-stated", CHECKED
    VERIS_NAME = "veris-name", CHECKED
    VERIS_INCOMPLETE = "veris-incomplete", CHECKED
    CLOCK_REGIME = "clock-regime", CHECKED
    CLOCK_START = "clock-start", CHECKED
    CLOCK_RAN_OUT = "clock-ran-out", CHECKED
    CLOCK_NOTIFICATION = "clock-notification", CHECKED
    CLOCK_CONTRADICTION = "clock-contradiction", CHECKED
    CLOCK_HIDDEN = "clock-hidden", CHECKED
    CLOCK_NOT_IN_FORCE = "clock-not-in-force", CHECKED
    EVENT_EVIDENCE = "event-evidence", CHECKED
    TECHNIQUE_REVOKED = "technique-revoked", CHECKED
    TECHNIQUE_DEPRECATED = "technique-deprecated", CHECKED


GATES = frozenset({Code.UNKNOWN_AUDIENCE, Code.BROKEN_MARKING, Code.TLP_CONFLICT})
"""What decides who may read a page: no baseline excuses it, and a build always tells it."""

FORMER_CODES: Mapping[str, tuple[Code, ...]] = {
    "summary-value": (Code.BAD_VALUE, Code.BAD_DATE),
    "no-incident": (Code.SUMMARY_MISSING,),
    "duplicate-id": (Code.INCIDENT_DUPLICATE, Code.ACTION_DUPLICATE),
}
"""Names that codes had in earlier versions, with those of today. They go on to work wherever users write codes."""


def codes_meant(written: str) -> tuple[str, ...]:
    """Return the codes that a code as written stands for: itself, or those of today for a former one."""
    return tuple(code.value for code in FORMER_CODES[written]) if written in FORMER_CODES else (written,)


def former_codes(written: Iterable[str]) -> dict[str, str]:
    """Return the former codes among some, each with the sentence that says what to write."""
    found = {code: " or ".join(f'"{name}"' for name in codes_meant(code)) for code in written if code in FORMER_CODES}
    return {code: f'the code "{code}" is called {names} now; write that' for code, names in found.items()}


@dataclass(frozen=True)
class Problem:
    """One finding: its code, what is wrong and how to mend it, and the 1-based line in its file (0: whole file)."""

    code: Code
    message: str
    line: int = 0
