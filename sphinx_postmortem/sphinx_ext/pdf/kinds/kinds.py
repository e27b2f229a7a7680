"""The three kinds of PDF that a postmortem is exported for (template section 12).

A kind is a choice of content on top of an edition: ``leadership`` for review, ``audit`` for evidence and
``interview`` for discussion outside. Each belongs to one edition, which must be the one that is built.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.records.vocabulary import PdfKind
from sphinx_postmortem.sphinx_ext.pdf.documents import (
    PdfDocument,
    checked,
    pdf_documents_of,
    requested_documents,
    safe_filename,
    with_unique_names,
)
from sphinx_postmortem.sphinx_ext.pdf.kinds.offsets import first_moment, without_dates
from sphinx_postmortem.sphinx_ext.pdf.kinds.pseudonyms import PLAIN_TITLE, hides_dates, pseudonyms_of
from sphinx_postmortem.sphinx_ext.pdf.problems import PdfError
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of

PURPOSES = {
    PdfKind.LEADERSHIP: "Leadership review",
    PdfKind.AUDIT: "Audit evidence",
    PdfKind.INTERVIEW: "Interview discussion",
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
            purpose=PURPOSES[kind],
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
        return replace(document, title=PLAIN_TITLE, author="", date="", filename=f"all-incidents-{document.kind}")
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
    return replace(named, title=without_dates(named.title, origin), date="")
