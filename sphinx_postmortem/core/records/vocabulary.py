"""The words that sources are read by: those that the template (section 3) and TLP 2.0 allow, columns, directives."""

from __future__ import annotations

from enum import StrEnum

from sphinx_postmortem.core.language.texts import later

DEFAULT_SEVERITIES = ("SEV-1", "SEV-2", "SEV-3", "SEV-4")
DEFAULT_DEADLINES = {"SEV-1": 30, "SEV-2": 30, "SEV-3": 60}  # days in which a postmortem is written
INCIDENT_TYPES = (later("Security"), later("Availability"), later("Hybrid"))
INCIDENT_STATUSES = ("draft", "in-review", "closed")
TLP_LABELS = ("RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR")
TLP_INKS = {"RED": "#ff2b2b", "AMBER": "#ffc000", "GREEN": "#33ff00", "CLEAR": "#fff"}
"""The colour of each label on black, as TLP 2.0 prescribes it; AMBER+STRICT has that of AMBER.

The style sheets of pages (``postmortem.css``) and PDFs (``postmortem.yaml``) have the same, which a test compares.
"""


class PdfKind(StrEnum):
    """The kinds of PDF that a postmortem is exported for (template section 12)."""

    LEADERSHIP = "leadership"
    AUDIT = "audit"
    INTERVIEW = "interview"


UNSTATED = frozenset(["unknown", "not known", "tbc", "tbd", "tba", "n/a", "na", "?"])
"""What stands in a cell that states nothing yet, in lower case; readers of some cells know more such words."""
DASHES = frozenset(["-", "\u2013", "\u2014"])
"""What stands alone in a cell that is meant to be empty."""

NOT_NAMED = frozenset(["", "unknown", "author name not set", "project name not set"])
"""What Sphinx calls an author or a project that ``conf.py`` does not name, in lower case."""

IMPACTS = ("customer", "operational", "regulatory")  # template section 3
IMPACT_TITLES = {
    "customer": later("Customer impact"),
    "operational": later("Operational impact"),
    "regulatory": later("Regulatory impact"),
}


def impact_title(kind: str) -> str:
    """Return what people read for a kind of impact; one that another site's file names stands for itself."""
    return IMPACT_TITLES.get(kind, kind)


# The columns that something is read from, by what they hold, with the titles that they may have in lower case.
COLUMNS = {
    "id": ("id", "#", "no", "no."),
    "action": ("action", "action item", "action items", "actions", "task"),
    "owner": ("owner", "owners", "assignee", "assigned to", "responsible"),
    "priority": ("priority",),
    "due": ("due date", "due", "deadline", "expected date", "target date", "due by", "expected by", "eta"),
    "status": ("status", "state"),
    "kind": ("kind", "type"),
    "time": (
        *("time", "timestamp", "time stamp", "date/time", "date / time", "date and time", "date & time", "datetime"),
        *("date time", "time of event", "when", "start time", "time and date", "times", "timestamps", "time stamps"),
        *("event time", "start", "started", "begin", "began", "local time", "clock", "clock time"),
    ),
    "event": ("event", "events", "what happened", "description", "activity", "what"),
    "milestone": ("milestone",),
    "precision": ("precision",),
    "evidence": ("evidence", "evidence / link", "evidence preserved"),
    "source": ("source", "sources", "source of information"),
    "who": ("who", "actor", "by", "by whom", "performed by", "reporter"),
    "ticket": ("ticket", "issue", "tracker"),
    "factor": ("factor", "factors", "contributing factor"),
    "addresses": ("addresses", "addresses area", "improves", "area"),
    "techniques": (
        *("att&ck", "mitre att&ck", "att&ck id", "att&ck ids", "att&ck technique", "att&ck techniques"),
        *("attack technique", "attack techniques", "technique id", "technique ids"),
    ),
    "notes": ("notes", "note"),
    "response": (
        *("response", "action taken", "actions taken", "fix applied", "fixes applied", "containment action"),
        *("remediation action", "action", "fix", "what"),
    ),
    "rationale": ("rationale", "reason", "why"),
    "validation": ("validation", "validation steps", "validated", "how validated", "validated by"),
    "monitoring": ("monitoring", "monitoring added", "monitoring enhancements"),
    "role": ("role", "function", "team"),
    "read on": ("read on", "read", "date read", "reviewed on", "reviewed"),
    "agreed": ("agreed / state", "agreed/state", "agreed", "agreement", "state", "status", "decision"),
    "field": ("field", "veris field"),
    "value": ("value", "values"),
}

CHECK_SEVERITIES = ("off", "note", "warning", "error")

# Directives of Sphinx, docutils and others whose body is code or text of another kind: no directive stands in it.
CODE_DIRECTIVES = frozenset(
    ["code", "code-block", "code-cell", "sourcecode", "highlight", "literalinclude", "raw", "math", "mermaid"]
    + ["graphviz", "digraph", "graph", "parsed-literal", "prompt", "eval-rst", "doctest", "testcode", "productionlist"]
)
