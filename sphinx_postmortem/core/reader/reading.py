"""What both readers share: the page that is being filled, and how prose, directives and includes are noted in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sphinx_postmortem.core.directive_names import DIRECTIVE_NAMES
from sphinx_postmortem.core.reader.includes import OpenFile, OutsideError, cut
from sphinx_postmortem.core.reader.read_page import Directive, Fault, Heading, Include, Line, Prose, SourcePage
from sphinx_postmortem.core.reader.shapes import as_docutils_reads

DEEPEST = 50
DOMAIN_PREFIX = "postmortem:"
Around = tuple[Directive, ...]
ReadBlocks = Callable[["PageReading", Sequence[Line], Around], None]


@dataclass
class PageReading:
    """One page while it is read.

    Attributes:
        page: what has been read so far.
        markdown_syntax: the MyST extensions that the site turns on.
        read_markdown: the reader of Markdown, which reStructuredText may include.
        open_file: opens an included file; without it none is read.
        section: the text of the heading above.
        including: the names of the files that are being read, the outermost first.
        levels: the heading level of each reStructuredText underline.
        depth: how many bodies the reader stands in.
    """

    page: SourcePage
    markdown_syntax: frozenset[str]
    read_markdown: ReadBlocks
    open_file: OpenFile | None = None
    section: str = ""
    including: list[str] = field(default_factory=list[str])
    levels: dict[str, int] = field(default_factory=dict[str, int])
    depth: int = 0

    def note_prose(self, line: Line, around: Around) -> None:
        """Note a line that readers see, as it stands in its file."""
        self.note_prose_lines((line,), around)

    def note_prose_lines(self, lines: Sequence[Line], around: Around) -> None:
        """Note lines that readers see, each as it stands in its file."""
        prose, files, section = self.page.prose, self.page.files, self.section
        inner = next((block for block in reversed(around) if block.name in DIRECTIVE_NAMES), None)
        last = prose[-1].place if prose else None  # a line may be noted already, by an earlier part of it
        for line in lines:
            number, text, file = line
            if (file, number) != last and text.strip():
                prose.append(Prose(number, files[file][number - 1], inner, section, file))
                last = file, number

    def note_heading(self, level: int, text: str, line: Line) -> None:
        """Note a heading; the prose below it belongs to it."""
        self.section = text
        self.page.headings.append(Heading(level, text, line.number, line.file))

    def note_code(self, lines: Sequence[Line]) -> None:
        """Note lines of code."""
        self.page.code.update(line.place for line in lines)

    def note_comment(self, lines: Sequence[Line]) -> None:
        """Note lines of a comment."""
        self.page.comments.update(line.place for line in lines)

    def note_directive(self, directive: Directive) -> None:
        """Note a directive, before what it holds."""
        self.page.blocks.append(directive)
        if directive.name in DIRECTIVE_NAMES:
            self.page.directives.append(directive)

    def note_fault(self, code: str, line: Line | Directive, message: str) -> None:
        """Note what cannot be read."""
        number = line.number if isinstance(line, Line) else line.line
        self.page.faults.append(Fault(code, number, message, line.file))

    def read_deeper(self, read: ReadBlocks, lines: Sequence[Line], around: Around) -> None:
        """Read nested text, unless it is nested more deeply than pages are."""
        if not lines:
            return
        if self.depth >= DEEPEST:
            if not any(fault.code == "too-large" and "nested" in fault.message for fault in self.page.faults):
                message = f"blocks are nested more than {DEEPEST} deep, which is not checked; unfold them"
                self.note_fault("too-large", lines[0], message)
            return
        self.depth += 1
        read(self, lines, around)
        self.depth -= 1

    def read_include(self, directive: Directive, around: Around, read: ReadBlocks) -> None:
        """Read the file that an ``include`` names, as blocks where it stands."""
        name = directive.argument.strip()
        is_literal = not directive.options.keys().isdisjoint(("literal", "code"))
        if self.open_file is None or not name or name.startswith("<"):  # `<isonum.txt>` comes with docutils
            self.page.includes.append(Include(directive, problem="it is not read here", is_literal=is_literal))
            return
        try:
            file, text = self.open_file(name)
            if read is not self.read_markdown:
                text = as_docutils_reads(text)
            lines = cut(directive, file, text)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self.page.includes.append(Include(directive, problem=reason, is_literal=is_literal))
            if not isinstance(error, OutsideError):  # other folders are read by the build, and are not ours to judge
                message = f"`include` of {name}: it cannot be read ({reason}); mend the path or the option"
                self.note_fault("unreadable-file", directive, message)
            return
        if file in self.including:
            self.page.includes.append(Include(directive, file, problem="it includes itself"))
            self.note_fault(
                "unreadable-file", directive, f"`include` of {name}: it includes itself; remove one of them"
            )
            return
        self.page.includes.append(Include(directive, file, lines, is_literal=is_literal))
        self.page.files.setdefault(file, text.splitlines())
        if not is_literal:
            self.including.append(file)
            self.read_deeper(read, lines, around)
            self.including.pop()
