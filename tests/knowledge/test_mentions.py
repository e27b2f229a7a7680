"""References within the texts of records show no more than the page does."""

from __future__ import annotations

import pytest

from sphinx_postmortem.sphinx_ext.records.domain import domain_of

PAGE = """\
# SEC-1: Title

:::{incident-summary} SEC-1
:customer-impact: As in {incident}`SEC-2`.

As in {incident}`SEC-2` and {doc}`hidden`, unlike {incident}`SEC-1`.
:::

:::{timeline}
| Time (UTC) | Event |
|---|---|
| 2026-03-02 01:14 | Alert detected, like {incident}`SEC-2` |
:::

:::{contributing-factors}
- **Process**: the lesson of {incident}`SEC-2` was not applied; see [the other one](hidden.md).
:::

:::{action-table}
| ID | Action | Owner | Ticket |
|---|---|---|---|
| A1 | Do what {action}`SEC-2/A1` says | ops | {action}`SEC-2/A1` |
:::

## What went well

- **Detection**: better than in {incident}`SEC-2`.

:::{action-list}
:::
"""

HIDDEN = """\
---
audience: internal
---
# SEC-2: Hidden

:::{incident-summary} SEC-2

Text.
:::

:::{action-table}
| ID | Action | Owner |
|---|---|---|
| A1 | Act | ops |
:::
"""


@pytest.fixture
def built(site, tmp_path):
    files = {"index.md": "# Home\n\n:::{toctree}\nsec-1\nhidden\n:::\n", "sec-1.md": PAGE, "hidden.md": HIDDEN}
    made = site(files)
    return lambda edition: made.build(edition, postmortem_export_folder=str(tmp_path / "data"))


def records(built):
    """Return all records of the knowledge base as one text."""
    knowledge = domain_of(built.app.env).knowledge
    return repr((knowledge.incidents, knowledge.events, knowledge.actions, knowledge.points))


def test_the_full_edition_keeps_each_target(built):
    everything = records(built("internal"))
    assert everything.count("SEC-2") > 7
    assert "\x01" not in everything


def test_a_filtered_edition_names_no_target_that_it_lacks(built, tmp_path):
    done = built("leadership")
    everything = records(done)
    assert "SEC-2" not in everything
    assert everything.count("(not in this edition)") == 8
    assert "SEC-2" not in (tmp_path / "data/postmortems.json").read_text() + done.read("sec-1.html")


def test_a_target_that_is_there_stays(built):
    assert "unlike SEC-1." in records(built("leadership"))


def test_items_are_kept_with_their_kind(built):
    points = domain_of(built("internal").app.env).knowledge.points
    assert [(p.role, p.kind, p.text) for p in points] == [
        ("factor", "Process", "the lesson of SEC-2 was not applied; see the other one."),
        ("went-well", "Detection", "better than in SEC-2."),
    ]


CELLS = """\
# SEC-1: Title

:::{incident-summary} SEC-1

Text.
:::

:::{action-table}
| ID | Action | Owner | Priority | Due date | Status | Kind |
|---|---|---|---|---|---|---|
| {incident}`SEC-2` | Act | ops | as {incident}`SEC-2` | 2026-04-01 | waits for {incident}`SEC-2` | {incident}`SEC-2` |

:::

:::{action-list}
:columns: id, action, priority, status, kind
:::
"""


@pytest.mark.parametrize("edition", ["internal", "leadership"])
def test_no_cell_of_an_action_names_a_target_that_the_edition_lacks(site, tmp_path, edition):
    files = {"sec-1.md": CELLS, "hidden.md": HIDDEN, "index.md": "# Home\n\n```{toctree}\n:glob:\n*\n```\n"}
    built = site(files).build(
        edition, postmortem_hidden_reference="(not here)", postmortem_export_folder=str(tmp_path / "data")
    )
    page = built.read("sec-1.html")
    everything = page + (tmp_path / "data/postmortems.json").read_text()
    assert "\x01" not in everything
    if edition == "internal":
        assert "waits for SEC-2" in everything
    else:
        assert "SEC-2" not in everything
        assert "waits for (not here)" in page
