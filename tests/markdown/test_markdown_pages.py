"""Pages as Markdown: what a record becomes, odd content, and the files beside the pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.conftest import Built, Site

POSTMORTEM = """# SEC-1: Stolen token

:::{incident-summary} SEC-1
:date: 2026-03-02
:severity: SEV-1
:type: Security
:status: closed
:customer-impact: Some pipes a|b.

What happened.
:::

:::{timeline}
| Time (UTC) | Event | Notes | Audience |
|--|--|--|--|
| 2026-03-02 01:14 | Alert detected | `a\\|b` | |
| 2026-03-02 01:31 | Alert validated | zqhidden | internal |

:::

:::{action-table}
| ID | Action | Owner | Priority | Due date | Status |
|--|--|--|--|--|--|
| A1 | Compare *all* | appsec | P1 | 2026-03-20 | done |

:::

- [ ] open
- [x] done
"""

ODD = """
Odd | page
==========

.. toctree::
   :caption: Contents

   incidents/sec-1

+-------+--------------------+
| A     | B                  |
+=======+====================+
| +---+ | - ``a|b``          |
| | x | | - .. note:: inner  |
| +---+ |                    |
+-------+--------------------+
| whole row                  |
+----------------------------+

Note [#one]_ and `far <https://example.com/a_(b)|c>`_, :download:`data <data.csv>`, :abbr:`IC (commander)`.

.. [#one] The note.

   More of it.

Term : kind
   Meaning

a. first
b. second

.. code-block:: python

   ```
   x = 1

.. image:: pic.png
   :alt: A [picture]

.. raw:: html

   <b>rawhtml</b>

.. warning:: Take care

   .. danger:: inner box

.. math:: a < b

.. graphviz::

   digraph { left -> right }

.. index:: indexed
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    source = tmp_path_factory.mktemp("markdown") / "source"
    source.mkdir()
    conf = (
        'extensions = ["sphinx_postmortem", "sphinx.ext.graphviz"]\nproject = "Us | them"\nhtml_theme = "alabaster"\n'
        'postmortem_check_builds = "off"\nmyst_enable_extensions = ["tasklist"]\n'
    )
    files = {"conf.py": conf, "index.rst": ODD, "incidents/sec-1.md": POSTMORTEM, "data.csv": "a", "pic.png": b"p"}
    return Site(source).write(files).build("leadership", "postmortem-markdown")


def test_a_summary_says_its_facts_line_by_line(built):
    page = built.read("incidents/sec-1.md")
    assert page.startswith("# SEC-1: Stolen token\n")
    assert "- **Severity**: SEV-1\n- **Status**: closed\n" in page
    assert "- **Customer impact**: Some pipes a|b." in page


def test_rows_of_records_are_rows(built):
    page = built.read("incidents/sec-1.md")
    assert re.search(r"^\| .*2026-03-02 01:14 \| \*\*Alert detected\*\* \| `a\\\|b` \|$", page, re.MULTILINE)
    assert re.search(
        r"^\| <a id=\"[\w-]+\"></a>A1 \| Compare \*all\* \| .*\| P1 \| 2026-03-20 \| done \|$", page, re.MULTILINE
    )
    assert "zqhidden" not in page
    assert "Audience" not in page


def test_boxes_to_tick_keep_their_state(built):
    assert "- [ ] open\n- [x] done\n" in built.read("incidents/sec-1.md")


@pytest.mark.parametrize(
    "expected",
    [
        "| x | • `a\\|b`<br>• **Note**: inner |",
        "| **whole row** | |",
        "Note [^1] and [far](https://example.com/a_%28b%29%7Cc)",
        "[^1]: The note.\n\n    More of it.",
        "IC (commander)",
        "- **Term** (kind): Meaning",
        "* a. first\n* b. second",
        "````python\n```\nx = 1\n````",
        "![A \\[picture\\]](_images/pic.png)",
        "> [!WARNING]\n> Take care\n>\n> > **Danger**\n> >\n> > inner box",
        "```math\na < b\n```",
        "```graphviz\ndigraph { left -> right }",
        "**Contents**\n\n- [SEC-1: Stolen token](incidents/sec-1.md)",
    ],
)
def test_odd_content_becomes_good_markdown(built, expected):
    assert expected in built.read("index.md")


def test_what_other_formats_alone_show_is_left_out(built):
    page = built.read("index.md")
    assert "rawhtml" not in page
    assert "indexed" not in page


def test_links_lead_to_files_that_are_there(built):
    for page in built.outdir.rglob("*.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).is_file(), (page, target)


def test_the_index_has_a_line_for_each_page(built):
    text = built.read("llms.txt")
    assert text.startswith("# Us | them\n\n> ")
    assert "- [SEC-1: Stolen token](incidents/sec-1.md): SEV-1, closed, 2026-03-02\n" in text
    assert "- [Odd | page](index.md)\n" in text


def test_the_whole_text_holds_each_page_after_its_name(built):
    text = built.read("llms-full.txt")
    for name in ("index.md", "incidents/sec-1.md"):
        assert f"<!-- {name} -->\n\n{built.read(name)}" in text


def test_html_pages_link_the_markdown_of_the_same_build(site: Callable[..., Site]):
    made = site({"index.md": "# Top\n\n```{toctree}\nincidents/sec-1\n```\n", "incidents/sec-1.md": POSTMORTEM})
    folder = made.source.parent / f"build-internal-html-{made.builds + 1}" / "md"
    built = made.build(postmortem_markdown_folder=str(folder))
    link = '<link rel="alternate" type="text/markdown" href="../../md/incidents/sec-1.md">'
    assert link in built.read("incidents/sec-1.html")
    assert "text/markdown" not in built.read("search.html")
    assert "text/markdown" not in made.build().read("incidents/sec-1.html")


def test_pictures_of_the_web_are_linked_and_not_fetched(site: Callable[..., Site]):
    address = "https://pictures.invalid/a.png"
    assert f"![A picture]({address})" in site({"index.md": f"# T\n\n![A picture]({address})\n"}).build(
        builder="postmortem-markdown"
    ).read("index.md")
