"""The three kinds of PDF that a postmortem is exported for (template section 12).

A kind is a choice of content on top of an edition: ``leadership`` for review, ``audit`` for evidence and
``interview`` for discussion outside. Each belongs to one edition, which must be the one that is built.
This module chooses the documents of a kind, and gives their trees its content before links are resolved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.names.pseudonyms import Pseudonyms
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.records.vocabulary import PdfKind
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.pdf.cover_and_contents import OVERVIEW
from sphinx_postmortem.sphinx_ext.pdf.documents import (
    PdfDocument,
    PdfError,
    checked,
    pdf_documents_of,
    requested_documents,
    safe_filename,
    with_unique_names,
)
from sphinx_postmortem.sphinx_ext.pdf.inner_links import PAGE_MARK
from sphinx_postmortem.sphinx_ext.pdf.kinds.audit_appendix import audit_appendix
from sphinx_postmortem.sphinx_ext.pdf.kinds.interview import (
    PLAIN_TITLE,
    days_in,
    first_moment,
    hides_dates,
    pseudonyms_of,
    replace_names,
    show_offsets,
    title_without_dates,
)
from sphinx_postmortem.sphinx_ext.pdf.kinds.leadership import assurance, lead_with_summary, select_for_leadership
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN, domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of

PURPOSES = {
    PdfKind.LEADERSHIP: later("Leadership review"),
    PdfKind.AUDIT: later("Audit evidence"),
    PdfKind.INTERVIEW: later("Interview discussion"),
}


def kind_of(config: Config) -> PdfKind | None:
    """Return the kind to build, if any.

    Raises:
        PdfError: the setting names no kind, or the kind belongs to another edition than the one that is built.
    """
    settings = settings_of(config)
    if not settings.pdf_kind:
        return None
    kind, built = PdfKind(settings.pdf_kind), settings.edition.name
    try:
        wanted = settings.audiences.edition_of_kind(kind)
    except ValueError as error:
        raise PdfError(str(error)) from error
    if wanted != built:
        raise PdfError(
            f'the kind "{kind}" shows the edition "{wanted}", but this build is the edition "{built}"; '
            f"add -D postmortem_audience={wanted}"
        )
    return kind


def documents_to_write(app: Sphinx) -> list[PdfDocument]:
    """Return the documents of the kind that is built, or else those of the edition.

    Raises:
        PdfError: the kind cannot be built, or two documents would have one name.
    """
    kind = kind_of(app.config)
    if kind is None:
        return requested_documents(app)
    return checked(app, documents_of_kind(kind, pdf_documents_of(app), app.env))


def documents_of_kind(kind: PdfKind, documents: Sequence[PdfDocument], env: BuildEnvironment) -> list[PdfDocument]:
    """Return the documents with the names, the pages and the covers of a kind."""
    single = [each for each in documents if not each.is_collection]
    if kind == PdfKind.INTERVIEW and hides_dates(env.config):
        single.sort(key=lambda each: (not each.date, each.date, each.filename.casefold()))  # as they are numbered
    incidents = tuple(dict.fromkeys(each.docname for each in single))
    if not incidents:
        raise PdfError(f'the kind "{kind}" has nothing to show: this edition has no incident')
    made = [
        replace(
            each,
            kind=kind,
            purpose=say(PURPOSES[kind]),
            pages=incidents if each.is_collection and kind != PdfKind.AUDIT else (),
            filename=f"{each.filename}-{kind}",
        )
        for each in documents
    ]
    return with_unique_names(_without_identity(each, env) for each in made) if kind == PdfKind.INTERVIEW else made


def _without_identity(document: PdfDocument, env: BuildEnvironment) -> PdfDocument:
    domain = domain_of(env)
    pseudonyms = pseudonyms_of(env)
    if document.is_collection:
        # A project is as a rule named after its organisation.
        return replace(document, title=say(PLAIN_TITLE), author="", date="", filename=f"all-incidents-{document.kind}")
    named = replace(
        document,
        title=pseudonyms.apply(document.title),
        author="",
        filename=safe_filename(pseudonyms.apply(document.filename)),
    )
    if not hides_dates(env.config):
        return named
    records = domain.records_of(document.docname)
    origin = first_moment(records.incidents[0] if records.incidents else None, records.events)
    return replace(named, title=title_without_dates(named.title, origin), date="")


def apply_kind(env: BuildEnvironment, document: PdfDocument, tree: nodes.document) -> None:
    """Select, add and replace what the kind of a document asks for."""
    if DOMAIN not in env.domaindata:
        return
    pages = _pages(tree, document)
    if document.kind != PdfKind.LEADERSHIP:
        for docname, root in pages:
            if domain_of(env).records_of(docname).incidents:
                lead_with_summary(root, settings_of(env.config).pdf_leadership_sections)
    if not document.kind:
        return
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
    records = domain.records_of(docname)
    follow_up = [
        assurance(
            incident,
            [each for each in records.actions if each.incident_id == incident.id],
            domain.settings.today,
            domain.settings.done_statuses,
        )
        for incident in records.incidents
    ]
    if len(follow_up) > 1:  # a page of several incidents: each says whose it is
        for incident, section in zip(records.incidents, follow_up, strict=True):
            cast("nodes.title", section[0]).insert(0, nodes.Text(f"{incident.id}: "))
    lead_with_summary(page, domain.settings.pdf_leadership_sections, *follow_up)


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
    is_undated = document.kind == "interview" and hides_dates(env.config)
    pseudonyms = _names_to_hide(env, document)
    rows: list[output.TableRow] = []
    for shown in incidents:
        incident = replace(shown, title=shown.bare_title)
        if is_undated:
            records = domain_of(env).records_of(incident.docname)
            incident = replace(
                incident, title=title_without_dates(incident.title, first_moment(incident, records.events))
            )
        title = incident.title or incident.id
        uri = f"{PAGE_MARK}{incident.docname}#{incident.anchor}"
        name = pseudonyms.apply(incident.id) if pseudonyms else incident.id
        link = nodes.reference("", name, refuri=uri, internal=True)
        texts = [
            pseudonyms.apply(title) if pseudonyms else title,
            *([] if is_undated else [incident.first_day.isoformat() if incident.first_day else ""]),
        ]
        states: list[list[nodes.Node]] = [
            [output.severity_badge(incident.severity, domain_of(env).settings.severities)] if incident.severity else [],
            [output.status_badge(incident.status)] if incident.status else [],
        ]
        rows.append(output.TableRow([[link], *([nodes.Text(text)] for text in texts), *states]))
    titles = [later("Incident"), later("Title"), *([] if is_undated else [later("Date")])]
    titles += [later("Severity"), later("Status")]
    table = output.table(titles, rows, ["pm-overview"], [20] * len(titles))
    section = nodes.section("", nodes.title("", say("Incidents in this document")), table, ids=["overview"])
    section[OVERVIEW] = True
    tree.insert(0, addnodes.start_of_file("", section, docname=""))
