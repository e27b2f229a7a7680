"""The words by which authors say what kind of thing a row or a section holds, in any language that is read.

What a response was for (template section 7), which lessons a heading announces (8, 9 and 14), what an action improves
(10), and whether a reader of a postmortem has agreed (1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import agreed_words, english, english_heading, refusing_words
from sphinx_postmortem.core.language.texts import later
from sphinx_postmortem.core.records.model import CONTAINMENT, DID_NOT_GO_WELL, REMEDIATION, TAKEAWAY, WENT_WELL
from sphinx_postmortem.core.records.tables import column_key

_RESPONSES = {
    CONTAINMENT: ("containment", "contain", "contained", "immediate containment", "mitigation"),
    REMEDIATION: ("remediation", "remediate", "remedied", "fix", "eradication", "recovery"),
}
_RESPONSE_TITLES = {
    CONTAINMENT: ("action taken", "actions taken", "containment action"),
    REMEDIATION: ("fix applied", "fixes applied", "fix", "remediation action"),
}


def response_kind(text: str) -> str:
    """Return the kind that a text names, or an empty text."""
    word = " ".join(english("response_kinds", text.strip("*_` .")).casefold().split())
    return next((kind for kind, words in _RESPONSES.items() if word in words), "")


def response_kind_of_title(title: str) -> str:
    """Return the kind that the title of a column says, or an empty text."""
    return next((kind for kind, titles in _RESPONSE_TITLES.items() if column_key(title) in titles), "")


# Beginnings and parts of headings, as people write them; the first that fits decides.
_HEADINGS = (
    (
        DID_NOT_GO_WELL,
        ("didn't go well", "did not go well", "didn't go so well", "went wrong", "went poorly", "went badly"),
    ),
    (DID_NOT_GO_WELL, ("could have gone better", "can be improved", "could be improved")),
    (WENT_WELL, ("went well", "worked well")),
    (
        TAKEAWAY,
        ("key takeaway", "takeaways", "lessons learned", "lessons learnt", "what we learned", "what was learned"),
    ),
)


def lesson_role(heading: str) -> str:
    """Return which lessons the items below a heading are (template sections 8, 9 and 14), or an empty text."""
    words = " ".join(english_heading(heading).casefold().replace("’", "'").split())
    return next((role for role, texts in _HEADINGS if any(text in words for text in texts)), "")


DETECTION, ACCESS_CONTROL, ARCHITECTURE = later("Detection"), later("Access control"), later("Architecture")
PROCESS = later("Process or documentation")
AREAS = (DETECTION, ACCESS_CONTROL, ARCHITECTURE, PROCESS)

# Other words for an area, among them the kinds of contributing factors that it covers.
_AREAS = {
    DETECTION: ("monitoring", "logging", "alerting", "telemetry", "detection improvements", "observability"),
    ACCESS_CONTROL: ("access", "identity", "iam", "authentication", "authorization", "access control changes"),
    ARCHITECTURE: ("design", "architectural updates", "architectural decisions"),
    PROCESS: ("process", "documentation", "process and documentation", "runbook", "training", "procedure"),
}


def split_areas(cell: str) -> tuple[str, ...]:
    """Return what a cell of the column *Addresses* names, separated by commas, semicolons or slashes."""
    parts = (part.strip().strip("*_`.").strip() for part in re.split(r"[,;/]", cell))
    return tuple(dict.fromkeys(part for part in parts if part))


def area_of(text: str, more: Iterable[str] = ()) -> str:
    """Return the area that a text names, as it is spelled here or in ``more``; the text itself when it is none."""
    known = (*more, *AREAS)
    for name in (text, english("areas", text)):  # a site's own words go first
        wanted = " ".join(name.casefold().split())
        for area in known:
            if wanted == area.casefold() or wanted in _AREAS.get(area, ()):
                return area
    return text


_AGREED = expression(
    r"\W*(?:yes|y|agreed?|agrees|approved?|accepted|signed(?: off)?|ok(?:ay)?|lgtm|\[x\]|[\u2611\u2713\u2714\u2705])"
    r"(?!\w)"
)


@cache
def _taken_back() -> re.Pattern[str]:
    """Return what makes a question or its opposite of a word: "agreed?", "approved: no"; not "agreed, no remarks"."""
    others = "|".join(map(re.escape, refusing_words()))
    return re.compile(
        r" ?[?\uff1f]+\W*\Z|"
        rf" ?[?:(,\u2013\u2014-]{{0,3}} ?(?:no|not(?: yet)?|never|pending|later|tb[cda]|{others})\W*\Z"
    )


_JAPANESE_END = expression(r"(?:済み?|しました|します|した|する|です)?(?:[\W\d].*)?$")
"""What may follow the word in Japanese: it was done. "Does not agree" and "waits for approval" begin with it, too."""
_EAST_ASIAN = "\u2e80"
_LONGEST_STATE = 200  # letters of a cell that are looked at


def has_agreed(state: str) -> bool:
    """Say whether a reader has agreed: the text begins with "agreed" or a word like it ("yes", "approved 2026-03-09").

    "Agreed" in another place ("not agreed", "to be agreed") is no agreement, and neither is "agreed: no", "agreed?" or
    an empty text.
    """
    text = " ".join(unicodedata.normalize("NFC", state[:_LONGEST_STATE]).casefold().replace("\u2019", "'").split())
    text = re.sub(r"[*_`\ufe0f]", "", text)
    if match := _AGREED.match(text):
        return not _taken_back().match(text, match.end())
    return any(_begins(text, word) for word in agreed_words())


def _begins(text: str, word: str) -> bool:
    bare = text.lstrip("*_`[]() ")
    if not bare.startswith(word):
        return False
    rest = bare[len(word) :]
    ends = bool(_JAPANESE_END.match(rest)) if word > _EAST_ASIAN else not rest[:1].isalnum()
    return ends and not _taken_back().match(rest)
