"""Every position in which hidden text can stand: snippets for the inside of a block, in both syntaxes.

``CANARY`` is replaced by a word of its own for each position.
"""

from __future__ import annotations

from textwrap import indent

MYST = {
    "paragraph": "CANARY",
    "strong": "a **CANARY** b",
    "literal": "a `CANARY` b",
    "heading": "## CANARY\n\ntext",
    "label": "(CANARY)=\n## Heading {n}\n\ntext",
    "footnote": "text[^f{n}]\n\n[^f{n}]: CANARY",
    "footnote name": "text[^CANARY]\n\n[^CANARY]: note",
    "image": "![alt](images/CANARY.png)",
    "image text": "![CANARY](images/shared.png)",
    "figure caption": "```{figure} images/shared.png\n:name: fig-{n}\n\nCANARY\n```",
    "figure name": "```{figure} images/shared.png\n:name: CANARY\n\ncaption\n```",
    "download": "{download}`file <files/CANARY.txt>`",
    "download text": "{download}`CANARY <files/shared.txt>`",
    "index entry": "```{index} single: CANARY\n```",
    "glossary term": "```{glossary}\nCANARY\n: meaning\n```",
    "glossary meaning": "```{glossary}\nterm{n}\n: CANARY\n```",
    "math label": "```{math}\n:label: CANARY\na = b\n```",
    "math": "```{math}\nCANARY\n```",
    "code": "```python\nCANARY = 1\n```",
    "code caption": "```{code-block} python\n:caption: CANARY\nx = 1\n```",
    "pipe table": "| a | b |\n|---|---|\n| CANARY | x |",
    "list table": "```{list-table}\n* - CANARY\n  - x\n```",
    "csv table": "```{csv-table} Title\nCANARY, x\n```",
    "table title": "```{list-table} CANARY\n* - x\n```",
    "admonition title": "```{admonition} CANARY\ntext\n```",
    "note": "```{note}\nCANARY\n```",
    "rubric": "```{rubric} CANARY\n```",
    "comment": "% CANARY",
    "html comment": "<!-- CANARY -->",
    "raw html": "<div id='CANARY'></div>",
    "link text": "[CANARY](https://example.com)",
    "link address": "[x](https://example.com/CANARY)",
    "link title": '[x](https://example.com "CANARY")',
    "link to label": "[x](#CANARY)",
    "bullet list": "- CANARY\n- b",
    "quote": "> CANARY",
    "definition": "CANARY\n: meaning",
    "field list": ":CANARY: meaning",
    "python object": "```{py:function} CANARY()\ntext\n```",
    "option": "```{option} --CANARY\ntext\n```",
    "environment variable": "```{envvar} CANARY\n```",
    "meta": "```{meta}\n:description: CANARY\n```",
    "version note": "```{versionadded} 1.0\nCANARY\n```",
    "see also": "```{seealso}\nCANARY\n```",
    "only": "```{only} html\nCANARY\n```",
    "todo": "```{todo}\nCANARY\n```",
    "toctree entry": "```{toctree}\nCANARY <https://example.com>\n```",
    "toctree caption": "```{toctree}\n:caption: CANARY\nhttps://example.com\n```",
    "include": "```{include} files/part{kind}{n}.txt\n```",
    "literalinclude": "```{literalinclude} files/part{kind}{n}.txt\n```",
    "unknown directive": "```{nosuchdirective} CANARY\nCANARY\n```",
    "unknown role": "{nosuchrole}`CANARY`",
    "broken option": "```{image} images/shared.png\n:nosuchoption: CANARY\n```",
    "attribute": "{#CANARY .cls}\ntext",
    "card title": "```{card} CANARY\ntext\n```",
    "card link": "```{card} Title\n:link: https://example.com/CANARY\ntext\n```",
    "tab": "````{tab-set}\n```{tab-item} CANARY\ntext\n```\n````",
    "dropdown": "```{dropdown} CANARY\ntext\n```",
    "badge": "{bdg}`CANARY`",
    "eval-rst": "```{eval-rst}\n.. _CANARY:\n\nCANARY\n```",
    "incident": "```{incident-summary} CANARY\nCANARY\n```",
    "event": "```{timeline}\n| Time | Event |\n|--|--|\n| 2026-01-01 00:00 | CANARY |\n```",
    "action": "```{action-table}\n| ID | Action | Owner |\n|--|--|--|\n| CANARY | x | y |\n```",
    "owner": "```{action-table}\n| Action | Owner |\n|--|--|\n| x{n} | CANARY |\n```",
    "review": "```{review-record}\n| Who | Read on | Agreed |\n|--|--|--|\n| CANARY | 2026-01-01 | CANARY |\n```",
    "veris": "```{veris}\n| Field | Value |\n|--|--|\n| notes | CANARY |\n```",
    "technique": "```{timeline}\n| Time | Event | ATT&CK |\n|--|--|--|\n| 2026-01-01 00:00 | x{n} | T1078, CANARY |\n```",
    "techniques of an incident": "```{incident-summary} SEC-9{n}\n:attack: T1486, CANARY\n\nx\n```",
    "clocks": "```{reporting-clocks}\n:regimes: gdpr\n:name: CANARY\n```",
    "cause": "```{root-cause}\nCANARY\n```",
    "summary of an inner block": "```{internal-only}\n:summary: CANARY\nx\n```",
    "inner block": "```{audience} public\nCANARY\n```",
}

RST = {
    "paragraph": "CANARY",
    "strong": "a **CANARY** b",
    "heading": "CANARY\n~~~~~~~~~~\n\ntext",
    "label": ".. _CANARY:\n\nHeading {n}\n~~~~~~~~~~~~~~\n\ntext",
    "inline target": "a _`CANARY` b",
    "footnote": "text [#f{n}]_\n\n.. [#f{n}] CANARY",
    "citation": "text [CANARY]_\n\n.. [CANARY] note",
    "substitution": ".. |CANARY| replace:: CANARY\n\nx |CANARY|",
    "hyperlink": "`x <https://example.com/CANARY>`__",
    "image": ".. image:: images/CANARY.png",
    "figure": ".. figure:: images/shared.png\n   :name: CANARY\n\n   CANARY",
    "download": ":download:`file <files/CANARY.txt>`",
    "index entry": ".. index:: single: CANARY",
    "index role": ":index:`CANARY`",
    "glossary": ".. glossary::\n\n   CANARY\n      meaning",
    "math label": ".. math:: a = b\n   :label: CANARY",
    "code": ".. code-block:: python\n   :caption: CANARY\n\n   CANARY = 1",
    "literal block": "::\n\n   CANARY",
    "grid table": "+--------+---+\n| CANARY | b |\n+--------+---+",
    "simple table": "====== ===\na      b\n====== ===\nCANARY c\n====== ===",
    "list table": ".. list-table:: CANARY\n\n   * - CANARY",
    "admonition": ".. admonition:: CANARY\n\n   CANARY",
    "comment": ".. CANARY",
    "field list": ":CANARY: CANARY",
    "option list": "--CANARY  meaning",
    "definition": "CANARY\n   CANARY",
    "line block": "| CANARY",
    "doctest": ">>> CANARY",
    "python object": ".. py:class:: CANARY\n\n   text",
    "confval": ".. confval:: CANARY",
    "object": ".. describe:: CANARY",
    "production": ".. productionlist::\n   CANARY: x",
    "changes": ".. deprecated:: 2.0\n   CANARY",
    "meta": ".. meta::\n   :keywords: CANARY",
    "raw": ".. raw:: html\n\n   CANARY",
    "toctree": ".. toctree::\n   :caption: CANARY\n\n   https://example.com/CANARY",
    "include": ".. include:: files/part{kind}{n}.txt",
    "unknown directive": ".. nosuchdirective:: CANARY\n\n   CANARY",
    "broken role": ":nosuchrole:`CANARY`",
    "unclosed markup": "a *CANARY b",
    "card": ".. card:: CANARY\n\n   CANARY",
    "incident": ".. incident-summary:: CANARY\n\n   CANARY",
    "action": ".. action-table::\n\n   | Action | Owner |\n   |--|--|\n   | CANARY | CANARY |",
    "inner block": ".. audience:: public\n\n   CANARY",
}

# Where the hidden block itself may stand. BLOCK is the whole block.
MYST_PLACES = {
    "list": ("- item\n\n", "  "),
    "quote": ("> quote\n>\n", "> "),
    "definition": ("term\n: meaning\n\n", "  "),
    "field list": (":field: body\n\n", "    "),
    "footnote": ("text[^outer]\n\n[^outer]: note\n\n", "    "),
}
RST_PLACES = {
    "list": ("- item\n\n", "  "),
    "quote": ("para\n\n   quote\n\n", "   "),
    "definition": ("term\n   meaning\n\n", "   "),
    "field list": (":field: body\n\n", "   "),
    "footnote": ("text [#outer]_\n\n.. [#outer] note\n\n", "   "),
    "note": (".. note::\n\n   text\n\n", "   "),
    "list table": (".. list-table::\n\n   * - cell\n\n", "       "),
    "card": (".. card:: Title\n\n   text\n\n", "   "),
    "tab": (".. tab-set::\n\n   .. tab-item:: Title\n\n      text\n\n", "      "),
}
MYST_CONTAINERS = {
    "note": "note",
    "card": "card} Title",
    "dropdown": "dropdown} Title",
    "tab": "tab-item} Title",
    "audience": "audience} leadership",
}


def myst_block(body: str) -> str:
    """Hide a body in Markdown."""
    return f"`````{{internal-only}}\n\n{body}\n\n`````\n"


def rst_block(body: str) -> str:
    """Hide a body in reStructuredText."""
    return f".. internal-only::\n\n{indent(body, '   ')}\n\n.. end\n"


def canary(kind: str, index: int) -> str:
    """Return the word for one position."""
    return f"zq{kind}{index:03}zq"


def page(kind: str) -> tuple[str, dict[str, str]]:
    """Return a page with every position hidden, and its canaries by the position's name."""
    snippets, places = (MYST, MYST_PLACES) if kind == "myst" else (RST, RST_PLACES)
    block = myst_block if kind == "myst" else rst_block
    words: dict[str, str] = {}
    text = "# Page\n\nshown\n\n" if kind == "myst" else "Page\n====\n\nshown\n\n"

    def word(name: str) -> str:
        words[name] = canary(kind, len(words))
        return words[name]

    for name, snippet in snippets.items():
        text += (
            block(snippet.replace("{n}", str(len(words))).replace("{kind}", kind).replace("CANARY", word(name)))
            + "\nshown\n\n"
        )
    for name, (before, prefix) in places.items():
        inner = block(f"{word(f'in {name}')}\n\n- x").rstrip("\n").removesuffix("\n\n.. end")
        text += before + indent(inner, prefix, lambda _line: True) + "\n\nshown\n\n"
    if kind == "myst":
        for name, opening in MYST_CONTAINERS.items():
            head = opening if "}" in opening else opening + "}"
            inner = f"``````{{{head}\n\n{block(word(f'in {name}'))}\nshown\n``````\n"
            text += f"```````{{tab-set}}\n{inner}```````\n\n" if name == "tab" else inner + "\n"
    return text + "The end.\n", words
