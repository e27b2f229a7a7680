"""The directive ``closure-checklist`` (template section 13): the four criteria, and the evidence that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from docutils import nodes
from sphinx import addnodes

from sphinx_postmortem.core.checks.closure import (
    Assigned,
    ClosureFacts,
    Criterion,
    Said,
    is_about_closure,
    judge_closure,
)
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later, said, say
from sphinx_postmortem.core.records.model import Action
from sphinx_postmortem.core.records.prompts import is_prompt, is_template_action
from sphinx_postmortem.core.records.tones import DONE, OPEN, OVERDUE
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.directives.options import option_spec
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain


class ClosureChecklist(PostmortemDirective):
    """A table of the four closure criteria, each met or not, with the evidence that the page holds.

    ``:lessons:`` says when and to whom the lessons were communicated, with a date. The body follows the table.
    """

    option_spec = option_spec("closure-checklist")

    def run_visible(self) -> list[nodes.Node]:
        """Return the place of the table, which is made when the whole page is known, and the body."""
        docname = self.env.current_document.docname
        if (lessons := self.options.get("lessons", "").strip()) and not is_prompt(lessons):
            records = self.domain.records_of(docname)
            self.domain.note_page(docname, replace(records, lessons_shared=(*records.lessons_shared, lessons)))
        place = ClosureTable(docname=docname, css=list(self.options.get("class", ())))
        self.set_source_info(place)
        self.add_name(place)
        return [place, *self.parse_body()]


_TITLES = (later("Criterion"), later("Status"), later("Evidence"))
_WIDTHS = (38, 14, 48)
_TABLE = "pm-closure"
_LOOKS = {
    later("met"): ("done", DONE),
    later("not stated"): ("open", OPEN),
    later("not met"): ("overdue", OVERDUE),
}


class ClosureTable(Placeholder):
    """Stands for the closure criteria of a page (attributes ``docname`` and ``css``)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return the table. It judges by what the edition shows of the page, and by nothing else."""
        judgements = judge(page_of(self), self.docname, domain)
        rows = [output.TableRow(_cells(judgement)) for judgement in judgements]
        table = output.table(_TITLES, rows, [_TABLE, *self["css"]], _WIDTHS)
        table["ids"], table["names"] = list(self["ids"]), list(self["names"])
        return [table]


@dataclass(frozen=True)
class Judgement:
    """A criterion as readers see it: its name, a status in English words, the evidence, and whether it is met."""

    name: str
    status: str
    evidence: str
    is_met: bool


def judge(page: nodes.Element, docname: str, domain: PostmortemDomain) -> list[Judgement]:
    """Judge the four criteria by what the edition shows of a page.

    Args:
        page: the page's tree, or its part of a tree that holds several pages.
        docname: its name.
        domain: the domain, for the page's records.
    """
    is_filtered = domain.settings.edition.is_filtered
    return [_judgement(item, is_filtered=is_filtered) for item in judge_closure(_facts(page, docname, domain))]


def _judgement(criterion: Criterion, *, is_filtered: bool) -> Judgement:
    told = said(criterion.evidence)
    evidence, name = told[:1].upper() + told[1:], say(criterion.name)
    if criterion.is_met:
        return Judgement(name, "met", evidence, is_met=True)
    # A filtered edition cannot tell what is missing from what is hidden, so it claims neither.
    if is_filtered:
        return Judgement(name, "not stated", say("Not shown in this edition"), is_met=False)
    return Judgement(name, "not met", evidence, is_met=False)


def _cells(judgement: Judgement) -> list[output.Inline]:
    kind, look = _LOOKS[judgement.status]
    badge = output.badge(say(judgement.status), "status", kind, look)
    return [[nodes.Text(judgement.name)], [badge], [nodes.Text(judgement.evidence)]]


def _facts(page: nodes.Element, docname: str, domain: PostmortemDomain) -> ClosureFacts:
    causes = [node for node in page.findall(nodes.admonition) if "pm-root-cause" in node["classes"]]
    owners = [name.casefold() for owner in domain.settings.owners for name in (owner.id, owner.name) if name]
    records = domain.records_of(docname)
    return ClosureFacts(
        causes=tuple(Said(_text_of_cause(node)) for node in causes if page_of(node) is page),
        actions=tuple(_assigned(action) for action in records.actions if not is_template_action(action.text)),
        statements=tuple(Said(text) for text in _statements(page)),
        lessons=tuple(Said(text) for text in records.lessons_shared),
        registered=owners,
        today=domain.settings.today,
    )


def _assigned(action: Action) -> Assigned:
    return Assigned(action.local_id, action.owners, action.due is not None)


def _text_of_cause(box: nodes.Element) -> str:
    return " ".join(child.astext() for child in box.children if not isinstance(child, nodes.title | nodes.comment))


def _statements(page: nodes.Element) -> Iterator[str]:
    """Yield the paragraphs below headings about closure, those of list items among them."""
    for section in page.findall(nodes.section):
        if page_of(section) is page and section.children and is_about_closure(section[0].astext()):
            for item in section.findall(nodes.paragraph):
                if not _is_ours(item):
                    yield item.astext()


def _is_ours(node: nodes.Node) -> bool:
    """Say whether a node stands in the table of the criteria: what that says is missing is no evidence."""
    while node.parent is not None and not isinstance(node, nodes.section):
        node = node.parent
        if isinstance(node, nodes.table) and _TABLE in node["classes"]:
            return True
    return False


def page_of(node: nodes.Element) -> nodes.Element:
    """Return what holds a node's page: in builders that merge all pages, its part of the tree."""
    while node.parent is not None and not isinstance(node, addnodes.start_of_file):
        node = node.parent
    return node
