"""Our directives by name, with their options: what they take, what holds without them, and what they mean.

Directives take their option tables from here (``options.option_spec``), and the reference shows the texts.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sphinx_postmortem.core.directive_names import DIRECTIVE_NAMES, MARKING_OPTIONS, REQUIRED_COLUMNS
from sphinx_postmortem.core.option_texts import OptionText, names
from sphinx_postmortem.core.records.model import RESPONSE_KINDS
from sphinx_postmortem.core.records.vocabulary import INCIDENT_STATUSES, INCIDENT_TYPES, TLP_LABELS

TEXT = "text"
COMMON: Mapping[str, OptionText] = {
    "audience": OptionText("an audience", "all see it", "Only editions for it or for more privileged ones show this."),
    "name": OptionText("a label", "none", "The name by which references find this place."),
    "class": OptionText("names", "none", "Classes for your own style sheet, separated by spaces."),
}

_TABLE = {
    "file": OptionText(
        "a path", "the body", "A CSV file below the source folder with the table, in place of the body."
    ),
    "internal-columns": OptionText(
        "titles", "none", "Columns to hide from all but the first audience, separated by commas."
    ),
}

_MARKING = {
    "summary": OptionText(
        "text", "`postmortem_redaction_notice`", "What editions show that do not show the block. It is published."
    ),
}


_OF_PAGES: Mapping[str, Mapping[str, OptionText]] = {
    "incident-summary": {
        "date": OptionText("a day, or `YYYY-MM-DD to YYYY-MM-DD`", "not shown", "When the incident took place."),
        "severity": OptionText("one of `postmortem_severities`", "not shown", "How grave the incident was."),
        "type": OptionText(f"one of {names(INCIDENT_TYPES)}", "not shown", "The kind of incident."),
        "status": OptionText(
            f"one of {names(INCIDENT_STATUSES)}",
            "not shown; checked as a draft",
            "How far the postmortem is. A draft is in the first edition alone.",
        ),
        "tlp": OptionText(
            f"one of {names(TLP_LABELS)}",
            "not shown",
            "The TLP 2.0 label. An edition shows no stricter one than its ceiling, `postmortem_edition_ceilings`. "
            "`tlp-` and an audience, as in `:tlp-public: CLEAR`, states the label for that edition and the less "
            "privileged ones.",
        ),
        "runbooks": OptionText(
            "pages", "none", "Runbooks that were used: page names as `{doc}` takes them, separated by commas."
        ),
        "attack": OptionText(
            "ids", "not shown", "Techniques of MITRE ATT&CK, such as `T1078.004`, separated by commas."
        ),
        "repeats": OptionText(
            "incident ids", "none", "Earlier incidents that this one repeats, separated by commas; each names this one."
        ),
        "detected-by": OptionText(
            TEXT,
            "not shown",
            "Who or what noticed the incident, in words that incidents share, such as `Customer`.",
        ),
        "customer-impact": OptionText(TEXT, "not shown", "What customers met with."),
        "operational-impact": OptionText(TEXT, "not shown", "What operations or revenue suffered."),
        "regulatory-impact": OptionText(TEXT, "not shown", "Duties towards regulators, law, reputation."),
    },
    "timeline": _TABLE,
    "action-table": _TABLE,
    "response-table": {
        **_TABLE,
        "kind": OptionText(
            f"one of {names(RESPONSE_KINDS)}", "the column *Kind*", "What the rows were for that do not say it."
        ),
    },
    "veris": _TABLE,
    "review-record": _TABLE,
    "closure-checklist": {
        "lessons": OptionText(
            "text with a date", "the list below *Closure criteria*", "When and to whom the lessons were communicated."
        ),
    },
    "audience": _MARKING,
    "internal-only": _MARKING,
    "root-cause": {},
    "contributing-factors": {},
    "affected-assets": {},
    "revision-history": {},
}


class _DirectiveOptions(Mapping[str, Mapping[str, OptionText]]):
    """The options of all directives. Those of lists are made when one is asked for: most pages hold no list."""

    def __getitem__(self, directive: str) -> Mapping[str, OptionText]:
        if directive not in DIRECTIVE_NAMES:
            raise KeyError(directive)
        if directive in _OF_PAGES:
            return _OF_PAGES[directive]
        from sphinx_postmortem.core.options_of_lists import options_of_list

        return options_of_list(directive)

    def __iter__(self) -> Iterator[str]:
        return iter(DIRECTIVE_NAMES)

    def __len__(self) -> int:
        return len(DIRECTIVE_NAMES)


DIRECTIVE_OPTIONS: Mapping[str, Mapping[str, OptionText]] = _DirectiveOptions()
"""What each directive takes: for a list what its table of fields gives, then what is its own."""

SUMMARY_TEXTS = tuple(name for name, each in DIRECTIVE_OPTIONS["incident-summary"].items() if each.takes == TEXT)
"""The options of a summary that hold an author's sentences."""

OLD_OPTIONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "incident-summary": {"dates": ("date", "")},
    "action-list": {"overdue": ("state", "overdue")},
}
"""Names that options had: what they are called now, and their value where it was not written."""

WHAT_IS_MISSING: Mapping[str, str] = {
    "incident-summary": "say what happened, the impact and the resolution",
    "root-cause": "explain why existing controls failed",
    "contributing-factors": "name what contributed, as in `- **Monitoring**: no alert covered it`",
    "affected-assets": "name what was affected, as in `- **Accounts**: the deployment identity`",
    **dict.fromkeys(REQUIRED_COLUMNS, "write a table, or name a CSV with `:file:`"),
}
"""What to write into each directive that needs a body."""


def options_of(directive: str, audiences: Iterable[str]) -> tuple[str, ...]:
    """Return the options that a directive takes, with the names of old ones left out.

    Args:
        directive: its name.
        audiences: those of the site: a summary states a label for each, as ``tlp-public``.
    """
    labels = [f"tlp-{name}" for name in audiences] if directive == "incident-summary" else []
    return (*DIRECTIVE_OPTIONS.get(directive, ()), *COMMON, *labels)


def old_option(directive: str, name: str, value: str) -> tuple[str, str, str] | None:
    """Return an old option's name of today, its value, and what to say of it; None for an option of today."""
    found = OLD_OPTIONS.get(directive, {}).get(name)
    if found is None:
        return None
    new, text = found[0], found[1] or value
    return new, text, f"`:{name}:` is an old name; write `:{new}: {text}` instead"


def unknown_option(directive: str, name: str, known: Sequence[str]) -> str:
    """Return what is wrong with an option that does not exist, with the nearest that does."""
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean `:{near[0]}:`?" if near else f"known are: {', '.join(sorted(known))}"
    return f"`{directive}` has no option `:{name}:`; {hint}"


def empty_body(directive: str) -> str:
    """Return what is wrong with a directive that needs a body and has none."""
    return f"`{directive}` is empty; {WHAT_IS_MISSING[directive]}"


def meant_marking(name: str, known: Sequence[str]) -> str:
    """Return the option by which content is marked that an unknown option means; empty where it means none."""
    if name in known:
        return ""
    near = difflib.get_close_matches(name.casefold().strip(), MARKING_OPTIONS, n=1, cutoff=0.8)
    return near[0] if near else "internal-columns" if name.endswith(("column", "columns")) else ""
