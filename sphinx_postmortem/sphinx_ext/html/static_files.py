"""Our style sheets and scripts in HTML sites: how they are written.

The package holds them as people read them; a site gets them without comments and without spaces that say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from sphinx_postmortem.core.expressions import expression

STATIC = Path(__file__).parents[2] / "static"
STYLE_SHEETS = ("postmortem.css", "postmortem-incident.css", "postmortem-lists.css")
SCRIPT, SEARCH_SCRIPT = "postmortem.js", "postmortem-search.js"

# A string stays as it is; round some signs no space is needed, and elsewhere one is enough. No string holds a comment.
_STYLE_COMMENT = expression(r"/\*.*?\*/", re.DOTALL)
_STYLE_SIGNS = "{};,>/!"
_SCRIPT_COMMENT = expression(r"/\*.*?\*/|\s// [^\n]*", re.DOTALL)
_SCRIPT_STRING = expression(r"""("[^"\n]*"|'[^'\n]*'|`[^`\n]*`)""")
# Signs of which no two make another one when they meet; a regular expression of ours holds no space.
_SCRIPT_SIGNS = (*"{}();,=+?:<>", "&&", "||", "!==")


@cache  # a process may build more than one site
def short_style(text: str) -> str:
    """Return a style sheet of ours with the same meaning and fewer characters."""
    parts = _STYLE_COMMENT.sub("", text).split('"')  # between two marks stands a string
    for index in range(0, len(parts), 2):
        one_space = " ".join(f".{parts[index]}.".split())[1:-1]
        parts[index] = _without_spaces_round(_STYLE_SIGNS, one_space).replace(": ", ":")
    return '"'.join(parts).strip().replace(";}", "}") + "\n"


@cache
def short_script(text: str) -> str:
    """Return a script of ours without indentation, comments, most line ends, and spaces that say nothing."""
    parts = _SCRIPT_STRING.split(_SCRIPT_COMMENT.sub("", text))
    parts[::2] = [_without_spaces_round(_SCRIPT_SIGNS, part) for part in parts[::2]]
    lines = filter(None, map(str.strip, "".join(parts).splitlines()))
    joined = "".join(line if line.endswith((";", "{", ",")) else f"{line}\n" for line in lines)
    return joined.replace(";}", "}").replace("}\n}", "}}")  # no loop of ours ends in an empty statement


def _without_spaces_round(signs: Iterable[str], text: str) -> str:
    for sign in signs:
        if sign in text:
            text = text.replace(f" {sign}", sign).replace(f"{sign} ", sign)
    return text


def shorten_static_files(app: Sphinx, exception: Exception | None) -> None:
    """Handle ``build-finished``: write our files anew, shorter. What a site puts in their place stays as it is."""
    if exception is not None or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    for name in (*STYLE_SHEETS, SCRIPT, SEARCH_SCRIPT):
        written = Path(app.outdir, "_static", name)
        text = (STATIC / name).read_text(encoding="utf-8")
        if written.is_file() and written.read_text(encoding="utf-8") == text:
            written.write_text(
                short_style(text) if name.endswith(".css") else short_script(text), "utf-8", newline="\n"
            )
