"""A shown block reads as if its fences were not there: order, headings, labels, footnotes, what follows."""

from __future__ import annotations

import re

import pytest
from docutils import nodes

MYST = """# Top

before

## First

first text

{open}
block text before

(my-label)=
### Inner

inner text[^n]

## Second

second text

[^n]: The note.
{close}

after the block

### Third

See {{ref}}`my-label`.
"""

RST = """Top
===

before

First
-----

first text

{open}
{indent}block text before
{indent}
{indent}.. _my-label:
{indent}
{indent}Inner
{indent}~~~~~
{indent}
{indent}inner text [#n]_
{indent}
{indent}Second
{indent}------
{indent}
{indent}second text
{indent}
{indent}.. [#n] The note.
{close}
after the block

Third
~~~~~

See :ref:`my-label`.
"""

SOURCES = {
    "myst colon fence": ("index.md", MYST, ":::{internal-only}", ":::", ""),
    "myst back-ticks": ("index.md", MYST, "````{audience} internal", "````", ""),
    "myst nested": ("index.md", MYST, "::::{audience} internal\n:::{internal-only}", ":::\n::::", ""),
    "rst": ("index.rst", RST, ".. internal-only::\n", "\n", "   "),
    "rst audience": ("index.rst", RST, ".. audience:: internal\n", "\n", "   "),
}


def normalised(document: nodes.document) -> str:
    """The tree as text, without lines, sources and the numbers of generated ids."""
    text = document.pformat()
    text = re.sub(
        r' (xml:space|source|backrefs|refid|ids|docname|refdoc|myst:[\w-]+|translated|translation_progress)="[^"]*"',
        "",
        text,
    )
    return re.sub(r" id\d+", "", text)


@pytest.mark.parametrize("name", SOURCES)
def test_the_tree_is_that_of_a_page_without_fences(site, name):
    file, text, opening, closing, indent = SOURCES[name]
    fenced = site({file: text.format(open=opening, close=closing, indent=indent)})
    tree = normalised(fenced.build().doctree())
    fenced.write({file: text.format(open="", close="", indent="")})
    assert tree == normalised(fenced.build().doctree())


@pytest.mark.parametrize("name", SOURCES)
def test_headings_of_the_block_stand_in_the_table_of_contents(site, name):
    file, text, opening, closing, indent = SOURCES[name]
    built = site({file: text.format(open=opening, close=closing, indent=indent)}).build()
    contents = built.app.env.tocs["index"]
    depth = {
        node.astext(): len([a for a in iter_parents(node) if isinstance(a, nodes.bullet_list)])
        for node in contents.findall(nodes.reference)
    }
    assert depth == {"Top": 1, "First": 2, "Inner": 3, "Second": 2, "Third": 3}


def iter_parents(node: nodes.Node):
    while node.parent is not None:
        node = node.parent
        yield node


@pytest.mark.parametrize("name", SOURCES)
def test_the_label_in_the_block_leads_to_its_heading(site, name):
    file, text, opening, closing, indent = SOURCES[name]
    page = site({file: text.format(open=opening, close=closing, indent=indent)}).build().read("index.html")
    assert re.search(r'href="#(my-label|inner)"><span class="std std-ref">Inner', page)


@pytest.mark.parametrize("name", SOURCES)
def test_a_hidden_block_leaves_what_follows_in_place(site, name):
    file, text, opening, closing, indent = SOURCES[name]
    text = text.replace("See {{ref}}`my-label`.", "").replace("See :ref:`my-label`.", "")
    fenced = site({file: text.format(open=opening, close=closing, indent=indent)})
    tree = normalised(fenced.build("public").doctree())
    start, end = text.index("{open}"), text.index("{close}") + len("{close}")
    fenced.write({file: (text[:start] + text[end:]).format(indent="")})
    assert tree == normalised(fenced.build("public").doctree())


@pytest.mark.parametrize(
    "container", ["- item\n\n{}", "> quote\n>\n{}", "term\n: definition\n\n{}", "::::::{{note}}\n{}\n::::::"]
)
def test_blocks_work_within_other_blocks(site, container):
    prefix = {"-": "  ", ">": "> ", "t": "  "}.get(container[0], "")
    block = "\n".join(prefix + line for line in [":::{internal-only}", "secretword *here*", ":::"])
    source = site(
        {"index.md": "# T\n\n" + container.format(block) + "\n\nafter\n"}, 'myst_enable_extensions = ["deflist"]'
    )
    assert "secretword <em>here</em>" in source.build().read("index.html")
    assert b"secretword" not in source.build("public").all_bytes()


def test_a_block_may_begin_with_a_rule(site):
    page = (
        site({"index.md": "# T\n\nbefore\n\n:::{internal-only}\n\n---\n\nfirst\n\n---\n\nlast\n:::\n"})
        .build()
        .read("index.html")
    )
    assert "first" in page
    assert "last" in page
