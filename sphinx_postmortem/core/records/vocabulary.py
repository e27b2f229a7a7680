"""The words that the template (section 3) and TLP 2.0 allow."""

from __future__ import annotations

DEFAULT_SEVERITIES = ("SEV-1", "SEV-2", "SEV-3", "SEV-4")
INCIDENT_TYPES = ("Security", "Availability", "Hybrid")
INCIDENT_STATUSES = ("draft", "in-review", "closed")
TLP_LABELS = ("RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR")

PDF_KINDS = ("leadership", "audit", "interview")  # template section 12
CHECK_SEVERITIES = ("off", "note", "warning", "error")

# Every directive of ours; only these read `:audience:` and `:internal-columns:`.
DIRECTIVE_NAMES = (
    "incident-summary",
    "timeline",
    "action-table",
    "actions-by-owner",
    "action-list",
    "incident-list",
    "runbook-incidents",
    "incident-navigation",
    "lesson-list",
    "factor-list",
    "incident-metrics",
    "root-cause",
    "closure-checklist",
    "contributing-factors",
    "affected-assets",
    "revision-history",
    "audience",
    "internal-only",
)

# Directives of Sphinx, docutils and others whose body is code or text of another kind: no directive stands in it.
CODE_DIRECTIVES = frozenset(
    ["code", "code-block", "code-cell", "sourcecode", "highlight", "literalinclude", "raw", "math", "mermaid"]
    + ["graphviz", "digraph", "graph", "parsed-literal", "prompt", "eval-rst", "doctest", "testcode", "productionlist"]
)
