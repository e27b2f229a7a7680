"""The directive ``incident-summary`` (template section 3).

It also says of other incidents which of them it repeats, which followed, and which fixes did not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from docutils import nodes

from sphinx_postmortem.core.checks.bad_values import bad_options
from sphinx_postmortem.core.checks.directive_use import NO_ID
from sphinx_postmortem.core.directives import empty_body
from sphinx_postmortem.core.language.names import english_option
from sphinx_postmortem.core.language.texts import listed, say
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.anchors import anchor
from sphinx_postmortem.core.records.fixes import Regression
from sphinx_postmortem.core.records.milestones import Duration, derive_durations
from sphinx_postmortem.core.records.model import Event, Incident
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.core.records.text_references import split_ids
from sphinx_postmortem.core.records.times import BadDateError, parse_dates
from sphinx_postmortem.core.records.vocabulary import IMPACT_TITLES, IMPACTS, INCIDENT_STATUSES, INCIDENT_TYPES
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.audience.incident_labels import binding_statement, label_badge
from sphinx_postmortem.sphinx_ext.directives import runbook_foot
from sphinx_postmortem.sphinx_ext.directives.base import INCIDENT_IN_READING, PostmortemDirective
from sphinx_postmortem.sphinx_ext.directives.options import option_spec, without_comment
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.directives.runbooks import read_runbooks
from sphinx_postmortem.sphinx_ext.lists.factor_tags import regression_words
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.records.links import incident_link
from sphinx_postmortem.sphinx_ext.records.technique_cells import note_file, read_named, technique_cell
from sphinx_postmortem.sphinx_ext.records.text import block_texts, record_text

DRAFT = INCIDENT_STATUSES[0]


class DerivedTimes(Placeholder):
    """Stands for the durations of one incident (attributes ``docname`` and ``incident``)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return the durations as fields, both end points named, and why some of them are unknown."""
        events = [event for event in domain.records_of(self.docname).events if event.incident_id == self["incident"]]
        shown: list[Duration] = []
        for duration in derive_durations(events, domain.settings.durations):
            if not duration.out_of_order:  # the checks tell it, at the row
                shown.append(duration)
        if not shown:
            return []
        pairs = [(say(each.term), [output.duration(_ends(each), each.shown)]) for each in shown]
        built: list[nodes.Node] = [output.fields(pairs, "pm-times")]
        if names := without_time(events, shown):
            named = listed(list(map(say, names)))
            told = say("No time is recorded for {milestones}. What depends on it is unknown.", milestones=named)
            reason = output.paragraph(told)
            reason["classes"].append("pm-caveat")
            built.append(reason)
        return built


def _ends(duration: Duration) -> str:
    return say("{first} to {last}", first=say(duration.start), last=say(duration.end))


def without_time(events: Sequence[Event], durations: Sequence[Duration]) -> list[str]:
    """Return the milestones that keep a duration unknown, since the timeline has no time for them."""
    known = {event.milestone for event in events if event.moment is not None and event.moment.is_known}
    ends = [name for each in durations if each.span is None for name in (each.start, each.end)]
    return [name for name in dict.fromkeys(ends) if name not in known]


class IncidentSummary(PostmortemDirective):
    """The executive-safe summary of an incident: what it is, its impact, and the times derived from the timeline."""

    optional_arguments = 1
    option_spec = option_spec("incident-summary")

    def run_visible(self) -> list[nodes.Node]:
        """Return the summary box, and note the incident."""
        incident = self.read_incident()
        place = incident.anchor
        if place:
            self.env.current_document[INCIDENT_IN_READING] = incident.id
        body = self.parse_body()
        if not body:
            self.warn(Code.EMPTY_DIRECTIVE, empty_body(self.plain_name))
        impacts = [
            (kind, self.parse_option(f"{kind}-impact")) for kind in IMPACTS if self.options.get(f"{kind}-impact", "")
        ]
        texts = ((kind, record_text(parsed)) for kind, parsed in impacts)
        detected_by = self.parse_option("detected-by", without_comment(self.options.get("detected-by", "")))
        source = record_text(detected_by).strip()
        summary = block_texts(body)
        incident = replace(  # a prompt is shown, and is no fact
            incident,
            summary="" if is_prompt(summary) else summary,
            impacts=tuple((kind, text) for kind, text in texts if not is_prompt(text)),
            detected_by="" if is_prompt(source) else source,
        )
        if incident.id:
            docname = incident.docname
            records = self.domain.records_of(docname)
            self.domain.note_page(docname, replace(records, incidents=(*records.incidents, incident)))
        times = DerivedTimes(docname=incident.docname, incident=incident.id)
        came_back = CameBack(docname=incident.docname, incident=incident.id)
        self.set_source_info(times)
        self.set_source_info(came_back)
        if isinstance(body[0] if body else None, nodes.paragraph):
            cast("nodes.paragraph", body[0])["classes"].append("pm-lead")
        parts: list[nodes.Node] = [
            *self.banner(incident),
            *self.listed(self.facts(incident), "pm-facts"),
            *body,
            *self.listed([(say(IMPACT_TITLES[kind]), [impact(text)]) for kind, text in impacts], "pm-impacts"),
            times,
            *self.listed([*self.source_fact(detected_by), *self.links(incident)], "pm-links"),
            came_back,
        ]
        box = output.together(parts, "pm-summary", *self.options.get("class", ()))
        if place:
            box["ids"].append(place)
            self.state.document.note_explicit_target(box)
        self.add_name(box)
        return [box]

    @staticmethod
    def listed(pairs: Sequence[tuple[str, list[nodes.Node]]], css_class: str) -> list[nodes.Node]:
        """Return fields, or nothing where there are none."""
        return [output.fields(pairs, css_class)] if pairs else []

    @staticmethod
    def banner(incident: Incident) -> list[nodes.Node]:
        """Return what says that nobody has reviewed a draft yet."""
        if incident.status != DRAFT:
            return []
        text = say("Not reviewed yet: facts may be wrong or missing.")
        return [output.box(say("Draft"), "", ["pm-draft"], [output.paragraph(text)])]

    def links(self, incident: Incident) -> list[tuple[str, list[nodes.Node]]]:
        """Return the fields that lead to other pages."""
        pairs: list[tuple[str, list[nodes.Node]]] = []
        if incident.runbooks:
            pairs.append((say("Runbooks"), [runbook_foot.links(incident.runbooks, incident.docname)]))
        if techniques := without_comment(self.options.get("attack", "")):
            pairs.append(("ATT&CK", [output.paragraph(*self.technique_nodes(techniques, incident.techniques))]))
        return pairs

    def read_incident(self) -> Incident:
        """Return the incident as far as the argument and the options tell it."""
        incident_id = str(self.arguments[0]).strip() if self.arguments else ""
        if not incident_id:
            self.warn(Code.MISSING_ID, NO_ID)
        for bad in bad_options({name: str(value) for name, value in self.options.items()}, self.settings):
            self.warn_option(bad.code, bad.message, bad.name)
        days = self.read_days()
        place = anchor("incident", incident_id) if incident_id else ""
        if place in self.state.document.ids:
            place = f"{place}-{len(self.state.document.ids)}"
        return Incident(
            id=incident_id,
            docname=self.env.current_document.docname,
            first_day=days[0],
            last_day=days[1],
            severity=self.choice("severity", self.settings.severities),
            type=self.choice("type", INCIDENT_TYPES),
            status=self.choice("status", INCIDENT_STATUSES),
            tlp=self.read_tlp(incident_id),
            runbooks=read_runbooks(self),
            techniques=self.read_techniques(),
            repeats=split_ids(without_comment(self.options.get("repeats", ""))),
            anchor=place,
            line=self.get_source_info()[1],
        )

    def read_days(self) -> tuple[date | None, date | None]:
        """Return the incident's first and last day; a text that is no date is shown as it is."""
        written = without_comment(self.options.get("date", ""))
        if not written:
            return None, None
        try:
            return parse_dates(written)
        except BadDateError:
            return None, None

    def choice(self, option: str, allowed: Sequence[str]) -> str:
        """Return an option's value in the spelling of ``allowed``; another value is kept."""
        return english_option(option, without_comment(self.options.get(option, "")), allowed)

    def read_techniques(self) -> tuple[str, ...]:
        """Return the ids of the techniques that the option names; what is none is reported, and shown as written."""
        written = without_comment(self.options.get("attack", ""))
        if not written:
            return ()
        named, problems = read_named(written, self.get_source_info()[1], self.settings)
        self.warn_problems(problems)
        note_file(self.env, self.settings)
        return named.ids

    def read_tlp(self, incident_id: str) -> str:
        """Return the TLP 2.0 label that the incident bears in this edition, without its prefix."""
        statement = binding_statement(self, incident_id)
        return self.settings.incident_rule.label(statement, self.edition.name)

    def facts(self, incident: Incident) -> list[tuple[str, list[nodes.Node]]]:
        """Return the fields that tell an incident apart, each as a name and what stands in it."""
        written = without_comment(self.options.get("date", ""))
        date_name = say("Date") if incident.first_day == incident.last_day else say("Dates")
        facts = (
            (say("Severity"), incident.severity and output.severity_badge(incident.severity, self.settings.severities)),
            (say("Status"), incident.status and output.status_badge(incident.status)),
            ("TLP", incident.tlp and label_badge(incident.id)),
            (say("Type"), say(incident.type)),
            (date_name, written),
        )
        return [(name, [output.paragraph(value)]) for name, value in facts if value]

    @staticmethod
    def source_fact(parsed: list[nodes.Node]) -> list[tuple[str, list[nodes.Node]]]:
        """Return the field that says who or what noticed the incident: its value alone would not tell."""
        return [(say("Detected by"), [impact(parsed)])] if parsed else []

    def technique_nodes(self, written: str, ids: Sequence[str]) -> list[nodes.Node]:
        """Return the techniques with their names and links; a text that holds more than ids stays as it is written."""
        named, _ = read_named(written, 0, self.settings)
        if named.is_plain and ids:
            return technique_cell(ids, self.settings.attack_table)
        return self.parse_cell(written, self.get_source_info()[1])


def impact(parsed: Sequence[nodes.Node]) -> nodes.paragraph:
    """Return the text of an impact; a prompt of the template is told apart from an answer."""
    if not is_prompt(record_text(parsed)):
        return output.paragraph(*parsed)
    return output.paragraph(output.blank(parsed))


class CameBack(Placeholder):
    """Stands for what is known of other incidents (attributes ``docname`` and ``incident``, its id)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return the relations as fields; nothing where there are none."""
        knowledge = domain.knowledge
        place = (self.docname, self["incident"])
        incident = next((each for each in domain.records_of(self.docname).incidents if each.id == place[1]), None)
        if incident is None:
            return []
        earlier = (found for name in incident.repeats if (found := knowledge.find_incident(name)))
        pairs = (
            (say("Repeat of"), self._incidents(earlier, domain)),
            (say("Followed by"), self._incidents(knowledge.followers.get(incident.key, ()), domain)),
            (
                say("Fixes that did not hold"),
                self._fixes(domain.derived.fixes.by_incident.get(place, ()), domain),
            ),
        )
        known = [(term, blocks) for term, blocks in pairs if blocks]
        return [output.fields(known, "pm-links")] if known else []

    def _incidents(self, incidents: Iterable[Incident], domain: PostmortemDomain) -> list[nodes.Node]:
        links = ([incident_link(each, domain.knowledge, self.docname, each.full_title)] for each in incidents)
        listed = output.separated(links, ", ")
        return [output.paragraph(*listed)] if listed else []

    def _fixes(self, fixes: Iterable[Regression], domain: PostmortemDomain) -> list[nodes.Node]:
        return [output.paragraph(*regression_words(each, self.docname, domain)) for each in fixes]
