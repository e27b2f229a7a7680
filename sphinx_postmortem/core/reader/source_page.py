"""What is read from a page's source: lines, faults, headings, directives and prose, as plain records."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """One line: its 1-based number and text."""

    number: int
    text: str


@dataclass(frozen=True)
class Fault:
    """What the reader could not read: the code of the check that reports it, the line and what to do."""

    code: str
    line: int
    message: str


@dataclass(frozen=True)
class Heading:
    """A heading, with its level and the audience of the block that it stands in."""

    level: int
    text: str
    line: int


@dataclass
class Directive:
    """One of our directives: its argument, its options with their lines, and the lines of its body."""

    name: str
    argument: str
    line: int
    options: dict[str, Line] = field(default_factory=dict[str, Line])
    body: list[Line] = field(default_factory=list[Line])
    within: tuple[Directive, ...] = ()
    end: int = 0

    def option(self, name: str) -> str:
        """Return an option's text, or an empty one."""
        found = self.options.get(name)
        return found.text if found else ""

    @property
    def audiences(self) -> tuple[str, ...]:
        """The audiences for which this block and those round it are marked."""
        marks: list[str] = []
        for block in (*self.within, self):
            if block.name == "internal-only":
                marks.append("internal")
            elif block.name == "audience":
                marks.append(block.argument.strip().casefold())
            if block.option("audience"):
                marks.append(block.option("audience").strip().casefold())
        return tuple(marks)


@dataclass(frozen=True)
class Prose:
    """A line of text that readers see, with the directive it stands in and the heading above it."""

    number: int
    text: str
    directive: Directive | None = None
    section: str = ""


@dataclass
class SourcePage:
    """What the reader found in one file."""

    markdown: bool
    lines: list[str]
    directives: list[Directive] = field(default_factory=list[Directive])
    headings: list[Heading] = field(default_factory=list[Heading])
    prose: list[Prose] = field(default_factory=list[Prose])
    front_matter: list[Line] = field(default_factory=list[Line])
    faults: list[Fault] = field(default_factory=list[Fault])
    code: set[int] = field(default_factory=set[int])  # the numbers of lines in code blocks
    comments: set[int] = field(default_factory=set[int])  # those of comments, which readers do not see

    def written(self, directive: Directive) -> list[Line]:
        """Return the lines of a directive's body that are no comments."""
        return [line for line in directive.body if line.number not in self.comments]

    def named(self, name: str) -> list[Directive]:
        """Return the directives with this name, in order."""
        return [directive for directive in self.directives if directive.name == name]
