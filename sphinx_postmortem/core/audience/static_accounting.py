"""The gate's comparison without a build: the uses are those that the reader of sources finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from sphinx_postmortem.core.audience.accounting import (
    BrokenMarking,
    DirectiveUse,
    Page,
    find_faults,
    needs_body,
)
from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.audience.incident_pages import marks_of
from sphinx_postmortem.core.audience.incident_rule import IncidentRule
from sphinx_postmortem.core.audience.mentions import FOR_FIRST_EDITION, MARKING_DIRECTIVES, Mention, MentionSearch
from sphinx_postmortem.core.audience.page_head import PageMarking
from sphinx_postmortem.core.audience.rows import has_marking
from sphinx_postmortem.core.audience.samples import Literal
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.reader import Directive, SourcePage
from sphinx_postmortem.core.records.tables import Table

_CODE = expression(r"(?<!`)(?:``?)(?!`)(.+?)(?<!`)(?:``?)(?!`)")
_FENCE = expression(r"`{3}|~{3}|:{3}|::\s*$|^\s*:[^:]+:")


class _OncePerText(MentionSearch):
    """A search that goes through each text once, though several editions ask."""

    def __init__(self, audiences: Sequence[str]) -> None:
        super().__init__(audiences)
        self._found = lru_cache(maxsize=16)(super().find)  # the files of one page

    def find(self, text: str) -> tuple[Mention, ...]:
        return self._found(text)


@lru_cache(maxsize=8)
def _search(audiences: tuple[str, ...]) -> _OncePerText:
    return _OncePerText(audiences)


def find_source_faults(
    source: SourcePage, marking: PageMarking, tables: dict[Directive, Table], rule: IncidentRule
) -> tuple[BrokenMarking, ...]:
    """Return what a build of any filtered edition would refuse a page for, as far as its sources tell.

    Args:
        source: the page as it was read, with the files that it includes.
        marking: what its head says.
        tables: the tables of its directives.
        rule: the site's rule of statuses and labels, with its audiences.
    """
    audiences = rule.audiences
    search = _search(audiences.names)
    literals = list(_literals(source))
    found: dict[BrokenMarking, None] = {}
    for name in audiences.names[1:]:
        edition = Edition(audiences, name)
        if not edition.shows_known(marking.name):
            continue
        page = Page(texts={file: "\n".join(lines) for file, lines in source.files.items()})
        page.uses = [_use_of(block, source, tables.get(block), edition) for block in source.directives]
        if marking.name and not marking.broken:
            page.head[""] = marking.line
        found.update(dict.fromkeys(find_faults(page, search, edition, literals, rule)))
    return tuple(sorted(found, key=lambda fault: (fault.path, fault.line)))


def _use_of(block: Directive, source: SourcePage, table: Table | None, edition: Edition) -> DirectiveUse:
    lines = source.files.get(block.file, source.lines)[block.line - 1 : block.end]
    shown = all(edition.shows_known(mark.strip()) for mark in marks_of(block, edition.audiences))
    gated = table is not None and (has_marking(table) or bool(block.option("internal-columns")))
    by_name = block.name in (*MARKING_DIRECTIVES, *FOR_FIRST_EDITION)
    marks = by_name or bool(block.option("audience")) or gated
    return DirectiveUse(
        path=block.file,
        line=block.line,
        name=block.name,
        block=tuple(lines),
        body=tuple(line.text for line in block.body),
        marks=marks,
        hidden=not shown,
        needs_body=marks and needs_body(block.name, block.option("file")),
        table=table is not None,
        hidden_text="" if shown else "\n".join(lines),
    )


def _literals(source: SourcePage) -> Iterator[Literal]:
    for file, number in sorted(source.code | source.comments):
        lines = source.files.get(file, [])
        if 0 < number <= len(lines) and not _is_indented_code(source, file, number):
            yield Literal(file, number, lines[number - 1], is_comment=(file, number) in source.comments)
    for prose in source.prose:
        for part in _CODE.findall(prose.text) if "`" in prose.text else ():
            yield Literal(prose.file, prose.number, part)


def _is_indented_code(source: SourcePage, file: str, number: int) -> bool:
    """Say whether a line is code for its indent alone, which in Markdown is more often a slip than a sample."""
    while (file, number - 1) in source.code:
        number -= 1
    above = source.files[file][number - 2] if number > 1 else ""
    return source.markdown and (file, number) in source.code and not _FENCE.search(above)
