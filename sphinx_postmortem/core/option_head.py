"""The options at the head of a MyST directive, as MyST reads them: lines ``:name: value``, or YAML between two rules.

The YAML is that of MyST-Parser's own scanner (``myst_parser.parsers.options``): a key at the margin, and a value that
is plain, quoted, or a block of lines. Of two options with one name the last one counts. All who ask what a head says
ask here, but for the audit, which reads for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from textwrap import dedent

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.directive_names import MARKING_OPTIONS
from sphinx_postmortem.core.expressions import expression

_RULE = "---"
_SKIPPED = expression(r"(?: |\n|#[^\n]*+)*+")  # spaces, empty lines and comments
_QUOTED = expression(r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+'", re.DOTALL)
_PLAIN_KEY = expression(r"(?:(?!:(?:[ \t\n]|\Z))[^ \t\n])++(?: ++(?!#)(?:(?!:(?:[ \t\n]|\Z))[^ \t\n])++)*+")
_PLAIN_VALUE = expression(r"[^ \t\n]++(?:(?: *+\n[ \n]*+(?<= )| ++)(?!#)[^ \t\n]++)*+")
_BLOCK = expression(r"([|>])(?:([+-])([1-9])?|([1-9])([+-])?)?(?![^ \n]) *(?:#[^\n]*)?(?:\n|\Z)")
_FOLD = expression(r"(?<![ \t])[ \t]*+\n[ \t\n]*+")
_ESCAPE = expression(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\n[ \t\n]*)|(.))", re.DOTALL)
_ESCAPED = dict(zip('0abt\tnvfre "\\/N_LP', '\0\a\b\t\t\n\v\f\r\x1b "\\/\x85\xa0\u2028\u2029', strict=True))
# A name and words in which no sign has a meaning: most options are so.
_BARE = expression(r"([A-Za-z][\w-]*):(?: +([A-Za-z0-9](?:[^#\s]| (?=[^#\s]))*))? *")
_NAME_AT_MARGIN = expression(r"[\"']?(?P<name>[\w-]+)[\"']?\s*:(?:\s|$)")


@dataclass(frozen=True)
class WrittenOption:
    """An option.

    Attributes:
        name: its name, as it is written.
        value: its value, as MyST reads it.
        index: the index of its line in the directive's content.
        line: all that stands behind ``:name:`` on that line; empty where the options are YAML.
    """

    name: str
    value: str
    index: int
    line: str = ""

    @property
    def keeps_comment(self) -> bool:
        """Whether our directives take all of the line, of which MyST cuts off what stands behind a `` #``."""
        return " #" in self.line and self.line[0] not in "\"'|>" and self.name not in MARKING_OPTIONS

    @property
    def taken(self) -> str:
        """The value as our directives take it."""
        return self.line if self.keeps_comment else self.value


@dataclass(frozen=True)
class OptionHead:
    """The head of a directive's content.

    Attributes:
        is_yaml: whether the options stand between two rules.
        is_readable: whether MyST can read them; if not, it drops all of them.
        options: every option, in order. Where they cannot be read, those that seem to be meant.
        end: the index of the line at which the body begins.
        rest: the text behind the rule that closes the options, which is the body's first line; often empty.
    """

    is_yaml: bool = False
    is_readable: bool = True
    options: tuple[WrittenOption, ...] = ()
    end: int = 0
    rest: str = ""

    def given(self) -> tuple[WrittenOption, ...]:
        """Return the options that our directives take: of lines that MyST cannot read, each as it is written."""
        return self.options if self.is_readable or not self.is_yaml else ()


class _UnreadableError(ValueError):
    """MyST cannot read the options."""


def read_head(content: Sequence[str]) -> OptionHead:
    """Read the options at the head of a directive.

    Args:
        content: the lines between the one that opens the directive and the one that closes it.
    """
    if content and content[0].startswith(_RULE):
        return _read_yaml(content)
    end = next((index for index, line in enumerate(content) if not _is_option(line)), len(content))
    lines = [line.lstrip()[1:] for line in content[:end]]
    bare = [_BARE.fullmatch(line) for line in lines]
    if None not in bare:
        each_bare = ((match[1], match[2] or "") for match in bare if match)
        return OptionHead(
            options=tuple(WrittenOption(name, value, at, value) for at, (name, value) in enumerate(each_bare)), end=end
        )
    found, is_readable = _options(lines, 0)
    texts = [line.partition(":")[2].strip() for line in lines]
    if not is_readable:
        names = [line.partition(":")[0].strip() if ":" in line else "" for line in lines]
        found = tuple(WrittenOption(name, texts[index], index) for index, name in enumerate(names) if name)
    return OptionHead(False, is_readable, tuple(replace(each, line=texts[each.index]) for each in found), end)


def _is_option(line: str) -> bool:
    bare = line.lstrip()
    return bare.startswith(":") and not bare.startswith(":::")


def _read_yaml(content: Sequence[str]) -> OptionHead:
    closing = next((index for index, line in enumerate(content) if index and line.startswith(_RULE)), len(content))
    lines = dedent("\n".join(content[1:closing])).split("\n")
    found, is_readable = _options(lines, 1)
    if not is_readable:
        named = ((_NAME_AT_MARGIN.match(line), index) for index, line in enumerate(lines, start=1))
        found = tuple(WrittenOption(match["name"], "", index) for match, index in named if match)
    rest = content[closing].lstrip("-").removeprefix(" ") if closing < len(content) else ""
    end = closing if rest else min(closing + 1, len(content))
    return OptionHead(True, is_readable, found, end, rest)


def _options(lines: Sequence[str], first: int) -> tuple[tuple[WrittenOption, ...], bool]:
    """Return the options of lines of YAML, of which the first has an index, and whether they could be read."""
    try:
        return tuple(_scan("\n".join(lines), first)), True
    except _UnreadableError:
        return (), False


def _scan(text: str, first: int) -> Iterator[WrittenOption]:
    place, index, counted = _skip(text, 0), first, 0
    while place < len(text):
        if not _at_margin(text, place):
            raise _UnreadableError
        index, counted = index + text.count("\n", counted, place), place
        name, place = _key(text, place)
        place = _skip(text, place)
        if text[place : place + 1] != ":":
            raise _UnreadableError
        place = _skip(text, place + 1)
        value = ""
        if place < len(text) and not _at_margin(text, place):
            value, place = _value(text, place)
        yield WrittenOption(name, value, index)
        place = _skip(text, place)


def _skip(text: str, place: int) -> int:
    match = _SKIPPED.match(text, place)
    return match.end() if match else place


def _at_margin(text: str, place: int) -> bool:
    return place == 0 or text[place - 1] == "\n"


def _key(text: str, place: int) -> tuple[str, int]:
    if text[place] in "\"'":
        return _quoted(text, place)
    match = _PLAIN_KEY.match(text, place)
    return (match[0], match.end()) if match else ("", place)


def _value(text: str, place: int) -> tuple[str, int]:
    if text[place] in "\"'":
        return _quoted(text, place)
    if text[place] in "|>":
        return _block(text, place)
    match = _PLAIN_VALUE.match(text, place)
    return (_folded(match[0]), match.end()) if match else ("", place)


def _folded(text: str) -> str:
    """Put lines together: one break is a space, and each further one stays."""
    return _FOLD.sub(lambda match: "\n" * (match[0].count("\n") - 1) or " ", text)


def _quoted(text: str, place: int) -> tuple[str, int]:
    match = _QUOTED.match(text, place)
    if match is None:
        raise _UnreadableError
    inner = match[0][1:-1]
    if match[0][0] == "'":
        return _folded(inner).replace("''", "'"), match.end()
    parts: list[str] = []
    position = 0
    for escape in _ESCAPE.finditer(inner):
        parts += [_folded(inner[position : escape.start()]), _unescaped(escape)]
        position = escape.end()
    return "".join([*parts, _folded(inner[position:])]), match.end()


def _unescaped(escape: re.Match[str]) -> str:
    if code := escape[1] or escape[2] or escape[3]:
        if int(code, 16) > 0x10FFFF:
            raise _UnreadableError
        return chr(int(code, 16))
    if escape[4]:
        return "\n" * (escape[4].count("\n") - 1)
    if escape[5] not in _ESCAPED:
        raise _UnreadableError
    return _ESCAPED[escape[5]]


def _block(text: str, place: int) -> tuple[str, int]:
    """Read a block of lines behind ``|`` or ``>``, without the empty lines round it, which no option keeps."""
    head = _BLOCK.match(text, place)
    if head is None:
        raise _UnreadableError
    place = head.end()
    width = int(head[3] or head[4] or 0)
    kept: list[str] = []
    blanks = 1
    while place < len(text):
        end = text.find("\n", place)
        line = text[place : end if end >= 0 else len(text)]
        indent = len(line) - len(line.lstrip(" "))
        if not width:  # the first line that is not empty says it, or an empty one above that is longer
            blanks = max(blanks, indent)
            width = blanks if indent < len(line) else 0
        if width and (line[:width].strip(" ") or 0 < len(line) < width):
            break
        kept.append(line[width:] if width else "")
        place += len(line) + 1
    value = "\n".join(kept) if head[1] == "|" else _folded_block(kept)
    return value.strip(), min(place, len(text))


def _folded_block(lines: Sequence[str]) -> str:
    """Put the lines of a block together, but for those that are indented further."""
    text, breaks, was_flush = "", 0, False
    for line in lines:
        if not line:
            breaks += 1
            continue
        is_flush = line[0] not in " \t"
        join = ("" if breaks else " ") if was_flush and is_flush else "\n"
        text += ("\n" * breaks + line) if not text else join + "\n" * breaks + line
        breaks, was_flush = 0, is_flush
    return text
