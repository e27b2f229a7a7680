"""The kinds of sources, in the order in which a file is tried. A new kind is a module and one entry here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sphinx_postmortem.core.imports.draft import Draft, SourceError
from sphinx_postmortem.core.imports.files import Source


@dataclass(frozen=True)
class Kind:
    """One kind of source.

    Attributes:
        name: as ``--from`` takes it.
        title: what it is, for the help and the reference.
        recognise: says whether a file is of this kind, by its name and its first bytes (``Source.head``, unpacked).
            It is told the source, so that it can look at the members of a ZIP. It never raises but ``SourceError``.
        read: returns the incidents in the file, one draft for each.
            Raises ``SourceError``, and ``AnswerNeededError`` where a zone or a day must be given.
    """

    name: str
    title: str
    recognise: Callable[[Source], bool]
    read: Callable[[Source], Sequence[Draft]]


KINDS: tuple[Kind, ...] = ()


def find_kind(source: Source, asked: str = "") -> Kind:
    """Return the kind of a file: the one that was asked for, or the first that recognises it.

    Raises:
        SourceError: there is none of that name, or none recognises the file.
    """
    names = ", ".join(kind.name for kind in KINDS)
    if asked:
        found = next((kind for kind in KINDS if kind.name == asked), None)
        if found is None:
            raise SourceError(f'"{asked}" is no kind of source; choose from {names}')
        return found
    for kind in KINDS:
        if kind.recognise(source):
            return kind
    raise SourceError(f"{source.name}: this is no kind of source that is known; name it with --from: {names}")
