"""Rule for text that was pasted from Slack: its marks for links, people and emoji are none of Markdown's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports import escape
from sphinx_postmortem.core.imports.slack_text import TOKEN
from sphinx_postmortem.core.reader import Line
from sphinx_postmortem.core.settings import Settings

_CODE = expression(r"`[^`]{0,4000}`")
_USER, _CHANNEL, _ALL = (
    expression(pattern)
    for pattern in (
        r"[UW][A-Z0-9]{6,20}",
        r"[CGD][A-Z0-9]{6,20}",
        r"(?:here|channel|everyone)|(?:subteam|date)\^[^|>]*",
    )
)
_EMOJI = expression(r"(?<![\w:}\]`]):(?P<name>[a-z0-9+][a-z0-9_+-]{0,40}):(?![\w:`])")
_COLONS_OF_EMOJI = 2
_NAMES = """
+1 -1 alert boom bug calendar clap clock collision computer confused cry disappointed eyes fire fireworks grimacing
hammer heart hourglass joy key lock mag memo muscle ok party pray question rocket rofl shield siren skull smile sob sos
sparkles stopwatch sunglasses sweat tada telescope thinking thumbsdown thumbsup ticket tools warning wave wrench x zap
"""
_ONE_WORD = frozenset(_NAMES.split())
"""Names of emoji that hold no underscore; another word between colons may be anything."""


@dataclass(frozen=True)
class Pasted:
    """A mark of Slack in a line: where it stands, as it is written, and what to write (empty: a person decides)."""

    line: Line
    column: int
    written: str
    cure: str
    says: str


@check(
    "slack-text",
    "warning",
    source="none: readers would see Slack's own marks",
    bad="See <https://wiki.example.com/page|the page>, asked <@U024BE7LH> :white_check_mark:\n",
    good="See [the page](https://wiki.example.com/page), asked the database team.\n",
)
def slack_text(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No text is left as Slack writes it: `<url|text>`, `<@U024BE7LH>`, `<#C024BE7LR|name>`, `:emoji:`."""
    for pasted in find_pasted(page):
        cure = f"write {pasted.cure}" if pasted.cure else pasted.says
        message = f"{pasted.written} is Slack's mark; {cure}"
        yield Hit(pasted.line.number, message, pasted.column, pasted.line.file)


def find_pasted(page: CheckedPage) -> Iterator[Pasted]:
    """Yield the marks of Slack on a page, in code not."""
    lines = [(Line(prose.number, prose.text, prose.file), True) for prose in page.source.prose]
    for directive in page.source.named("incident-summary"):
        lines += [(line, False) for line in directive.options.values()]
    for line, is_whole in lines:
        if "<" not in line.text and line.text.count(":") < _COLONS_OF_EMOJI:
            continue
        bare = _CODE.sub(lambda code: " " * len(code[0]), line.text) if "`" in line.text else line.text
        for start, written, cure, says in (*_tokens(bare, page), *_emoji(bare)):
            yield Pasted(line, start + 1 if is_whole else 0, written, cure, says)


def outside_code(line: str, written: str, cure: str) -> str | None:
    """Return a line with the cure for each place where a text is written, in code not; None where it stands nowhere."""
    changed = re.sub(
        rf"{_CODE.pattern}|{re.escape(written)}", lambda found: cure if found[0] == written else found[0], line
    )
    return changed if changed != line else None


def _tokens(text: str, page: CheckedPage) -> Iterator[tuple[int, str, str, str]]:
    for match in TOKEN.finditer(text):
        target, label = match["target"], match["label"]
        kind = match["kind"]
        if not kind and label is not None and target.startswith(("https://", "http://", "mailto:")):
            shown, address = unescape(label) or unescape(target), unescape(target)
            cure = escape.link(shown, address) if page.source.markdown else f"`{shown} <{address}>`__"
            yield match.start(), match[0], cure, ""
        elif kind == "@" and _USER.fullmatch(target):
            yield match.start(), match[0], f"@{label}" if label else "", "write the person's role"
        elif kind == "#" and _CHANNEL.fullmatch(target):
            yield match.start(), match[0], f"#{label}" if label else "", "write the channel's name"
        elif kind == "!" and _ALL.fullmatch(target):
            yield match.start(), match[0], label or "", "write who was asked"


def _emoji(text: str) -> Iterator[tuple[int, str, str, str]]:
    for match in _EMOJI.finditer(text):
        if not match.start() and text[match.end() : match.end() + 1] in (" ", ""):
            continue  # a field of a list
        if "_" in match["name"] or match["name"] in _ONE_WORD:
            yield match.start(), match[0], "", "write in words what the emoji says"
