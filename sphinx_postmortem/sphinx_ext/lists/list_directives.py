"""The directives that list records of the whole knowledge base, on any page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from docutils import nodes

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.lists import list_options
from sphinx_postmortem.core.lists.incident_fields import OF_INCIDENTS
from sphinx_postmortem.core.lists.lesson_fields import FACTOR_LAYOUTS, RECURRING, ROLES
from sphinx_postmortem.core.lists.list_options import BadFilterError
from sphinx_postmortem.core.lists.metrics import ALL_PARTS, PARTS, PERIODS, MetricsChoice
from sphinx_postmortem.core.lists.owner_rows import is_of_a_period
from sphinx_postmortem.core.lists.query import ListKind, Query
from sphinx_postmortem.core.lists.technique_fields import LAYOUTS, TABLE
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.model import OwnerList, PageRecords
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.directives.option_table import OptionSpec
from sphinx_postmortem.sphinx_ext.directives.options import option_spec
from sphinx_postmortem.sphinx_ext.lists.factor_details import FactorDetails
from sphinx_postmortem.sphinx_ext.lists.metrics_tables import MetricsTables
from sphinx_postmortem.sphinx_ext.lists.owner_lists import ActionsOfOwners, OverdueByOwner, OwnerOverview
from sphinx_postmortem.sphinx_ext.lists.record_lists import (
    ActionTables,
    IncidentTable,
    LessonBullets,
    RecordList,
    RecurrenceTable,
)
from sphinx_postmortem.sphinx_ext.lists.row_lists import (
    ClockRows,
    EventTable,
    EvidenceTable,
    ResponseRows,
    RunbookTable,
)
from sphinx_postmortem.sphinx_ext.lists.technique_lists import TechniqueTables
from sphinx_postmortem.sphinx_ext.records.technique_cells import note_file


class ListDirective(PostmortemDirective):
    """Base of all: reads what the list asks for, and leaves a placeholder until the pages are written."""

    has_content = False
    placeholder: ClassVar[type[RecordList]]

    def run_visible(self) -> list[nodes.Node]:
        """Return the placeholder; an option that cannot be read is reported, and no list is shown."""
        try:
            built = self.make_placeholder()
        except BadFilterError as error:
            self.warn(Code.BAD_FILTER, str(error))
            return [output.paragraph(say(list_options.CANNOT_BE_SHOWN))]
        docname = self.env.current_document.docname
        self.domain.note_page(docname, self.noted(self.domain.records_of(docname), built))
        self.set_source_info(built)
        return [built]

    def make_placeholder(self) -> RecordList:
        """Return the placeholder with what the options ask for.

        Raises:
            BadFilterError: a value cannot be used.
        """
        docname = self.env.current_document.docname
        built = self.placeholder_class(docname=docname, none=self.text("none"), **self.attributes())
        built["query"] = self.read_query(built.kind)
        return built

    @property
    def placeholder_class(self) -> type[RecordList]:
        """The class of the placeholder."""
        return self.placeholder

    def attributes(self) -> Mapping[str, Any]:
        """Return what the placeholder needs beside its query.

        Raises:
            BadFilterError: a value cannot be used.
        """
        return {}

    def read_query(self, kind: ListKind[Any]) -> Query:
        """Return what the options ask for.

        Raises:
            BadFilterError: a value cannot be used.
        """
        return list_options.read_query(self.options, kind, self.settings.severities)

    def noted(self, records: PageRecords, built: RecordList) -> PageRecords:
        """Return the page's records with the list noted, so that the page is written again when others change."""
        return replace(records, has_overview=True, shows=records.shows | built.topics)

    def text(self, option: str) -> str:
        """Return an option as written; empty when it is not given."""
        return str(self.options.get(option, ""))


class ActionList(ListDirective):
    """The actions of all incidents that pass a filter, as one table or one for each group; 500 without a `:limit:`."""

    option_spec: ClassVar[OptionSpec] = option_spec("action-list")
    placeholder = ActionTables


class ActionsByOwner(ListDirective):
    """The actions of all incidents by owner, the overdue first: all, or those of some owners or teams.

    With ``:overview:`` only how many each owner and team has, with ``:overdue:`` the owners who are late. A list has at
    most ``:limit:`` rows, 500 without it; ``:page:`` 2 shows the next ones.
    """

    option_spec: ClassVar[OptionSpec] = option_spec("actions-by-owner")

    @property
    def placeholder_class(self) -> type[RecordList]:
        """The class of the placeholder: of the actions, of the overview, or of those who are late."""
        if "overdue" in self.options:
            return OverdueByOwner
        return OwnerOverview if "overview" in self.options else ActionsOfOwners

    def attributes(self) -> Mapping[str, Any]:
        """Return which page of a long list it is, and whether it lists done actions."""
        page = list_options.read_number("page", self.text("page"), 1)
        return {"page": page, "open_only": "open-only" in self.options}

    def noted(self, records: PageRecords, built: RecordList) -> PageRecords:
        """Return the page's records with the list noted: references to owners lead to it, unless it is of some time."""
        if isinstance(built, OwnerOverview | OverdueByOwner) or is_of_a_period(built.query):
            return super().noted(records, built)
        owners, teams = built.query.values("owner"), built.query.values("team")
        if not (owners or teams):
            return replace(records, has_list=True)
        return replace(records, owner_lists=(*records.owner_lists, OwnerList(owners, teams, built["page"])))


class IncidentList(ListDirective):
    """The incidents that pass a filter, as a table or as cards."""

    option_spec: ClassVar[OptionSpec] = option_spec("incident-list")
    placeholder = IncidentTable

    def attributes(self) -> Mapping[str, Any]:
        """Return the layout, and the number of the list among those of the page that have facets."""
        layout = list_options.choose_one("layout", self.text("layout"), ("table", "cards"), "table")
        has_facets = "facets" in self.options and layout == "table"
        return {"layout": layout, "facets": self.env.new_serialno("pm-facets") + 1 if has_facets else 0}


class EventList(ListDirective):
    """The events of all timelines that pass a filter; 500 without a `:limit:`."""

    option_spec: ClassVar[OptionSpec] = option_spec("event-list")
    placeholder = EventTable


class ResponseList(ListDirective):
    """What was done against incidents: containment and remediation, with evidence and validation."""

    option_spec: ClassVar[OptionSpec] = option_spec("response-list")
    placeholder = ResponseRows


class EvidenceList(ListDirective):
    """The evidence that events and responses name, with the SHA-256 of the files that the edition publishes."""

    option_spec: ClassVar[OptionSpec] = option_spec("evidence-list")
    placeholder = EvidenceTable


class ClockList(ListDirective):
    """The reporting clocks of all incidents that pass a filter, the most urgent first; 500 without a `:limit:`."""

    option_spec: ClassVar[OptionSpec] = option_spec("clock-list")
    placeholder = ClockRows


class LessonList(ListDirective):
    """What was learned from incidents: key takeaways, what went well, and what did not."""

    option_spec: ClassVar[OptionSpec] = option_spec("lesson-list")
    placeholder = LessonBullets


class FactorList(ListDirective):
    """How often each kind of contributing factor (or affected asset) recurs, with the incidents."""

    option_spec: ClassVar[OptionSpec] = option_spec("factor-list")
    placeholder = RecurrenceTable

    def attributes(self) -> Mapping[str, Any]:
        """Return what is counted, the least number of incidents, and the layout."""
        what = list_options.choose_one("what", self.text("what"), tuple(ROLES), "factors")
        least = list_options.read_number("min", self.text("min"), 1)
        layout = list_options.choose_one("layout", self.text("layout"), FACTOR_LAYOUTS, FACTOR_LAYOUTS[0])
        query = self.read_query(RECURRING[ROLES[what]])
        is_whole = (what, least, layout, query) == ("factors", 1, "details", Query())
        is_home = is_whole and not self.domain.records_of(self.env.current_document.docname).has_factors
        return {"role": ROLES[what], "least": least, "layout": layout, "is_home": is_home}

    @property
    def placeholder_class(self) -> type[RecordList]:
        """The class of the placeholder: of the table, or of a part for each factor."""
        return FactorDetails if self.text("layout").strip().casefold() == "details" else RecurrenceTable

    def noted(self, records: PageRecords, built: RecordList) -> PageRecords:
        """Return the page's records with the list noted: tags lead to a list of all factors."""
        noted = super().noted(records, built)
        return replace(noted, has_factors=True) if built["is_home"] else noted


class TechniqueList(ListDirective):
    """The techniques of ATT&CK that incidents met with, each with its incidents and the actions that answer it."""

    option_spec: ClassVar[OptionSpec] = option_spec("technique-list")
    placeholder = TechniqueTables

    def attributes(self) -> Mapping[str, Any]:
        """Return the layout."""
        note_file(self.env, self.settings)
        return {"layout": list_options.choose_one("layout", self.text("layout"), LAYOUTS, TABLE)}


class RunbookList(ListDirective):
    """The runbooks of the site: how many incidents used each, where it did not help, and which were never used."""

    option_spec: ClassVar[OptionSpec] = option_spec("runbook-list")
    placeholder = RunbookTable


class IncidentMetrics(ListDirective):
    """How many incidents there were, how fast they were handled, and what became of their actions.

    As charts above folded tables; builders without HTML pages draw them where matplotlib is installed (``charts``).
    """

    option_spec: ClassVar[OptionSpec] = option_spec("incident-metrics")
    placeholder = MetricsTables

    def attributes(self) -> Mapping[str, Any]:
        """Return what the tables show."""
        of = Query(list_options.read_filters(self.options, OF_INCIDENTS, self.settings.severities))
        choice = MetricsChoice(
            of=of,
            by=list_options.choose_one("by", self.text("by"), PERIODS, "quarter"),
            parts=list_options.choose("show", self.text("show"), ALL_PARTS) or PARTS,
            has_mean="mean" in self.options,
            has_chart="no-chart" not in self.options,
        )
        return {"choice": choice}
