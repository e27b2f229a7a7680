"""The checks look at what a page is built from: included files, `eval-rst`, and what other extensions write."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from sphinx_postmortem.cli.main import main
from tests.checks.test_builds import DONE
from tests.conftest import CHECKED

pytestmark = pytest.mark.usefixtures("warm_start")

TIMELINE = DONE[DONE.index(":::{timeline}") : DONE.index(":::{root-cause}")]
ACTIONS = DONE[DONE.index(":::{action-table}") :]
WITHOUT_TIMELINE = DONE.replace(TIMELINE, "")
RST_TIMELINE = ".. timeline::\n\n" + "".join(f"   {line}\n" for line in TIMELINE.splitlines()[1:-2])
GENERATOR = """
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective
class Generate(SphinxDirective):
    def run(self):
        self.content = StringList(%r.splitlines(), "generated")
        return self.parse_content_to_nodes()

def setup(app):
    app.add_directive("generate", Generate)
"""
WAYS = {
    "include": ({"index.md": WITHOUT_TIMELINE + "\n```{include} part.txt\n```\n", "part.txt": TIMELINE}, ""),
    "include of an include": (
        {
            "index.md": WITHOUT_TIMELINE + "\n```{include} parts/one.txt\n```\n",
            "parts/one.txt": "```{include} /parts/two.txt\n```\n",
            "parts/two.txt": TIMELINE,
        },
        "",
    ),
    "part of a file": (
        {
            "index.md": WITHOUT_TIMELINE + "\n```{include} part.txt\n:start-after: begin\n:end-before: end\n```\n",
            "part.txt": f"{ACTIONS}\n% begin\n\n{TIMELINE}\n% end\n",
        },
        "",
    ),
    "eval-rst": ({"index.md": f"{WITHOUT_TIMELINE}\n```{{eval-rst}}\n{RST_TIMELINE}```\n"}, ""),
    "include in eval-rst": (
        {"index.md": WITHOUT_TIMELINE + "\n```{eval-rst}\n.. include:: part.txt\n```\n", "part.txt": RST_TIMELINE},
        "",
    ),
    "another's directive": ({"index.md": f"{WITHOUT_TIMELINE}\n::::{{note}}\n{TIMELINE}::::\n"}, ""),
}


@pytest.mark.parametrize(("files", "conf"), WAYS.values(), ids=WAYS)
def test_a_timeline_counts_wherever_it_stands(site, files, conf):
    made = site(files, conf=conf)
    made.build(**CHECKED)
    done = CliRunner().invoke(main, ["check", str(made.source)], catch_exceptions=False)
    assert "timeline-missing" not in done.output


def test_what_another_extension_writes_counts_in_a_build(site):
    site({"index.md": WITHOUT_TIMELINE + "\n```{generate}\n```\n"}, conf=GENERATOR % TIMELINE).build(**CHECKED)


def test_a_timeline_that_is_shown_as_code_does_not_count(site):
    files = {"index.md": WITHOUT_TIMELINE + "\n```{include} part.txt\n:literal:\n```\n", "part.txt": TIMELINE}
    assert "[postmortem.timeline-missing]" in site(files).build(warnings=True, **CHECKED).warnings


NOT_WRITTEN = {
    "comment": f"<!--\n{WITHOUT_TIMELINE}-->\n",
    "sample": "".join(f"    {line}\n" for line in WITHOUT_TIMELINE.splitlines()),
    "code": f"````\n{WITHOUT_TIMELINE}````\n",
}


@pytest.mark.parametrize("text", NOT_WRITTEN.values(), ids=NOT_WRITTEN)
def test_a_comment_or_a_sample_is_no_postmortem(site, text):
    made = site({"index.md": f"# A page\n\nA sample:\n\n{text}\n"})
    made.build(**CHECKED)
    done = CliRunner().invoke(main, ["check", str(made.source)], catch_exceptions=False)
    assert (done.exit_code, "0 errors, 0 warnings, 0 notes" in done.output) == (0, True)


def test_a_finding_in_an_included_file_names_that_file_and_its_line(site):
    part = TIMELINE.replace("2026-03-02 02:14", "around two")
    made = site({"index.md": WITHOUT_TIMELINE + "\n```{include} parts/t.txt\n```\n", "parts/t.txt": f"Text.\n\n{part}"})
    done = CliRunner().invoke(main, ["check", str(made.source)], catch_exceptions=False)
    assert f"{made.source}/parts/t.txt:7: error: " in done.output


def test_a_changed_part_is_checked_through_the_pages_that_include_it(site):
    part = TIMELINE.replace("2026-03-02 02:14", "around two")
    made = site({"index.md": WITHOUT_TIMELINE + "\n```{include} t.txt\n```\n", "t.txt": part})
    done = CliRunner().invoke(main, ["check", str(made.source), str(made.source / "t.txt")], catch_exceptions=False)
    assert "t.txt:5: error: " in done.output


def test_a_comment_in_an_included_file_excuses_what_stands_there(site):
    part = "<!-- postmortem-check: ignore time-estimate: nobody knows -->\n" + TIMELINE.replace("02:14", "about 2")
    made = site({"index.md": WITHOUT_TIMELINE + "\n```{include} t.txt\n```\n", "t.txt": part})
    done = CliRunner().invoke(main, ["check", str(made.source)], catch_exceptions=False)
    assert "[time-estimate]" not in done.output
    assert "[unused-suppression]" not in done.output


NAMES = ["secret", "internal", "public"]
EXCUSE = "<!-- postmortem-check: ignore-page executive-ip: only some may read the reason -->\n"
LEAK = DONE.replace("A package was withdrawn.", "Traffic went to 203.0.113.7.").replace(":tlp: AMBER", ":tlp: CLEAR")
EDITIONS = [
    ("::::{internal-only}", "internal", False),
    ("::::{audience} secret", "internal", False),
    ("::::{audience} internal", "internal", True),
    ("::::{audience} internal", "public", False),
    ("::::{note}\n:class: public", "public", True),
    ("::::{internal-only}", "secret", True),
]


@pytest.mark.parametrize(("block", "edition", "counts"), EDITIONS)
def test_a_comment_counts_in_the_editions_that_show_its_block(site, block, edition, counts):
    conf = f"\npostmortem_audiences = {NAMES}\npostmortem_pseudonym_audiences = []\n"
    made = site({"index.md": f"{LEAK}\n{block}\n{EXCUSE}\nText.\n::::\n"}, conf=conf)
    said = made.build(edition, warnings=not counts, **CHECKED).warnings
    assert ("executive-ip" in said) is not counts


@pytest.mark.parametrize("names", [["internal", "leadership", "public"], ["secret", "staff", "world"]])
def test_who_leadership_is_depends_on_the_order_of_the_audiences_alone(site, names):
    first, second, _ = names
    text = DONE + "\n::::{audience} NAME\nTraffic went to 203.0.113.7.\n::::\n"
    conf = f"\npostmortem_audiences = {names}\n"
    site({"index.md": text.replace("NAME", first)}, conf=conf).build(first, **CHECKED)
    said = (
        site({"index.md": text.replace("NAME", second)}, conf=conf, folder="b")
        .build(first, warnings=True, **CHECKED)
        .warnings
    )
    assert "executive-ip" in said
