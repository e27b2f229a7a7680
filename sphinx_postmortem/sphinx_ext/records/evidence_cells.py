"""The evidence that a parsed cell names, with the hashes of files.

A hash is published with the file, or in the first edition alone: a file that is only named could hold what a filtered
edition hides. What a filtered edition lacks is neither named nor hashed, whether it is hidden or missing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.util.matching import Matcher

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.exports.manifest import sha256_of
from sphinx_postmortem.core.records.evidence import claims_file, is_path, is_web_address, split_evidence
from sphinx_postmortem.core.records.model import Evidence
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.sphinx_ext.audience.page_files import HIDDEN_PATTERNS
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.records.text import record_text


@dataclass(frozen=True)
class _Piece:
    """A piece of evidence as it is written: its text, and where it leads.

    ``is_copied`` says that Sphinx publishes the file as a download, ``is_checked`` that others report a missing target.
    """

    text: str
    target: str = ""
    is_link: bool = False
    is_copied: bool = False
    is_checked: bool = False


class EvidenceReader:
    """Reads the evidence of the rows of one page.

    Args:
        env: the environment; the page depends on the files.
        report: is called with what is wrong, and the line.
    """

    def __init__(self, env: BuildEnvironment, report: Callable[[str, int], None]) -> None:
        self.env, self.report = env, report
        self.settings = domain_of(env).settings
        self.is_hidden = Matcher(HIDDEN_PATTERNS.of(env))

    def read(self, cell: list[nodes.Node], line: int) -> tuple[Evidence, ...]:
        """Return the evidence that a cell names, in its order; names of files that the edition lacks leave the cell."""
        found: list[Evidence] = []
        for piece in [piece for piece in _pieces(cell) if not is_prompt(piece.text)]:
            evidence = self._evidence(piece, line)
            if evidence is None:
                _take_out(cell, piece.target or piece.text, self.settings.hidden_reference_text)
            else:
                found.append(evidence)
        return tuple(found)

    def _evidence(self, piece: _Piece, line: int) -> Evidence | None:
        """Return a piece as a record; None for a file that a filtered edition lacks."""
        if is_web_address(piece.target or piece.text):
            return Evidence(piece.text, url=piece.target or piece.text)
        name = piece.target or piece.text
        must_be_file = piece.is_copied or claims_file(name) or (piece.is_link and is_path(name))
        if not (must_be_file or is_path(name)):
            return Evidence(piece.text, url=piece.target if piece.is_link else "")
        relative = Path(os.path.normpath(self.env.relfn2path(name, self.env.current_document.docname)[0])).as_posix()
        root = Path(self.env.srcdir).resolve()
        path = (root / relative).resolve()
        if not path.is_relative_to(root):
            if must_be_file:
                self.report(f'the evidence "{name}" lies outside the source folder; move it below', line)
            return Evidence(piece.text)
        if path.is_file() and not self.is_hidden(relative):
            return self._file(piece, relative, path)
        if not must_be_file:
            return Evidence(piece.text)
        if self.settings.edition.is_filtered:
            return None
        if not path.is_file() and not piece.is_checked:
            self.report(f'the evidence "{name}" is not there; add the file, or mend the path', line)
        return Evidence(piece.text)

    def _file(self, piece: _Piece, relative: str, path: Path) -> Evidence:
        if self.settings.edition.is_filtered and not piece.is_copied:
            return Evidence(piece.text, file=relative)
        self.env.note_dependency(relative)
        return Evidence(piece.text, file=relative, sha256=sha256_of(path))


def _pieces(cell: list[nodes.Node]) -> Iterator[_Piece]:
    """Yield what stands in a cell: links, downloads, code, and the pieces of the text between them."""
    text = ""
    for node in cell:
        piece = _piece(node)
        if piece is None:
            text += record_text([node])
            continue
        yield from map(_Piece, split_evidence(text))
        text = ""
        yield piece
    yield from map(_Piece, split_evidence(text))


def _piece(node: nodes.Node) -> _Piece | None:
    if isinstance(node, nodes.reference) and node.get("refuri"):
        return _Piece(node.astext(), str(node["refuri"]), is_link=True)
    if isinstance(node, addnodes.download_reference):
        return _Piece(node.astext(), str(node["reftarget"]), is_copied=True, is_checked=True)
    if isinstance(node, addnodes.pending_xref) and node.get("reftype") == "myst" and is_path(str(node["reftarget"])):
        return _Piece(record_text([node]), str(node["reftarget"]), is_link=True, is_checked=True)
    return _Piece(node.astext()) if isinstance(node, nodes.literal) else None


def _take_out(cell: list[nodes.Node], name: str, instead: str) -> None:
    """Put a text in place of a file's name in a cell; links get the author's own text where it is another one."""
    for index, node in enumerate(cell):
        if isinstance(node, nodes.literal) and node.astext() == name:
            cell[index] = nodes.inline("", instead)
        elif isinstance(node, nodes.Text) and name in node:
            cell[index] = nodes.Text(node.replace(name, instead))
