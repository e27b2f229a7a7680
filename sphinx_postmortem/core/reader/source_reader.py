"""Reads a page's source without Sphinx: its directives with options and lines, its headings, prose and front matter.

It knows just enough of MyST Markdown and reStructuredText for our own directives. It never raises: what it cannot
read is a fault of the page. Work is linear in the length of the text, and lines beyond ``LONGEST_LINE`` are cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sphinx_postmortem.core.reader.source_page import Directive, Fault, Heading, Line, Prose, SourcePage
from sphinx_postmortem.core.records.vocabulary import CODE_DIRECTIVES, DIRECTIVE_NAMES

LONGEST_LINE = 5_000
MOST_LINES = 200_000
DEEPEST = 50
_FENCE = re.compile(r"^[\s>]{0,200}(?P<marks>`{3,}|~{3,}|:{3,})(?P<info>.*)$")
_DIRECTIVE = re.compile(r"\s{0,200}\{(?P<name>[^\s{}]{1,80})\}(?P<rest>.*)$")
_RST_DIRECTIVE = re.compile(r"^(?P<indent>\s*)\.\. (?P<name>[A-Za-z][\w:-]{0,80}) ?::(?P<rest>\s.*)?$")
_RST_FIELD = re.compile(r"^:(?P<name>postmortem-[a-z]{1,20}):(?P<value>\s.*)$")
_OPTION = re.compile(r"\s*:(?P<name>[A-Za-z][\w -]{0,60}):(?P<value>\s.*|)$")
_YAML_OPTION = re.compile(r"\s*(?P<name>[A-Za-z][\w-]{0,60})\s*:(?P<value>\s.*|)$")
_ATX = re.compile(r"^ {0,3}(?P<marks>#{1,6})\s+(?P<text>.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"^([=\-~^\"'`*+#.:_])\1{2,}\s*$")


def decode(data: bytes) -> tuple[str, list[Fault]]:
    """Return a file's text; bytes that are not UTF-8 are replaced and reported."""
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fault = Fault("unreadable-file", line, f"the file is not UTF-8 (byte {error.start}); save it as UTF-8")
        return data.decode("utf-8", errors="replace"), [fault]


def read_page(text: str, *, markdown: bool) -> SourcePage:
    """Read one page's text."""
    raw = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    page = SourcePage(markdown, [line[:LONGEST_LINE] for line in raw[:MOST_LINES]])
    for number, line in enumerate(raw[:MOST_LINES], start=1):
        if len(line) > LONGEST_LINE:
            message = f"the line has {len(line)} characters, only {LONGEST_LINE} are checked; break it"
            page.faults.append(Fault("too-large", number, message))
    if len(raw) > MOST_LINES:
        message = f"the file has {len(raw)} lines, only {MOST_LINES} are checked; divide it"
        page.faults.append(Fault("too-large", MOST_LINES, message))
    if markdown:
        _MarkdownReader(page).read(_read_front_matter(page))
    else:
        _RstReader(page).read()
    return page


# --- front matter


def _read_front_matter(page: SourcePage) -> int:
    """Note the front matter's lines; return the index of the first line after it."""
    if not page.lines or page.lines[0].rstrip() != "---":
        return 0
    end = next((i for i, line in enumerate(page.lines[1:], start=1) if line.rstrip() in ("---", "...")), None)
    if end is None:
        message = "the front matter is never closed; end it with a line of three dashes"
        page.faults.append(Fault("broken-front-matter", 1, message))
        return 1
    page.front_matter = [Line(i + 1, page.lines[i]) for i in range(1, end)]
    for line in page.front_matter:
        bare = line.text.strip()
        if line.text.startswith("\t"):
            message = "front matter is YAML, which does not allow tabs; indent with spaces"
            page.faults.append(Fault("broken-front-matter", line.number, message))
        elif bare and line.text[0] not in " #-}])\"'" and ":" not in bare and not _continues(page, line.number):
            message = f'"{bare[:40]}" is no `key: value` of the front matter; mend the line'
            page.faults.append(Fault("broken-front-matter", line.number, message))
    return end + 1


def _continues(page: SourcePage, number: int) -> bool:
    """Say whether a line of front matter may go on with a value that was begun above."""
    above = page.lines[number - 2].rstrip()
    return number > 2 and above.endswith(("|", ">", ",", "[", "{"))


# --- Markdown


@dataclass
class _Open:
    """A fence that is open."""

    char: str
    length: int
    code: bool
    directive: Directive | None
    at_options: bool = True
    yaml_options: bool = False

    def is_closed_by(self, marks: str, info: str) -> bool:
        return marks[0] == self.char and len(marks) >= self.length and not info.strip()


class _MarkdownReader:
    """One pass over the lines of a Markdown page."""

    def __init__(self, page: SourcePage) -> None:
        self.page = page
        self.stack: list[_Open] = []
        self.section = ""
        self.in_comment = False

    def read(self, start: int) -> None:
        """Read from the line with this index to the end."""
        for index in range(start, len(self.page.lines)):
            if len(self.stack) > DEEPEST:
                message = f"blocks are nested more than {DEEPEST} deep, which is not checked; unfold them"
                self.page.faults.append(Fault("too-large", index, message))
                break
            self.read_line(self.page.lines[index], index + 1)
        for fence in self.stack:
            if fence.directive:
                fence.directive.end = len(self.page.lines)
                message = f"`{fence.directive.name}` is never closed; end it with as many marks as it begins with"
                self.page.faults.append(Fault("malformed-table", fence.directive.line, message))

    def read_line(self, text: str, number: int) -> None:
        """Read one line."""
        match = _FENCE.match(text)
        if match and _closes(self.page, self.stack, match["marks"], match["info"], number):
            return
        _to_bodies(self.stack, text, number)
        if self.stack and self.stack[-1].code:
            self.page.code.add(number)
            return
        if match:
            self.stack.append(_open_markdown(self.page, self.stack, match["marks"], match["info"], number))
            return
        if self.stack and self.stack[-1].at_options and _take_option(self.stack[-1], text, number):
            return
        if self.stack:
            self.stack[-1].at_options = False
        self.read_prose(text, number)

    def read_prose(self, text: str, number: int) -> None:
        """Note a heading or a line that readers see; leave comments out."""
        if self.in_comment or text.lstrip().startswith("<!--"):
            self.in_comment = "-->" not in text
            self.page.comments.add(number)
            return
        if text.lstrip().startswith("%"):
            self.page.comments.add(number)
            return
        heading = _ATX.match(text)
        if heading:
            self.section = heading["text"]
            self.page.headings.append(Heading(len(heading["marks"]), self.section, number))
        elif text.strip():
            self.page.prose.append(Prose(number, text, _innermost(self.stack), self.section))


def _closes(page: SourcePage, stack: list[_Open], marks: str, info: str, number: int) -> bool:
    """Close the outermost fence that this line ends; say whether it ends one."""
    closed = next((index for index, fence in enumerate(stack) if fence.is_closed_by(marks, info)), None)
    if closed is None:
        return False
    for fence in stack[closed:]:
        if fence.directive:
            fence.directive.end = number
    for outer in stack[:closed]:
        if outer.directive:
            outer.directive.body.append(Line(number, page.lines[number - 1]))
    del stack[closed:]
    return True


def _to_bodies(stack: Sequence[_Open], text: str, number: int) -> None:
    for position, fence in enumerate(stack):
        is_last = position == len(stack) - 1
        if fence.directive and not (is_last and fence.at_options and (_is_option(text) or fence.yaml_options)):
            fence.directive.body.append(Line(number, text))


def _is_option(text: str) -> bool:
    return bool(_OPTION.match(text)) or text.strip() == "---"


def _open_markdown(page: SourcePage, stack: Sequence[_Open], marks: str, info: str, number: int) -> _Open:
    match = _DIRECTIVE.match(info)
    name = match["name"].casefold().removeprefix("postmortem:") if match else ""
    directive = None
    if match and name in DIRECTIVE_NAMES:
        outer = tuple(fence.directive for fence in stack if fence.directive)
        directive = Directive(name, match["rest"].strip(), number, within=outer)
        page.directives.append(directive)
    return _Open(marks[0], len(marks), name in CODE_DIRECTIVES or (not match and marks[0] != ":"), directive)


def _take_option(fence: _Open, text: str, number: int) -> bool:
    """Note an option of the directive that has just been opened; say whether the line is one."""
    if fence.directive is None:
        return False
    if text.strip() == "---" and (fence.yaml_options or not fence.directive.options):
        fence.at_options = fence.yaml_options = not fence.yaml_options
        return True
    match = (_YAML_OPTION if fence.yaml_options else _OPTION).match(text)
    if match:
        fence.directive.options.setdefault(match["name"].strip().casefold(), Line(number, match["value"].strip()))
    return bool(match) or fence.yaml_options


def _innermost(stack: Sequence[_Open]) -> Directive | None:
    return next((fence.directive for fence in reversed(stack) if fence.directive), None)


# --- reStructuredText


class _RstReader:
    """One pass over the lines of a reStructuredText page."""

    def __init__(self, page: SourcePage) -> None:
        self.page = page
        self.stack: list[tuple[int, Directive | None, bool]] = []  # indent, directive, holds code
        self.section = ""
        self.levels: dict[str, int] = {}
        self.at_options: Directive | None = None

    def read(self) -> None:
        """Read all lines."""
        for number, text in enumerate(self.page.lines, start=1):
            self.read_line(text, number)
        for _, directive, _ in self.stack:
            if directive:
                directive.end = len(self.page.lines)

    def read_line(self, text: str, number: int) -> None:
        """Read one line."""
        if not text.strip():
            _to_rst_bodies(self.stack, text, number)
            self.at_options = None
            return
        indent = len(text) - len(text.lstrip())
        while self.stack and indent <= self.stack[-1][0]:
            closed = self.stack.pop()[1]
            if closed:
                closed.end = number - 1
        if self.at_options and self.stack and (match := _OPTION.match(text)):
            self.at_options.options.setdefault(match["name"].strip().casefold(), Line(number, match["value"].strip()))
            return
        self.at_options = None
        if len(self.stack) <= DEEPEST:
            _to_rst_bodies(self.stack, text, number)
        if self.stack and self.stack[-1][2]:
            self.page.code.add(number)
            return
        match = _RST_DIRECTIVE.match(text)
        is_begun = self.page.headings or self.page.prose or self.page.directives
        field = None if is_begun else _RST_FIELD.match(text)
        if match:
            self.open(match, indent, number)
        elif field:
            self.page.front_matter.append(Line(number, f"{field['name']}: {field['value'].strip()}"))
        elif text.lstrip().startswith(".. "):
            self.page.comments.add(number)
            self.stack.append((indent, None, True))
        else:
            self.read_prose(text, number)
            if text.rstrip().endswith("::"):
                self.stack.append((indent, None, True))

    def open(self, match: re.Match[str], indent: int, number: int) -> None:
        """Note a directive."""
        name = match["name"].casefold().removeprefix("postmortem:")
        if name in DIRECTIVE_NAMES:
            outer = tuple(directive for _, directive, _ in self.stack if directive)
            self.at_options = Directive(name, (match["rest"] or "").strip(), number, within=outer)
            self.page.directives.append(self.at_options)
        self.stack.append((indent, self.at_options, name in CODE_DIRECTIVES))

    def read_prose(self, text: str, number: int) -> None:
        """Note a heading or a line that readers see."""
        lines = self.page.lines
        below = lines[number].strip() if number < len(lines) else ""
        if _UNDERLINE.match(text.strip()):
            return
        if _UNDERLINE.match(below):
            self.section = text.strip()
            level = self.levels.setdefault(below[0], len(self.levels) + 1)
            self.page.headings.append(Heading(level, self.section, number))
        else:
            inner = next((directive for _, directive, _ in reversed(self.stack) if directive), None)
            self.page.prose.append(Prose(number, text, inner, self.section))


def _to_rst_bodies(stack: Sequence[tuple[int, Directive | None, bool]], text: str, number: int) -> None:
    for _, directive, _ in stack:
        if directive:
            directive.body.append(Line(number, text.strip() if "|" in text else text))


def front_matter_entries(lines: Sequence[Line], key: str) -> Iterator[tuple[str, str, int]]:
    """Yield ``(name, value, line)`` of the mapping or list under a top-level key, in block or flow form."""
    inside = False
    for line in lines:
        text = re.sub(r"(^|\s)#.*$", "", line.text).rstrip()
        if not text.strip():
            continue
        if not text[0].isspace() and not (inside and text.startswith("-")):
            name, _, value = text.partition(":")
            inside = name.strip().strip("\"'") == key
            if inside and value.strip():
                for part in value.strip().strip("{}[]").split(","):
                    yield _entry(part, line.number)
            continue
        if inside:
            yield _entry(text.strip().removeprefix("-"), line.number)


def _entry(text: str, line: int) -> tuple[str, str, int]:
    name, _, value = text.partition(":")
    return name.strip().strip("\"'"), value.strip().strip("\"'"), line
