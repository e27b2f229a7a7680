"""Whether an edition shows a page, by what the incidents on it say of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.audience.incident_rule import IncidentRule, IncidentStatement, read_statement
from sphinx_postmortem.core.audience.mentions import FOR_FIRST_EDITION
from sphinx_postmortem.core.audience.withheld import head_lines
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code, Problem

if TYPE_CHECKING:
    from sphinx_postmortem.core.reader import Directive, SourcePage

_INCLUDE = expression(r"\binclude\b")  # the name of the directive; in prose the word costs no more than a reading


@dataclass(frozen=True)
class IncidentGate:
    """Decides for one edition which pages it may show.

    Attributes:
        root: the source folder, below which included files lie.
        edition: the edition being built.
        rule: the site's rule.
        markdown_syntax: the site's ``myst_enable_extensions``; None for those that every site has.
    """

    root: Path
    edition: Edition
    rule: IncidentRule
    markdown_syntax: frozenset[str] | None = None

    def judge(self, file: Path, text: str, marked_for: str, markdown: bool) -> tuple[list[Problem], bool]:
        """Return what is wrong with the labels of a page, and whether the edition may show it.

        Of several incidents that the edition would show on the page, each must allow it. What stands in a block that
        the edition hides does not count: nothing visible may depend on it.

        Args:
            file: the page's file.
            text: its text.
            marked_for: the audience that the page's own marking names; empty without one.
            markdown: whether it is Markdown; otherwise it is reStructuredText.
        """
        if not self.edition.is_filtered or not self._may_hide(text):
            return [], True
        from sphinx_postmortem.core.reader import read_page
        from sphinx_postmortem.core.reader.includes import SiteFiles
        from sphinx_postmortem.core.reader.source import DEFAULT_MARKDOWN_SYNTAX

        syntax = DEFAULT_MARKDOWN_SYNTAX if self.markdown_syntax is None else self.markdown_syntax
        source = read_page(
            text,
            markdown=markdown,
            markdown_syntax=syntax,
            open_file=SiteFiles(file, self.root).open,
        )
        shown, problems = True, list[Problem]()
        for summary in source.named("incident-summary"):
            if not is_visible(summary, self.edition):
                continue
            statement = statement_of(source, summary)
            shown = shown and not self.rule.why_hidden(statement, self.edition.name)
            if self.rule.allows_status(statement, self.edition.name):
                found = self.rule.contradictions(statement, marked_for)
                problems += [Problem(Code.TLP_CONFLICT, each, source.own_line(summary.place)) for each in found]
        return problems, shown and not problems

    def _may_hide(self, text: str) -> bool:
        folded = text.casefold()
        if _INCLUDE.search(folded):
            return True
        return "incident-summary" in folded and self.rule.may_hide(text, self.edition.name)


def statement_of(source: SourcePage, summary: Directive) -> IncidentStatement:
    """Return what an incident says of itself, as the reader of sources has read it."""
    block = source.files[summary.file][summary.line - 1 : summary.end]
    head = [line for _, line in head_lines(source.lines, markdown=source.markdown)]
    return read_statement({name: line.text for name, line in summary.options.items()}, block, head)


def marks_of(block: Directive, audiences: Audiences) -> Iterator[str]:
    """Yield the audiences that a block itself is marked for, as written."""
    if block.name == "internal-only" or (block.name in FOR_FIRST_EDITION and not block.option("audience")):
        yield audiences.internal
    elif block.name == "audience":
        yield block.argument or "?"  # a block that names no audience is hidden from all
    if block.option("audience"):
        yield block.option("audience")


def is_visible(block: Directive, edition: Edition) -> bool:
    """Say whether an edition shows a block, by its marking and those of the blocks round it."""
    marks = (mark for each in (*block.within, block) for mark in marks_of(each, edition.audiences))
    return all(edition.shows_known(mark) for mark in marks)
