"""Promises 1 and 2: a filtered edition is a function of what its audience may see."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Self

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from sphinx_postmortem.core.exports.export_files import EXPORT_FORMATS
from tests.conftest import CONF, Site
from tests.noninterference.sites import Hidden, Model, models, write

EXAMPLES = int(os.environ.get("NONINTERFERENCE_EXAMPLES", "6"))
BUILDERS = [
    "html",
    "html",
    "html",
    "dirhtml",
    "singlehtml",
    "json",
    "text",
    "postmortem-markdown",
    "latex",
    "man",
    "texinfo",
    "xml",
    "pseudoxml",
    "linkcheck",
    "epub",
]
PAGES = ("html", "dirhtml", "singlehtml")  # they link the data files that are written with them
SITE_CONF = CONF + (
    'extensions += ["sphinx_design", "sphinx.ext.todo"]\n'
    'myst_enable_extensions = ["deflist", "fieldlist", "attrs_block", "dollarmath"]\nmyst_heading_anchors = 3\n'
    'linkcheck_ignore = [".*"]\npostmortem_audience_paths = {"secret": "internal"}\nnumfig = True\nversion = release = "1"\ncopyright = "us"\n'
    'suppress_warnings = ["myst.header"]\npostmortem_today = "2026-02-01"\n'
    "postmortem_related_incidents = True\n"
    f"postmortem_export_formats = {list(EXPORT_FORMATS)}\n"
)

relaxed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=EXAMPLES < 50,
    phases=[Phase.explicit, Phase.generate],  # shrinking would take hundreds of builds
)
seeds = st.integers(0, 2**32)


mutations: list[int] = []


@pytest.fixture(scope="module", autouse=True)
def tell_how_many():
    """Say how much was tried; `make noninterference` shows it."""
    yield
    print(f"\n{sum(mutations)} hidden places mutated or deleted, in {len(mutations)} sites")


@pytest.fixture(autouse=True)
def one_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file by name; of archives every member, since they hold file times."""
    found: dict[str, bytes] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = str(path.relative_to(folder))
        if path.suffix == ".epub":
            with zipfile.ZipFile(path) as archive:
                found |= {f"{name}/{member}": archive.read(member) for member in archive.namelist()}
        else:
            found[name] = path.read_bytes()
    return found


class Workshop:
    """One source folder that is written anew for each variant, and built."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="noninterference-"))
        (self.folder / "source").mkdir()
        self.site = Site(self.folder / "source")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def build(self, files: dict[str, str], edition: str, builder: str, *, keep: bool = False, parallel: int = 0):
        wanted = {"conf.py": SITE_CONF, **files}
        for path in [path for path in self.site.source.rglob("*") if path.is_file()]:
            name = path.relative_to(self.site.source).as_posix()
            # A visible page that has not changed keeps its time, as in a real folder.
            if wanted.get(name) == path.read_text(encoding="utf-8"):
                del wanted[name]
            elif name not in wanted:
                path.unlink()
        self.site.write(wanted)
        data = self.folder / f"build-{edition}-{builder}-{self.site.builds + (not keep)}" / "data"
        written = {"postmortem_export_folder": str(data)} if builder in PAGES else {}
        built = self.site.build(edition, builder, warnings=True, keep=keep, parallel=parallel, **written)
        assert "broken-marking" not in built.warnings, built.warnings
        return contents(built.outdir) | {f"data/{name}": content for name, content in contents(data).items()}


def assert_same(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    assert sorted(before) == sorted(after)
    for name, data in before.items():
        if data != after[name]:
            place = next((i for i, pair in enumerate(zip(data, after[name], strict=False)) if pair[0] != pair[1]), 0)
            assert (name, data[place - 100 : place + 200]) == (name, after[name][place - 100 : place + 200])
            pytest.fail(f"{name} differs in length")


@relaxed
@given(
    models(),
    seeds,
    seeds,
    st.sampled_from(BUILDERS),
    st.sampled_from(["clean", "incremental", "parallel"]),
    st.sampled_from(["leadership", "public"]),
)
def test_hidden_content_changes_no_byte(model: Model, first: int, second: int, builder: str, mode: str, edition: str):
    """Promise 1: every hidden place is filled differently; nothing changes."""
    mutations.append(model.hidden_places)
    with Workshop() as workshop:
        before = workshop.build(write(model, Hidden(first)), edition, builder)
        event(f"{builder} {mode}")
        after = workshop.build(
            write(model, Hidden(second)),
            edition,
            builder,
            keep=mode == "incremental",
            parallel=2 if mode == "parallel" else 0,
        )
        assert_same(before, after)


@relaxed
@given(models(), seeds, seeds, st.sampled_from(["leadership", "public"]))
def test_hidden_content_changes_no_byte_of_the_data_files(model: Model, first: int, second: int, edition: str):
    """Promises 1 and 2 for postmortems.json, the table, the calendars and the feed."""
    mutations.append(model.hidden_places)
    with Workshop() as workshop:
        before = workshop.build(write(model, Hidden(first)), edition, "postmortem-export")
        assert {"postmortems.json", "actions.csv", "actions.ics", "incidents.atom"} <= set(before)
        assert_same(before, workshop.build(write(model, Hidden(second)), edition, "postmortem-export"))
        assert_same(before, workshop.build(write(model, Hidden(None)), edition, "postmortem-export"))


@relaxed
@given(models(), seeds, st.sampled_from(BUILDERS))
def test_same_as_deleted_by_hand(model: Model, seed: int, builder: str):
    """Promise 2: the edition is that of a source from which the hidden content was deleted."""
    mutations.append(model.hidden_places)
    with Workshop() as workshop:
        marked = workshop.build(write(model, Hidden(seed)), "leadership", builder)
        assert_same(marked, workshop.build(write(model, Hidden(None)), "leadership", builder))


@settings(relaxed, max_examples=max(2, EXAMPLES // 5))  # a PDF takes as long as a whole site in HTML
@given(models(), seeds, st.one_of(st.none(), seeds))
def test_hidden_content_changes_no_byte_of_a_pdf(model: Model, first: int, second: int | None):
    """Promises 1 and 2 for PDFs: filled differently, or deleted by hand."""
    mutations.append(model.hidden_places)
    with Workshop() as workshop:
        before = workshop.build(write(model, Hidden(first)), "leadership", "pdf")
        assert any(name.endswith(".pdf") for name in before)
        assert_same(before, workshop.build(write(model, Hidden(second)), "leadership", "pdf"))


@settings(relaxed, max_examples=max(2, EXAMPLES // 5))  # each must differ, so a few tell
@given(models(), seeds)
def test_the_full_edition_shows_what_is_hidden(model: Model, seed: int):
    """The tests above can fail: with other hidden content the full edition does change."""
    with Workshop() as workshop:
        before = workshop.build(write(model, Hidden(seed)), "internal", "html")
        assert before != workshop.build(write(model, Hidden(seed + 1)), "internal", "html")
