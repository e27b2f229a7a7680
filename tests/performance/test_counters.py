"""Guards against slowness by counting work, never by timing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from sphinx_postmortem.sphinx_ext.directive import PostmortemDirective
from sphinx_postmortem.sphinx_ext.navigation import Navigation
from tests.conftest import Built, Site

PAGE = """# SEC-{n}: Token *number* {n}

:::{{incident-summary}} SEC-{n}
:date: 2026-03-02

The token was stolen.
:::

## Timeline

:::{{timeline}}
| Time (UTC) | Event | Notes |
|---|---|---|
| 2026-03-02 01:14 | Alert detected | plain words only, no markup |
| 2026-03-02 01:31 | Alert validated | `token` |
:::

## Actions

:::{{action-table}}
| ID | Action | Owner | Priority | Due date | Status |
|---|---|---|---|---|---|
| A1 | Rotate all tokens | team-{owner} | P1 | 2026-04-01 | open |
:::
"""


def pages(count: int) -> dict[str, str]:
    names = [f"year/sec-{n:03}" for n in range(count)]
    files = {f"{name}.md": PAGE.format(n=f"{n:03}", owner=n % 3) for n, name in enumerate(names)}
    files["owners.md"] = "# Owners\n\n:::{actions-by-owner}\n:::\n"
    files["year/index.md"] = "# Year\n\n```{toctree}\n" + "\n".join(f"sec-{n:03}" for n in range(count)) + "\n```\n"
    files["index.md"] = "# Site\n\n```{toctree}\nowners\nyear/index\n```\n"
    return files


@dataclass
class Work:
    """What a build has done."""

    read: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    parsed_cells: int = 0
    full_trees: int = 0


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Count the work of all builds in a test."""
    from sphinx.builders import Builder
    from sphinx.builders.html import StandaloneHTMLBuilder

    counted = Work()

    def count(owner: type, name: str, note: Callable[..., None]) -> None:
        original = getattr(owner, name)

        def counting(self: object, *arguments: object, **named: object) -> object:
            note(*arguments)
            return original(self, *arguments, **named)

        monkeypatch.setattr(owner, name, counting)

    def note_cell(*_: object) -> None:
        counted.parsed_cells += 1

    def note_tree(*_: object) -> None:
        counted.full_trees += 1

    count(Builder, "read_doc", lambda docname, *_: counted.read.append(docname))
    count(StandaloneHTMLBuilder, "write_doc", lambda docname, *_: counted.written.append(docname))
    count(PostmortemDirective, "parse_inline", note_cell)
    count(Navigation, "full", note_tree)
    return counted


@pytest.mark.parametrize("theme", ["alabaster", "furo"])
def test_whole_trees_rendered_do_not_grow_with_the_site(site: Callable[..., Site], work: Work, theme: str) -> None:
    site(pages(12)).build(html_theme=theme)
    assert 2 <= work.full_trees <= 6


@pytest.mark.parametrize("theme", ["alabaster", "furo"])
def test_navigation_is_what_sphinx_makes(
    site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    ours = site(pages(8)).build(html_theme=theme)
    monkeypatch.setattr(Navigation, "tree", Navigation.full)
    sphinx = site(pages(8), folder="other").build(html_theme=theme)
    assert html(ours) == html(sphinx)


def html(built: Built) -> dict[str, str]:
    return {str(p.relative_to(built.outdir)): p.read_text(encoding="utf-8") for p in built.outdir.rglob("*.html")}


def test_parallel_navigation_is_that_of_a_serial_build(site: Callable[..., Site]) -> None:
    source = site(pages(12))
    serial, parallel = (source.build(html_theme="alabaster", parallel=jobs) for jobs in (0, 2))
    assert html(serial) == html(parallel)


def test_only_cells_with_markup_are_parsed(site: Callable[..., Site], work: Work) -> None:
    site(pages(5)).build()
    assert work.parsed_cells == 5  # the cell with code on each page


def test_edit_of_prose_reads_one_page_and_writes_it_with_its_list(site: Callable[..., Site], work: Work) -> None:
    source = site(pages(5))
    source.build()
    work.read.clear()
    work.written.clear()
    text = PAGE.format(n="001", owner=1).replace("was stolen", "was stolen at night")
    source.write({"year/sec-001.md": text}).build(keep=True)
    assert work.read == ["year/sec-001"]
    assert sorted(work.written) == ["year/index", "year/sec-001"]


def test_edit_of_an_action_also_writes_the_actions_index(site: Callable[..., Site], work: Work) -> None:
    source = site(pages(5))
    source.build()
    work.written.clear()
    text = PAGE.format(n="001", owner=1).replace("Rotate", "Revoke")
    source.write({"year/sec-001.md": text}).build(keep=True)
    # Sphinx itself writes the pages whose toctree lists a written one.
    assert sorted(work.written) == ["index", "owners", "year/index", "year/sec-001"]
