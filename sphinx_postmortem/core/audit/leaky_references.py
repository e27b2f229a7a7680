"""References from visible to hidden content: they publish nothing, but tell that there is something.

A filtered edition keeps only the author's words of such a reference. The list is for authors, who may want other words.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator

from sphinx_postmortem.core.audit.marks import Line
from sphinx_postmortem.core.audit.sources import Content, Scope, read_content
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.terminal_text import without_controls

_ROLE = expression(
    r"(?:\{(?:\w+:)?(?P<md>ref|numref|any|doc|download|incident|action)\}"
    r"|:(?:\w+:)?(?P<rst>ref|numref|any|doc|download|incident|action):)`(?:[^`<]*<)?(?P<target>[^`<>]+)>?`"
)
_LINK = expression(r"\]\((?!\w+:)(?P<target>[^)\s]+)")
_LABEL = expression(r"^\s*(?:\((?P<md>[^()]+)\)=|\.\. _(?P<rst>[^:`]+):)\s*$")
_INCIDENT = expression(r"(?:\{(?:postmortem:)?incident-summary\}|incident-summary::)\s+(?P<id>\S.*)$")


@dataclass(frozen=True, order=True)
class LeakyReference:
    """One reference: its file and 1-based line, and the hidden target as the author wrote it."""

    file: str
    line: int
    target: str

    def __str__(self) -> str:
        return without_controls(f'{self.file}:{self.line}: visible text refers to hidden content, "{self.target}"')


def find_leaky_references(scope: Scope) -> tuple[LeakyReference, ...]:
    """Return the references from what an edition shows to what it hides, in order.

    Raises:
        OSError: a source cannot be read.
    """
    content = read_content(scope)
    labels, incidents = _hidden_ids(content)
    suffixes = tuple(scope.suffixes)
    found = {
        LeakyReference(line.file, line.number, target)
        for line in content.written_visible
        for kind, target in _targets(line)
        if _is_hidden(kind, target, line.file, content, labels, incidents, suffixes)
    }
    return tuple(sorted(found))


def hidden_targets(scope: Scope, content: Content) -> dict[str, dict[int, tuple[str, ...]]]:
    """Return by file and line the targets of an edition's references to what it hides."""
    labels, incidents = _hidden_ids(content)
    suffixes = tuple(scope.suffixes)
    found: dict[str, dict[int, tuple[str, ...]]] = {}
    files = {posixpath.basename(name) for name in content.named}
    headings = {(line.file, _slug(line.text)) for line in content.written_visible if line.text.startswith("#")}
    for line in content.written_visible:
        for kind, target in _targets(line):
            if posixpath.basename(target) in files or (line.file, target.removeprefix("#")) in headings:
                continue
            if _is_hidden(kind, target, line.file, content, labels, incidents, suffixes):
                of_file = found.setdefault(line.file, {})
                of_file[line.number] = (*of_file.get(line.number, ()), target)
    return found


def with_other_targets(text: str, targets: Collection[str], other: Callable[[str], str]) -> str:
    """Return a line in which references lead elsewhere; words of their own that are equal to a target stay.

    Args:
        text: the line.
        targets: the targets to replace.
        other: makes the new target of one.
    """

    def replaced(match: re.Match[str]) -> str:
        target = match["target"].strip()
        if target not in targets:
            return match[0]
        start, end = (position - match.start() for position in match.span("target"))
        return f"{match[0][:start]}{other(target)}{match[0][end:]}"

    return _LINK.sub(replaced, _ROLE.sub(replaced, text))


def _hidden_ids(content: Content) -> tuple[set[str], set[str]]:
    """Return the labels and incident ids that only hidden text defines."""
    kinds: list[tuple[set[str], set[str]]] = []
    for lines in (content.hidden, content.written_visible):
        labels: set[str] = set()
        incidents: set[str] = set()
        for line in lines:
            if label := _LABEL.match(line.text):
                labels.add((label["md"] or label["rst"]).strip().casefold())
            if incident := _INCIDENT.search(line.text):
                incidents.add(incident["id"].strip().casefold())
        kinds.append((labels, incidents))
    return kinds[0][0] - kinds[1][0], kinds[0][1] - kinds[1][1]


def _slug(heading: str) -> str:
    """Return the address that MyST gives a heading on its page, as Git hosts do."""
    return re.sub(r"[^\w\- ]", "", heading.lstrip("#").strip().casefold()).replace(" ", "-")


def _targets(line: Line) -> Iterator[tuple[str, str]]:
    for match in _ROLE.finditer(line.text):
        yield match["md"] or match["rst"], match["target"].strip()
    for match in _LINK.finditer(line.text):
        yield "link", match["target"]


def _is_hidden(
    kind: str,
    target: str,
    file: str,
    content: Content,
    labels: set[str],
    incidents: set[str],
    suffixes: tuple[str, ...],
) -> bool:
    if kind in ("incident", "action"):
        return re.split(r"[/#:]", target.casefold(), maxsplit=1)[0].strip() in incidents
    path, _, fragment = target.partition("#")
    if fragment.casefold() in labels or (kind != "doc" and path.casefold() in labels):
        return True
    base = "" if path.startswith("/") else posixpath.dirname(file)
    name = posixpath.normpath(posixpath.join(base, path.lstrip("/")))
    bare = next((name.removesuffix(suffix) for suffix in suffixes if name.endswith(suffix)), name)
    return bool(path) and (bare in content.hidden_names or name in content.hidden_names)
