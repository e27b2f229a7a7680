"""Pages in which a hidden text is marked, well or badly: containers, marks, slips and indents, in both syntaxes.

``zqhid`` is what the author means to hide, ``zqvis`` is for all. Each page must be refused, or lack the one and have the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

HIDDEN, SHOWN = "zqhid", "zqvis"

# What stands before the first line, and before the others.
MYST_CONTAINERS = {
    "page": ("", ""),
    "list": ("- ", "  "),
    "list of stars": ("* ", "  "),
    "numbers": ("1. ", "   "),
    "numbers with brackets": ("10) ", "    "),
    "list in a list": ("- - ", "    "),
    "quote": ("> ", "> "),
    "quote in a list": ("- > ", "  > "),
    "list in a quote": ("> - ", ">   "),
    "definition": ("term\n: ", "  "),
    "footnote": ("x[^f]\n\n[^f]: ", "    "),
    "field": (":field: ", "    "),
    "note": ("::::::{note}\n", "", "\n::::::"),
    "tab": ("``````{tab-set}\n`````{tab-item} T\n", "", "\n`````\n``````"),
    "grid": (":::::::{grid}\n::::::{grid-item-card} T\n", "", "\n::::::\n:::::::"),
    "dropdown": ("``````{dropdown} T\n", "", "\n``````"),
    "only": ("``````{only} html\n", "", "\n``````"),
    "shown block": ("```````{audience} public\n", "", "\n```````"),
    "hlist": ("```````{hlist}\n- ", "  ", "\n```````"),
    "glossary": ("```````{glossary}\nterm\n: ", "  ", "\n```````"),
    "legend": ("```````{figure} x.png\ncaption\n\n", "", "\n```````"),
    "HTML": ("<div>\n", "", "\n</div>"),
    "details": ("<details>\n", "", "\n</details>"),
    "details with a blank line": ("<details>\n\n", "", "\n\n</details>"),
    "math": ("$$\n", "", "\n$$"),
    "table": ("| a |\n|---|\n| ", "", " |"),
    "list-table": ("``````{list-table}\n* - ", "    ", "\n``````"),
    "parsed literal": ("``````{parsed-literal}\n", "", "\n``````"),
    "title": ("## ", ""),
    "tab character": ("\t", "\t"),
    "item and tab": ("-\t", "\t"),
    "line of text": ("text\n", ""),
    "span": ("text ", ""),
    "emphasis": ("**", "", "**"),
    "link": ("[", "", "](x)"),
}
MYST_MARKS = {
    "marking": ":::{internal-only}\nBODY\n:::",
    "long": "::::{internal-only}\nBODY\n\n:::{note}\nBODY\n:::\n\nBODY\n::::",
    "equal fences": ":::{internal-only}\nx\n\n:::{note}\ny\n:::\n\nBODY\n:::",
    "inner longer": ":::{internal-only}\nx\n\n::::{note}\ny\n::::\n\nBODY\n:::",
    "back-ticks": "```{internal-only}\nBODY\n```",
    "tildes": "~~~{internal-only}\nBODY\n~~~",
    "audience": ":::{audience} internal\nBODY\n:::",
    "option": ":::{root-cause}\n:audience: internal\n\nBODY\n:::",
    "foreign option": ":::{tip}\n:audience: internal\n\nBODY\n:::",
    "foreign class": ":::{tip}\n:class: internal-only\n\nBODY\n:::",
    "spaced option": ":::{root-cause}\n: audience: internal\n\nBODY\n:::",
    "option before the colon": ":::{root-cause}\n:audience : internal\n\nBODY\n:::",
    "option with an equals sign": ":::{root-cause}\naudience = internal\n\nBODY\n:::",
    "option on the next line": ":::{root-cause}\n:audience:\n  internal\n\nBODY\n:::",
    "YAML options": ":::{root-cause}\n---\naudience: internal\n---\nBODY\n:::",
    "foreign YAML": ":::{tip}\n---\naudience: internal\n---\nBODY\n:::",
    "escaped": ":::\\{internal-only}\nBODY\n:::",
    "escaped twice": ":::\\{internal-only\\}\nBODY\n:::",
    "escaped fence": "\\:::{internal-only}\nBODY\n:::",
    "entity": ":::{internal&#45;only}\nBODY\n:::",
    "space": ":::{internal only}\nBODY\n:::",
    "joined": ":::{internalonly}\nBODY\n:::",
    "underscore": ":::{internal_only}\nBODY\n:::",
    "no brace": ":::internal-only\nBODY\n:::",
    "name": ":::internal\nBODY\n:::",
    "name in braces": ":::{internal}\nBODY\n:::",
    "class": "{.internal}\nBODY",
    "attribute": "{audience=internal}\nBODY",
    "attribute in quotes": '{audience="internal"}\nBODY',
    "span with a class": "[BODY]{.internal-only}",
    "role": "{internal-only}`BODY`",
    "HTML class": '<div class="internal-only">BODY</div>',
    "HTML element": "<internal-only>\n\nBODY\n\n</internal-only>",
    "HTML attribute": "<p data-audience='internal'>BODY</p>",
    "comment": "<!-- internal-only -->\n\nBODY",
    "zero width": ":::{inter\u200bnal-only}\nBODY\n:::",
    "soft hyphen": ":::{internal-\u00adonly}\nBODY\n:::",
    "full width": "：：：｛internal-only｝\nBODY\n：：：",
    "look-alike": ":::{\u0456nternal-only}\nBODY\n:::",
    "no-break space": ":::\u00a0{internal-only}\nBODY\n:::",
    "line separator": ":::{internal-only}\nx\u2028BODY\n:::",
    "next line": ":::{internal-only}\nx\u0085BODY\n:::",
    "two colons": "::{internal-only}\nBODY\n::",
    "no end": ":::{internal-only}\nBODY",
    "upper case": ":::{INTERNAL-ONLY}\nBODY\n:::",
    "domain": ":::{postmortem:internal-only}\nBODY\n:::",
    "other syntax": ".. internal-only::\n\n   BODY",
    "eval-rst": "```{eval-rst}\n.. internal-only::\n\n   BODY\n```",
    "eval-rst in a list": "```{eval-rst}\n- .. internal-only::\n\n  BODY\n```",
    "plain table": "| a | Audience |\n|---|---|\n| BODY | internal |",
    "plain table of words": "| a | Audience |\n|---|---|\n| BODY | internal only |",
    "plain table, no header": "| a | Seen by |\n|---|---|\n| BODY | internal, leadership |",
    "front matter below": "---\naudience: internal\n---\nBODY",
    "footnote": ":::{internal-only}\nx[^h]\n:::\n\n[^h]: BODY",
    "substitution definition": ":::{internal-only}\n![x][h]\n:::\n\n[h]: http://BODY",
}
RST_CONTAINERS = {
    "page": ("", ""),
    "list": ("- ", "  "),
    "numbers": ("1. ", "   "),
    "letters": ("a) ", "   "),
    "roman": ("(iv) ", "     "),
    "automatic": ("#. ", "   "),
    "list in a list": ("- - ", "    "),
    "quote": ("x\n\n   ", "   "),
    "definition": ("term\n   ", "   "),
    "field": (":field: ", "   "),
    "footnote": ("x [#f]_\n\n.. [#f] ", "   "),
    "citation": ("x [C]_\n\n.. [C] ", "   "),
    "option": ("-o  ", "    "),
    "line block": ("| ", "| "),
    "note": (".. note::\n\n   ", "   "),
    "note, same line": (".. note:: ", "   "),
    "tab": (".. tab-set::\n\n   .. tab-item:: T\n\n      ", "      "),
    "card": (".. card:: T\n\n   ", "   "),
    "list-table": (".. list-table::\n\n   * - ", "       "),
    "only": (".. only:: html\n\n   ", "   "),
    "container": (".. container:: x\n\n   ", "   "),
    "parsed literal": (".. parsed-literal::\n\n   ", "   "),
    "shown block": (".. audience:: public\n\n   ", "   "),
    "hlist": (".. hlist::\n\n   - ", "     "),
    "glossary": (".. glossary::\n\n   term\n      ", "      "),
    "example of Python": (">>> x\n", ""),
    "raw": (".. raw:: html\n\n   ", "   "),
    "line of text": ("text\n", ""),
    "span": ("text ", ""),
    "title": ("", ""),
}
RST_MARKS = {
    "marking": ".. internal-only::\n\n   BODY",
    "two paragraphs": ".. internal-only::\n\n   BODY\n\n   BODY",
    "body next": ".. internal-only::\n   BODY",
    "body on the line": ".. internal-only:: BODY",
    "two spaces": ".. internal-only::\n\n  BODY",
    "no indent": ".. internal-only::\n\nBODY",
    "dedent": ".. internal-only::\n\n   x\nBODY",
    "uneven": ".. internal-only::\n\n     x\n\n  BODY",
    "tab": ".. internal-only::\n\n\tBODY",
    "audience": ".. audience:: internal\n\n   BODY",
    "option": ".. root-cause::\n   :audience: internal\n\n   BODY",
    "option, blank line": ".. root-cause::\n\n   :audience: internal\n\n   BODY",
    "foreign option": ".. tip::\n   :audience: internal\n\n   BODY",
    "foreign class": ".. tip::\n   :class: internal-only\n\n   BODY",
    "one colon": ".. internal-only:\n\nBODY",
    "no space": "..internal-only::\n\n   BODY",
    "space": ".. internal only::\n\nBODY",
    "underscore": ".. internal_only::\n\nBODY",
    "one dot": ". internal-only::\n\n   BODY",
    "ellipsis": "\u2026 internal-only::\n\n   BODY",
    "container": ".. container:: internal-only\n\n   BODY",
    "class": ".. class:: internal\n\nBODY",
    "rst-class": ".. rst-class:: internal-only\n\nBODY",
    "role": ":internal-only:`BODY`",
    "own role": ".. role:: internal\n\nx :internal:`BODY`",
    "comment": ".. internal-only\n\nBODY",
    "zero width": "..\u200b internal-only::\n\n   BODY",
    "soft hyphen": ".. internal\u00ad-only::\n\n   BODY",
    "full width": ".. internal-only：：\n\n   BODY",
    "look-alike": ".. int\u0435rnal-only::\n\n   BODY",
    "no-break space": "..\u00a0internal-only::\n\n   BODY",
    "line separator": ".. internal-only::\n\n   x\u2028BODY",
    "paragraph separator": ".. internal-only::\n\n   x\u2029BODY",
    "next line": ".. internal-only::\n\n   x\u0085BODY",
    "record separator": ".. internal-only::\n\n   x\x1eBODY",
    "form feed": ".. internal-only::\n\n   x\fBODY",
    "grid table": "+------+----------+\n| a    | Audience |\n+======+==========+\n| BODY | internal |\n+------+----------+",
    "simple table": "===== ========\na     Audience\n===== ========\nBODY  internal\n===== ========",
    "csv table": ".. csv-table::\n   :header: a, Audience\n\n   BODY, internal",
    "list table": ".. list-table::\n\n   * - a\n     - Audience\n   * - BODY\n     - internal only",
    "pipe table": "| a | Audience |\n|---|---|\n| BODY | internal |",
    "other syntax": ":::{internal-only}\nBODY\n:::",
    "field": ":audience: internal\n\nBODY",
    "footnote": ".. internal-only::\n\n   x [#h]_\n\n.. [#h] BODY",
    "automatic footnote": ".. internal-only::\n\n   x [#]_\n\n.. [#] BODY",
    "citation": ".. internal-only::\n\n   x [h]_\n\n.. [h] BODY",
    "substitution": ".. internal-only::\n\n   |h|\n\n.. |h| replace:: BODY",
    "target": ".. internal-only::\n\n   `h`_\n\n.. _h: http://BODY",
}


def _page(kind: str, container: tuple[str, ...], mark: str, gap: str) -> str:
    first, rest, *last = container
    lines = mark.replace("BODY", HIDDEN).split("\n")
    body = "\n".join([first + lines[0], *(rest + line if line.strip() else line for line in lines[1:])])
    title = "# P\n\n" if kind == "md" else "P\n=\n\n"
    return f"{title}{SHOWN}a\n\n{body}{''.join(last)}\n{gap}{SHOWN}b\n"


def pages(kind: str) -> Iterator[tuple[str, str]]:
    """Yield each case's name and page; the second of two variants has the lines of its body at the left margin."""
    containers, marks = (MYST_CONTAINERS, MYST_MARKS) if kind == "md" else (RST_CONTAINERS, RST_MARKS)
    for place, container in containers.items():
        for name, mark in marks.items():
            yield f"{kind}: {name} in {place}", _page(kind, container, mark, "\n")
            # The text of a list item below the block: nothing tells that the block was meant to hold it.
            if place not in ("page", "title") and "\n" in mark and name != "uneven":
                loose = (container[0], "", *container[2:])
                yield f"{kind}: {name} in {place}, body at the margin", _page(kind, loose, mark, "\n")
    if kind == "rst":
        for name, mark in marks.items():
            yield f"rst: {name} indented", _page(kind, ("", ""), indent(mark, "    "), "\n")
