"""Which editions show an incident, by what it says of itself: its status and its TLP labels.

An edition shows an incident only if its status is one of the edition's, and its label is not stricter than the
edition's ceiling. What is stated but cannot be read (an unknown word, a blank, two values) hides it, too. An incident
that states no status, or no label, is not held back for that; checks ask for both.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import lru_cache

from sphinx_postmortem.core.audience.audiences import Audiences
from sphinx_postmortem.core.audience.mentions import excused_lines, plain
from sphinx_postmortem.core.audience.tlp import labels_in, read_label, strictest, strictness
from sphinx_postmortem.core.audience.withheld import as_label, head_lines, said_otherwise
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.option_head import read_head
from sphinx_postmortem.core.records.vocabulary import INCIDENT_STATUSES, TLP_LABELS

DEFAULT_STATUSES = tuple(status for status in INCIDENT_STATUSES if status != "draft")
FLOOR = "AMBER"
"""The label of what an edition shows to its own audience alone, unless the author states one."""

_BOUND = ("tlp", "status")
_STATED = expression(r"^\s*:\s*(?P<name>[A-Za-z][\w -]*?)\s*:(?:\s+(?P<value>.*)|)$")
_LINE = expression(
    r"^(?:[>|*+:\"'-]|[^\S\n])*+(?P<name>[A-Za-z][\w -]{0,30}?)[\"']?[^\S\n]*+:(?P<value>[ \t].*|)$", re.MULTILINE
)
_TAG = expression(r"<[^<>]*>")
_SAID = expression(
    r"(?:^\W*+(?P<key>[a-z][\w -]{0,20}?)|(?<!\w)(?P<bound>tlp|status))\W{1,8}"
    r"(?:tlp\W{1,3})?(?P<value>\w+(?:\W?strict)?)"
)
_GOES_ON = expression(r"\s+\w")
_IN_BRACKETS = expression(r"[(\[]\s*(?P<value>draft)\s*[)\]]")
_WORDS_SAID = (*INCIDENT_STATUSES, *(label.casefold().partition("+")[0] for label in TLP_LABELS))


@dataclass(frozen=True)
class IncidentStatement:
    """What an incident says of itself.

    Attributes:
        status: the status in lower case; None where none is stated, empty where it is blank.
        labels: the label by audience, as ``tlp-public`` states it; that of ``tlp`` has an empty name.
        unread: what is stated and cannot be read, each as a sentence that says how to mend it.
        said: what the text says besides, as ``status`` or ``tlp`` and a known word (``**Status:** draft``), or as
            ``held`` and the words by which the page is not for everyone (``visibility: restricted``).
    """

    status: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    unread: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()


def read_statement(options: Mapping[str, str], block: Iterable[str], head: Iterable[str] = ()) -> IncidentStatement:
    """Return what the summary of an incident says of itself.

    Args:
        options: the options that the parser has read, by name.
        block: the lines of the directive. An option that stands there and was not read counts as unreadable.
        head: the lines of the page's front matter, or of its fields.
    """
    block = list(block)
    status: str | None = None
    labels: dict[str, str] = {}
    unread: list[str] = []
    for written, value in options.items():
        name = written.strip().casefold()
        if name == "status":
            status = " ".join(read_label(value).casefold().split())
        elif name == "tlp" or name.startswith("tlp-"):
            labels[name.removeprefix("tlp").removeprefix("-")] = read_label(value)
        elif near := _near(name):
            unread.append(f"`:{written}:` is no option; write `:{near}:`")
    stated = [name for name, _ in _stated(block)]
    given = {name.strip().casefold() for name in options}
    for name in dict.fromkeys(name for name in stated if name in _BOUND or name.startswith("tlp-")):
        if stated.count(name) > 1:
            unread.append(f"`:{name}:` is given twice; write it once")
        elif name not in given:
            unread.append(f"`:{name}:` is not read where it stands; write it right below the line that opens the block")
    read = {index for name, index in _stated(block) if name in given} | excused_lines(block)
    besides = [line for index, line in enumerate(block) if index not in read]
    said = (*said_in(besides[:1], in_midst=True), *said_in(besides[1:], stated=given))
    unread += [_no_label(line) for line in besides[1:] if _names_no_label(line, most_words=1)]
    of_head, faults = said_in_head([*head, *_unknown_options(options, block)])
    return IncidentStatement(status, labels, (*unread, *faults), (*said, *of_head))


def _unknown_options(options: Mapping[str, str], block: Sequence[str]) -> Iterator[str]:
    """Yield the options that no directive reads, as lines of a head: readers give them, parsers leave them there."""
    from sphinx_postmortem.core.directives import DIRECTIVE_OPTIONS  # a build without change asks for none

    given = {name.strip().casefold(): value for name, value in options.items()}
    stated = {name: block[index].strip().lstrip(":") for name, index in _stated(block) if name not in given}
    for name, line in {**{name: f"{name}: {value}" for name, value in given.items()}, **stated}.items():
        if name not in DIRECTIVE_OPTIONS["incident-summary"] and name.partition("-")[0] != "tlp":
            yield line


def said_in_head(head: Iterable[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return what the lines of a page's head say, as ``IncidentStatement.said``, and which labels there are none."""
    head = list(head)
    excused = excused_lines(head)
    said, unread = list[tuple[str, str]](), list[str]()
    for index, line in enumerate(head):
        if index in excused:
            continue
        found = [*said_in([line]), *(("tlp", label) for _, label in labels_in(line) if label in TLP_LABELS)]
        if not found and _names_no_label(line):
            unread.append(_no_label(line))
        said += found
    return said, unread


def said_in(lines: Iterable[str], *, in_midst: bool = False, stated: Container[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield what lines say of a status or a label in whatever form, where it is a known word.

    Args:
        lines: of a text.
        in_midst: whether it may stand anywhere in a line, as behind an incident's id; otherwise a line begins with it.
        stated: what options state: a sentence that goes on behind the word says nothing of it.
    """
    for written in lines:
        line = plain(written)
        line = _TAG.sub(" ", line) if "<" in line else line
        for name, value in said_otherwise(line):
            if name != "tlp" or value in TLP_LABELS:
                yield name, value
        if not any(word in line for word in _WORDS_SAID):
            continue  # most lines
        for match in _SAID.finditer(line) if in_midst else filter(None, [_SAID.match(line)]):
            name, value = match["key"] or match["bound"], match["value"]
            name = name if name in _BOUND else _near(name) or ("tlp" if name.startswith("tlp") else "")
            if name in stated and _GOES_ON.match(line, match.end()):
                continue
            label = as_label(value)
            if name == "status" and value in INCIDENT_STATUSES:
                yield name, value
            elif name.startswith("tlp") and label in TLP_LABELS:
                yield "tlp", label
        if in_midst and (bracketed := _IN_BRACKETS.search(line)):
            yield "status", bracketed["value"]


def _names_no_label(line: str, most_words: int = 60) -> bool:
    """Say whether a line states a label that is none, in some words at most."""
    looked_at = plain(line)
    said = said_otherwise(looked_at) if "tlp" in looked_at or "traffic" in looked_at else ()
    return any(n == "tlp" and value not in TLP_LABELS and value.count("+") < most_words for n, value in said)


def _no_label(line: str) -> str:
    return f"`{line.strip()[:60]}` names no TLP label; write one of {', '.join(TLP_LABELS)}"


def _stated(block: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield the names of the options that stand in a block, in either form, each with the index of its line.

    Of two, YAML takes the last one.
    """
    head = read_head(block[1:])
    if head.is_yaml:
        yield from ((option.name.strip().casefold(), option.index + 1) for option in head.options)
    first = head.end + 1 if head.is_yaml else 0
    for index, line in enumerate(block[first:], start=first):
        if match := _STATED.match(line):
            yield match["name"].strip().casefold(), index


@lru_cache(maxsize=4096)
def _near(name: str) -> str:
    """Return the option that a name which does not exist means, if it may be one of those that bind."""
    if name == "tags":
        return ""  # a common key, and no slip
    if name.startswith("tlp") and name[3:4].isalpha():
        return "tlp"
    if re.match(r"tlp\W|tlp_|\W*tlp\W*$", name):
        return "tlp" if not re.search(r"tlp\W*\w", name) else re.sub(r"\W+|_", "-", name)
    return next(iter(difflib.get_close_matches(name, _BOUND, n=1, cutoff=0.6)), "")


@dataclass(frozen=True)
class IncidentRule:
    """The rule of a site, for all its editions.

    Attributes:
        audiences: the site's audiences.
        ceilings: by edition, the strictest label that it may show (``postmortem_edition_ceilings``).
        statuses: by edition, the statuses that it shows (``postmortem_edition_statuses``).
        documents: by edition, the label that its documents bear at least (``postmortem_edition_tlp``).
    """

    audiences: Audiences = field(default_factory=Audiences)
    ceilings: Mapping[str, str] = field(default_factory=dict[str, str])
    statuses: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    documents: Mapping[str, str] = field(default_factory=dict[str, str])

    def ceiling(self, edition: str) -> str:
        """Return the strictest label that an edition may show: RED for the first, which shows all.

        Unless the site sets one, it is the label of the edition's documents. By default it is AMBER+STRICT for
        ``leadership`` and for the second of three or more editions, CLEAR for the last, and GREEN for others.
        """
        names = self.audiences.names
        last = names[-1]
        if edition == names[0]:
            return TLP_LABELS[0]
        if stated := self.ceilings.get(edition) or self.documents.get(edition):
            return stated
        if edition == "leadership" or (edition == names[1] and len(names) > 2):
            return "AMBER+STRICT"
        return "CLEAR" if edition == last else "GREEN"

    def own_label(self, statement: IncidentStatement, edition: str) -> str:
        """Return the label that the author states for an edition; empty where there is none.

        A label for an audience holds for the less privileged ones too: they see no more.
        """
        names = self.audiences.names
        label = statement.labels.get("", "")
        for name in names[: names.index(edition) + 1]:
            label = statement.labels.get(name, label)
        return label

    def label(self, statement: IncidentStatement, edition: str, *, marked: bool = False) -> str:
        """Return the label that an incident bears in an edition, empty for none.

        It is the author's, or a stricter one: that of the edition's documents, or AMBER where a page shows what is
        marked for some audiences only and the author states no label for the edition itself.

        Args:
            statement: what the incident says of itself.
            edition: the edition's name.
            marked: whether the page shows what less privileged audiences do not see.
        """
        own = self.own_label(statement, edition)
        if not own:
            return own
        labels = [own, self.documents.get(edition, "")]
        if marked and edition not in statement.labels:
            ceiling = self.ceiling(edition)
            labels.append(FLOOR if strictness(FLOOR) <= strictness(ceiling) else ceiling)
        return strictest(labels)

    def allows_status(self, statement: IncidentStatement, edition: str) -> bool:
        """Say whether an edition shows incidents with this status, or with none."""
        is_first = edition == self.audiences.internal
        return is_first or statement.status in (None, *self.statuses.get(edition, DEFAULT_STATUSES))

    def why_hidden(self, statement: IncidentStatement, edition: str) -> str:
        """Return why an edition does not show an incident; empty where it does. The first edition shows all."""
        if edition == self.audiences.internal:
            return ""
        if statement.unread:
            return statement.unread[0]
        if not self.allows_status(statement, edition):
            allowed = self.statuses.get(edition, DEFAULT_STATUSES)
            said = f"its status is {statement.status}" if statement.status else "its status is blank"
            return f"{said}, and only {', '.join(allowed) or 'none'} is shown there"
        own, ceiling = self.own_label(statement, edition), self.ceiling(edition)
        if not all(statement.labels.values()):
            return "its TLP label is blank; write it"
        if own and own not in TLP_LABELS:
            return f'its TLP label "{own}" is none; write one of {", ".join(TLP_LABELS)}'
        if own and strictness(own) > strictness(ceiling):
            return f"it is TLP:{own}, and only up to TLP:{ceiling} is shown there"
        return next(self._held_by_text(statement.said, edition), "")

    def _held_by_text(self, said: Iterable[tuple[str, str]], edition: str) -> Iterator[str]:
        allowed, most = self.statuses.get(edition, DEFAULT_STATUSES), strictness(self.ceiling(edition))
        for name, value in said:
            if name == "held":
                told = f"its text says `{value}`; take that out"
                yield f"{told}, or say in a comment on the line `postmortem: no-marking`"
            elif value not in allowed if name == "status" else strictness(value) > most:
                told = f"its text says `{name}: {value}`, in these words or others"
                yield f"{told}; write the option `:{name}:`, or word the text in another way"

    def contradictions(self, statement: IncidentStatement, marked_for: str = "") -> Iterator[str]:
        """Yield what a statement contradicts: itself, or the audience that the page is marked for.

        Args:
            statement: what the incident says of itself.
            marked_for: the audience that the page's own marking names; empty without one.
        """
        names = self.audiences.names
        own = statement.labels.get("", "")
        if own and strictness(statement.labels.get(names[0], own)) < strictness(own):
            yield f"`:tlp-{names[0]}:` is laxer than `:tlp:`, and both state the incident's own label; take it out"
        for name in statement.labels:
            if name and name not in names:
                near = difflib.get_close_matches(name, names, n=1, cutoff=0)
                yield f"`:tlp-{name}:` names no audience; write `:tlp-{near[0]}:`"
            elif name and "" not in statement.labels:
                yield f"`:tlp-{name}:` states a label for one edition; state the incident's own with `:tlp:`, too"
        last = statement.labels.get("", "")
        for name in names[1:]:
            label = statement.labels.get(name, last)
            if last and strictness(label) > strictness(last):
                yield f"`:tlp-{name}:` is TLP:{label}, but a more privileged audience reads it as TLP:{last}"
            last = label
        if marked_for in names and marked_for != names[0]:
            own, ceiling = self.own_label(statement, marked_for), self.ceiling(marked_for)
            if own and strictness(own) > strictness(ceiling):
                yield (
                    f"the page is marked `audience: {marked_for}`, and its incident is TLP:{own}; that edition shows "
                    f"up to TLP:{ceiling}. Take the marking off, or state the label of that edition with "
                    f"`:tlp-{marked_for}:`"
                )

    def may_hide(self, text: str, edition: str) -> bool:
        """Say whether any line of a text may state what hides an incident: a quick look before the page is read.

        False is certain as far as the text holds all of the page, which means that it includes nothing.
        """
        allowed, most = self.statuses.get(edition, DEFAULT_STATUSES), strictness(self.ceiling(edition))
        seen: set[str] = set()
        for match in _LINE.finditer(text):
            name, value = " ".join(match["name"].casefold().split()), read_label(match["value"])
            if name.removeprefix("tlp-") in self.audiences.names and value == "CLEAR" and "tlp" in seen:
                continue  # nothing is laxer, so that it contradicts nothing
            if name not in ("status", "tlp"):
                if name.startswith("tlp-") or _near(name):
                    return True
            elif name in seen or not (value.casefold() in allowed if name == "status" else strictness(value) <= most):
                return True
            else:
                seen.add(name)
        lines = text.split("\n")
        with_label = (line for line in lines if "tlp" in line.casefold())
        if any(strictness(label) > most for line in with_label for _, label in labels_in(line)):
            return True
        of_head, faults = said_in_head(line for _, line in head_lines(lines, markdown=True))
        if faults or next(self._held_by_text(of_head, edition), "") != "":
            return True
        summaries = (line for line in lines if "incident-summary" in line)
        said = (*said_in(lines), *said_in(summaries, in_midst=True))
        return any(map(_names_no_label, lines)) or next(self._held_by_text(said, edition), "") != ""


def held_back(rule: IncidentRule, statement: IncidentStatement) -> Iterator[str]:
    """Yield, for each reason, which editions do not show an incident, as a sentence."""
    reasons: dict[str, list[str]] = {}
    for edition in rule.audiences.names[1:]:
        if reason := rule.why_hidden(statement, edition):
            reasons.setdefault(reason, []).append(edition)
    for reason, editions in reasons.items():
        listed = " and ".join(f'"{name}"' for name in editions)
        yield f"the edition{'s' if len(editions) > 1 else ''} {listed} will not show this incident: {reason}"
