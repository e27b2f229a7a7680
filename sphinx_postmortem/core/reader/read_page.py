"""The records of a page that was read: lines, directives, headings, prose, includes and front matter.

A place is a file and a 1-based line. The page's own file has the empty name; an included file is named from the source
folder, with a leading slash (``/parts/timeline.md``). Lines of Markdown pages end at line feeds, as editors count them;
those of reStructuredText and of included files where ``str.splitlines`` ends them, as docutils counts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import NamedTuple

from sphinx_postmortem.core.dataclass_on_demand import dataclass

Place = tuple[str, int]


class Line(NamedTuple):
    """One line: its 1-based number, its text, and its file (empty: the page's own)."""

    number: int
    text: str
    file: str = ""

    def with_text(self, text: str) -> Line:
        """Return the line with another text."""
        return Line(self.number, text, self.file)

    @property
    def place(self) -> Place:
        """The file and the number."""
        return (self.file, self.number)


@dataclass(frozen=True)
class Fault:
    """What the reader could not read: the code of the check that reports it, the line, and what to do."""

    code: str
    line: int
    message: str
    file: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading: its level (1 is the highest), its text, its line and its file."""

    level: int
    text: str
    line: int
    file: str = ""

    @property
    def place(self) -> Place:
        """The file and the line."""
        return (self.file, self.line)


@dataclass(eq=False)
class Directive:
    """One directive, ours or another's, as its parser would run it.

    Attributes:
        name: in lower case, without ``postmortem:``.
        argument: the text of the opening line, where the directive takes an argument.
        line: the line that opens it.
        options: its options by name in lower case; a value is a text of one or more lines, at the line of its name.
        body: the lines that the directive gets as its content, without indentation or the marks of a quote.
        within: the directives that it stands in, the outermost first.
        end: its last line: that of the closing fence, or the last of an indented body.
        file: the file that it stands in.
        markdown: whether it is written in Markdown; in a Markdown page, ``eval-rst`` holds some that are not.
        is_closed: whether a fence closes it; always true in reStructuredText.
    """

    name: str
    argument: str
    line: int
    options: dict[str, Line] = field(default_factory=dict[str, Line])
    body: list[Line] = field(default_factory=list[Line])
    within: tuple[Directive, ...] = ()
    end: int = 0
    file: str = ""
    markdown: bool = True
    is_closed: bool = True

    @property
    def place(self) -> Place:
        """The file and the line that opens it."""
        return (self.file, self.line)

    def option(self, name: str) -> str:
        """Return an option's text, or an empty one."""
        found = self.options.get(name)
        return found.text if found else ""

    def holds(self, place: Place) -> bool:
        """Say whether a line stands between the directive's first and last."""
        return self.file == place[0] and self.line <= place[1] <= self.end


@dataclass(frozen=True)
class Prose:
    """A line of text that readers see, with the directive of ours that it stands in and the heading above it."""

    number: int
    text: str
    directive: Directive | None = None
    section: str = ""
    file: str = ""

    @property
    def place(self) -> Place:
        """The file and the number."""
        return (self.file, self.number)


@dataclass(frozen=True)
class Include:
    """A file that the page includes.

    Attributes:
        directive: the directive that names it.
        file: the included file, named as the places in it are; empty where it was not read.
        lines: the part of it that is included.
        problem: why it was not read; empty where it was.
        is_literal: whether it is shown as code, so that no directive in it runs.
    """

    directive: Directive
    file: str = ""
    lines: tuple[Line, ...] = ()
    problem: str = ""
    is_literal: bool = False


@dataclass(frozen=True)
class Entry:
    """An entry of front matter: its name, its value if it is a plain one, its line, and the entries below it.

    The items of a list are entries without a value.
    """

    name: str
    value: str
    line: int
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class FrontMatter:
    """The front matter of a Markdown page, or the fields at the head of a reStructuredText page.

    Attributes:
        lines: the lines between the two fences, or those of the fields.
        entries: its entries in order; none where it cannot be read.
    """

    lines: tuple[Line, ...] = ()
    entries: tuple[Entry, ...] = ()

    def below(self, name: str) -> Iterator[Entry]:
        """Yield the entries below a top-level one."""
        for entry in self.entries:
            if entry.name == name:
                yield from entry.entries or ([Entry(entry.value, "", entry.line)] if entry.value else [])


@dataclass(eq=False)
class SourcePage:
    """A page as it was read.

    Attributes:
        markdown: whether the page is Markdown; otherwise it is reStructuredText.
        lines: the lines of the page's own file.
        directives: our directives, in the order in which they run.
        blocks: all directives, those of others too.
        headings: the headings, in order.
        prose: the lines that readers see.
        includes: the files that are included.
        front_matter: what stands at the head of the page.
        faults: what could not be read.
        code: the places of code: literal blocks, and the bodies of directives that hold code.
        comments: the places of comments, which readers do not see.
        files: the lines of each file that was read, the page's own too.
    """

    markdown: bool
    lines: list[str]
    directives: list[Directive] = field(default_factory=list[Directive])
    blocks: list[Directive] = field(default_factory=list[Directive])
    headings: list[Heading] = field(default_factory=list[Heading])
    prose: list[Prose] = field(default_factory=list[Prose])
    includes: list[Include] = field(default_factory=list[Include])
    front_matter: FrontMatter = field(default_factory=FrontMatter)
    faults: list[Fault] = field(default_factory=list[Fault])
    code: set[Place] = field(default_factory=set[Place])
    comments: set[Place] = field(default_factory=set[Place])
    files: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def written(self, directive: Directive) -> list[Line]:
        """Return the lines that readers see of a directive's body: comments left out, included files put in."""
        included = {item.directive.line: item for item in self.includes if directive in item.directive.within}
        lines: list[Line] = []
        end = 0
        for line in directive.body:
            if line.number < end:
                continue
            include = included.get(line.number)
            if include and include.directive.file == directive.file:
                end = include.directive.end + 1
                lines += (item for item in include.lines if item.place not in self.comments)
            elif line.place not in self.comments:
                lines.append(line)
        return lines

    def named(self, name: str) -> list[Directive]:
        """Return our directives with this name, in order."""
        return [directive for directive in self.directives if directive.name == name]

    def take_what_ran(self, ran: Sequence[Directive]) -> None:
        """Let the directives that a build ran be those of the page.

        What was read but did not run is dropped, and what another extension generated is added.
        """
        read: dict[object, Directive] = {}
        for block in self.directives:
            read.setdefault(_text_of(block), block)
            read[block.name, block.place] = block
        # By the text too: docutils counts the lines of a part of an included file from the part's first one.
        found = (read.get((block.name, block.place)) or read.get(_text_of(block)) for block in ran)
        self.directives = [known or block for known, block in zip(found, ran, strict=True)]

    def included(self) -> list[Directive]:
        """Return the ``include`` directives whose files were read."""
        return [item.directive for item in self.includes if item.lines]

    def own_line(self, place: Place) -> int:
        """Return a place's line in the page's own file: for one in an included file, that of the ``include``."""
        while place[0]:
            outer = next((item.directive for item in self.includes if item.file == place[0] and item.lines), None)
            if outer is None:
                return 1
            place = outer.place
        return place[1]

    def around(self, place: Place) -> list[Directive]:
        """Return our directives that hold a line, those round an include of its file too, the outermost first."""
        found = [block for block in self.directives if block.holds(place)]
        if place[0]:
            for include in self.includes:
                if include.file == place[0] and any(line.place == place for line in include.lines):
                    outer = include.directive.within
                    found = [*(block for block in outer if block in self.directives), *found]
        return list(dict.fromkeys(found))


def _text_of(block: Directive) -> object:
    return block.name, block.file, block.argument, tuple(line.text for line in block.body)
