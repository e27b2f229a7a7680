"""What mends a marking that hides nothing, by the kind of its mention."""

from __future__ import annotations

from collections.abc import Sequence

from sphinx_postmortem.core.audience.mentions import Mention
from sphinx_postmortem.core.audience.notebooks import SUFFIX
from sphinx_postmortem.core.audience.page_head import read_page_marking
from sphinx_postmortem.core.audience.unread_summaries import SUMMARY
from sphinx_postmortem.core.directive_names import REQUIRED_COLUMNS

NO_MARKING_HINT = (
    "If it is none, say so on the line above: `<!-- postmortem: no-marking -->` or `.. postmortem: no-marking`"
)
_IN_A_NOTEBOOK = "If it is none, say so on its line: `# postmortem: no-marking`, in Markdown within `<!-- -->`"
CURES = {
    "block": "write it as `:::{internal-only}` (Markdown) or `.. internal-only::` (reStructuredText), on a line of its "
    "own, as far to the left as the text round it",
    "key": "`audience` marks a page at the very top of its file (front matter, or a field in reStructuredText), and a "
    "block as an option right below the line that opens a directive of this extension",
    "columns": "`:internal-columns:` works right below the opening line of a table of ours alone "
    f"({', '.join(f'`{name}`' for name in REQUIRED_COLUMNS)})",
    "condition": "`only` and `ifconfig` leave titles and labels of what they hide in the output; write an `audience` "
    "block",
    "summary": "no directive has read this summary, so that its status and label hide no page; write it as "
    f"`:::{{{SUMMARY}}} ID` (Markdown) or `.. {SUMMARY}:: ID` (reStructuredText), on a line of its own",
    "switch": "no incident stands on this page, so that it hides nothing; mark the page with `audience: NAME`. In "
    "front matter `# postmortem: no-marking` behind it says that it is none",
    "name": "to hide this, put it into an `internal-only` or `audience` block",
    "cell": "a plain table hides nothing: use `timeline` or `action-table` with a column Audience, or put what is not "
    "for all into an `internal-only` block",
    "head": "the head of a file that a page includes marks nothing, since the file is not shown as a page; put the "
    "include into an `internal-only` block, or take it out",
    "notebook": "a notebook is hidden as a whole, by front matter in its first cell or `postmortem_audience_paths`",
}


def cure_of(path: str, mention: Mention, lines: Sequence[str], *, is_included: bool) -> str:
    """Say what mends a mention that hides nothing.

    Args:
        path: the file in which it stands.
        mention: where it stands, and of which kind it is.
        lines: the lines of the file.
        is_included: whether a page includes the file.
    """
    if path.endswith(SUFFIX):
        return f"{CURES['notebook']}. {_IN_A_NOTEBOOK}"
    cure = _cure_in_text(mention, lines, is_included=is_included)
    return f"{cure}. {NO_MARKING_HINT}"


def _cure_in_text(mention: Mention, lines: Sequence[str], *, is_included: bool) -> str:
    if is_included and mention.kind == "key":
        heads = (read_page_marking("\n".join(lines), markdown=markdown) for markdown in (True, False))
        if any(head.line == mention.line for head in heads):
            return CURES["head"]
    return CURES[mention.kind]
