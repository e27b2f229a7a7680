"""Which PDFs are made: one per incident and one for all of them.

The builder asks for its documents with the event ``postmortem-pdf-documents``.
The first handler that returns a list wins, so the rest of the extension, or a
project's ``conf.py``, can take over; :func:`pdf_documents_of` comes last.

rst2pdf logs what goes wrong and carries on; here :class:`PdfError` ends the build.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from itertools import chain, count
from typing import cast

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.file_stems import fitting_stem
from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.records.vocabulary import NOT_NAMED, TLP_LABELS
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN, domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.warnings import warn

PDF_DOCUMENTS_EVENT = "postmortem-pdf-documents"

_UNSAFE_IN_FILENAME = expression(r"[^\w.+-]+")


class PdfError(SphinxError):
    """A PDF could not be made, or is not what it should be."""

    category = "PDF error"


@dataclass(frozen=True)
class PdfDocument:
    """One PDF: where it starts, and what its cover, header and footer say."""

    docname: str
    filename: str
    """The name of the file in the output folder, without ``.pdf``."""
    title: str
    author: str = ""
    tlp: str = ""
    """The TLP label without its prefix, such as ``AMBER``; empty for none."""
    edition: str = ""
    """The name of the audience; empty if there is only one edition."""
    is_collection: bool = False
    """True for the document with all incidents: a cover and a contents page."""
    date: str = ""
    kind: str = ""
    """``leadership``, ``audit`` or ``interview``; empty for the edition as it is."""
    purpose: str = ""
    """What a PDF of a kind is for, as the cover says it."""
    pages: tuple[str, ...] = ()
    """The pages of the document, if they are not those that ``docname`` lists in its toctrees."""
    options: Mapping[str, object] = field(default_factory=dict[str, object])
    """The options of an entry in the user's ``pdf_documents``."""

    @property
    def tlp_label(self) -> str:
        """The label as TLP 2.0 wants it printed, or an empty string."""
        return f"TLP:{self.tlp}" if self.tlp else ""

    @property
    def edition_label(self) -> str:
        """The words that say which edition this is, or an empty string."""
        if not self.edition:
            return ""
        return say("{edition} edition", edition=f"{self.edition[:1].upper()}{self.edition[1:]}")


def pdf_documents_of(app: Sphinx) -> list[PdfDocument]:
    """Return a document for every incident, after one for all of them."""
    config = app.config
    author = "" if str(config.author).casefold() in NOT_NAMED else str(config.author)
    edition = settings_of(config).edition.name
    incidents = _incidents_of(app)
    collection = PdfDocument(
        docname=str(config.root_doc),
        filename=safe_filename(str(config.project) or "postmortems"),
        title=str(config.project),
        author=author,
        tlp=most_restrictive(incident.tlp for incident in incidents),
        edition=edition,
        is_collection=True,
        date=str(config.today or ""),
    )
    single = [
        PdfDocument(
            docname=incident.docname,
            filename=safe_filename(incident.id),
            title=incident.title or incident.id,
            author=author,
            tlp=incident.tlp,
            edition=edition,
            date=incident.first_day.isoformat() if incident.first_day else "",
        )
        for incident in incidents
    ]
    return with_unique_names([collection, *single])


def requested_documents(app: Sphinx) -> list[PdfDocument]:
    """Return what is to be built: the user's ``pdf_documents``, or else ours.

    The entries of a user keep their names, titles and options; they get the
    label and the edition of the document of ours that starts at the same page.
    """
    ours = cast("list[PdfDocument] | None", app.events.emit_firstresult(PDF_DOCUMENTS_EVENT))
    ours = pdf_documents_of(app) if ours is None else ours
    entries = users_pdf_documents(app)
    documents = ours if entries is None else _documents_of_entries(entries, ours)
    return checked(app, documents)


def checked(app: Sphinx, documents: Iterable[PdfDocument]) -> list[PdfDocument]:
    """Return the documents that can be made; a name that is too long for a file is shortened.

    Raises:
        PdfError: two of them would have one name.
    """
    known = [_with_fitting_name(each) for each in documents if _exists(app, each)]
    _refuse_clashes(known)
    return known


def _with_fitting_name(document: PdfDocument) -> PdfDocument:
    """Cut a name before its kind. Here names are hidden already: the hash is that of what the edition shows."""
    kind = f"-{document.kind}" if document.filename.endswith(f"-{document.kind}") else ""
    return replace(document, filename=f"{fitting_stem(document.filename.removesuffix(kind))}{kind}")


def users_pdf_documents(app: Sphinx) -> list[Sequence[object]] | None:
    """Return the setting ``pdf_documents``, or None if it is rst2pdf's default.

    Loading rst2pdf puts an entry of its own in an empty setting; that entry is
    recognised by its parts that do not change later (unlike the copyright).
    """
    config = app.config
    entries = list(cast("Iterable[Sequence[object]]", config.pdf_documents or ()))
    default = (config.root_doc, config.project, f"{config.project} Documentation")
    if not entries:
        return None
    first = tuple(entries[0])
    is_default = len(entries) == 1 and first[:3] == default and first[4:] == ("manual",)
    return None if is_default else entries


def most_restrictive(labels: Iterable[str]) -> str:
    """Return the label that covers all *labels*; unknown ones count as RED."""
    ranks = [TLP_LABELS.index(label) if label in TLP_LABELS else 0 for label in labels]  # RED is the first
    return TLP_LABELS[min(ranks)] if ranks else ""


def safe_filename(text: str) -> str:
    """Return *text* as the name of a file that every system accepts."""
    return _UNSAFE_IN_FILENAME.sub("-", text).strip("-.") or "document"


def with_unique_names(documents: Iterable[PdfDocument]) -> list[PdfDocument]:
    """Number the files whose name another one has: of incidents that share an id, or whose ids differ in signs only."""
    seen: set[str] = set()
    named: list[PdfDocument] = []
    for document in documents:
        numbers = (f"{document.filename}-{number}" for number in count(2))
        name = next(each for each in chain([document.filename], numbers) if each.casefold() not in seen)
        seen.add(name.casefold())
        named.append(replace(document, filename=name))
    return named


def _incidents_of(app: Sphinx) -> tuple[Incident, ...]:
    return domain_of(app.env).own_knowledge.incidents if DOMAIN in app.env.domaindata else ()


def _documents_of_entries(entries: Iterable[Sequence[object]], ours: Sequence[PdfDocument]) -> list[PdfDocument]:
    by_docname = {document.docname: document for document in reversed(ours)}
    whole = next((document for document in ours if document.is_collection), None)
    found: list[PdfDocument] = []
    for entry in entries:
        if len(entry) < 4:
            warn(
                Code.PDF_CONFIG,
                f"pdf_documents: {tuple(entry)!r} needs a document, a file name, a title and an author",
            )
            continue
        docname, filename, title, author = (str(part) for part in entry[:4])
        options = entry[4] if len(entry) > 4 else None
        model = by_docname.get(docname) or whole or PdfDocument(docname, "", "")
        found.append(
            replace(
                model,
                docname=docname,
                filename=filename,
                title=title,
                author=author.replace("\\\\", ", "),
                is_collection=True,
                options=dict(cast("Mapping[str, object]", options)) if isinstance(options, Mapping) else {},
            )
        )
    return found


def _exists(app: Sphinx, document: PdfDocument) -> bool:
    if document.docname in app.env.all_docs:
        return True
    warn(
        Code.PDF_CONFIG,
        f"{document.filename}.pdf starts at the unknown document {document.docname!r}",
    )
    return False


def _refuse_clashes(documents: Iterable[PdfDocument]) -> None:
    seen: set[str] = set()
    for document in documents:
        name = document.filename.casefold()
        if name in seen:
            raise PdfError(f"two PDFs would have the same name: {document.filename}.pdf")
        seen.add(name)
