"""Guards against slowness by counting work, never by timing it."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field

import pytest
from sphinx.builders import Builder

from sphinx_postmortem.core.rarer_collection import COLLECT_AFTER
from sphinx_postmortem.core.records import text_references
from sphinx_postmortem.core.records.field_uses import texts_of
from sphinx_postmortem.core.records.model import PageRecords
from sphinx_postmortem.sphinx_ext import memory_bounds
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.html.site_navigation import Navigation
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
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


def test_a_list_on_another_folders_page_shares_its_tree_too(
    site: Callable[..., Site], work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = pages(12)
    names = [path.removesuffix(".md") for path in files if path.startswith("year/sec-")]
    del files["year/index.md"]
    files["index.md"] = "# Site\n\n```{toctree}\nowners\n" + "\n".join(names) + "\n```\n"
    ours = site(files).build()
    assert work.full_trees <= 4  # the root, the owners, and two of the list
    monkeypatch.setattr(Navigation, "tree", Navigation.full)
    assert html(ours) == html(site(files, folder="other").build())


def test_each_of_several_trees_is_marked_on_its_own_pages(
    site: Callable[..., Site], work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trees of a landing page stand side by side, and a theme opens the one with the page that is read."""
    names = ("a", "b", "c", "d", "e", "f", "g", "h")
    first, second = ("\n".join(part) for part in (names[4:], names[:4]))
    trees = f"```{{toctree}}\n:caption: One\n{first}\n```\n\n```{{toctree}}\n:caption: Two\n{second}\n```\n"
    files = {"index.md": f"# Home\n\n{trees}", **{f"{name}.md": f"# Page {name}\n" for name in names}}
    ours = site(files).build(html_theme="alabaster")
    assert work.full_trees <= 5  # the root, and two of each list
    monkeypatch.setattr(Navigation, "tree", Navigation.full)
    assert html(ours) == html(site(files, folder="other").build(html_theme="alabaster"))


@pytest.mark.parametrize("theme", ["alabaster", "furo"])
def test_a_page_with_several_titles_has_an_entry_for_each(
    site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    files = {**pages(8), "year/sec-004.md": "# One\n\ntext\n\n# Two\n\ntext\n"}
    ours = site(files).build(html_theme=theme)
    assert 'href="#two"' in ours.read("year/sec-004.html")
    monkeypatch.setattr(Navigation, "tree", Navigation.full)
    assert html(ours) == html(site(files, folder="other").build(html_theme=theme))


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


def test_only_new_records_are_looked_through_for_references(
    site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []

    def noting(record: PageRecords) -> Iterator[str]:
        looked.append(record)
        return texts_of(record)

    monkeypatch.setattr(text_references, "texts_of", noting)
    source = site(pages(5))
    source.build()
    assert len(looked) == 8
    looked.clear()
    source.build(keep=True)
    assert not looked
    text = PAGE.format(n="001", owner=1).replace("was stolen", "was stolen at night")
    source.write({"year/sec-001.md": text}).build(keep=True)
    assert len(looked) == 1


@pytest.mark.parametrize(("largest", "most"), [(0, 1), (5_000, 2), (1 << 30, 11)])
def test_trees_held_in_memory_are_bounded(
    site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch, largest: int, most: int
) -> None:
    """Their files have some 4,000 bytes each, with those of three lists. The last one that was read is held too."""
    whole = html(site(pages(8)).build())
    held: list[int] = []
    original = Builder.write_doctree

    def counting(self: Builder, *arguments: object, **named: object) -> None:
        original(self, *arguments, **named)
        held.append(len(self.env._write_doc_doctree_cache))

    monkeypatch.setattr(Builder, "write_doctree", counting)
    monkeypatch.setattr(memory_bounds, "LARGEST_KEPT", largest)
    built = site(pages(8), folder="other").build()
    sizes = [path.stat().st_size for path in built.app.doctreedir.rglob("*.doctree")]
    assert max(held) == most, sizes
    assert html(built) == whole


@pytest.fixture
def usual_collector() -> Generator[tuple[int, int, int]]:
    """Let the collector run as in a program that leaves it alone: the tests themselves have it run less often."""
    before, usual = gc.get_threshold(), (700, 10, 10)
    gc.set_threshold(*usual)
    yield usual
    gc.set_threshold(*before)


def test_collector_runs_less_often_within_a_build_only(
    site: Callable[..., Site], usual_collector: tuple[int, int, int]
) -> None:
    events = "('builder-inited', 'write-started')"  # before the first, Sphinx has read what earlier builds kept
    note = f"    app.seen = []\n    for event in {events}:\n        app.connect(event, see, priority=-1)\n"
    see = "def see(app, *_):\n    app.seen.append(gc.get_threshold()[0])\n"
    built = site({"index.md": "# Site\n"}, conf=f"import gc\n{see}def setup(app):\n{note}").build()
    assert vars(built.app)["seen"] == [COLLECT_AFTER] * 2
    assert gc.get_threshold() == usual_collector


def test_html_builds_load_nothing_that_makes_pdfs(site: Callable[..., Site]) -> None:
    heavy = (
        "rst2pdf",
        "reportlab",
        "sphinx_postmortem.sphinx_ext.pdf.builder.",
        "sphinx_postmortem.sphinx_ext.pdf.engine.",
    )
    script = (
        "import sys; from sphinx.cmd.build import main; assert main(sys.argv[1:]) == 0;"
        f"print([name for name in sys.modules if f'{{name}}.'.startswith({heavy!r})])"
    )
    source = site({"index.md": "# Site\n"}).source
    command = [sys.executable, "-c", script, "-q", "-b", "html", str(source), str(source.parent / "html")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_edit_reads_as_many_pages_however_large_the_site(site: Callable[..., Site], work: Work) -> None:
    """Neither reading nor parsing nor writing for an edit grows with the number of pages."""
    done: list[tuple[int, int, int, int]] = []
    for count in (4, 12):
        source = site(pages(count), folder=f"of-{count}")
        source.build()
        before = (len(work.read), work.parsed_cells, len(work.written), work.full_trees)
        source.write({"year/sec-001.md": PAGE.format(n="001", owner=1) + "\nMore.\n"}).build(keep=True)
        after = (len(work.read), work.parsed_cells, len(work.written), work.full_trees)
        done.append(tuple(new - old for old, new in zip(before, after, strict=True)))
    assert done[0] == done[1]
    assert done[0][:3] == (1, 1, 2)  # the page; its cell with code; the page and the list of its folder


NAVIGATION = {
    "in folders by year": {f"y{n % 3}/sec-{n}" for n in range(12)},
    "in one folder": {f"sec-{n}" for n in range(12)},
}


@pytest.mark.parametrize("theme", ["alabaster", "furo"])
@pytest.mark.parametrize("glob", [False, True], ids=["named", "glob"])
@pytest.mark.parametrize("place", NAVIGATION)
def test_whole_trees_are_rendered_for_two_pages_of_a_list(
    site: Callable[..., Site], work: Work, place: str, glob: bool, theme: str
) -> None:
    names = sorted(NAVIGATION[place])
    files = {f"{name}.md": f"# Page {name}\n\n## Part\n" for name in names}
    folders = sorted({name.rpartition("/")[0] for name in names})
    for folder in folders:
        own = ["sec-*"] if glob else [name.rpartition("/")[2] for name in names if name.rpartition("/")[0] == folder]
        listed = "```{toctree}\n:glob:\n\n" + "\n".join(own) + "\n```\n"
        files[f"{folder}/index.md" if folder else "index.md"] = f"# List {folder}\n\n{listed}"
    if folders != [""]:
        files["index.md"] = "# Site\n\n```{toctree}\n" + "\n".join(f"{f}/index" for f in folders) + "\n```\n"
    site(files).build(html_theme=theme)
    assert work.full_trees <= 3 * len(folders) + 1  # two of each list, the list itself, and the root


def test_search_index_is_the_same_with_the_stemmer_in_c(site: Callable[..., Site]) -> None:
    pytest.importorskip("Stemmer", reason="the extra `fast` is not installed")
    source = site(pages(3)).source
    built: dict[str, str] = {}
    for name, hide in (("c", ""), ("python", "sys.modules['Stemmer'] = None;")):
        script = (
            f"import sys; {hide} from sphinx.cmd.build import main; assert main(sys.argv[1:]) == 0;"
            "import snowballstemmer; print(type(snowballstemmer.stemmer('english')).__module__)"
        )
        out = source.parent / name
        command = [sys.executable, "-c", script, "-q", "-b", "html", str(source), str(out)]
        kind = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        built[kind] = (out / "searchindex.js").read_text(encoding="utf-8")
    assert len(built) == 2  # the two builds did use different stemmers
    assert len(set(built.values())) == 1


def test_an_edit_stores_the_records_of_one_page_anew(site: Callable[..., Site]) -> None:
    """Those of the others are stored as they were, as bytes."""
    made = site(pages(5))
    made.build()
    before = {name: each.data for name, each in domain_of(made.build(keep=True).app.env).stored_pages().items()}
    made.edit("year/sec-003.md", "stolen", "taken")
    made.build(keep=True)
    after = {name: each.data for name, each in domain_of(made.build(keep=True).app.env).stored_pages().items()}
    assert len(before) == 8
    assert all(before.values())
    assert [name for name in before if before[name] != after[name]] == ["year/sec-003"]


def test_an_edit_reads_no_events_of_other_pages(site: Callable[..., Site]) -> None:
    made = site(pages(5))
    made.build()
    made.edit("year/sec-003.md", "stolen", "taken")
    env = made.build(keep=True).app.env
    read = [name for name, page in domain_of(env).pages.items() if page.incidents and "events" in vars(page)]
    assert read == ["year/sec-003"]
