"""What a reader said of a postmortem in its review record, as people write it."""

from __future__ import annotations

import unicodedata

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import agreed_words

_LONGEST = 200  # letters of a cell that are looked at
_AGREED = expression(
    r"\W*(?:yes|y|agreed?|agrees|approved?|accepted|signed(?: off)?|ok(?:ay)?|lgtm|\[x\]|[\u2713\u2714\u2705])"
    r"(?:\W.*)?$"
)
_JAPANESE_END = expression(r"(?:済み?|しました|します|した|する|です)?(?:[\W\d].*)?$")
"""What may follow the word in Japanese: it was done. "Does not agree" and "waits for approval" begin with it, too."""
_EAST_ASIAN = "\u2e80"


def has_agreed(state: str) -> bool:
    """Say whether a reader has agreed: the text begins with "agreed" or a word like it ("yes", "approved 2026-03-09").

    "Agreed" in another place ("not agreed", "to be agreed") is no agreement, and neither is an empty text.
    """
    text = " ".join(unicodedata.normalize("NFC", state[:_LONGEST]).casefold().replace("\u2019", "'").split())
    return bool(_AGREED.match(text.replace("\ufe0f", ""))) or any(_begins(text, word) for word in agreed_words())


def _begins(text: str, word: str) -> bool:
    bare = text.lstrip("*_`[]() ")
    if not bare.startswith(word):
        return False
    rest = bare[len(word) :]
    return bool(_JAPANESE_END.match(rest)) if word > _EAST_ASIAN else not rest[:1].isalnum()
