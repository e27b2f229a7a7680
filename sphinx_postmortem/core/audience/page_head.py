"""The audience that a whole page is marked for, read from the head of its source.

Markdown pages say it in YAML front matter, reStructuredText pages in a field ``:audience:`` at the left margin.
The reader is deliberately strict: what mentions the key in a way it cannot read is *broken*, and hides the page.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

_FENCE = expression(r"-{3,}\s*$")
_WRAPPED = expression(r"(?:`{3,}|~{3,}|:{3,}|<!--(?!.*-->))[^`{]*$")  # as tools wrap what they do not know
_END = expression(r"(-{3,}|\.\.\.)\s*$")
_KEY = expression(r"""(?P<quote>["']?)audience(?P=quote)\s*:(?P<value>(?:\s.*)?)$""", re.IGNORECASE)
_MENTION = expression(r"""^\s*+[{,?&!-]*+\s*+["']?audience["']?\s*:|[{,]\s*["']?audience["']?\s*:""", re.IGNORECASE)
_FIELD = expression(r"^:(?P<key>[^\s:][^:]*):")
_HEAD_LINES = 20  # a field further down is no field of the page
_RST_FIELD = expression(r"^[ ]{0,3}:audience\s*:(?P<value>.*)$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class PageMarking:
    """What the head of a page says: the audience's name as written, its line, and why it is broken if it is."""

    name: str = ""
    line: int = 0
    broken: str = ""


def read_page_marking(text: str, *, markdown: bool) -> PageMarking:
    """Return the marking of a page's source text; empty when it has none."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    front_matter = _read_front_matter(text)
    if front_matter != PageMarking():
        if markdown:
            return front_matter
        reason = "reStructuredText has no front matter; write the field `:audience:`"
        return PageMarking(line=front_matter.line, broken=reason)
    return _field_in_markdown(text) if markdown else _read_rst_field(text)


def _field_in_markdown(text: str) -> PageMarking:
    """Return a broken marking where a Markdown page begins with reStructuredText's field."""
    for number, line in enumerate(text.split("\n"), start=1):
        match = _FIELD.match(line)
        if match is None:
            if line.strip():
                break
        elif match["key"].strip().casefold() == "audience" or _nearly_the_key(f"{match['key']}:"):
            return PageMarking(line=number, broken=f"`:{match['key']}:` marks nothing in Markdown")
    return PageMarking()


def _read_front_matter(text: str) -> PageMarking:
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if start < len(lines) and _WRAPPED.match(lines[start]):
        return _read_wrapped(lines, start)
    if start == len(lines) or not _FENCE.match(lines[start].lstrip(" ")):
        return PageMarking()
    found: list[PageMarking] = []
    closed = False
    for number in range(start + 1, len(lines)):
        if _END.match(lines[number]):
            closed = True
            break
        if match := _KEY.match(lines[number]):
            found.append(_marking(match["value"], number + 1))
        elif near := _nearly_the_key(lines[number]):
            found.append(PageMarking(line=number + 1, broken=f"the key `{near}` is nearly `audience`"))
        elif _MENTION.search(lines[number]):
            found.append(PageMarking(line=number + 1, broken="the key `audience` is not a plain top-level entry"))
        if not closed and not found and number - start > 200:
            break
    if not found:
        return PageMarking()
    if not closed or start > 0 or lines[start].rstrip() != "---":
        return PageMarking(
            line=found[0].line,
            broken="the front matter is not the first thing in the file, or has no `---` line before and after it",
        )
    if len(found) > 1:
        return PageMarking(line=found[1].line, broken="the front matter has two `audience` entries")
    return found[0]


def _read_wrapped(lines: list[str], start: int) -> PageMarking:
    """Return a broken marking where front matter stands in a code block or a comment, at the head of a file."""
    for number, line in enumerate(lines[start + 1 : start + _HEAD_LINES], start=start + 2):
        if not re.match(r"""\s*$|-{3,}\s*$|["']?[\w-]+["']?\s*:""", line):
            break
        if _KEY.match(line) or _nearly_the_key(line):
            return PageMarking(line=number, broken="the front matter stands in a code block or a comment; unwrap it")
    return PageMarking()


def _nearly_the_key(line: str) -> str:
    """Return a top-level key that is a slip for ``audience``; empty for any other line."""
    written = line.partition(":")[0] if ":" in line else next(iter(line.lstrip("? ").split()), "")
    key = "" if line.startswith((" ", "#")) else re.sub(r"[^\w-]", "", written).casefold()
    is_slip = SequenceMatcher(None, key, "audience").ratio() >= 0.8
    return key if is_slip and (key != "audience" or written.strip() != key or ":" not in line) else ""


def _read_rst_field(text: str) -> PageMarking:
    found = [
        (match["value"], text.count("\n", 0, match.start()) + 1)
        for match in _RST_FIELD.finditer(text)
        if not match.group().startswith(" ")
    ]
    for number, line in enumerate(text.split("\n")[:_HEAD_LINES], start=1):
        field = _FIELD.match(line)
        if field and (near := _nearly_the_key(f"{field['key']}:")):
            return PageMarking(line=number, broken=f"the field `:{near}:` is nearly `:audience:`")
    if not found:
        return PageMarking()
    if len(found) > 1:
        return PageMarking(line=found[1][1], broken="the page has two `:audience:` fields")
    return _marking(*found[0])


def _marking(value: str, line: int) -> PageMarking:
    value = re.sub(r"(^|\s)#.*$", "", value).strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1].strip()
    if not value:
        return PageMarking(line=line, broken="`audience` has no value")
    return PageMarking(name=value, line=line)
