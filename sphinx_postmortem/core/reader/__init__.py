"""The one reader of page sources: Markdown by the tokens of markdown-it-py, reStructuredText by a scanner."""

from sphinx_postmortem.core.reader.read_page import (
    Directive,
    Entry,
    Fault,
    FrontMatter,
    Heading,
    Include,
    Line,
    Prose,
    SourcePage,
)
from sphinx_postmortem.core.reader.source import decode, read_page

__all__ = [
    "Directive",
    "Entry",
    "Fault",
    "FrontMatter",
    "Heading",
    "Include",
    "Line",
    "Prose",
    "SourcePage",
    "decode",
    "read_page",
]
