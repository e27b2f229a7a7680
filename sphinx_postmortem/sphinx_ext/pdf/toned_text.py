"""Severities and statuses in colour, with their marks: what the style sheet of pages does, as styles of a PDF."""

from __future__ import annotations

from docutils import nodes

from sphinx_postmortem.core.records.tones import Tone
from sphinx_postmortem.sphinx_ext.pdf.fonts import FontSet
from sphinx_postmortem.sphinx_ext.tree import every

MARKS = {
    "sev1": "\u25ae\u25ae\u25ae",
    "sev2": "\u25ae\u25ae\u25af",
    "sev3": "\u25ae\u25af\u25af",
    "sev4": "\u25af\u25af\u25af",
    "open": "\u25cb",
    "prog": "\u25d0",
    "review": "\u25c9",
    "draft": "\u25cc",
    "done": "\u2713",
    "over": "\u25b2",
}
"""The nearest characters to the marks of pages; one that no font has is left out, and the word stands alone."""

_LABELS = ("red", "amber", "green", "clear")
_SPACE = "\u00a0"
_TONES = {f"pm-{tone}": f"postmortem-{tone}" for tone in Tone}
LATE = f"postmortem-text-{Tone.CRITICAL}"


def tone_texts(tree: nodes.Element, fonts: FontSet) -> None:
    """Give the badges, the tags and the words about lateness in a tree the styles of their tones."""
    for node in every(tree, nodes.inline):
        classes = node["classes"]
        if "pm-badge" in classes:
            _tone_badge(node, fonts)
        elif "pm-tlp" in classes:
            label = node.astext().partition(":")[2].partition("+")[0].casefold()
            node["classes"] = [f"postmortem-label-{label}"] if label in _LABELS else []
            node[:] = [nodes.Text(f"{_SPACE}{node.astext()}{_SPACE}")]
        elif "pm-audience" in classes or "pm-caveat" in classes:
            node["classes"] = ["postmortem-quiet"]
        elif "pm-over" in classes:
            node["classes"] = [LATE]
        elif "pm-value" in classes:
            node["classes"] = ["postmortem-quiet" if "pm-none" in classes else "postmortem-strong"]
    for row in every(tree, nodes.row):
        if "pm-phase" in row["classes"]:
            for paragraph in every(row, nodes.paragraph):
                paragraph["classes"] = ["postmortem-phase"]


def _tone_badge(badge: nodes.inline, fonts: FontSet) -> None:
    style = next((_TONES[name] for name in badge["classes"] if name in _TONES), "")
    if not style:
        return
    mark = next((MARKS.get(name.removeprefix("pm-mark-"), "") for name in badge["classes"] if "pm-mark-" in name), "")
    shown = [mark] if mark and all(fonts.face_for(each, mono=False) for each in mark) else []
    words = badge.astext().replace(" ", _SPACE)
    badge["classes"] = [style]
    badge[:] = [nodes.Text(_SPACE + _SPACE.join([*shown, words]) + _SPACE)]
