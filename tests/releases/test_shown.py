"""Which statements a page has: all that a reader may see of it, whatever builds it."""

from __future__ import annotations

import hashlib
import json

import pytest

PAGE = """---
myst:
  html_meta:
    description: Meta words
---
# SEC-1: Title

:::{incident-summary} SEC-1
:date: 2026-03-02
:severity: SEV-1

Executive *safe* summary -- "quoted"...
:::

(label)=
## Section

Text with [a link](https://link.example/x), {incident}`SEC-1`, {ref}`words <label>`, {ref}`label` and [](other.md).[^note]

- item one

  more of it
- item two

Term
: Definition

| A | B \\| C |
|---|--------|
| 1 | `x--y` |

```python
first = 1

    second
```

```{figure} pixel.svg
:alt: Alt words

Caption words
```

{download}`file <data.txt>`

```{note}
Note words
```

```{only} latex
Only for print.
```

```{index} entry words
```

{abbr}`IC (incident commander)` and $x^2$

<b>raw words</b>

```{toctree}
:caption: Caption of pages

Named <other>
```

```{incident-list}
:none: Nothing yet.
```

[^note]: Footnote words
"""
FILES = {
    "index.md": PAGE,
    "other.md": "# Other\n",
    "pixel.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "data.txt": "data",
}
CONF = 'myst_enable_extensions = ["deflist", "dollarmath"]\n'


def sha(name: str) -> str:
    return f"{name} sha256:{hashlib.sha256(FILES[name].encode()).hexdigest()}"


def test_every_text_of_a_page_is_a_statement(site, shown):
    lines = shown(site(FILES, CONF))["index"]
    assert lines == [
        "meta: description: Meta words",
        "heading 1: SEC-1: Title",
        "fact: Severity: SEV-1",
        "fact: Date: 2026-03-02",
        'text: Executive safe summary -- "quoted"...',
        "derived: from statements of this site",
        "derived: from statements of this site",
        "heading 2: Section",
        "text: Text with a link⟨https://link.example/x⟩, ⟨incident SEC-1⟩, words⟨ref label⟩, ⟨ref label⟩ and ⟨myst other⟩.[#]",
        "item: item one",
        "text: more of it",
        "item: item two",
        "term: Term",
        "text: Definition",
        "head: A | B \\u{7c} C",
        "row: 1 | x--y",
        "code: first = 1",
        "code: ",
        "code:     second",
        f'image: {sha("pixel.svg")} "Alt words"',
        "caption: Caption words",
        f"text: file⟨{sha('data.txt')}⟩",
        "box: note",
        "text: Note words",
        "text: Only for print.",
        "index: entry words",
        "text: IC (incident commander) and x^2",
        "text: [raw html <b>]raw words[raw html </b>]",
        "caption: Caption of pages",
        "link: Named⟨other⟩",
        "derived: from statements of this site",
        "text: Nothing yet.",
        "text: Footnote words",
    ]


RST = """
Title
=====

:fact: Value

   | line one
   | line two

.. |sub| replace:: replaced words

|sub| [CIT]_ [#f]_

.. [CIT] Citation words

.. [#f] Foot words

.. warning:: Mind it

.. py:function:: name(argument)

   What it does.

.. csv-table:: Table caption
   :header: H

   cell

.. math::

   a = b

.. comment words
"""


def test_restructuredtext_too(site, shown):
    lines = shown(site({"index.rst": RST}))["index"]
    text = "\n".join(lines)
    for words in ("Value", "line one", "replaced words", "[CIT]", "Citation words", "Foot words", "box: warning"):
        assert words in text
    assert "text: name(argument)" in lines
    assert lines[-4:] == ["caption: Table caption", "head: H", "row: cell", "code: a = b"]


@pytest.mark.parametrize("theme", ["alabaster", "furo"])
@pytest.mark.parametrize("builder", ["html", "dirhtml", "text", "latex", "singlehtml", "man"])
def test_what_is_shown_depends_on_no_builder_and_no_theme(site, theme, builder):
    """The gate of any builder compares with what one builder has written."""
    source = site({**FILES, "index.md": PAGE.replace("```{incident-list}\n:none: Nothing yet.\n```", "")}, CONF)
    approve(source)
    assert source.build("public", builder, postmortem_release={"public": "required"}, html_theme=theme).outdir.exists()


def approve(source, edition="public", folder="releases"):
    from sphinx_postmortem.core.releases.release_files import write_releases
    from sphinx_postmortem.core.releases.statements import Statement

    data = json.loads(source.build(edition, "postmortem-release").read("shown.json"))
    pages = {page: [Statement(*each) for each in entry["statements"]] for page, entry in data["pages"].items()}
    write_releases(source.source / folder, edition, pages)


CHANGES = [
    ("SEC-1: Title", "SEC-1: Other title"),
    ("Executive *safe*", "Executive *unsafe*"),
    ("SEV-1", "SEV-2"),
    ("https://link.example/x", "https://link.example/y"),
    ("words <label>", "other words <label>"),
    ("item two", "item three"),
    ("Definition", "Definition too"),
    ("`x--y`", "`x-y`"),
    ("    second", "  second"),
    ("Alt words", "Alt text"),
    ("Caption words", "Caption text"),
    ("Meta words", "Meta text"),
    ("Note words", "Note text"),
    ("Only for print", "Only in print"),
    ("entry words", "entry text"),
    ("incident commander", "internal commander"),
    ("x^2", "x^3"),
    ("raw words", "raw text"),
    ("<b>", "<b title='t'>"),
    ("Named <other>", "Called <other>"),
    ("Caption of pages", "Title of pages"),
    ("Nothing yet.", "Nothing so far."),
    ("Footnote words", "Footnote text"),
    ("words", "wor\u200bds"),
]


def test_any_change_of_visible_text_changes_the_statements(site, shown):
    source = site(FILES, CONF)
    seen = {tuple(shown(source)["index"])}
    for old, new in CHANGES:
        assert old in PAGE
        source.write({"index.md": PAGE.replace(old, new)})
        seen.add(tuple(shown(source)["index"]))
    for name in ("pixel.svg", "data.txt"):
        source.write({"index.md": PAGE, name: FILES[name] + " "})
        seen.add(tuple(shown(source)["index"]))
        source.write({name: FILES[name]})
    assert len(seen) == 1 + len(CHANGES) + 2


HIDDEN = """# T

Visible.

:::{internal-only}
HIDDEN
:::

:::{timeline}
| Time (UTC) | Event | Audience |
|---|---|---|
| 2026-03-02 01:14 | Alert detected | |
| 2026-03-02 01:15 | HIDDEN | internal |

:::

See {doc}`secret/page`, {ref}`secret-label` and {incident}`SEC-9`.
"""


def hidden_site(word: str) -> dict[str, str | bytes]:
    return {
        "index.md": HIDDEN.replace("HIDDEN", word),
        "secret/page.md": f"---\naudience: internal\n---\n(secret-label)=\n# SEC-9: {word}\n\n"
        f":::{{incident-summary}} SEC-9\n{word}\n:::\n",
        "secret/image.svg": word,
        "owners.toml": '[team]\nname = "Team"\n',
    }


def test_what_is_hidden_never_shows(site):
    conf = 'postmortem_audience_paths = {"secret": "internal"}\npostmortem_check_builds = "off"\n'
    texts = []
    for number, word in enumerate(["zqalpha", "zqbeta gamma"]):
        source = site(hidden_site(word), conf, folder=f"s{number}")
        text = source.build("public", "postmortem-release", warnings=True).read("shown.json")
        assert word not in text
        assert "SEC-9" not in text
        assert "secret" not in text
        texts.append(text.replace(str(source.source), ""))
    assert texts[0] == texts[1]


def test_names_are_roles_where_the_edition_shows_roles(site, shown):
    page = "# T\n\n:::{incident-summary} SEC-1\nBy Jane Doe of Acme.\n:::\n\n:::{action-table}\n| ID | Action | Owner |\n|--|--|--|\n| A1 | Ask Loner | Loner |\n\n:::\n"
    lines = shown(site({"index.md": page}, 'postmortem_pseudonyms = {"Jane Doe": "the commander", "Acme": "us"}\n'))
    text = json.dumps(lines)
    assert "By the commander of us." in text
    for name in ("Jane", "Acme", "Loner"):
        assert name not in text


def test_time_alone_makes_no_difference(site, shown):
    page = "# T\n\n:::{incident-summary} SEC-1\nText.\n:::\n\n:::{action-table}\n| ID | Action | Owner | Due date | Status |\n|--|--|--|--|--|\n| A1 | Do | ops | 2026-03-02 | open |\n\n:::\n"
    source = site({"index.md": page})
    before, after = (shown(source, postmortem_today=day) for day in ("2026-03-01", "2026-03-03"))
    assert before == after


SITE = """
author = "Author words"
html_title = "Title words"
html_theme_options = {"description": "Option words"}
html_extra_path = ["extra"]
html_static_path = ["static"]
templates_path = ["templates"]
postmortem_owners = {"team": {"name": "The Team", "team": "Ops"}, "unused": {"name": "Unused"}}
postmortem_edition_banner = "Banner of {edition}"
"""


def test_what_stands_on_no_page_alone_has_a_release_of_its_own(site, shown):
    page = "# T\n\n{owner}`team`\n"
    files = {"index.md": page, "extra/robots.txt": "r", "static/x.css": "c", "templates/t.html": "t"}
    lines = shown(site(files, SITE), "leadership")["_site"]
    assert [line.split(" sha256:")[0] for line in lines] == [
        "setting: project: Test",
        "setting: author: Author words",
        "setting: html_title: Title words",
        "setting: html_theme_options.description: Option words",
        "setting: banner: Banner of leadership",
        "owner: team | The Team | Ops |  |",
        "file: extra/robots.txt",
        "file: static/x.css",
        "file: templates/t.html",
    ]


DIAGRAM = """
from docutils import nodes
from docutils.parsers.rst import Directive

class drawing(nodes.General, nodes.Element):
    pass

class Drawing(Directive):
    has_content = True
    def run(self):
        return [drawing(code="\\n".join(self.content))]

def setup(app):
    app.add_node(drawing)
    app.add_directive("drawing", Drawing)
"""


def test_what_other_extensions_draw_from_text_is_a_statement(site, shown):
    conf = 'import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\nextensions.append("drawing_of_others")\n'
    files = {"index.md": "# T\n\n```{drawing}\na -> b\nb -> c\n```\n", "drawing_of_others.py": DIAGRAM}
    lines = shown(site(files, conf))["index"]
    assert lines[1:] == ["data: drawing.code a -> b", "data: drawing.code b -> c"]


def test_the_words_of_a_factor_are_those_that_the_edition_shows(site, shown):
    factors = (
        'postmortem_factors = {"unwatched-signal": {"kind": "Monitoring", "words": "Nobody watches the signal"}}\n'
    )
    page = ":::{contributing-factors}\n- **Monitoring** [unwatched-signal]: no alert.\n:::\n"
    lines = shown(site({"index.md": f"# SEC-1: Title\n\n{page}"}, factors))["index"]
    assert "item: Monitoring (Nobody watches the signal): no alert." in lines
