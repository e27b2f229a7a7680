"""Every problem the product reports about a source, by code.

A code is stable: users write ``suppress_warnings = ["postmortem.bad-time"]``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Code(Enum):
    """The codes of warnings, each with the rule behind it."""

    UNKNOWN_AUDIENCE = "unknown-audience"
    """An audience name that is not in ``postmortem_audiences``. The content is hidden in every edition."""
    BROKEN_MARKING = "broken-marking"
    """An audience marking that cannot be read. The content is hidden in every edition, or in every filtered one."""
    MISSING_ID = "missing-id"
    """A summary without incident id (template section 3)."""
    DUPLICATE_ID = "duplicate-id"
    """Two incidents, or two actions of one incident, with the same id: on this site, or on two (federation)."""
    UNKNOWN_OPTION = "unknown-option"
    """A directive option that does not exist."""
    OLD_OPTION = "old-option"
    """A directive option by a name that it had in an earlier version."""
    BAD_DATE = "bad-date"
    """A date that is not ``YYYY-MM-DD`` (RFC 3339 full-date)."""
    BAD_TIME = "bad-time"
    """A time that is neither RFC 3339, ``YYYY-MM-DD HH:MM``, nor ``unknown`` (template section 4)."""
    BAD_VALUE = "bad-value"
    """A severity, type, status or TLP label outside the allowed values (template section 3, TLP 2.0)."""
    TLP_CONFLICT = "tlp-conflict"
    """An incident's TLP label forbids the edition that shows it (TLP 2.0). Its documents keep the strict label."""
    MALFORMED_TABLE = "malformed-table"
    """A body that is not a pipe table, or a row with more or fewer cells than the header."""
    MISSING_COLUMN = "missing-column"
    """A column that the directive needs is not in the table's header."""
    BAD_FILE = "bad-file"
    """A ``:file:`` that is missing, unreadable or outside the source folder."""
    NO_INCIDENT = "no-incident"
    """A timeline or action table on a page without ``incident-summary``."""
    UNKNOWN_REFERENCE = "unknown-reference"
    """A role that names an incident, action or owner that does not exist."""
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


@dataclass(frozen=True)
class Problem:
    """One finding: its code, what is wrong and how to mend it, and the 1-based line in its file (0: whole file)."""

    code: Code
    message: str
    line: int = 0
