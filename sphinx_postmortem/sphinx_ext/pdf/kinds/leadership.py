"""What leadership reads of a postmortem: summary, impact, timeline, actions, and whether they are followed up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from docutils import nodes
from sphinx import addnodes

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.records.knowledge import is_done, is_overdue
from sphinx_postmortem.core.records.model import Action, Incident
from sphinx_postmortem.core.records.tones import status_label
from sphinx_postmortem.sphinx_ext.pdf.inner_links import unlink
from sphinx_postmortem.sphinx_ext.pdf.summary_layout import figures

_SHOWN = frozenset({"pm-summary", "pm-timeline", "pm-actions"})
_TECHNICAL = frozenset({"pm-root-cause", "pm-factors", "pm-revisions"})


def select_for_leadership(tree: nodes.Element, headings: Collection[str]) -> None:
    """Drop all other sections of a tree; links into them become text."""
    wanted = {_plain(heading) for heading in headings}
    dropped: set[str] = set()
    for page in list(tree.findall(_is_page)):
        if isinstance(page, nodes.Element):
            dropped |= _select(page, wanted)
    for reference in list(tree.findall(nodes.reference)):
        target = str(reference.get("refid") or reference.get("refuri", "").rpartition("#")[2])
        if target in dropped:
            unlink(reference)


def lead_with_summary(page: nodes.Element, headings: Collection[str], *follow_up: nodes.section) -> None:
    """Put what leadership reads first on the first page: its own summary, the facts, and how the follow-up stands.

    A page without a summary of its own for leadership, and without a follow-up, stays as it is.
    """
    section = page.next_node(nodes.section)
    if section is None:
        return
    wanted = {_plain(heading) for heading in headings}
    parts = [each for each in section.children if isinstance(each, nodes.section)]
    own = [each for each in parts if _heading(each) in wanted]
    facts = [
        each
        for each in parts
        if each not in own and any("pm-summary" in box["classes"] for box in each.findall(nodes.container))
    ]
    if not own and not follow_up:
        return
    for part in (*own, *facts):
        section.remove(part)
    start = next((index for index, each in enumerate(section) if isinstance(each, nodes.section)), len(section))
    section[start:start] = [*own, *facts, *follow_up]


def assurance(
    incident: Incident, actions: Iterable[Action], today: date | None, done_statuses: Collection[str]
) -> nodes.section:
    """Return the section that says how far an incident's actions are."""
    known = list(actions)
    done = [action for action in known if is_done(action, done_statuses)]
    still_open = [action for action in known if action not in done]
    overdue = [action for action in known if is_overdue(action, today, done_statuses)]
    due = sorted(action.due for action in still_open if action.due and action not in overdue)
    rows = [(say("Status of the postmortem"), status_label(incident.status) or say("not stated"))]
    rows.append(
        (
            say("Actions done"),
            say("{count} of {total}", count=len(done), total=len(known)) if known else say("no actions are listed"),
        )
    )
    if known:
        rows.append((say("Actions open"), str(len(still_open))))
        late = say("Actions overdue")
        if today:
            rows.append((say("{name} (as of {day})", name=late, day=today.isoformat()), str(len(overdue))))
        else:
            rows.append((late, say("not known: the build has no date")))
    if due:
        rows.append((say("Next due date"), due[0].isoformat()))
    if still_open:
        latest = max((action.due for action in still_open if action.due), default=None)
        rows.append((say("Last due date"), latest.isoformat() if latest else say("not set")))
        undated = sum(1 for action in still_open if action.due is None)
        if undated:
            rows.append((say("Open actions without a due date"), str(undated)))
    title = nodes.title("", say("Assurance of follow-up"))
    return nodes.section("", title, *figures(rows), ids=[f"assurance-{incident.anchor}"])


def _select(page: nodes.Element, wanted: Collection[str]) -> set[str]:
    dropped: set[str] = set()
    for child in list(page.children):
        if not isinstance(child, nodes.Element):
            continue
        if isinstance(child, addnodes.start_of_file):
            continue  # a page of its own
        if not _is_wanted(child, wanted):
            dropped |= _ids(child)
            page.remove(child)
        elif isinstance(child, nodes.section) and _heading(child) not in wanted:
            dropped |= _select(child, wanted)
    return dropped


def _is_wanted(node: nodes.Element, wanted: Collection[str]) -> bool:
    if isinstance(node, nodes.section):
        return _heading(node) in wanted or _holds(node, wanted)
    return not any(_TECHNICAL & set(each["classes"]) for each in node.findall(nodes.Element))


def _holds(section: nodes.section, wanted: Collection[str]) -> bool:
    """Say whether a section holds one of the parts that leadership reads, at any depth."""
    return any(
        bool(_SHOWN & set(each["classes"])) or (isinstance(each, nodes.section) and _heading(each) in wanted)
        for each in section.findall(nodes.Element)
    )


def _is_page(node: nodes.Node) -> bool:
    """Say whether a node is the section of a page's own title."""
    return isinstance(node, nodes.section) and not isinstance(node.parent, nodes.section)


def _ids(node: nodes.Element) -> set[str]:
    return {str(each) for element in node.findall(nodes.Element) for each in element["ids"]}


def _heading(section: nodes.section) -> str:
    title = section.next_node(nodes.title)
    return _plain(title.astext()) if title is not None else ""


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .:").casefold()
