"""Reads a finished PDF again and checks that it is what it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from io import BytesIO
from typing import Any, cast

from sphinx_postmortem.core.audit.file_texts import BREAK
from sphinx_postmortem.core.audit.pdf_texts import shown_in_pdf
from sphinx_postmortem.core.audit.unpacking import Budget
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfDocument

_GAPS = expression(r"[\s\u00ad\u2010-]+")
_CODE_POINT = expression(r"[^\x20-\x7e\u00a0-\u024f\u0370-\u04ff]")
_TITLE_PART = 24
_SHOWN = expression(rb"\(((?:\\.|[^\\()])*)\) Tj")


Search = Callable[[str], list[str]]
"""Returns what of a text must not be in a file."""


def problems_of_pdf(content: bytes, document: PdfDocument, forbidden: Search | None = None) -> list[str]:
    """Return what is wrong with a PDF; an empty list if nothing is.

    With *forbidden*, nothing that it finds may stand in the text, the properties, the bookmarks, the links and their
    targets, and the attachments.
    """
    if not content.startswith(b"%PDF-"):
        return ["it is empty or no PDF"]
    pypdf = import_module("pypdf")
    try:
        reader: Any = pypdf.PdfReader(BytesIO(content))
        pages: list[Any] = list(reader.pages)
        return [
            *_problems_of_text([_PageText(page) for page in pages], document),
            *_dangling_links(reader, pages),
            *(_identities_left(content, forbidden) if forbidden else ()),
        ]
    except Exception as error:
        return [f"it cannot be read: {type(error).__name__}: {error}"]


class _PageText:
    """The text of a page. Reading it in full takes long, so what is looked for is sought in the raw page first."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def holds(self, expected: str, times: int) -> bool:
        """Say whether a text without gaps stands on the page so many times."""
        return self._raw.count(expected) >= times or self._full.count(expected) >= times

    @cached_property
    def _raw(self) -> str:
        """The strings that the page shows; what is ASCII in them is so in the fonts that reportlab embeds too."""
        contents = self._page.get_contents()
        return _plain(b"".join(_SHOWN.findall(contents.get_data())).decode("latin-1")) if contents is not None else ""

    @cached_property
    def _full(self) -> str:
        return _plain(str(self._page.extract_text()))


def _problems_of_text(pages: list[_PageText], document: PdfDocument) -> Iterator[str]:
    if not pages:
        yield "it has no pages"
        return
    title = _title_part(document.title)
    if not any(page.holds(title, 1) for page in pages):
        yield f"the title {document.title!r} is not in its text"
    for label in (document.tlp_label, document.edition_label):
        expected = _plain(label)
        # Once in the header and once in the footer.
        short = [str(number) for number, page in enumerate(pages, 1) if label and not page.holds(expected, 2)]
        if short:
            yield (f"{label!r} is not in header and footer of page {', '.join(short)}")


def _identities_left(content: bytes, forbidden: Search) -> Iterator[str]:
    for where, text in shown_in_pdf(content, Budget("the PDF")):
        readable = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        found = forbidden(" ".join(readable.replace(BREAK, " ").split()))
        if found:
            yield f"{where} still holds {', '.join(found)}"


def _title_part(title: str) -> str:
    """Return the start of a title up to a character that may look different."""
    return _plain(_CODE_POINT.split(title)[0])[:_TITLE_PART]


def _plain(text: str) -> str:
    return _GAPS.sub("", text)


def _dangling_links(reader: Any, pages: list[Any]) -> Iterator[str]:
    names = cast("Mapping[str, object]", reader.named_destinations)
    known = {str(name).removeprefix("/") for name in names}
    page_ids = {page.indirect_reference.idnum for page in pages}
    for number, page in enumerate(pages, 1):
        for link in _links(page):
            target = _target(link)
            if isinstance(target, str) and target.removeprefix("/") not in known:
                yield f"a link on page {number} leads nowhere: {target}"
            elif isinstance(target, list):
                first = next(iter(cast("Iterable[Any]", target)), None)
                if getattr(first, "idnum", None) not in page_ids:
                    yield f"a link on page {number} leads to no page"


def _links(page: Any) -> Iterator[Mapping[str, Any]]:
    for annotation in _annotations(page):
        if annotation.get("/Subtype") == "/Link":
            yield annotation


def _annotations(page: Any) -> Iterator[Mapping[str, Any]]:
    for annotation in page.get("/Annots") or ():
        yield cast("Mapping[str, Any]", annotation.get_object())


def _target(link: Mapping[str, Any]) -> Any:
    """Return the name or the page that a link leads to; None for other links."""
    target: Any = link.get("/Dest")
    action = link.get("/A")
    if target is None and action is not None:
        target = action.get_object().get("/D")
    return target
