"""Reads a site's source folder and works out what an edition must not show: text, names and files."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import takewhile
from pathlib import Path

from sphinx_postmortem.core.audience.path_patterns import hides
from sphinx_postmortem.core.audit import markdown_source, rst_source
from sphinx_postmortem.core.audit.file_texts import decoded, is_binary
from sphinx_postmortem.core.audit.head_keys import head_keys, unpublished_lines
from sphinx_postmortem.core.audit.held_incidents import Limits, is_held_back
from sphinx_postmortem.core.audit.marks import Line, Reference, Split, View, split_csv
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.regular_files import read_regular

_MAX_TEXT = 2_000_000
_SIGNS = expression(r"internal-only|review-record|aud\w{1,3}nc", re.IGNORECASE)
_TABLE_FILES = (".csv", ".tsv")
_ODD_BREAKS = expression("[\v\f\x1c-\x1e\x85\u2028\u2029]")
_CROSS_REFERENCE = "ref|numref|doc|term|any|eq|keyword|incident|action|owner|download|option|envvar"
_MD_ROLE = expression(rf"\{{(?:[\w]+:)?(?:{_CROSS_REFERENCE})\}}`(?P<text>[^`<]*)(?:<(?P<target>[^`>]*)>)?`")
_RST_ROLE = expression(rf":(?:[\w]+:)?(?:{_CROSS_REFERENCE}):`(?P<text>[^`<]*)(?:<(?P<target>[^`>]*)>)?`")
_STUB = expression(r"^[^\S\n]*+\.\.\s++(?:auto\w+|currentmodule)::", re.MULTILINE)  # as autosummary writes them
_LINK_TARGET = expression(r"\]\((?!\w+://)(?!mailto:)[^)\s]*")


@dataclass(frozen=True)
class Scope:
    """What to read: the source folder, the view, and the site's settings that say which files belong to it."""

    source: Path
    view: View
    audience_paths: Mapping[str, str]
    exclude: tuple[str, ...]
    suffixes: Mapping[str, str]
    shown_metadata: tuple[str, ...] = ()  # patterns of front-matter keys that the site publishes
    is_read_key: Callable[[str], bool] = lambda _key: False  # whether an extension or a theme reads it
    generated: frozenset[str] = frozenset()  # pages that a program has written: earlier builds, not authors
    written: frozenset[str] = frozenset()  # files that authors have written for certain: Git tracks them
    limits: Limits | None = None  # which incidents the edition shows; None for all


@dataclass
class Content:
    """What the sources hold for an edition.

    ``hidden_names`` are source paths without suffix (pages) or with it (files); ``hidden_hashes`` maps the SHA-256 of
    files that only hidden text names, or that lie in hidden folders, to their paths. ``instead`` says by file
    what is to be written in place of its hidden lines, ``tables`` what a table's file holds without what is hidden;
    ``removed`` are the files that are hidden as a whole, or that no author has written.
    """

    hidden: list[Line] = field(default_factory=list)
    visible: list[Line] = field(default_factory=list)
    written_visible: list[Line] = field(default_factory=list)  # with the targets of its references
    hidden_names: set[str] = field(default_factory=set)
    visible_names: set[str] = field(default_factory=set)
    hidden_hashes: dict[str, str] = field(default_factory=dict)
    instead: dict[str, dict[int, str | None]] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)  # hidden files that visible text names


def read_content(scope: Scope) -> Content:
    """Read all sources below the folder.

    Raises:
        OSError: a file cannot be read.
    """
    return _Collector(scope).collect()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content in hexadecimal."""
    return hashlib.sha256(read_regular(path)).hexdigest()


class _Collector:
    def __init__(self, scope: Scope) -> None:
        self.scope, self.view, self.content = scope, scope.view, Content()
        self.used: dict[str, bool] = {}  # path to whether only hidden text uses the file
        self.pages: set[str] = set()
        self.read: set[tuple[str, bool]] = set()

    def collect(self) -> Content:
        references: list[tuple[str, Reference]] = []
        splits: list[Split] = []
        for path in self.files():
            excluded = any(hides(pattern, path) for pattern in self.scope.exclude)
            kind = next((kind for suffix, kind in self.scope.suffixes.items() if path.endswith(suffix)), "")
            if kind and not excluded:
                splits.append(self.split_page(path, kind))
            elif kind and excluded and not self.in_hidden_folder(path):
                self.note_marked_text(path, kind)
            elif self.in_hidden_folder(path):
                self.used[path] = True
                self.note_text(path, hidden=True)
        self.pages = {split.file for split in splits}
        for split in self.without_generated(splits):
            self.add_split(split)
            references += [(split.file, reference) for reference in split.references]
        # Tables first: what one of them hides stays hidden when another page offers the file as it is.
        for path, reference in sorted(references, key=lambda pair: pair[1].kind != "table"):
            self.follow(path, reference)
        self.note_used_files()
        self.clean_visible()
        return self.content

    def files(self) -> Iterator[str]:
        seen: set[str] = set()  # a folder may hold a link to itself
        for folder, subfolders, names in os.walk(self.scope.source, followlinks=True):
            if (real := os.path.realpath(folder)) in seen:
                subfolders.clear()
                continue
            seen.add(real)
            subfolders[:] = sorted(name for name in subfolders if not name.startswith(".") and name != "__pycache__")
            for name in sorted(names):
                yield Path(folder, name).relative_to(self.scope.source).as_posix()

    def in_hidden_folder(self, path: str) -> bool:
        marks = self.scope.audience_paths.items()
        return any(hides(p, path) and (not name.strip() or self.view.hides(name)) for p, name in marks)

    def text_of(self, path: str) -> str:
        return decoded(read_regular(self.scope.source / path))

    def split_page(self, path: str, kind: str) -> Split:
        text = self.text_of(path)
        lines = text.splitlines()
        marking = markdown_source.page_audience(lines)
        if marking is None:
            marking = rst_source.page_audience(lines if kind == "restructuredtext" else _leading_fields(lines))
        hidden = self.in_hidden_folder(path) or (
            marking is not None and (not marking.strip() or self.view.hides(marking))
        )
        split = self.split_text(text, path, kind)
        hidden = hidden or (self.scope.limits is not None and is_held_back(lines, split.summaries, self.scope.limits))
        if self.view.edition != self.view.audiences[0]:
            scope = self.scope
            split.hide_lines(unpublished_lines(lines, kind, scope.shown_metadata, scope.is_read_key))
        docname = path.rsplit(".", 1)[0]
        if not hidden:
            self.content.visible_names.add(docname)
            return split
        self.content.hidden_names.add(docname)
        self.content.removed.add(path)
        # The keys of its head are words of programs; what they state is the author's.
        named = {number: key for key, number in head_keys(lines, kind)}
        whole = [
            Line(path, number, line.replace(named.get(number, "\n"), " ", 1))
            for number, line in enumerate(lines, start=1)
            if line.strip()
        ]
        return Split(path, whole, [], [Reference(r.target, True, r.kind, r.line) for r in split.references])

    def split_text(self, text: str, path: str, kind: str) -> Split:
        if kind == "restructuredtext":
            return rst_source.split_rst(text.splitlines(), Split(path), self.view)
        return markdown_source.split_markdown(text, path, self.view)

    def without_generated(self, splits: Sequence[Split]) -> Iterator[Split]:
        """Yield the pages that authors have written. What a program wrote in an earlier build makes no word visible."""
        folders = {
            posixpath.normpath(posixpath.join(posixpath.dirname(split.file), reference.target))
            for split in splits
            for reference in split.references
            if reference.kind == "generated"
        }
        for split in splits:
            folder = posixpath.dirname(split.file)
            is_stub = (folder or ".") in folders and _STUB.search(self.text_of(split.file)) is not None
            if split.file in self.scope.written or not (is_stub or split.file in self.scope.generated):
                yield split
                continue
            self.content.hidden += split.hidden
            self.content.removed.add(split.file)
            self.content.visible_names.discard(split.file.rsplit(".", 1)[0])

    def add_split(self, split: Split) -> None:
        self.content.hidden += split.hidden
        self.content.visible += split.visible
        self.content.instead.setdefault(split.file, {}).update(split.instead)

    def note_marked_text(self, path: str, kind: str) -> None:
        """Note what is hidden in a source that is no page: something may still copy it."""
        if _SIGNS.search(self.text_of(path)):
            split = self.split_text(self.text_of(path), path, kind)
            self.content.hidden += split.hidden
            self.content.instead.setdefault(path, {}).update(split.instead)

    def note_copied_text(self, path: str) -> None:
        """Note the text of a file that a page shows or offers as it is. Its own markings hold here too."""
        file = self.scope.source / path
        if file.stat().st_size > _MAX_TEXT or not _SIGNS.search(self.text_of(path)):
            self.note_text(path, hidden=False)
            return
        self.read.add((path, False))
        if path.endswith(_TABLE_FILES):
            self.note_table(path, "")
            return
        self.add_split(self.split_either(path))

    def note_table(self, path: str, columns: str) -> None:
        """Note the rows and columns of a table's file."""
        split = Split(path)
        text = _ODD_BREAKS.sub("\n", self.text_of(path))  # an editor shows them as ends of lines
        self.content.tables[path] = split_csv(text, columns, self.view, split)
        self.add_split(split)

    def split_either(self, path: str) -> Split:
        """Sort the text of a file of no known syntax: as the one in which more of it is hidden."""
        halves = [self.split_text(self.text_of(path), path, kind) for kind in ("markdown", "restructuredtext")]
        return max(halves, key=lambda split: len(split.hidden))

    def note_text(self, path: str, *, hidden: bool) -> None:
        """Note all lines of a text file."""
        file = self.scope.source / path
        if (path, hidden) in self.read or file.stat().st_size > _MAX_TEXT:
            return
        self.read.add((path, hidden))
        data = read_regular(file)
        if is_binary(data):
            return
        split = Split(path)
        for number, line in enumerate(decoded(data).splitlines(), start=1):
            split.add(number, line, hidden=hidden)
        self.add_split(split)

    def resolve(self, page: str, target: str) -> list[str]:
        """Return the files below the source folder that a path written in a page means."""
        bare = target.split("#", 1)[0].strip()
        if not bare or "://" in bare:
            return []
        base = bare.lstrip("/") if bare.startswith("/") else posixpath.join(posixpath.dirname(page), bare)
        path = posixpath.normpath(base)
        if path.startswith(".."):
            return []
        if path.endswith(".*"):
            folder = (self.scope.source / path).parent
            return [found.relative_to(self.scope.source).as_posix() for found in sorted(folder.glob(Path(path).name))]
        return [path] if (self.scope.source / path).is_file() else []

    def follow(self, page: str, reference: Reference) -> None:
        """Note a file that a page names, and its text."""
        for path in self.resolve(page, reference.target):
            if path in self.pages:
                continue
            hidden = reference.hidden or self.in_hidden_folder(path)
            if hidden and not reference.hidden:
                self.content.named.add(path)
            self.used[path] = self.used.get(path, True) and hidden
            if (path, hidden) in self.read:
                continue
            if hidden:
                self.note_text(path, hidden=True)
            elif reference.kind == "table":
                self.read.add((path, False))
                self.note_table(path, reference.columns)
            elif reference.kind == "include":
                self.read.add((path, False))
                kind = "markdown" if page.endswith(".md") else "restructuredtext"
                split = self.split_text(self.text_of(path), path, kind)
                if not split.hidden and _SIGNS.search(self.text_of(path)):
                    split = self.split_either(path)  # what is marked in the other syntax was meant to be hidden
                self.add_split(split)
                for inner in split.references:
                    self.follow(path, inner)
            else:
                self.note_copied_text(path)

    def note_used_files(self) -> None:
        shown: set[str] = set()
        for path, hidden in self.used.items():
            (self.content.hidden_names if hidden else self.content.visible_names).add(path)
            if hidden:
                self.content.removed.add(path)
            digest = sha256_of(self.scope.source / path)
            if hidden:
                self.content.hidden_hashes.setdefault(digest, path)
            else:
                shown.add(digest)
        for digest in shown & set(self.content.hidden_hashes):
            del self.content.hidden_hashes[digest]

    def clean_visible(self) -> None:
        """Take out of the text what only names the target of a reference: it tells nothing of where it stands."""
        self.content.written_visible = self.content.visible
        kept: list[Line] = []
        ends = {posixpath.basename(name) for name in self.content.hidden_names}
        for line in self.content.visible:
            entry = line.text.rpartition("<")[2].strip().removesuffix(">").strip()
            end = entry.rpartition("/")[2]
            is_near = end in ends or end.rpartition(".")[0] in ends
            if is_near and ">" not in entry and self.is_hidden_page(line.file, entry):
                self.content.hidden.append(line)
                self.content.instead.setdefault(line.file, {})[line.number] = None
                continue
            kept.append(_without_targets(line, self.is_shown_file))
        self.content.visible = kept
        self.content.hidden = [_without_targets(line) for line in self.content.hidden]

    def is_shown_file(self, page: str, target: str) -> bool:
        """Say whether a link may show its target: a file that is not hidden, if there is one at all."""
        is_file = "#" not in target and bool(posixpath.splitext(target)[1])
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
        return is_file and not self.is_hidden_page(page, target) and not self.in_hidden_folder(path.lstrip("/"))

    def is_hidden_page(self, page: str, target: str) -> bool:
        bare = target.strip().lstrip("/")
        for suffix in self.scope.suffixes:
            bare = bare.removesuffix(suffix)
        base = "" if target.strip().startswith("/") else posixpath.dirname(page)
        return posixpath.normpath(posixpath.join(base, bare)) in self.content.hidden_names


def _leading_fields(lines: Sequence[str]) -> list[str]:
    """Return the fields at the very top of a page: in Markdown they mark nothing, but say what the author wanted."""
    return list(takewhile(lambda line: not line.strip() or line.startswith(":"), lines))


def _without_targets(line: Line, keep: Callable[[str, str], bool] = lambda _page, _target: False) -> Line:
    text = line.text
    if "](" not in text and "`" not in text and "mailto:" not in text:
        return line
    if "](" in text or "`" in text:
        text = _LINK_TARGET.sub(lambda match: match[0] if keep(line.file, match[0][2:]) else "]( ", text)
        for role in (_MD_ROLE, _RST_ROLE):
            text = role.sub(lambda match: match["text"] if match["target"] else " ", text)
    return Line(line.file, line.number, text.replace("mailto:", " "))  # which a page adds to each e-mail address
