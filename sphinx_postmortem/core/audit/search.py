"""Searches every file of a finished edition for what is hidden. Each file is read once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from sphinx_postmortem.core.audit.file_texts import BREAK, FileText, PdfReader, texts_of
from sphinx_postmortem.core.audit.terms import Terms, words_in
from sphinx_postmortem.core.audit.unpacking import MAX_UNPACKED, AuditError
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.regular_files import read_regular
from sphinx_postmortem.core.terminal_text import without_controls

STAMP = ".postmortem-edition"

_BREAK = BREAK.encode()
_APART = " B "  # a word in upper case, which stands in no text that is searched
_BLOCK_TAG = (
    rb"</?(?:html|head|body|meta|link|title|script|div|nav|main|header|footer|aside|article|section|h[1-6]|p|ul|ol|li|dl|dt"
    rb"|dd|table|thead|tbody|tr|t[dh]|form|input|button|label|svg|symbol|path|line|circle|rect|poly\w+|g)\b[^<>]*>"
)
_WHOLE_LINE = expression(rb"\s*" + _BLOCK_TAG + rb"(?:.*" + _BLOCK_TAG + rb")?\s*$")
_SHORTEST_IN_NOISE = 8
_MOST_KEPT = 200_000  # pieces of text that are known to be clean
_IMAGES_AND_FONTS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".woff", ".woff2", ".ttf", ".otf", ".eot")


@dataclass(frozen=True, order=True)
class Leak:
    """One finding: the output file, the position in it, what kind it is, what was found, and where it is hidden."""

    file: str
    position: str
    kind: str  # "word", "phrase", "file name", "file content", "other edition"; of a comparison "difference", "file"
    found: str
    source: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.position}" if self.position else self.file
        verb = "" if self.kind in ("difference", "file") else "hidden in "
        return without_controls(f'{place}: {self.kind} "{self.found}", {verb}{self.source}')


@dataclass(frozen=True)
class Boilerplate:
    """Files that every site has: hashes of those of themes and extensions, and a test for words in their sources."""

    hashes: frozenset[str]
    is_static_word: Callable[[str], bool]


def search_edition(
    folder: Path, edition: str, terms: Terms, boilerplate: Boilerplate, read_pdf: PdfReader | None
) -> list[Leak]:
    """Return all leaks, ordered by file.

    Raises:
        AuditError: the folder holds no built edition, or what cannot be read: a pipe, a link to a folder, a file that
            is too large to look into.
    """
    if not folder.is_dir():
        raise AuditError(f"{folder} is no folder; build the edition first")
    files = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    if not any(path.name == STAMP for path in files):
        raise AuditError(f"{folder} holds no built edition (no file {STAMP}); name the folder OUT/EDITION of a build")
    leaks: list[Leak] = []
    seen_lines: dict[bytes, bool] = {}
    search = _Search(terms)
    for path in files:
        name = path.relative_to(folder).as_posix()
        data = _read(path, name)
        leaks += _other_edition(name, data, edition)
        leaks += _search_name(name, search)
        digest = hashlib.sha256(data).hexdigest()
        if digest in terms.hashes:
            leaks.append(Leak(name, "", "file content", digest, terms.hashes[digest]))
        if digest not in boilerplate.hashes:
            if name.endswith(".html"):
                data = _without_repeated_lines(data, seen_lines)
            found = _search_file(name, data, search, read_pdf)
            leaks += [leak for leak in found if not _is_boilerplate(leak, boilerplate)]
    return sorted(set(leaks))


def _read(path: Path, name: str) -> bytes:
    try:
        return read_regular(path, MAX_UNPACKED)
    except OSError as error:
        raise AuditError(f"{name} cannot be read: {error.strerror}; take it out of the edition") from error


def _is_boilerplate(leak: Leak, boilerplate: Boilerplate) -> bool:
    return "_static/" in f"{leak.file} {leak.position}" and boilerplate.is_static_word(leak.found)


def _without_repeated_lines(data: bytes, seen: dict[bytes, bool]) -> bytes:
    """Put a break for the lines of markup that an earlier page has too, such as a sidebar's: they are searched once.

    Only lines that begin and end with the tag of a block, so that no phrase is cut.
    """
    lines = data.split(b"\n")
    for index, line in enumerate(lines):
        is_block = seen.get(line)
        if is_block:
            lines[index] = _BREAK
        elif is_block is None:
            seen[line] = _WHOLE_LINE.match(line) is not None
    return b"\n".join(lines)


def _other_edition(name: str, data: bytes, edition: str) -> Iterator[Leak]:
    """Find a stamp or a data file that names another edition."""
    if not name.endswith((STAMP, "postmortems.json")):
        return
    try:
        named = json.loads(data).get("edition", "")
    except (ValueError, AttributeError, RecursionError):
        raise AuditError(f"{name} is damaged; build the edition again") from None
    if named and named != edition:
        yield Leak(name, "", "other edition", str(named), "the build of that edition")


def _search_name(name: str, search: _Search) -> Iterator[Leak]:
    for kind, found, source, _ in search.hits(FileText("", name.casefold())):
        yield Leak(name, "", "file name" if kind == "word" else f"file name, {kind}", found, source)


def _search_file(name: str, data: bytes, search: _Search, read_pdf: PdfReader | None) -> list[Leak]:
    leaks: list[Leak] = []
    seen: set[str] = set()
    for text in texts_of(name, data, read_pdf):
        noisy = text.noisy or name.casefold().endswith(_IMAGES_AND_FONTS)
        for kind, found, source, where in search.hits(text):
            if found in seen or (noisy and (kind != "word" or len(found) < _SHORTEST_IN_NOISE)):
                continue
            seen.add(found)
            position = f"{text.position} {_line_of(where, found, noisy=noisy)}".strip()
            leaks.append(Leak(name, position, kind, found, source))
    return leaks


class _Search:
    """Looks for terms in one text after another. What stands between two breaks is looked at once, if it is clean.

    What is not is found again in each file. The pages, data files and feeds of an edition repeat each other.
    """

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.clean: set[str] = set()

    def hits(self, text: FileText) -> Iterator[tuple[str, str, str, str]]:
        """Yield kind, term, its source, and the text that it was found in."""
        terms = self.terms
        words = terms.stems if text.stemmed else terms.words
        is_exact = not text.noisy and not text.stemmed
        for variant in (variant.casefold() for variant in (text.text, text.joined) if variant):
            parts = dict.fromkeys(variant.split(BREAK))
            new = parts.keys() - self.clean if is_exact else parts.keys()
            tokens = words_in(_APART.join(new))
            present = frozenset(tokens)
            found = words.keys() & present
            for word in found:
                yield "word", word, words[word], variant
            if text.noisy:
                continue
            sequences = terms.sequences_in(tokens, present)
            for sequence in sequences:
                yield "phrase", " ".join(sequence), terms.sequences[len(sequence)][sequence], variant
            if is_exact and not found and not sequences and len(self.clean) < _MOST_KEPT:
                self.clean.update(new)


def _line_of(text: str, found: str, *, noisy: bool) -> str:
    """Return ``line 3``, the place of a term in a text."""
    if noisy:
        return ""
    pattern = r"\W+".join(map(re.escape, found.split(" ")))
    match = re.search(rf"(?<!\w){pattern}(?!\w)", text)
    return f"line {text.count(chr(10), 0, match.start()) + 1}" if match else ""
