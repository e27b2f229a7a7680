"""Text that was pasted from Slack is told, and mended where that is mechanical."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import apply_fixes, check_page, find_fixes, read_settings, run_page


def page_of(text: str, **options: bool):
    page = check_page("p.md", text, read_settings({}), **options)
    page.forced = True
    return page


def told(text: str) -> list[str]:
    return [finding.message for finding in run_page(page_of(text)) if finding.code == "slack-text"]


def mended(text: str, **options: bool) -> str:
    return apply_fixes(text.encode(), find_fixes(page_of(text, **options)), own_markdown=True)[0].decode()


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("<https://e.example/a?b=1&amp;c=2|the page>", "[the page](https://e.example/a?b=1&c=2)"),
        ("<mailto:ops@e.example|ops>", "[ops](mailto:ops@e.example)"),
        ("<@U024BE7LH|kim>", "@kim"),
        ("<#C024BE7LR|incident-42>", "#incident-42"),
        ("<!subteam^S024BE7LH|@dba>", "@dba"),
    ],
)
def test_what_has_a_mechanical_cure_is_mended(written, cure):
    assert told(f"Seen {written}.\n") == [f"{written} is Slack's mark; write {cure}"]
    assert mended(f"Seen {written} and `{'x'}`.\r\n") == f"Seen {cure} and `x`.\r\n"
    assert told(mended(f"Seen {written}.\n")) == []


@pytest.mark.parametrize("written", ["<@U024BE7LH>", "<#C024BE7LR>", "<!here>", ":white_check_mark:", ":fire:", ":+1:"])
def test_what_a_person_must_write_is_told_and_stays(written):
    text = f"Seen by us {written} today.\n"
    assert len(told(text)) == 1
    assert mended(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "A `<https://e.example|page>` in code.\n",
        "At 10:15:30 the ratio was a:b:c, see {ref}`x` and <https://e.example>.\n",
        ":status: closed\n",
        "The key :date: is read, and <b>bold</b>.\n",
        "```text\n<@U024BE7LH> :fire:\n```\n",
        "`<@U024BE7LH|kim>` is how Slack writes it.\n",
        "List<A|B> and <#anchor>.\n",
    ],
)
def test_other_text_is_left_alone(text):
    assert told(text) == []
    assert mended(text) == text


def test_a_link_that_splits_a_row_is_mended_first():
    head = ":::{timeline}\n| Time (UTC) | Event |\n|---|---|\n"
    text = f"{head}| 2026-03-02 01:14 | see <https://e.example|doc> |\n\n:::\n"
    assert any(finding.code == "malformed-table" for finding in run_page(page_of(text)))
    assert mended(text) == text.replace("<https://e.example|doc>", "[doc](https://e.example)")
    assert not any(finding.code == "malformed-table" for finding in run_page(page_of(mended(text))))


def test_code_in_the_same_line_stays():
    text = "`<@U024BE7LH|kim>` is <@U024BE7LH|kim>.\n"
    assert mended(text) == "`<@U024BE7LH|kim>` is @kim.\n"


def test_restructuredtext_has_links_of_its_own():
    assert mended("Seen <https://e.example|the page>.\n", markdown=False) == "Seen `the page <https://e.example>`__.\n"
