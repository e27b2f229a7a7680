"""What others may link to is kept between builds, and is always that of a clean build."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from tests.conftest import Built, Site

PAGE = """# Page {n}

:::{{incident-summary}} SEC-{n}
:date: 2026-01-{n:02}

Text {n}.
:::

:::{{action-table}}
| ID | Action | Owner | Due date | Status |
|----|--------|-------|----------|--------|
| A1 | Do {n} | team-{n} | 2026-03-{n:02} | open |
:::
"""
FILES = {
    "index.md": "# T\n\n```{toctree}\n:glob:\n\n*\n```\n",
    "actions.md": "# Actions\n\n:::{actions-by-owner}\n:::\n",
    "plain.md": "# A plain page\n",
    **{f"p{n}.md": PAGE.format(n=n) for n in (1, 2, 3)},
}


def known(built: Built) -> list[str]:
    """The pages whose records were made or read."""
    stored = domain_of(built.app.env).stored_pages()
    return [name for name, page in stored.items() if page.known is not None]


def linkable(built: Built) -> tuple[object, ...]:
    """What the inventory and the search's list of objects are made of, and the inventory."""
    return (*domain_of(built.app.env).get_objects(), built.contents()["objects.inv"])


def test_a_build_without_change_reads_no_records(site: Callable[..., Site]) -> None:
    source = site(FILES)
    first = source.build()
    again = source.build(keep=True)
    assert (known(again), linkable(again)) == ([], linkable(first))
    assert len(linkable(first)) == 3 + 3 + 3 + 1  # incidents, actions, owners; the inventory


@pytest.mark.parametrize("edition", ["internal", "public"])
def test_objects_follow_every_change_of_pages(site: Callable[..., Site], edition: str) -> None:
    source = site(FILES)
    changes = {
        "a title": {"p1.md": ("# Page 1", "# Another title")},
        "an owner": {"p2.md": ("team-2", "team-9")},
        "an action more": {"p2.md": ("| A1 |", "| A2 | More | team-1 | 2026-03-02 | open |\n| A1 |")},
        "an id": {"p3.md": ("} SEC-3", "} SEC-4")},
        "a page hidden": {"p3.md": ("# Page 3", "---\naudience: internal\n---\n# Page 3")},
        "a page more": {"p5.md": PAGE.format(n=5)},
        "a page less": {"p1.md": None},
        "no list of actions": {"actions.md": "# Actions\n"},
        "the list elsewhere": {"plain.md": "# A plain page\n\n:::{actions-by-owner}\n:::\n"},
    }
    for change, again, clean in source.rebuilds(changes, edition):
        assert linkable(again) == linkable(clean), change


@pytest.mark.parametrize(
    "settings",
    [
        {"postmortem_owners": {"team-1": {"name": "Platform"}}},
        {"postmortem_hidden_reference": "something else"},
        {"postmortem_done_statuses": ["open"]},
        {"postmortem_audiences": ["internal", "leadership", "public", "more"]},
        {"postmortem_pseudonym_audiences": ["leadership"], "postmortem_pseudonyms": {"team-1": "the first team"}},
    ],
    ids=str,
)
def test_objects_follow_the_settings(site: Callable[..., Site], settings: dict[str, Any]) -> None:
    source = site(FILES)
    source.build("leadership", warnings=True)
    upon_others = linkable(source.build("leadership", keep=True, warnings=True, **settings))
    upon_itself = linkable(source.build("leadership", keep=True, warnings=True, **settings))
    clean = linkable(source.build("leadership", warnings=True, **settings))
    assert (upon_others, upon_itself) == (clean, clean)
    without = linkable(source.build("leadership", keep=True, warnings=True))
    assert without == linkable(source.build("leadership", warnings=True))
