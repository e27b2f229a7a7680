"""What ``new`` writes is a prompt until somebody has answered it, and counts for nothing."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from sphinx_postmortem.cli.main import main
from sphinx_postmortem.core.checks import Settings, check_page, run_page
from sphinx_postmortem.core.checks.closure import closure_criteria

pytestmark = pytest.mark.usefixtures("warm_start")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The text of an untouched file made by ``new``."""
    source = tmp_path_factory.mktemp("source")
    (source / "conf.py").write_text('extensions = ["sphinx_postmortem"]\n')
    done = CliRunner().invoke(main, ["new", str(source), "--title", "T", "--date", "2026-03-02", "--stdout"])
    assert done.exit_code == 0, done.output
    return done.output


def findings(text, markdown=True):
    return run_page(check_page("p.md", text, Settings(), markdown=markdown))


def prompts(text, **more):
    return [finding.line for finding in findings(text, **more) if finding.code == "prompt-left"]


def test_every_prompt_of_a_new_file_is_found(fresh):
    expected = [
        number
        for number, line in enumerate(fresh.splitlines(), start=1)
        if line.startswith("% TODO") or re.search(r"Not yet known|being (written|analysed)|TBD", line)
    ]
    assert prompts(fresh) == expected
    assert len(expected) > 20


def test_prompts_are_notes_in_a_draft_and_warnings_after(fresh):
    assert {finding.severity for finding in findings(fresh)} == {"note"}
    later = fresh.replace(":status: draft", ":status: in-review")
    assert {f.severity for f in findings(later) if f.code == "prompt-left"} == {"warning"}


def test_prompts_are_no_evidence_of_closure(fresh):
    settings = Settings()
    met = [item.is_met for item in closure_criteria(check_page("p.md", fresh, settings), settings)]
    assert met == [False, False, False, False]


def test_a_new_file_builds_and_shows_its_checklist(site, fresh):
    made = site({"index.md": fresh})
    text = made.build(postmortem_check_builds="error").read("index.html")
    assert "Lessons learned are communicated" in text
    assert "TODO" not in text


def test_deleting_the_prompts_without_an_answer_leaves_empty_sections(fresh):
    bare = "\n".join(line for line in fresh.splitlines() if not line.startswith("% TODO"))
    empty = [f.message for f in findings(bare) if "is empty; write it" in f.message]
    assert [message.split('"')[1] for message in empty] == [
        "What went well",
        "What didn't go well",
        "Key takeaways",
    ]


@pytest.mark.parametrize("comment", ["% TODO: why", "<!-- TODO: why -->"])
def test_a_root_cause_of_comments_is_none(comment):
    found = {f.code for f in findings(f":::{{root-cause}}\n{comment}\n:::\n")}
    assert {"root-cause-missing", "prompt-left"} <= found


def test_a_comment_that_is_no_prompt_is_left_alone():
    assert not prompts("% Reviewed by the IC\n\n:::{timeline}\n% TODOs are in the tracker\n:::\n")


def test_prompts_are_found_in_restructuredtext():
    assert prompts(".. root-cause::\n\n   .. TODO: why\n\n   TBD\n", markdown=False) == [3, 5]


@pytest.mark.parametrize(
    "body",
    [":::{contributing-factors}\n- **Process**: to be written\n:::\n", ":::{closure-checklist}\n:lessons: TBD\n:::\n"],
)
def test_a_placeholder_behind_its_kind_and_in_an_option_is_a_prompt(body):
    assert prompts(f":::{{incident-summary}} S-1\n\nText.\n:::\n\n{body}") == [7]


@pytest.mark.parametrize("text", ["The ticket TODO-12 was closed.", "A TODO list was kept on paper."])
def test_words_that_only_look_like_a_prompt_are_left_alone(text):
    assert prompts(f":::{{incident-summary}} S-1\n\n{text}\n:::\n") == []
