"""The directive ``action-table`` (template section 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from docutils import nodes

from sphinx_postmortem.core.checks.actions import action_id_twice
from sphinx_postmortem.core.checks.bad_values import bad_due
from sphinx_postmortem.core.language.texts import later, say, say_many
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.anchors import anchor
from sphinx_postmortem.core.records.kind_words import split_areas
from sphinx_postmortem.core.records.knowledge import is_done
from sphinx_postmortem.core.records.model import Action, generated_action_id, split_owners
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.core.records.tables import Row, Table
from sphinx_postmortem.core.records.text_references import has_mention
from sphinx_postmortem.core.records.times import BadDateError, parse_date
from sphinx_postmortem.core.records.vocabulary import COLUMNS
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.directive_tables import TableDirective
from sphinx_postmortem.sphinx_ext.directives.options import option_spec
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.filled_text import filled
from sphinx_postmortem.sphinx_ext.lists.list_tables import overdue_note, status_cell
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.records.shown_owners import shown_owners
from sphinx_postmortem.sphinx_ext.records.text import record_text

_COLUMNS = ("id", "action", "owner", "priority", "due", "status", "kind", "addresses")


def _progress(done: str, still_open: int, late: Sequence[int]) -> nodes.paragraph:
    """Build the sentence that says how far actions are; ``late`` are the days by which some are overdue."""
    open_text = nodes.Text(say("{number} open", number=still_open))
    if not still_open:
        built = output.paragraph(output.strong(done))
    elif not late:
        built = output.paragraph(*filled(say("{done} {open}."), done=output.strong(done), open=open_text))
    elif len(late) == 1 == still_open:
        built = output.paragraph(
            *filled(
                say("{done} {open}, {late}."),
                done=output.strong(done),
                open=open_text,
                late=output.overdue_text(late[0]),
            )
        )
    else:
        number = nodes.inline("", say("{number} overdue", number=len(late)), classes=["pm-over"])
        form = say_many(
            "{{done}} {{open}}, {{late}}, by {days} days.",
            "{{done}} {{open}}, {{late}}, the longest by {days} days.",
            len(late),
            days=max(late),
        )
        built = output.paragraph(*filled(form, done=output.strong(done), open=open_text, late=number))
    built["classes"].append("pm-sub")
    return built


class ActionProgress(Placeholder):
    """Stands for the sentence that says how far actions are.

    Attributes: ``docname``; ``done``, how many; ``dues``, the due dates of the others, None for one without.
    """

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return the sentence: it changes with time alone, so that it is no part of what the page states."""
        today, done, dues = domain.settings.today, self["done"], self["dues"]
        late = [(today - due).days for due in dues if today and due and due < today]
        total = done + len(dues)
        is_whole = not dues and done != 1
        head = (
            say("All {done} done.", done=done) if is_whole else say("{done} of {total} done.", done=done, total=total)
        )
        return [_progress(head, len(dues), late)]


class ActionTable(TableDirective):
    """The preventative and corrective actions of an incident."""

    option_spec = option_spec("action-table")
    text_column = "action"
    nothing_text = later("No actions.")
    css_class = "pm-actions"
    facts: Sequence[Action] = ()

    def build_rows(self, table: Table) -> list[output.TableRow]:
        """Return the rows with linked owners, and note each as an action."""
        columns = {name: table.column(*COLUMNS[name]) for name in _COLUMNS}
        rows: list[output.TableRow] = []
        actions: list[Action] = []
        docname = self.env.current_document.docname
        taken = {
            a.local_id.casefold() for a in self.domain.records_of(docname).actions if a.incident_id == self.incident_id
        }
        for row in table.rows:
            cells = self.plain_cells(row)
            action = self.read_action(row, table, columns, cells, taken)
            actions.append(action)
            self.decorate(cells, columns, action)
            done = is_done(action, self.settings.done_statuses)
            rows.append(output.TableRow(cells, action.anchor, ("pm-done",) if done else ()))
        records = self.domain.records_of(docname)
        # A prompt is shown, and is no record; `<action>` is markup, and has no text.
        column = columns["action"]
        written = ["" if column is None else row.cells[column] for row in table.rows]
        facts = [each for each, cell in zip(actions, written, strict=True) if not is_prompt(each.text or cell)]
        self.domain.note_page(docname, replace(records, actions=(*records.actions, *facts)))
        self.facts = facts
        return rows

    def above_table(self) -> list[nodes.Node]:
        """Return the place of the sentence that says how far the actions are."""
        if not self.facts:
            return []
        dues = [action.due for action in self.facts if not is_done(action, self.settings.done_statuses)]
        docname = self.env.current_document.docname
        progress = ActionProgress(docname=docname, done=len(self.facts) - len(dues), dues=dues)
        self.set_source_info(progress)
        return [progress]

    def read_action(
        self,
        row: Row,
        table: Table,
        columns: dict[str, int | None],
        cells: list[list[nodes.Node]],
        taken: set[str],
    ) -> Action:
        """Return the action of a row."""

        def written(name: str) -> str:
            index = columns[name]
            return "" if index is None else record_text(cells[index]).strip()

        owner_column = columns["owner"]
        due_written = written("due")
        column = columns["action"]
        original = [] if column is None else self.original_cell(row, column, cells[column])
        text = nodes.TextElement("", "", *original).astext().strip()
        # An id that is a reference would be the name of a record that the edition may lack.
        written_id = "" if has_mention(written("id")) else written("id")
        local_id = self.local_id(written_id, text, taken, row)
        home = self.incident_id or self.env.current_document.docname
        technique_column = table.column(*COLUMNS["techniques"])
        techniques, says_no_more = self.read_techniques(row, technique_column, cells)
        addresses = split_areas(written("addresses"))
        other = self.other_cells(
            table, cells, (*columns.values(), technique_column) if says_no_more else columns.values()
        )
        factor_cells = (text for title, text in other if title.casefold().strip() in COLUMNS["factor"])
        named = (*addresses, *(part for text in factor_cells for part in split_areas(text)))
        return Action(
            incident_id=self.incident_id,
            docname=self.env.current_document.docname,
            local_id=local_id,
            text=written("action"),
            owners=shown_owners(self.env, split_owners(row.cells[owner_column]) if owner_column is not None else ()),
            priority=written("priority"),
            due=self.read_due(due_written, row),
            due_written=due_written,
            status=written("status"),
            kind=written("kind"),
            addresses=addresses,
            techniques=techniques,
            factors=self.settings.factors.ids_in(named),
            other=other,
            anchor=self.free_anchor(anchor("action", home, local_id)),
            line=row.line,
        )

    def local_id(self, written: str, text: str, taken: set[str], row: Row) -> str:
        """Return the action's id within its incident, and report one that is used twice."""
        wanted = written or generated_action_id(text)
        local_id = self.numbered(wanted, lambda name: name.casefold() in taken)
        if written and local_id != wanted:
            self.warn_row(Code.ACTION_DUPLICATE, action_id_twice(written), row.line)
        taken.add(local_id.casefold())
        return local_id

    def read_due(self, written: str, row: Row) -> date | None:
        """Return the due date, or None; a text that is no date is reported and shown as it is."""
        if message := bad_due(written):
            self.warn_row(Code.BAD_DATE, message, row.line)
        try:
            return parse_date(written) if written else None
        except BadDateError:
            return None

    def decorate(self, cells: list[list[nodes.Node]], columns: dict[str, int | None], action: Action) -> None:
        """Put the id, the links to the owners and the status with its mark into a row's cells."""
        id_column, owner_column, status_column = columns["id"], columns["owner"], columns["status"]
        if id_column is not None and not has_mention(record_text(cells[id_column])):
            cells[id_column] = [nodes.Text(action.local_id)]
        if owner_column is not None and action.owners:
            cells[owner_column] = output.owner_links(action.owners, action.docname)
        due_column = columns["due"]
        says_days = due_column is not None and action.due is not None
        if due_column is not None and says_days:
            cells[due_column] += overdue_note(action, self.settings)
        if status_column is not None and not has_mention(action.status):
            cells[status_column] = status_cell(action, self.settings, says_overdue=not says_days)
