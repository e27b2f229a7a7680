"""The gate's two views of each page that is read: the words in its sources, and what the directives did.

The texts are taken as the parser gets them: a page's source, files that it includes, docstrings. What is not accounted
for refuses the page in a filtered edition: the build stops before anything of it is stored. See
``core.audience.accounting`` for the comparison.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from sphinx_postmortem.core.audience.accounting import (
    BrokenMarking,
    DirectiveUse,
    Page,
    find_faults,
    find_translation_faults,
    needs_body,
)
from sphinx_postmortem.core.audience.cures import CURES, NO_MARKING_HINT
from sphinx_postmortem.core.audience.mentions import (
    FOR_FIRST_EDITION,
    MARKING_DIRECTIVES,
    MentionSearch,
    excused_lines,
    plain,
    search_for,
)
from sphinx_postmortem.core.audience.only_hidden import find_shown_anyway
from sphinx_postmortem.core.audience.page_head import read_page_marking
from sphinx_postmortem.core.audience.samples import Literal
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.regular_files import read_regular
from sphinx_postmortem.sphinx_ext import guest, site_catalogues
from sphinx_postmortem.sphinx_ext.audience.known_packages import may_read_sources
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.tree import every
from sphinx_postmortem.sphinx_ext.upstream.myst import substitutions
from sphinx_postmortem.sphinx_ext.warnings import warn

_PAGE = "postmortem:accounting"
_LONE_RETURN = expression(rb"\r(?!\n)")
_SUBSTITUTED = expression(r"\{\{([^{}\n]*)\}\}")
_NAME = expression(r"[^\W\d]\w*")
_DIRECTIVE = expression(r"\.\.\s*[\w:-]+\s*::|parsed-literal")
_HTML_COMMENT = expression(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def page_of(env: BuildEnvironment) -> Page:
    """Return what is known of the page that is being read."""
    page = env.current_document.get(_PAGE)
    if page is None:
        page = env.current_document[_PAGE] = Page()
    return cast("Page", page)


def _path(name: str | os.PathLike[str]) -> str:
    return os.path.abspath(name)  # noqa: PTH100 - links are kept: the parsers report the paths that they were given


# --- what the page is made of


def note_source(app: Sphinx, docname: str, source: list[str]) -> None:
    """Handle ``source-read``: begin the page's account with its text, as the parser will get it."""
    env = app.env
    page = env.current_document[_PAGE] = Page()
    file = env.doc2path(docname)
    path = _path(file)
    page.texts[path] = source[0]
    marking = read_page_marking(source[0], markdown=_is_markdown(env, path))
    if marking.name and not marking.broken:
        page.head[path] = marking.line
    _note_returns(page, path)
    if not _is_markdown(env, path):
        page.generated = _of_settings({name: env.config[name] for name in ("rst_prolog", "rst_epilog")})
    page.generated |= _of_settings(used_substitutions(source[0], substitutions(env.config)))


def _of_settings(texts: Mapping[str, object]) -> dict[str, str]:
    return {f"conf.py ({name})": str(text) for name, text in texts.items() if text}


def used_substitutions(text: str, known: Mapping[str, object]) -> dict[str, object]:
    """Return the substitutions of settings that a text uses, and those that they use themselves."""
    found: dict[str, object] = {}
    texts = [text]
    while texts:
        names = {name for part in _SUBSTITUTED.findall(texts.pop()) for name in _NAME.findall(part)}
        new = {name: known[name] for name in known.keys() & names - found.keys()}
        found |= new
        texts += map(str, new.values())
    return {name: found[name] for name in known if name in found}


def note_include(app: Sphinx, relative: Path, parent: str, content: list[str]) -> None:
    """Handle ``include-read``: an included file is part of the page."""
    page = page_of(app.env)
    path = _path(Path(app.srcdir, relative))
    page.texts[path] = content[0]
    page.generated |= _of_settings(used_substitutions(content[0], substitutions(app.config)))
    _note_returns(page, path)


def note_drawn_in(env: BuildEnvironment, file: Path) -> None:
    """Note a file that another parser than the page's reads as a part of the page."""
    if file.is_file():
        page_of(env).texts[_path(file)] = read_regular(file).decode(env.config.source_encoding, errors="replace")


def note_docstring(app: Sphinx, what: str, name: str, obj: object, options: object, lines: Sequence[str]) -> None:
    """Handle ``autodoc-process-docstring``: a docstring is part of the page."""
    page_of(app.env).texts[f"docstring of {name}"] = "\n".join(lines)


def _note_returns(page: Page, path: str) -> None:
    file = Path(path)
    if file.is_file() and _LONE_RETURN.search(file.read_bytes()):
        page.lone_returns.add(path)


def _is_markdown(env: BuildEnvironment, path: str) -> bool:
    kind = next((kind for suffix, kind in env.config.source_suffix.items() if path.endswith(suffix)), "")
    return kind != "restructuredtext"


# --- what our directives did


def note_use(directive: SphinxDirective, *, hidden: bool) -> None:
    """Note that one of our directives ran, and whether it is hidden from the edition."""
    name = directive.name.casefold().removeprefix("postmortem:")
    path, line = directive.get_source_info()
    block = directive.block_text.rstrip("\n").split("\n")
    options = directive.options
    marks = hidden or name in (*MARKING_DIRECTIVES, *FOR_FIRST_EDITION)
    marks = marks or bool(options.get("audience") or options.get("internal-columns"))
    page_of(directive.env).uses.append(
        DirectiveUse(
            path=_path(path),
            line=line,
            name=name,
            block=tuple(block),
            body=tuple(directive.content),
            marks=marks,
            hidden=hidden,
            needs_body=marks and needs_body(name, str(options.get("file", ""))),
            hidden_text="\n".join(block) if hidden else "",
            shown_text=str(options.get("summary", "")) if hidden and name in MARKING_DIRECTIVES else "",
        )
    )


def note_cut(env: BuildEnvironment, path: str, line: int, name: str, block: Sequence[str]) -> None:
    """Note a hidden directive that was cut out of the text of another extension's directive, which may not parse it."""
    is_fenced = not block[0].lstrip(" \t-*+>").startswith("..")
    body = tuple(block[1 : -1 if is_fenced else None])
    text = "\n".join(block)
    use = DirectiveUse(_path(path), line, name, tuple(block), body, marks=True, hidden=True, hidden_text=text)
    page_of(env).uses.append(replace(use, needs_body=name in MARKING_DIRECTIVES))


def note_table(env: BuildEnvironment, *, marks: bool, hidden_text: str, shown_text: str, fault: str) -> None:
    """Add to the last use what the gate of tables did with its rows and columns."""
    uses = page_of(env).uses
    last = uses[-1]
    uses[-1] = replace(
        last, table=True, marks=last.marks or marks, hidden_text=hidden_text, shown_text=shown_text, fault=fault
    )


# --- the comparison


def judge_markings(app: Sphinx, document: nodes.document) -> None:
    """Handle ``doctree-read``: warn of markings that hide nothing; stop a filtered edition.

    Raises:
        ExtensionError: there is such a marking, and the edition is filtered.
    """
    env = app.env
    page = page_of(env)
    edition = domain_of(env).settings.edition
    search = search_for(edition.audiences.names)
    faults = (
        *find_faults(page, search, edition, _Literals(env, document, page), domain_of(env).settings.incident_rule),
        *_plain_table_faults(env, document, page, search),
        *(
            BrokenMarking(*site_catalogues.place_of(env, text), message)
            for text, message in find_translation_faults(site_catalogues.shown_on_page(env), search, edition)
        ),
    )
    env.current_document[_PAGE] = Page()
    refuse_or_warn(env, faults or tuple(_shown_anyway(app, document, page)))


def _shown_anyway(app: Sphinx, document: nodes.document, page: Page) -> Iterator[BrokenMarking]:
    uses = {(use.path, use.line, use.name): use for use in page.uses}.values()  # a file may be included twice
    blocks = [use.hidden_text for use in uses if use.hidden]
    cells = [use.hidden_text for use in uses if not use.hidden and use.hidden_text]
    if not (blocks or cells) or not may_read_sources(app):
        return
    env, texts = app.env, page.texts
    drawn_in = [
        node.astext()
        for node in every(document, nodes.FixedTextElement)
        if node.get("source") and _path(str(node["source"])) not in texts
    ]
    in_place = [*(use.shown_text for use in uses), domain_of(env).settings.redaction_notice]
    sources, shown = "\n".join([*texts.values(), *page.generated.values(), *drawn_in, *in_place]), document.astext()
    # Cells are often the field's own words, which our texts use, too.
    if line := find_shown_anyway(blocks, sources, shown) or find_shown_anyway(cells, sources, shown, least=30):
        path = _path(env.doc2path(env.current_document.docname))
        number = next((n for n, text in enumerate(texts[path].split("\n"), start=1) if line in text), 0)
        message = (
            "this hidden text is in the page all the same: another extension, or `conf.py`, seems to have read it from "
            "the file; take what does so out, or hide the whole page"
        )
        yield BrokenMarking(path, number, message)


def _plain_table_faults(
    env: BuildEnvironment, document: nodes.document, page: Page, search: MentionSearch
) -> Iterator[BrokenMarking]:
    """Yield the tables that are not ours and have a cell that names an audience, in whatever syntax."""
    edition = domain_of(env).settings.edition
    recorded = document.settings.record_dependencies
    draws_in = env.dependencies.get(env.current_document.docname) or (recorded and recorded.list)
    if not draws_in and not any(search.has_sign(text) for text in page.texts.values()):
        return  # cells of files that the page draws in are not in its text
    excused: dict[str, Set[int]] = {}
    for table in every(document, nodes.table):
        if "pm-table" in table["classes"]:
            continue  # the gate of tables has seen it
        cells = [cell for entry in every(table, nodes.entry) for cell in _cell_audiences(table, entry, search)]
        if not edition.is_filtered and all(name == edition.audiences.names[-1] for name in cells):
            continue
        if edition.is_filtered and all(map(edition.shows_known, cells)):
            continue
        path, line = _place(env, table)
        if path not in excused:
            excused[path] = excused_lines(page.texts.get(path, "").split("\n"))
        if line - 1 not in excused[path]:
            message = "this plain table has a cell that names an audience, but hides nothing"
            yield BrokenMarking(path, line, f"{message}: {CURES['cell']}. {NO_MARKING_HINT}")


def _cell_audiences(table: nodes.Element, entry: nodes.Element, search: MentionSearch) -> tuple[str, ...]:
    """Return the audiences that a cell names.

    Below a header ``Audience`` slips in the names count, and names in code, which elsewhere is a sample.
    """
    text = entry.astext()
    named = search.cell_audiences(text)
    words = [node for node in every(entry, nodes.Text) if node.strip()]
    is_plain = not all(isinstance(word.parent, nodes.literal) for word in words)
    if not words or (named and is_plain):
        return named
    near = named or tuple(filter(None, [search.near_audience(text)]))
    column = entry.parent.index(entry)
    rows = (row.children for head in every(table, nodes.thead) for row in every(head, nodes.row)) if near else ()
    heads = (plain(cells[column].astext()) for cells in rows if column < len(cells))
    return near if any("audience" in head for head in heads) else ()


def refuse_or_warn(env: BuildEnvironment, faults: Sequence[BrokenMarking]) -> None:
    """Warn of markings that hide nothing.

    Raises:
        ExtensionError: there are any, and the edition is filtered.
    """
    if not faults:
        return
    if not domain_of(env).settings.edition.is_filtered:
        refused = "Editions that must not see what it marks are refused"
        doubts = [(f"{fault.path}:{fault.line}", f"{fault.message}. {refused}") for fault in faults]
        if not guest.page_uses_us(env):
            guest.note_doubts(env, doubts)
            return
        for place, message in doubts:
            warn(Code.BROKEN_MARKING, message, place)
        return
    told = "\n".join(f"{fault.path}:{fault.line}: {fault.message}." for fault in faults)
    raise ExtensionError(f"{told} Nothing was published.")


def note_literal(env: BuildEnvironment, node: nodes.Element, text: str) -> None:
    """Note a comment that is about to be taken out of the tree."""
    page_of(env).comments.append(Literal(*_place(env, node), text, is_comment=True))


def _place(env: BuildEnvironment, node: nodes.Element) -> tuple[str, int]:
    """Return the file and the line that a node comes from."""
    drawn_in = str(node.get("source", "")) if isinstance(node, nodes.literal_block) else ""
    found: Any = node
    while found is not None and not (found.line and found.source):
        found = found.parent
    path = drawn_in or (found.source if found is not None else "") or env.doc2path(env.current_document.docname)
    return _path(path), int(found.line or 0) if found is not None else 0


class _Literals:
    """The code and comments of a parsed page; the tree is walked only when they are asked for."""

    def __init__(self, env: BuildEnvironment, document: nodes.document, page: Page) -> None:
        self.env, self.document, self.page = env, document, page

    def __iter__(self) -> Iterator[Literal]:
        yield from self.page.comments
        for node in every(self.document, nodes.Element):
            if isinstance(node, nodes.literal | nodes.literal_block | nodes.doctest_block | nodes.comment):
                path, line = _place(self.env, node)
                if not self.is_doubtful(node, path, line):
                    yield Literal(path, line, _quoted(node), is_comment=isinstance(node, nodes.comment))
            elif isinstance(node, nodes.raw):
                place = _place(self.env, node)
                yield from (Literal(*place, text, is_comment=True) for text in _HTML_COMMENT.findall(node.astext()))

    def is_doubtful(self, node: nodes.Element, path: str, line: int) -> bool:
        """Say whether lines are code for their indent alone, or parsed: more often a slip than a sample.

        Markdown reads indented lines as code, and reStructuredText those below a paragraph that ends with the two
        colons of a directive. Sphinx notes the language of all other code.
        """
        if isinstance(node.parent, nodes.system_message):
            return True  # the text of a directive that could not be run
        if isinstance(node, nodes.literal):
            return "\n" in node.astext()  # reStructuredText reads a fence of backticks as one word of code
        if not isinstance(node, nodes.literal_block) or node.get("source") or path not in self.page.texts:
            return False
        lines = self.page.texts[path].split("\n")
        first = node.astext().split("\n")[0].strip()
        if _is_markdown(self.env, path):
            is_indented = 0 < line <= len(lines) and lines[line - 1].strip() == first
            return is_indented or "language" not in node
        if "language" in node:
            return False
        starts = (number for number, text in enumerate(lines) if text.strip() == first)
        return any(_DIRECTIVE.search(text) for start in starts for text in lines[max(0, start - 4) : start])


def _quoted(node: nodes.Element) -> str:
    """Return the text of code or a comment. An example of Python goes on to a blank line, whatever that takes in."""
    if not isinstance(node, nodes.doctest_block):
        return node.astext()
    return "\n".join(line for line in node.astext().split("\n") if line.startswith(">>>"))
