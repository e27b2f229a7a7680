"""Anchors and generated ids: unique, stable over editions and row order, and safe in every builder."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from sphinx_postmortem.core.expressions import expression

_PLAIN = expression(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


def short_hash(text: str, length: int = 6) -> str:
    """Return the first ``length`` hexadecimal digits of the text's SHA-256, spaces and case folded."""
    folded = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest()[:length]


def slug(text: str) -> str:
    """Return ``text`` as an HTML id part. A hash is added when letters would be lost, in any script."""
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return text.lower()
    kept = re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower())
    return f"{kept.strip('-')}-{short_hash(text)}".strip("-")


def anchor(kind: str, *parts: str) -> str:
    """Return the anchor of a record, such as ``pm-action-sec-2026-014-a1``."""
    return "-".join(["pm", kind, *(slug(part) for part in parts)])
