"""Pages with several incidents: what of them is about one, and whose pack is made."""

from __future__ import annotations

import json
import re

import pytest
from docutils.core import publish_doctree

from sphinx_postmortem.sphinx_ext.sheets.shared_page import keep_incident
from tests.command import run

IN_SECTIONS = """
Before.

First
=====
S1

One.

Causes of one
-------------
Why one.

Second
======
About two.

S2

Causes of two
-------------
Why two.

Common
======
Of both.
"""
BESIDE_EACH_OTHER = """
Before.

S1

One.

Causes
======
Why one.

S2

After two.

Causes again
============
Why two.
"""
IN_SHORT_SECTIONS = """
First
=====
S1

Causes
======
Why one.

Second
======
S2

Causes again
============
Why two.
"""


@pytest.mark.parametrize(
    ("text", "own", "kept"),
    [
        (IN_SECTIONS, "1", ["Before.", "One.", "Why one.", "Of both."]),
        (IN_SECTIONS, "2", ["Before.", "About two.", "Why two.", "Of both."]),
        (BESIDE_EACH_OTHER, "1", ["Before.", "One.", "Why one."]),
        (BESIDE_EACH_OTHER, "2", ["Before.", "Why one.", "After two.", "Why two."]),  # whose section, nobody can tell
        (IN_SHORT_SECTIONS, "1", ["Why one."]),
        (IN_SHORT_SECTIONS, "2", ["Why two."]),
        (IN_SECTIONS, "3", ["Before.", "One.", "Why one.", "About two.", "Why two.", "Of both."]),
    ],
)
def test_what_is_about_other_incidents_for_certain_is_taken_out(text, own, kept):
    source = re.sub(r"S(\d)", r".. container::\n   :name: s\1\n\n   Summary", text)
    tree = keep_incident(publish_doctree(source), f"s{own}", {"s1", "s2"})
    assert re.findall(r"^[A-Z][\w ]*\.$", tree.astext(), re.MULTILINE) == kept


def summary(id_: str, cause: str) -> str:
    return f"""
:::{{incident-summary}} {id_}
:date: 2026-01-02
:severity: SEV-2
:status: closed
:tlp: CLEAR

Text.
:::

### Root cause

{cause} is unknown.
"""


FILES = {
    "index.md": "# T\n\n```{toctree}\ntwo\nagain\n```\n",
    "two.md": f"# Two\n\n## First\n{summary('SEC-1', 'The sender')}\n## Second\n{summary('SEC-2', 'The reader')}",
    "again.md": f"# Again\n\n## Third\n{summary('SEC-1', 'The writer')}",
}


@pytest.mark.usefixtures("warm_start")
@pytest.mark.parametrize(
    ("asked", "name", "open_"),
    [(("SEC-2",), "sec-2", "The reader"), (("again.md",), "sec-1", "The writer")],
    ids=["page of two", "id of two pages"],
)
def test_a_pack_asks_the_questions_of_its_own_incident(site, tmp_path, asked, name, open_):
    done = run("agenda", site(FILES).source, *asked, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    page = (tmp_path / f"out/agenda-{name}.html").read_text()
    causes = {cause for cause in ("The sender", "The reader", "The writer") if f"{cause} is unknown" in page}
    assert causes == {open_}


@pytest.mark.usefixtures("warm_start")
def test_a_page_of_several_incidents_asks_for_the_id(site, tmp_path):
    done = run("agenda", site(FILES).source, "two.md", "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "the page two.md holds several incidents (SEC-1, SEC-2)" in done.output
    assert "name its id" in done.output


def test_lessons_are_of_the_incident_above_them(site):
    lesson = "\n### What went well\n\n- {}\n"
    first, second = (f"## {n}\n{summary(n, 'x')}{lesson.format(f'Good of {n}')}" for n in ("SEC-1", "SEC-2"))
    built = site({"index.md": f"# Two\n\n{first}\n{second}"}).build(builder="postmortem-export", warnings=True)
    incidents = json.loads(built.read("postmortems.json"))["incidents"]
    assert {each["id"]: [lesson["text"] for lesson in each["went_well"]] for each in incidents} == {
        "SEC-1": ["Good of SEC-1"],
        "SEC-2": ["Good of SEC-2"],
    }
