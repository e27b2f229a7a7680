"""What is left to write in a draft: its empty sections are named once, and are no headings until something stands there."""

from __future__ import annotations

import pytest

from tests.conftest import Built, Site

DRAFT = """# SEC-1: A draft

:::{incident-summary} SEC-1
:date: 2026-11-02
:severity: SEV-2
:status: draft

Something happened; see [](#what-went-well).
:::

## Details

### Affected assets

% Which systems?

### Threat analysis

## What went well

## Key takeaways

- Look twice.
"""


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Built:
    source = tmp_path_factory.mktemp("draft") / "source"
    source.mkdir()
    conf = 'extensions = ["sphinx_postmortem"]\nmyst_heading_anchors = 3\npostmortem_check_builds = "off"\n'
    return Site(source).write({"conf.py": conf, "index.md": DRAFT}).build()


def test_an_empty_section_is_no_heading_and_stands_in_no_contents(draft: Built) -> None:
    page = draft.read("index.html")
    for title in ("Details", "Affected assets", "Threat analysis", "What went well"):
        assert f">{title}<a" not in page  # a heading, and its link
    assert ">Key takeaways<a" in page
    assert draft.app.env.tocs["index"].astext().split("\n\n") == ["SEC-1: A draft", "Key takeaways"]
    assert draft.app.env.toc_num_entries["index"] == 2


def test_what_led_to_an_empty_section_leads_to_its_line_in_the_list(draft: Built) -> None:
    page = draft.read("index.html")
    listed = page[page.index('<ul class="pm-still-to-write') :]
    for name, line in (("Affected assets", 13), ("Threat analysis", 17), ("What went well", 19)):
        assert f'{name} <span class="pm-small pm-inline">line {line}</span>' in listed
    for id_ in ("details", "affected-assets", "threat-analysis", "what-went-well"):
        assert page.count(f'id="{id_}"') == 1
        assert f'id="{id_}"' in listed
    assert 'href="#what-went-well"' in page


def test_a_section_is_left_where_nobody_is_told_what_to_write(site) -> None:
    conf = 'postmortem_edition_statuses = {"public": ["draft"]}\npostmortem_check_builds = "off"'
    page = site({"index.md": DRAFT.replace(":status: draft", ":status: draft\n:tlp: CLEAR")}, conf).build("public")
    assert ">Affected assets<a" in page.read("index.html")
    assert "pm-still-to-write" not in page.read("index.html")


def test_without_a_day_nothing_is_said_to_be_in_time(site) -> None:
    built = site({"index.md": "# Home\n\n:::{actions-by-owner}\n:overdue:\n:none: Nothing is overdue.\n:::\n"}).build()
    page = built.read("index.html")
    assert "Nothing is overdue." not in page
    assert "postmortem_today" in page
