"""Cuts a line of spans at a place of its text, so that its markup stays whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sphinx_postmortem.core.reader.foreign_markdown import Span, Spans


def raw_text(spans: Sequence[Span]) -> str:
    """Return the text of spans as it stands, to which places refer."""
    return "".join(span.plain for span in spans)


def after(spans: Sequence[Span], place: int) -> Spans:
    """Return what stands from a place on."""
    found: list[Span] = []
    position = 0
    for span in spans:
        length = len(span.plain)
        if position >= place:
            found.append(span)
        elif position + length > place:
            found.append(_inner(span, place - position, length))
        position += length
    return tuple(found)


def before(spans: Sequence[Span], place: int) -> Spans:
    """Return what stands before a place."""
    found: list[Span] = []
    position = 0
    for span in spans:
        length = len(span.plain)
        if position + length <= place:
            found.append(span)
        elif position < place:
            found.append(_inner(span, 0, place - position))
        position += length
    return tuple(found)


def _inner(span: Span, start: int, end: int) -> Span:
    if not span.spans:
        return replace(span, text=span.text[start:end])
    return replace(span, spans=before(after(span.spans, start), end - start))
