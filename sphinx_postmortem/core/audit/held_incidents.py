"""Whether an incident holds its page back by its status or its label, as the audit reads it.

The gate knows more spellings. What the audit is not certain of counts as shown: a page that it took for hidden would be
a leak wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

_LABELS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")  # TLP 2.0, the least strict first
_COMMENT = expression(r"(?:^|\s)#.*$")
_END = expression(r"(?:-{3}|\.{3})\s*$")
_FIELD = expression(r":?(?P<key>\w[\w-]*)\s*:\s+(?P<value>\S.*)$")
_PLAIN = expression(r"[\w+: -]+$")
_SWITCHES = {("draft", "true"), ("published", "false"), ("private", "true")}


@dataclass(frozen=True)
class Limits:
    """What an edition shows.

    Attributes:
        audiences: those up to the edition, the most privileged first: each may have a label of its own.
        statuses: the statuses of incidents that it shows.
        ceiling: the strictest label that it shows.
    """

    audiences: tuple[str, ...]
    statuses: frozenset[str]
    ceiling: str


def is_held_back(lines: Sequence[str], summaries: Iterable[Mapping[str, str]], limits: Limits) -> bool:
    """Say whether an edition does not show a page for what the incidents on it say of themselves.

    Args:
        lines: the page.
        summaries: the options of each summary that the edition would show.
        limits: what it shows.
    """
    stated = list(summaries)
    if not stated:
        return False
    head = _head(lines)
    switched = any((key, head.get(key, "").casefold()) in _SWITCHES for key in ("draft", "published", "private"))
    return (
        (switched and ("draft" not in limits.statuses or head.get("private", "").casefold() == "true"))
        or (head.get("status", "").casefold() == "draft" and "draft" not in limits.statuses)
        or _is_stricter(head.get("tlp", ""), limits.ceiling)
        or any(_holds(options, limits) for options in stated)
    )


def _holds(options: Mapping[str, str], limits: Limits) -> bool:
    values = {name: _bare(value) for name, value in options.items()}
    label = values.get("tlp", "")
    for audience in limits.audiences:
        label = values.get(f"tlp-{audience}", label)
    status = values.get("status", "").casefold()
    return bool(status and _PLAIN.match(status) and status not in limits.statuses) or _is_stricter(
        label, limits.ceiling
    )


def _is_stricter(written: str, ceiling: str) -> bool:
    """Say whether a label is stricter than another; a plain word that is none is as strict as RED."""
    label = "+".join(part.strip() for part in written.upper().removeprefix("TLP:").split("+"))
    if not label or not _PLAIN.match(label):
        return False
    return label not in _LABELS[: _LABELS.index(ceiling) + 1]


def _bare(value: str) -> str:
    return _COMMENT.sub("", value).strip().strip("\"'").strip()


def _head(lines: Sequence[str]) -> dict[str, str]:
    """Return the plain keys of a page's front matter, or of the fields that begin it."""
    if not lines or not (lines[0].rstrip() == "---" or lines[0].startswith(":")):
        return {}
    found: dict[str, str] = {}
    for line in lines[1 if lines[0].rstrip() == "---" else 0 :]:
        if _END.match(line) or (lines[0].startswith(":") and not line.startswith(":")):
            break
        if match := _FIELD.match(line):
            found.setdefault(match["key"].casefold(), _bare(match["value"]))
    return found
