"""The directives that list records of the whole knowledge base, on any page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from docutils import nodes

from sphinx_postmortem.core.lists import actions as action_filter
from sphinx_postmortem.core.lists import filters
from sphinx_postmortem.core.lists import incidents as incident_filter
from sphinx_postmortem.core.lists import lessons as point_lists
from sphinx_postmortem.core.lists.actions import ActionFilter
from sphinx_postmortem.core.lists.by_owner import DEFAULT_ROWS
from sphinx_postmortem.core.lists.filters import BadFilterError, SortKey
from sphinx_postmortem.core.lists.incidents import IncidentFilter
from sphinx_postmortem.core.lists.lessons import FactorFilter, LessonFilter
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.field_uses import SUMMARIES
from sphinx_postmortem.core.records.model import LESSONS
from sphinx_postmortem.core.records.tables import column_key
from sphinx_postmortem.core.records.vocabulary import INCIDENT_STATUSES, INCIDENT_TYPES, TLP_LABELS
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.directives.options import OptionSpec, option_spec
from sphinx_postmortem.sphinx_ext.directives.placeholders import RecordList
from sphinx_postmortem.sphinx_ext.lists.render import Chosen, Listing


class ListDirective(PostmortemDirective):
    """Base of all: reads the filter, and leaves a placeholder until the pages are written."""

    has_content = False

    def run_visible(self) -> list[nodes.Node]:
        """Return the placeholder; a filter that cannot be read is reported, and no list is shown."""
        try:
            listing = Listing(self.read_filter(), self.options.get("none", ""), self.layout())
        except BadFilterError as error:
            self.warn(Code.BAD_FILTER, str(error))
            return [output.paragraph(filters.CANNOT_BE_SHOWN)]
        docname = self.env.current_document.docname
        records = self.domain.records_of(docname)
        shows = records.shows | ({SUMMARIES} if listing.shows_texts else set())
        self.domain.note_page(docname, replace(records, has_overview=True, shows=shows))
        placeholder = RecordList(docname=docname, listing=listing)
        self.set_source_info(placeholder)
        return [placeholder]

    def read_filter(self) -> Chosen:
        """Return the filter that the options ask for.

        Raises:
            BadFilterError: a value cannot be used.
        """
        raise NotImplementedError

    def layout(self) -> str:
        """Return how the list looks: ``table`` where there is no choice."""
        return "table"

    def text(self, option: str) -> str:
        """Return an option as written; empty when it is not given."""
        return str(self.options.get(option, ""))

    def values(self, option: str) -> tuple[str, ...]:
        """Return the values of an option."""
        return filters.split_values(self.text(option))

    def chosen(self, option: str, allowed: Sequence[str]) -> tuple[str, ...]:
        """Return the values of an option that allows only some."""
        return filters.choose(option, self.text(option), allowed)

    def limit(self, default: int = 0) -> int:
        """Return how many rows the list has at most; 0 for all."""
        return filters.read_number("limit", self.text("limit"), default)

    def scope(self) -> IncidentFilter:
        """Return the incidents that the list is about."""
        return IncidentFilter(
            severity=self.chosen("severity", self.settings.severities),
            type=self.chosen("type", INCIDENT_TYPES),
            status=self.chosen("status", INCIDENT_STATUSES),
            tlp=filters.choose("tlp", self.text("tlp").upper().replace("TLP:", ""), TLP_LABELS),
            incident=self.values("incident"),
            runbook=self.values("runbook"),
            since=filters.read_day("since", self.text("since")),
            until=filters.read_day("until", self.text("until")),
        )


class ActionList(ListDirective):
    """The actions of all incidents that pass a filter, as one table or one for each group; 500 without a `:limit:`."""

    option_spec: ClassVar[OptionSpec] = option_spec("action-list")

    def read_filter(self) -> ActionFilter:
        """Return the filter that the options ask for."""
        state = self.chosen("state", action_filter.STATES)
        if "overdue" in self.options:
            if state not in ((), ("overdue",)):
                raise BadFilterError("`:overdue:` and `:state:` contradict each other; keep one of them")
            state = ("overdue",)
        return ActionFilter(
            owner=self.values("owner"),
            team=self.values("team"),
            state=state,
            status=self.values("status"),
            priority=self.values("priority"),
            kind=self.values("kind"),
            severity=self.chosen("severity", self.settings.severities),
            incident=self.values("incident"),
            runbook=self.values("runbook"),
            due_before=filters.read_day("due-before", self.text("due-before")),
            sort=filters.read_sort(self.text("sort"), action_filter.SORTS, [SortKey("urgency")]),
            limit=self.limit(DEFAULT_ROWS),
            group_by=filters.choose_one("group-by", self.text("group-by"), action_filter.GROUPS),
            columns=tuple(dict.fromkeys(_column(name) for name in self.values("columns"))),
        )


def _column(written: str) -> str:
    """Return a column by its key; titles as they stand above the column mean the same."""
    by_title = {column_key(title): name for name, title in action_filter.COLUMNS.items()}
    key = column_key(written)
    return key if key in action_filter.COLUMNS else by_title.get(key, key)


class IncidentList(ListDirective):
    """The incidents that pass a filter, as a table or as cards."""

    option_spec: ClassVar[OptionSpec] = option_spec("incident-list")

    def read_filter(self) -> IncidentFilter:
        """Return the filter that the options ask for."""
        return replace(
            self.scope(),
            factor=self.values("factor"),
            asset=self.values("asset"),
            sort=filters.read_sort(self.text("sort"), incident_filter.SORTS, [SortKey("newest")]),
            columns=self.chosen("columns", tuple(incident_filter.COLUMNS)),
            limit=self.limit(),
        )

    def layout(self) -> str:
        """Return ``table`` or ``cards``."""
        return filters.choose_one("layout", self.text("layout"), ("table", "cards"), "table")


class LessonList(ListDirective):
    """What was learned from incidents: key takeaways, what went well, and what did not."""

    option_spec: ClassVar[OptionSpec] = option_spec("lesson-list")

    def read_filter(self) -> LessonFilter:
        """Return the filter that the options ask for."""
        return LessonFilter(
            what=self.chosen("what", LESSONS),
            tag=self.values("tag"),
            of=self.scope(),
            group_by=filters.choose_one("group-by", self.text("group-by"), point_lists.GROUPS),
            limit=self.limit(),
        )


class FactorList(ListDirective):
    """How often each kind of contributing factor (or affected asset) recurs, with the incidents."""

    option_spec: ClassVar[OptionSpec] = option_spec("factor-list")

    def read_filter(self) -> FactorFilter:
        """Return the filter that the options ask for."""
        what = filters.choose_one("what", self.text("what"), tuple(point_lists.ROLES), "factors")
        return FactorFilter(
            role=point_lists.ROLES[what],
            of=self.scope(),
            least=filters.read_number("min", self.text("min"), 1),
            limit=self.limit(),
        )
