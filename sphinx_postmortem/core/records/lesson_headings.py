"""What a section's heading says of the items below it."""

from __future__ import annotations

from sphinx_postmortem.core.language.names import english_heading
from sphinx_postmortem.core.records.model import DID_NOT_GO_WELL, TAKEAWAY, WENT_WELL

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
