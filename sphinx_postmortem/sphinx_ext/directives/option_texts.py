"""The options of each directive: what they take, what holds without them, and what they mean.

Directives take their option tables from here (``options.option_spec``), and the reference shows the texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sphinx_postmortem.core.lists import actions as action_filter
from sphinx_postmortem.core.lists import incidents as incident_filter
from sphinx_postmortem.core.lists import lessons as point_lists
from sphinx_postmortem.core.lists.by_owner import DEFAULT_ROWS
from sphinx_postmortem.core.lists.metrics import PARTS, PERIODS
from sphinx_postmortem.core.records.model import LESSONS
from sphinx_postmortem.core.records.vocabulary import INCIDENT_STATUSES, INCIDENT_TYPES, TLP_LABELS


class OptionText(NamedTuple):
    """What an option takes, what holds when it is not given, and what it means; in Markdown."""

    takes: str
    default: str
    meaning: str


def _names(values: Iterable[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _some_of(values: Iterable[str]) -> str:
    return f"some of {_names(values)}"


_DAY = "a day, `YYYY-MM-DD`"
_FLAG = "nothing"
_NUMBER = "a whole number above 0"

COMMON: Mapping[str, OptionText] = {
    "audience": OptionText("an audience", "all see it", "Only editions for it or for more privileged ones show this."),
    "name": OptionText("a label", "none", "The name by which references find this place."),
    "class": OptionText("names", "none", "Classes for your own style sheet, separated by spaces."),
}

_TABLE = {
    "file": OptionText(
        "a path", "the body", "A CSV file below the source folder with the table, in place of the body."
    ),
    "internal-columns": OptionText("titles", "none", "Columns for the first audience alone, separated by commas."),
}

_MARKING = {
    "summary": OptionText(
        "text", "`postmortem_redaction_notice`", "What editions show that do not show the block. It is published."
    ),
}

_LIMIT = OptionText(_NUMBER, "all", "How many rows at most; how many are left out is said below.")
_NONE = OptionText("text", "a short sentence", "What stands in place of an empty list.")
_RUNBOOK = OptionText("pages", "all", "Runbooks that the incident used, by the name of their page or its last part.")
_SEVERITY = OptionText("some of `postmortem_severities`", "all", "Severities of the incident.")
_INCIDENT = OptionText("incident ids", "all", "The incidents themselves.")

# Which incidents a list is about.
_SCOPE = {
    "severity": _SEVERITY,
    "type": OptionText(_some_of(INCIDENT_TYPES), "all", "Types of the incident."),
    "status": OptionText(_some_of(INCIDENT_STATUSES), "all", "Statuses of the incident."),
    "tlp": OptionText(_some_of(TLP_LABELS), "all", "TLP 2.0 labels of the incident."),
    "incident": _INCIDENT,
    "runbook": _RUNBOOK,
    "since": OptionText(_DAY, "no limit", "Incidents that lasted to that day or began later."),
    "until": OptionText(_DAY, "no limit", "Incidents that began on that day or earlier."),
}

DIRECTIVE_OPTIONS: Mapping[str, Mapping[str, OptionText]] = {
    "incident-summary": {
        "date": OptionText("a day, or `YYYY-MM-DD to YYYY-MM-DD`", "not shown", "When the incident took place."),
        "dates": OptionText("as `date`", "not shown", "Another name for `date`."),
        "severity": OptionText("one of `postmortem_severities`", "not shown", "How grave the incident was."),
        "type": OptionText(f"one of {_names(INCIDENT_TYPES)}", "not shown", "The kind of incident."),
        "status": OptionText(
            f"one of {_names(INCIDENT_STATUSES)}", "not shown; checked as a draft", "How far the postmortem is."
        ),
        "tlp": OptionText(
            f"one of {_names(TLP_LABELS)}",
            "not shown",
            "The TLP 2.0 label; `postmortem_edition_tlp` sets that of an edition.",
        ),
        "runbooks": OptionText(
            "pages", "none", "Runbooks that were used: page names as `{doc}` takes them, separated by commas."
        ),
        "customer-impact": OptionText("text", "not shown", "What customers met with."),
        "operational-impact": OptionText("text", "not shown", "What operations or revenue suffered."),
        "regulatory-impact": OptionText("text", "not shown", "Duties towards regulators, law, reputation."),
    },
    "timeline": _TABLE,
    "action-table": _TABLE,
    "actions-by-owner": {
        "owner": OptionText("owner ids or names", "all", "A page for these owners: references to them lead to it."),
        "team": OptionText("teams, as in `postmortem_owners`", "all", "The owners of these teams."),
        "overview": OptionText(
            _FLAG, "the actions", "Only how many actions each owner and team has: open (overdue among them) and done."
        ),
        "open-only": OptionText(_FLAG, "done ones too", "Done actions are counted, not listed."),
        "limit": OptionText(
            _NUMBER, f"`{DEFAULT_ROWS}`", "How many rows at most, in all; open actions of all owners come first."
        ),
        "page": OptionText(_NUMBER, "`1`", "`2` shows the rows after the first `limit`, and so on."),
    },
    "action-list": {
        "owner": OptionText("owner ids or names", "all", "Owners of the action."),
        "team": OptionText("teams, as in `postmortem_owners`", "all", "Teams of its owners."),
        "state": OptionText(
            _some_of(action_filter.STATES), "all", "What has become of it; an overdue action is open too."
        ),
        "overdue": OptionText(_FLAG, "all", "The same as `:state: overdue`."),
        "status": OptionText("statuses", "all", "Statuses as written in the tables."),
        "priority": OptionText("priorities", "all", "Priorities as written in the tables."),
        "kind": OptionText(
            _some_of(action_filter.KINDS), "all", "Kinds, as in a column *Kind* or *Type* of the tables."
        ),
        "severity": _SEVERITY,
        "incident": OptionText("incident ids", "all", "The incidents that the action belongs to."),
        "runbook": _RUNBOOK,
        "due-before": OptionText(_DAY, "no limit", "Due dates before that day."),
        "sort": OptionText(
            _some_of(action_filter.SORTS),
            "`urgency`: overdue first, done last",
            "The first counts most; `-` before one turns it round; missing values always come last.",
        ),
        "group-by": OptionText(
            f"one of {_names(action_filter.GROUPS)}",
            "one table",
            "A table for each; `month` is that of the due date. An action of two owners stands in both groups.",
        ),
        "columns": OptionText(
            f"{_names(action_filter.COLUMNS)}, or the title of another column of the tables",
            _names(action_filter.DEFAULT_COLUMNS),
            "Which columns, in which order; `title` is the incident's.",
        ),
        "limit": _LIMIT._replace(default=f"`{DEFAULT_ROWS}`"),
        "none": _NONE,
    },
    "incident-list": {
        **_SCOPE,
        "factor": OptionText("kinds", "all", "Kinds of its contributing factors."),
        "asset": OptionText("kinds or names", "all", "Kinds of its affected assets, or names in their texts."),
        "sort": OptionText(
            _some_of(incident_filter.SORTS), "`newest`", "The first counts most; `-` before one turns it round."
        ),
        "columns": OptionText(
            _some_of(incident_filter.COLUMNS),
            _names(incident_filter.DEFAULT_COLUMNS),
            "Which columns, in which order.",
        ),
        "layout": OptionText("`table` or `cards`", "`table`", "Cards hold the summary too."),
        "limit": _LIMIT,
        "none": _NONE,
    },
    "runbook-incidents": {"none": _NONE},
    "incident-navigation": {
        "pages": OptionText(
            "patterns", "all pages below its folder", "The incidents' pages, relative to this page, such as `*/sec-*`."
        ),
        "by": OptionText("`year`, `severity`, or both", "both", "The order in which the incidents are shown."),
    },
    "lesson-list": {
        "what": OptionText(_some_of(LESSONS), "all", "Under which heading of the template the lesson stands."),
        "tag": OptionText("words", "all", "The bold words with which an item begins: `- **Detection**: ...`."),
        **_SCOPE,
        "group-by": OptionText(f"one of {_names(point_lists.GROUPS)}", "one list", "A list for each."),
        "limit": _LIMIT,
        "none": _NONE,
    },
    "factor-list": {
        "what": OptionText(f"one of {_names(point_lists.ROLES)}", "`factors`", "What is counted."),
        "min": OptionText(_NUMBER, "`1`", "The least number of incidents; `2` shows what recurs."),
        **_SCOPE,
        "limit": _LIMIT,
        "none": _NONE,
    },
    "incident-metrics": {
        "by": OptionText(f"one of {_names(PERIODS)}", "`quarter`", "The length of a period."),
        "show": OptionText(_some_of(PARTS), "all", "Which tables."),
        "mean": OptionText(_FLAG, "no mean", "A column with the mean of each time."),
        "no-chart": OptionText(_FLAG, "charts, with the extra `charts`", "Tables alone."),
        **_SCOPE,
        "none": _NONE,
    },
    "root-cause": {},
    "contributing-factors": {},
    "affected-assets": {},
    "closure-checklist": {
        "lessons": OptionText(
            "text with a date", "the list below *Closure criteria*", "When and to whom the lessons were communicated."
        ),
    },
    "audience": _MARKING,
    "internal-only": _MARKING,
    "revision-history": {},
}
