"""HTML documents, as Google Docs, Notion, Confluence and browsers save them: read as the Markdown that they become."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from typing import Any

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports import escape
from sphinx_postmortem.core.imports.draft import Draft, SourceError
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.from_markdown import read_document
from sphinx_postmortem.core.imports.html_shapes import put_in_usual_shape

_BEGIN = expression(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_NOT_SHOWN = expression(r"<(script|style|head|nav|template|noscript)\b", re.IGNORECASE)
_TITLE = expression(r"<title[^>]*>(?P<title>.*?)</title>", re.IGNORECASE | re.DOTALL)


def without_unshown(text: str) -> str:
    """Return HTML without the elements that browsers do not show; one that is not closed stays."""
    kept: list[str] = []
    at = 0
    unclosed: set[str] = set()
    for opened in _NOT_SHOWN.finditer(text):
        name = opened[1].casefold()
        if opened.start() < at or name in unclosed:
            continue
        closed = re.compile(rf"</{name}\s*+>", re.IGNORECASE).search(text, opened.end())
        if closed is None:
            unclosed.add(name)  # so that each name is looked for to the end once
            continue
        kept += [text[at : opened.start()], " "]
        at = closed.end()
    return "".join([*kept, text[at:]])


def is_html(source: Source) -> bool:
    """Recognise HTML by how it begins."""
    return _BEGIN.match(source.head) is not None


def read_html(source: Source) -> list[Draft]:
    """Read an HTML document.

    Raises:
        SourceError: it cannot be read, or the extra ``html`` is missing.
        AnswerNeededError: it does not state the zone or the day of its times.
    """
    try:
        markdownify: Any = import_module("markdownify")
        bs4: Any = import_module("bs4")
    except ImportError:
        raise SourceError(f'{source.name}: HTML needs the extra: pip install "sphinx-postmortem[html]"') from None
    text = source.text()
    try:
        soup = bs4.BeautifulSoup(without_unshown(text), "html.parser")
        put_in_usual_shape(soup)
        converter = markdownify.MarkdownConverter(heading_style="ATX", bullets="-", table_infer_header=True)
        written = converter.convert_soup(soup)
    except RecursionError:
        raise SourceError(f"{source.name}: the HTML is nested too deeply; save the document as Markdown") from None
    title = _TITLE.search(text)
    draft = read_document(source, escape.visible(str(written)), kind="html")
    if not re.search(r"^# ", str(written), re.MULTILINE) and title:
        draft = replace(draft, title=" ".join(re.sub(r"<[^>]*>", " ", title["title"]).split()))
    return [draft]
