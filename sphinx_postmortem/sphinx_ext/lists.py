"""The directives ``action-list`` and ``incident-list``: tables over the whole knowledge base, for any page."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from docutils import nodes

from sphinx_postmortem.core import filters
from sphinx_postmortem.core.filters import ActionFilter, BadFilterError, IncidentFilter
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.vocabulary import INCIDENT_STATUSES, INCIDENT_TYPES
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directive import PostmortemDirective
from sphinx_postmortem.sphinx_ext.options import OptionSpec, option_spec
from sphinx_postmortem.sphinx_ext.placeholders import RecordList


class ListDirective(PostmortemDirective):
    """Base of both: reads the filter, and leaves a placeholder until the pages are written."""

    has_content = False

    def run_visible(self) -> list[nodes.Node]:
        """Return the placeholder; a filter that cannot be read is reported, and no list is shown."""
        try:
            chosen = self.read_filter()
        except BadFilterError as error:
            self.warn(Code.BAD_FILTER, str(error))
            return [output.paragraph("(This list cannot be shown: one of its filters is wrong.)")]
        docname = self.env.current_document.docname
        self.domain.note_page(docname, replace(self.domain.records_of(docname), has_overview=True))
        placeholder = RecordList(docname=docname, filter=chosen, none=self.options.get("none", ""))
        self.set_source_info(placeholder)
        return [placeholder]

    def read_filter(self) -> ActionFilter | IncidentFilter:
        """Return the filter that the options ask for.

        Raises:
            BadFilterError: a value cannot be used.
        """
        raise NotImplementedError

    def chosen(self, option: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """Return the values of an option that allows only some."""
        return filters.choose(option, self.options.get(option, ""), allowed)

    def sort(self, allowed: tuple[str, ...]) -> str:
        """Return the order; the first of ``allowed`` when none is given."""
        return next(iter(self.chosen("sort", allowed)), allowed[0])


class ActionList(ListDirective):
    """The actions of all incidents that pass a filter."""

    option_spec: ClassVar[OptionSpec] = option_spec(
        "owner", "team", "state", "priority", "severity", "incident", "due-before", "sort", "limit", "none"
    )

    def read_filter(self) -> ActionFilter:
        """Return the filter that the options ask for."""
        options = self.options
        return ActionFilter(
            owner=filters.split_values(options.get("owner", "")),
            team=filters.split_values(options.get("team", "")),
            state=self.chosen("state", filters.STATES),
            priority=filters.split_values(options.get("priority", "")),
            severity=self.chosen("severity", self.settings.severities),
            incident=filters.split_values(options.get("incident", "")),
            due_before=filters.read_day("due-before", options.get("due-before", "")),
            sort=self.sort(filters.ACTION_SORTS),
            limit=filters.read_limit(options.get("limit", "")),
        )


class IncidentList(ListDirective):
    """The incidents that pass a filter."""

    option_spec: ClassVar[OptionSpec] = option_spec(
        "severity", "type", "status", "since", "until", "sort", "limit", "none"
    )

    def read_filter(self) -> IncidentFilter:
        """Return the filter that the options ask for."""
        options = self.options
        return IncidentFilter(
            severity=self.chosen("severity", self.settings.severities),
            type=self.chosen("type", INCIDENT_TYPES),
            status=self.chosen("status", INCIDENT_STATUSES),
            since=filters.read_day("since", options.get("since", "")),
            until=filters.read_day("until", options.get("until", "")),
            sort=self.sort(filters.INCIDENT_SORTS),
            limit=filters.read_limit(options.get("limit", "")),
        )
