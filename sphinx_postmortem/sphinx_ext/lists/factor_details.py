"""The list of contributing factors with a part for each: what incidents say of it, and what was done against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docutils import nodes

from sphinx_postmortem.core.language.texts import later, say, say_many
from sphinx_postmortem.core.lists.action_fields import ACTIONS
from sphinx_postmortem.core.lists.incident_fields import days_of
from sphinx_postmortem.core.lists.lesson_fields import PointOfIncident, Recurrence, count_recurrence
from sphinx_postmortem.core.records.factors import Factor
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.lists.list_tables import ListPage, table, text_cell
from sphinx_postmortem.sphinx_ext.lists.record_lists import ACTION_CELLS, RecurrenceTable

_COLUMNS = tuple(ACTIONS.field(name) for name in ("id", "action", "owner", "due", "status", "held"))
_MOST_ROWS = 100


class FactorDetails(RecurrenceTable):
    """Stands for a part for each factor (attribute ``is_home``: whether tags lead here, beside the others)."""

    def render_list(self, page: ListPage) -> list[nodes.Node]:
        """Return the parts, the most frequent factor first."""
        found, left_out = count_recurrence(self.query, page.facts, self["role"], self["least"])
        return self.with_count([node for each in found for node in self.part(each, page)], left_out, page)

    def part(self, each: Recurrence, page: ListPage) -> Iterator[nodes.Node]:
        """Yield what is known of one factor."""
        factor = page.facts.factors.find(each.factor) if each.factor else None
        ids = [factor.anchor] if factor and self["is_home"] else []
        yield output.heading(each.kind, "pm-group", "pm-factor", ids=ids, level=self.level)
        if factor and (meaning := _meaning(factor)):
            yield output.paragraph(meaning)
        yield output.paragraph(_counts(each, page))
        yield _sentences(each.points[:_MOST_ROWS], page)
        if len(each.points) > _MOST_ROWS:
            yield output.paragraph(
                say("{number} earlier ones are not listed here.", number=len(each.points) - _MOST_ROWS)
            )
        if actions := [action for action, _ in page.facts.fixes.actions_by_factor.get(each.factor, ())]:
            yield table(_COLUMNS, actions[:_MOST_ROWS], ACTION_CELLS, page, ["pm-actions"])
        elif each.factor:
            yield output.paragraph(say("No action names it in its column Addresses."))


def _meaning(factor: Factor) -> str:
    """Return the kind, the day from which the site uses the factor, and its definition."""
    since = say("in use since {day}", day=factor.since) if factor.since else ""
    head = ", ".join(part for part in (say(factor.kind), since) if part)
    return " ".join(f"{part.rstrip('.')}." for part in (head, factor.definition) if part)


def _counts(each: Recurrence, page: ListPage) -> str:
    """Return how many incidents there were, when the last one was, the time between them, and the actions."""
    number = len(each.incidents)
    last = next((days_of(incident) for incident in each.incidents if incident.first_day), "")
    told = [say_many("{number} incident", "{number} incidents", number)]
    if last:
        told = [
            say_many("{number} incident, the last on {day}", "{number} incidents, the last on {day}", number, day=last)
        ]
    if gaps := page.facts.fixes.gaps(each.factor):
        shown = ", ".join(map(str, gaps[-6:]))
        told.append(say("Days from one to the next: {days}", days=f"{'..., ' if len(gaps) > 6 else ''}{shown}"))
    if actions := page.facts.fixes.actions_by_factor.get(each.factor):
        numbers = page.facts.knowledge.numbers((action for action, _ in actions), page.facts.today)
        told.append(say("Actions against it: {open} open, {done} done", open=numbers.open, done=numbers.done))
    return "".join(say("{sentence}. ", sentence=each) for each in told).rstrip()


def _sentences(rows: Sequence[PointOfIncident], page: ListPage) -> nodes.table:
    built = [
        output.TableRow(
            [text_cell(days_of(row.incident)), [page.incident_link(row.incident)], text_cell(row.point.text)]
        )
        for row in rows
    ]
    return output.table(
        [later("Date"), later("Incident"), later("What it says")], built, ["pm-factor-texts", "pm-list"], (16, 18, 66)
    )
