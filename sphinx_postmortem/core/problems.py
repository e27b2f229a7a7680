"""The problems that the product reports about a source, by code.

A code is stable: users write ``suppress_warnings = ["postmortem.bad-value"]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from sphinx_postmortem.core.dataclass_on_demand import dataclass


class Code(Enum):
    """Codes of which builds warn by themselves, each with its rule; then those that checks share with other code.

    A code that only a check uses stands in the check's declaration; ``check_codes()`` has those of all checks.
    """

    UNKNOWN_AUDIENCE = "unknown-audience"
    """An audience name that is not in ``postmortem_audiences``. The content is hidden in every edition."""
    BROKEN_MARKING = "broken-marking"
    """An audience marking that cannot be read. The content is hidden in every edition, or in every filtered one."""
    MISSING_ID = "missing-id"
    """A summary without incident id (template section 3)."""
    UNKNOWN_OPTION = "unknown-option"
    """A directive option that does not exist."""
    OLD_OPTION = "old-option"
    """A directive option by a name that it had in an earlier version."""
    BAD_DATE = "bad-date"
    """A date that is not ``YYYY-MM-DD`` (RFC 3339 full-date)."""
    BAD_VALUE = "bad-value"
    """A severity, type, status, TLP label or kind outside the allowed values (template sections 3 and 7, TLP 2.0)."""
    TLP_CONFLICT = "tlp-conflict"
    """Labels of an incident contradict each other, the page's marking, or its text. It stops filtered editions."""
    MALFORMED_TABLE = "malformed-table"
    """A body that is not a pipe table, or a row with more or fewer cells than the header."""
    MISSING_COLUMN = "missing-column"
    """A column that the directive needs is not in the table's header."""
    BAD_FILE = "bad-file"
    """A ``:file:`` that is missing, unreadable or outside the source folder; a link round which folders have no end."""
    EVIDENCE_FILE = "evidence-file"
    """Evidence that is named as a file, and is missing or outside the source folder."""
    UNKNOWN_REFERENCE = "unknown-reference"
    """A role that names an incident, action or owner that does not exist."""
    TECHNIQUE_UNKNOWN = "technique-unknown"
    """An id of ATT&CK that its table lacks, or words in the place of an id."""
    BAD_IDENTIFIER = "bad-identifier"
    """A role ``cve``, ``cwe``, ``capec`` or ``d3fend`` with a text that is no such id; it is shown without a link."""
    MILESTONE_ORDER = "milestone-order"
    """A milestone that is timed before one that must precede it; the duration is not shown."""
    EMPTY_DIRECTIVE = "empty-directive"
    """A directive without the content it needs."""
    NAME_CLASH = "name-clash"
    """Another extension also defines one of our directive names; use the ``postmortem:`` name."""
    BAD_FILTER = "bad-filter"
    """A filter, order or limit of a list that cannot be used."""
    UNKNOWN_RUNBOOK = "unknown-runbook"
    """A runbook that an incident names, or a pattern of ``postmortem_runbook_paths``, without a page."""
    RENAMED_SETTING = "renamed-setting"
    """A setting is written by a name that it had before. It works; the message has its name of today."""
    RENAMED_CODE = "renamed-code"
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
    PDF_GLYPH = "pdf-glyph"
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

    # Checks of which pages, commands or builds speak, too; the rule of each stands where the check is declared.
    ACTION_DUPLICATE = "action-duplicate"
    TICKET_DONE = "ticket-done"
    TICKET_OWNER = "ticket-owner"
    TICKET_DUE = "ticket-due"
    SUMMARY_MISSING = "summary-missing"
    INCIDENT_DUPLICATE = "incident-duplicate"
    TIME_NOT_UTC = "time-not-utc"
    TIME_OFFSET = "time-offset"
    TIME_ESTIMATE = "time-estimate"
    TIME_FORMAT = "time-format"
    TIME_IMPOSSIBLE = "time-impossible"
    TIME_SLIP = "time-slip"
    TIMELINE_ORDER = "timeline-order"
    MILESTONE_TWICE = "milestone-twice"
    SECOND_TIME = "second-time"
    DURATION_STATED = "duration-stated"
    ROW_SPAN = "row-span"
    DATE_STATED = "date-stated"
    TIME_STATED = "time-stated"
    SEVERITY_STATED = "severity-stated"
    TLP_STATED = "tlp-stated"
    VERIS_NAME = "veris-name"
    CLOCK_REGIME = "clock-regime"
    TECHNIQUE_REVOKED = "technique-revoked"
    TECHNIQUE_DEPRECATED = "technique-deprecated"


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
