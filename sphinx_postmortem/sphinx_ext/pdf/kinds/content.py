"""Gives the tree of one PDF the content of its kind, before links are resolved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.names.pseudonyms import Pseudonyms
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfDocument
from sphinx_postmortem.sphinx_ext.pdf.kinds.appendix import audit_appendix
from sphinx_postmortem.sphinx_ext.pdf.kinds.offsets import days_in, first_moment, show_offsets
from sphinx_postmortem.sphinx_ext.pdf.kinds.offsets import without_dates as hide_dates
from sphinx_postmortem.sphinx_ext.pdf.kinds.pseudonyms import hides_dates, pseudonyms_of, replace_names
from sphinx_postmortem.sphinx_ext.pdf.kinds.selection import assurance, select_for_leadership
from sphinx_postmortem.sphinx_ext.pdf.links import PAGE_MARK
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN, domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of


def apply_kind(env: BuildEnvironment, document: PdfDocument, tree: nodes.document) -> None:
    """Select, add and replace what the kind of a document asks for."""
    if not document.kind:
        return
    pages = _pages(tree, document)
    if document.kind == "leadership":
        select_for_leadership(tree, settings_of(env.config).pdf_leadership_sections)
        for docname, root in pages:
            _add_assurance(env, docname, root)
    if document.kind == "interview":
        _hide_identities(env, document, tree, pages)
    if document.pages:
        incidents = [each for docname, _root in pages for each in domain_of(env).records_of(docname).incidents]
        _add_overview(env, document, tree, incidents)
    if document.kind == "audit":
        appendix = audit_appendix(env, [docname for docname, _root in pages], tree)
        tree += addnodes.start_of_file("", appendix, docname="")


def identity_search(env: BuildEnvironment, document: PdfDocument) -> Callable[[str], list[str]] | None:
    """Return what finds names and dates that must not stand in the finished file, if it is one without them."""
    pseudonyms = _names_to_hide(env, document)
    if pseudonyms is None:
        return None
    if not hides_dates(env.config):
        return pseudonyms.found_in
    return lambda text: [*pseudonyms.found_in(text), *days_in(text)]


def _names_to_hide(env: BuildEnvironment, document: PdfDocument) -> Pseudonyms | None:
    if document.kind != "interview" or DOMAIN not in env.domaindata:
        return None
    return pseudonyms_of(env)


def _pages(tree: nodes.document, document: PdfDocument) -> list[tuple[str, nodes.Element]]:
    """Return the pages in a tree: the name, and the node that holds the page."""
    first: list[tuple[str, nodes.Element]] = [] if document.pages else [(document.docname, tree)]
    return [*first, *((str(each["docname"]), each) for each in tree.findall(addnodes.start_of_file))]


def _add_assurance(env: BuildEnvironment, docname: str, page: nodes.Element) -> None:
    domain = domain_of(env)
    section = page.next_node(nodes.section)
    records = domain.records_of(docname)
    if section is None:
        return
    for incident in records.incidents:
        actions = [each for each in records.actions if each.incident_id == incident.id]
        section += assurance(incident, actions, domain.settings.today, domain.settings.done_statuses)


def _hide_identities(
    env: BuildEnvironment, document: PdfDocument, tree: nodes.document, pages: Sequence[tuple[str, nodes.Element]]
) -> None:
    pseudonyms = _names_to_hide(env, document)
    if pseudonyms is not None:
        replace_names(tree, pseudonyms)
    if not hides_dates(env.config):
        return
    # Inner pages first: what they show is an offset when the page around them is looked at.
    for docname, page in reversed(pages):
        records = domain_of(env).records_of(docname)
        incident = records.incidents[0] if records.incidents else None
        show_offsets(page, first_moment(incident, records.events))


def _add_overview(
    env: BuildEnvironment, document: PdfDocument, tree: nodes.document, incidents: Sequence[Incident]
) -> None:
    """Put a table of the incidents before them."""
    without_dates = document.kind == "interview" and hides_dates(env.config)
    pseudonyms = _names_to_hide(env, document)
    rows: list[output.TableRow] = []
    for shown in incidents:
        incident = shown
        if without_dates:
            records = domain_of(env).records_of(incident.docname)
            incident = replace(incident, title=hide_dates(incident.title, first_moment(incident, records.events)))
        title = incident.title.removeprefix(incident.id).lstrip(" :-\u2013\u2014") or incident.id
        uri = f"{PAGE_MARK}{incident.docname}#{incident.anchor}"
        name = pseudonyms.apply(incident.id) if pseudonyms else incident.id
        link = nodes.reference("", name, refuri=uri, internal=True)
        texts = [
            pseudonyms.apply(title) if pseudonyms else title,
            *([] if without_dates else [incident.first_day.isoformat() if incident.first_day else ""]),
            incident.severity,
            incident.status,
        ]
        rows.append(output.TableRow([[link], *([nodes.Text(text)] for text in texts)]))
    titles = ["Incident", "Title", *([] if without_dates else ["Date"]), "Severity", "Status"]
    table = output.table(titles, rows, ["pm-overview"], [20] * len(titles))
    section = nodes.section("", nodes.title("", "Incidents in this document"), table, ids=["overview"])
    tree.insert(0, addnodes.start_of_file("", section, docname=""))
