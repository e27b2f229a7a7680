"""The text of Slack's messages: mentions, channels, links and entities in their angle brackets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from html import unescape

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports import escape

TOKEN = expression(r"<(?P<kind>[@#!]?)(?P<target>[^<>|]{1,4000})(?:\|(?P<label>[^<>]{0,4000}))?>")
"""What Slack writes in angle brackets: the address of a link, the id of a person or a channel, and its label."""


@dataclass(frozen=True)
class Used:
    """The people that a text mentions: the names of those whom the export names, and the ids of the others."""

    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Names:
    """The names of people and channels by their ids."""

    people: Mapping[str, str] = field(default_factory=dict[str, str])
    channels: Mapping[str, str] = field(default_factory=dict[str, str])

    def used_in(self, text: str) -> Used:
        """Return whom a text mentions."""
        ids = [match["target"] for match in TOKEN.finditer(text) if match["kind"] == "@"]
        labels = [match["label"] or "" for match in TOKEN.finditer(text) if match["kind"] == "@"]
        known = [self.people.get(each) or label for each, label in zip(ids, labels, strict=True)]
        unknown = [each for each, name in zip(ids, known, strict=True) if not name]
        return Used(tuple(dict.fromkeys(filter(None, known))), tuple(dict.fromkeys(unknown)))


def plain_text(text: str, names: Names) -> str:
    """Return a message as plain text: names for ids, addresses in brackets behind their label."""
    return _spliced(text, names, lambda part: part, _plain_link)


def shown_text(text: str, names: Names) -> str:
    """Return a message as Markdown that shows it, with its links; all else in it is escaped. Empty without links."""
    if not any(not match["kind"] for match in TOKEN.finditer(text)):
        return ""
    return _spliced(text, names, _escaped, escape.link)


def _escaped(text: str) -> str:
    """Escape a part of a line with the space round it, which parts it from the links beside it."""
    bare = text.strip(" ")
    before, after = len(text) - len(text.lstrip(" ")), len(text) - len(text.rstrip(" "))
    return f"{' ' * before}{escape.plain(bare)}{' ' * after}" if bare else text


def _plain_link(label: str, address: str) -> str:
    return address if label in ("", address) else f"{label} ({address})"


def _spliced(text: str, names: Names, plain: Callable[[str], str], link: Callable[[str, str], str]) -> str:
    parts: list[str] = []
    end = 0
    for match in TOKEN.finditer(text):
        parts.append(plain(unescape(text[end : match.start()])))
        end = match.end()
        target, label = unescape(match["target"]), unescape(match["label"] or "")
        if match["kind"]:
            parts.append(plain(_mention(match["kind"], target, label, names)))
        else:
            parts.append(link(label, target))
    return "".join([*parts, plain(unescape(text[end:]))])


def _mention(kind: str, target: str, label: str, names: Names) -> str:
    if kind == "@":
        return f"@{names.people.get(target) or label or target}"
    if kind == "#":
        return f"#{label or names.channels.get(target) or target}"
    return label or f"@{target.partition('^')[0]}"
