"""The options of the directives that show records of other pages, and of clocks: loaded with the lists, not before."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from sphinx_postmortem.core import lists
from sphinx_postmortem.core.clocks.clock_rules import our_rules
from sphinx_postmortem.core.directive_names import LISTS
from sphinx_postmortem.core.lists.incident_fields import OF_INCIDENTS
from sphinx_postmortem.core.lists.lesson_fields import FACTOR_LAYOUTS, ROLES
from sphinx_postmortem.core.lists.list_options import filter_texts, query_texts
from sphinx_postmortem.core.lists.metrics import ALL_PARTS, PARTS, PERIODS
from sphinx_postmortem.core.lists.owner_rows import BY_OWNER
from sphinx_postmortem.core.lists.site_figures import OVERVIEW_PARTS
from sphinx_postmortem.core.lists.technique_fields import LAYOUTS, TABLE
from sphinx_postmortem.core.option_texts import FLAG, NONE, NUMBER, OptionText, names, some_of
from sphinx_postmortem.core.similar import LARGEST_LIMIT, MOST_SIMILAR

_OWN: Mapping[str, Mapping[str, OptionText]] = {
    "reporting-clocks": {
        "regimes": OptionText(
            f"some of {names(our_rules().regimes)}, or of `postmortem_clock_rules`",
            "an error",
            "The regimes whose clocks run for the incident, separated by commas.",
        ),
    },
    "actions-by-owner": {
        **filter_texts(BY_OWNER),
        "overview": OptionText(
            FLAG, "the actions", "Only how many actions each owner and team has: open (overdue among them) and done."
        ),
        "none": NONE,
        "overdue": OptionText(
            FLAG, "the actions", "Only the owners with overdue actions, each with the one that is longest overdue."
        ),
        "open-only": OptionText(FLAG, "done ones too", "Done actions are counted, not listed."),
        "limit": OptionText(
            NUMBER, f"`{BY_OWNER.limit}`", "How many rows at most, in all; open actions of all owners come first."
        ),
        "page": OptionText(NUMBER, "`1`", "`2` shows the rows after the first `limit`, and so on."),
    },
    "incident-list": {
        "layout": OptionText("`table` or `cards`", "`table`", "Cards hold the summary too."),
        "facets": OptionText(
            FLAG,
            "no facets",
            "Above a table of five incidents or more, boxes to filter it by, on HTML pages; they need no JavaScript.",
        ),
    },
    "runbook-incidents": {"none": NONE},
    "incident-navigation": {
        "pages": OptionText(
            "patterns", "all pages below its folder", "The incidents' pages, relative to this page, such as `*/sec-*`."
        ),
        "by": OptionText(
            "some of `table`, `year`, `severity`",
            "`table`",
            "How the incidents are shown: as a table with facets, the latest first, or as lists by year or severity.",
        ),
    },
    "incident-overview": {
        "show": OptionText(some_of(OVERVIEW_PARTS), "all", "Which parts, in which order."),
    },
    "similar-incidents": {
        "for": OptionText("an incident id", "the page's first incident", "The incident that others resemble."),
        "limit": OptionText(f"a whole number up to {LARGEST_LIMIT}", f"`{MOST_SIMILAR}`", "How many at most."),
        "none": NONE,
    },
    "factor-list": {
        "what": OptionText(f"one of {names(ROLES)}", "`factors`", "What is counted."),
        "min": OptionText(NUMBER, "`1`", "The least number of incidents; `2` shows what recurs."),
        "layout": OptionText(
            f"one of {names(FACTOR_LAYOUTS)}",
            f"`{FACTOR_LAYOUTS[0]}`",
            "`texts` shows what the factors were, the three newest of each kind first; `details` has a part for each "
            "factor, with what each incident says of it and the actions against it. Tags in the texts lead to the "
            "first page that has all these parts.",
        ),
    },
    "technique-list": {
        "layout": OptionText(
            f"one of {names(LAYOUTS)}", f"`{TABLE}`", "One table, one for each tactic, or a column for each tactic."
        ),
    },
    "incident-metrics": {
        "by": OptionText(f"one of {names(PERIODS)}", "`quarter`", "The length of a period."),
        "show": OptionText(some_of(ALL_PARTS), names(PARTS), "Which tables, in which order."),
        "mean": OptionText(FLAG, "no mean", "A column with the mean of each time."),
        "no-chart": OptionText(FLAG, "charts; in PDFs with the extra `charts`", "Tables alone."),
        **filter_texts(OF_INCIDENTS),
        "none": NONE,
    },
}


@cache
def options_of_list(directive: str) -> Mapping[str, OptionText]:
    """Return the options of a directive: for a list what its table of fields gives, then what is its own."""
    return {**_of_fields(directive), **_OWN.get(directive, {})}


def _of_fields(directive: str) -> Mapping[str, OptionText]:
    if directive not in LISTS:
        return {}
    module, name = LISTS[directive].split(".")
    return query_texts(getattr(import_module(f"{lists.__name__}.{module}"), name))
