"""What a reader said of a postmortem in its review record, as people write it."""

from __future__ import annotations

from sphinx_postmortem.core.expressions import expression

_AGREED = expression(
    r"\W*(?:yes|y|agreed?|agrees|approved?|accepted|signed(?: off)?|ok(?:ay)?|lgtm|\[x\]|[\u2713\u2714\u2705])"
    r"(?:\W.*)?$"
)


def has_agreed(state: str) -> bool:
    """Say whether a reader has agreed: the text begins with "agreed" or a word like it ("yes", "approved 2026-03-09").

    "Agreed" in another place ("not agreed", "to be agreed") is no agreement, and neither is an empty text.
    """
    return bool(_AGREED.match(" ".join(state[:200].casefold().split()).replace("\ufe0f", "")))
