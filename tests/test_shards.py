"""Builds in parts: their merge is the single build, and nothing else is published."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import run
from tests.conftest import CONF, Site

pytestmark = pytest.mark.usefixtures("warm_start")

PAGE = """# SEC-{n}: Token {n}

(label-{n})=

:::{{incident-summary}} SEC-{n}
:date: 2026-03-02

The token was stolen; see {{incident}}`SEC-{next}` and [the other](#label-{next}).
:::

:::{{timeline}}
| Time (UTC) | Event | Notes | Audience |
|---|---|---|---|
| 2026-03-02 01:14 | Alert detected | `canary{n}` | internal |
| 2026-03-02 01:31 | Alert validated | ![picture](../pictures/one.png) | |
:::

:::{{affected-assets}}
- Vault {asset}
:::

::::{{internal-only}}
secretword{n} {{term}}`token`
::::

:::{{action-table}}
| ID | Action | Owner | Priority | Due date | Status |
|---|---|---|---|---|---|
| A1 | Rotate tokens | team-{n} | P1 | 2026-04-01 | open |
:::
"""

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
COUNT = 7
FORMATS = "html,md"
EDITIONS = ("--edition", "internal", "--edition", "leadership")


def write_site(source: Path) -> Path:
    """Write a site whose pages refer to each other, with a list, an index, a picture and hidden content."""
    files = {f"y/sec-{n}.md": PAGE.format(n=n, next=(n + 1) % COUNT, asset=n % 3) for n in range(COUNT)}
    entries = "\n".join(f"sec-{n}" for n in range(COUNT))
    files["y/index.md"] = f"# Year\n\n```{{toctree}}\n:numbered:\n\n{entries}\n```\n"
    files["hidden.md"] = "---\naudience: internal\n---\n# Hidden page\n\nunseenword\n"
    files["index.md"] = (
        "# Site\n\n```{toctree}\nowners\ny/index\nhidden\n```\n\n```{index} thing\n```\n\n"
        "```{glossary}\ntoken\n  A word.\n```\n\n:::{incident-list}\n:::\n"
    )
    files["owners.md"] = "# Owners\n\n:::{actions-by-owner}\n:::\n"
    files["conf.py"] = CONF + "postmortem_related_incidents = True\n"
    (source / "pictures").mkdir(parents=True)
    (source / "pictures/one.png").write_bytes(PICTURE)
    return Site(source).write(files).source


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The site, to be built at a day that is given."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780000000")
    return write_site(tmp_path / "source")


@pytest.fixture(scope="module")
def read_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The leadership edition, read in three parts from another copy of the site."""
    folder = tmp_path_factory.mktemp("parts")
    read_parts(write_site(folder / "source"), folder / "out", 3, "--edition", "leadership")
    return folder / "out"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two editions, built in one piece from another copy of the site."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1780000000")
        done = run("build", write_site(folder / "source"), folder / "out", "-j", 1, "--format", FORMATS, *EDITIONS)
    assert done.exit_code == 0, done.output
    return folder / "out"


def read_parts(source: Path, out: Path, parts: int, *more: object) -> None:
    for part in range(1, parts + 1):
        done = run("build", source, out, "--shard", f"{part}/{parts}", *more)
        assert done.exit_code == 0, done.output


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_merged_parts_are_the_single_build(source: Path, whole: Path, tmp_path: Path) -> None:
    read_parts(source, tmp_path / "parts", 2, *EDITIONS)
    done = run("merge", source, tmp_path / "parts", "-j", 1, "--json", "--format", FORMATS, *EDITIONS)
    assert done.exit_code == 0, done.output
    published = json.loads(done.stdout)["editions"]
    assert [(each["edition"], each["published"]) for each in published] == [("internal", True), ("leadership", True)]
    for edition in ("internal", "leadership"):
        assert files(tmp_path / "parts" / edition) == files(whole / edition)
    assert b"secretword1" not in (tmp_path / "parts/leadership/html/searchindex.js").read_bytes()
    assert b"In common: asset Vault 1" in (tmp_path / "parts/leadership/html/y/sec-1.html").read_bytes()
    assert b"secretword1" in (tmp_path / "parts/internal/html/searchindex.js").read_bytes()


def test_more_parts_that_are_written_by_several_processes_are_the_single_build(
    source: Path, whole: Path, tmp_path: Path
) -> None:
    read_parts(source, tmp_path, 4, "--edition", "leadership")
    done = run("merge", source, tmp_path, "-j", 3, "--format", FORMATS, "--edition", "leadership")
    assert done.exit_code == 0, done.output
    assert files(tmp_path / "leadership") == files(whole / "leadership")


def test_parts_are_built_through_a_dask_cluster(source: Path, whole: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    # A program of its own: Dask keeps threads and files open.
    command = [sys.executable, "-m", "sphinx_postmortem.cli", "build", source, tmp_path / "parts"]
    more = ["--cluster", "2", "--format", FORMATS, "--edition", "leadership"]
    done = subprocess.run([*map(str, command), *more], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "parts/leadership") == files(whole / "leadership")


def test_a_build_after_a_merge_reads_nothing_again(source: Path, tmp_path: Path) -> None:
    read_parts(source, tmp_path, 2, "--edition", "internal")
    run("merge", source, tmp_path, "--edition", "internal")
    done = run("build", source, tmp_path, "--edition", "internal", "-v")
    assert "0 added, 0 changed, 0 removed" in done.output


def spoil_missing(out: Path, source: Path) -> None:
    (out / ".state/leadership/parts/2-of-3/part.json").unlink()


def spoil_edition(out: Path, source: Path) -> None:
    record = out / ".state/leadership/parts/2-of-3/part.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "edition": "internal"}))


def spoil_doubled(out: Path, source: Path) -> None:
    parts = out / ".state/leadership/parts"
    shutil.rmtree(parts / "2-of-3")
    shutil.copytree(parts / "1-of-3", parts / "2-of-3")


def spoil_tree(out: Path, source: Path) -> None:
    tree = max((out / ".state/leadership/parts/2-of-3/doctrees").rglob("sec-*.doctree"))
    tree.write_bytes(tree.read_bytes()[:100])


def spoil_environment(out: Path, source: Path) -> None:
    environment = out / ".state/leadership/parts/2-of-3/environment.pickle"
    environment.write_bytes(environment.read_bytes()[:-100])


def spoil_split(out: Path, source: Path) -> None:
    run("build", source, out, "--shard", "1/2", "--edition", "leadership")


def spoil_source(out: Path, source: Path) -> None:
    page = source / "y/sec-1.md"
    page.write_text(page.read_text() + "\nMore.\n")
    os.utime(page, (1, 1))  # its content counts, not its time


def spoil_pages(out: Path, source: Path) -> None:
    (source / "y/new.md").write_text("# New\n")


def spoil_settings(out: Path, source: Path) -> None:
    with (source / "conf.py").open("a") as conf:
        conf.write('postmortem_severities = ["S1"]\n')


def spoil_hidden_files(out: Path, source: Path) -> None:
    with (source / "conf.py").open("a") as conf:
        conf.write(
            'postmortem_audience_paths = {**globals().get("postmortem_audience_paths", {}), "x.svg": "internal"}\n'
        )


def test_parts_may_come_from_another_copy_of_the_site(source: Path, read_before: Path, tmp_path: Path) -> None:
    shutil.copytree(read_before, tmp_path / "out")
    done = run("merge", source, tmp_path / "out", "--edition", "leadership")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoil_missing, "part 2 of 3 is missing"),
        (spoil_edition, 'of the edition "internal"'),
        (spoil_doubled, "is part 1 a second time"),
        (spoil_tree, "part 2-of-3 is damaged; build it again with --shard 2/3"),
        (spoil_environment, "part 2-of-3 is damaged"),
        (spoil_split, "parts of several splits"),
        (spoil_source, "have changed since it was read"),
        (spoil_pages, "added or removed"),
        (spoil_settings, "postmortem_severities"),
        (spoil_hidden_files, "have changed since it was read"),
    ],
)
def test_parts_that_do_not_make_the_site_are_refused(
    source: Path, read_before: Path, tmp_path: Path, spoil: Callable[[Path, Path], None], said: str
) -> None:
    shutil.copytree(read_before, tmp_path / "out")
    spoil(tmp_path / "out", source)
    done = run("merge", source, tmp_path / "out", "--edition", "leadership")
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output
    assert not (tmp_path / "out/leadership").exists()


def test_a_part_with_a_marking_that_cannot_be_read_is_not_kept(source: Path, tmp_path: Path) -> None:
    page = source / "y/sec-1.md"
    page.write_text(page.read_text() + "\n:::{audience} bosses\ntext\n:::\n")
    done = [run("build", source, tmp_path, "--shard", f"{n}/2", "--edition", "public") for n in (1, 2)]
    assert sorted(one.exit_code for one in done) == [0, 1]
    assert run("merge", source, tmp_path, "--edition", "public").exit_code == 1
    assert not (tmp_path / "public").exists()


def test_warnings_of_all_steps_count(source: Path, tmp_path: Path) -> None:
    page = source / "y/sec-2.md"
    page.write_text(page.read_text() + "\n{incident}`SEC-99`\n")
    read_parts(source, tmp_path, 2, "--edition", "internal")
    done = run("merge", source, tmp_path, "--edition", "internal", "-W", "-j", 2)
    assert done.exit_code == 1
    assert "SEC-99" in done.output
    assert "x1b[" not in done.output  # no colours, nor their escapes
    assert run("merge", source, tmp_path, "--edition", "internal", "-j", 2).exit_code == 0


@pytest.mark.parametrize("asked", [("--format", "html,md"), ("--format", "pdf"), ("--pdf", "leadership")])
def test_a_part_that_would_be_asked_for_more_than_reading_is_wrong_use(
    source: Path, tmp_path: Path, asked: tuple[str, str]
) -> None:
    done = run("build", source, tmp_path, "--shard", "1/2", *asked)
    assert done.exit_code == 2
    assert "give `--format` and `--pdf` to `merge`" in done.output


@pytest.mark.parametrize("shard", ["0/2", "3/2", "x"])
def test_a_part_that_cannot_be_is_wrong_use(source: Path, tmp_path: Path, shard: str) -> None:
    assert run("build", source, tmp_path, "--shard", shard).exit_code == 2


@pytest.mark.parametrize("place", ["parts", "parts/1-of-2", "part-1-of-2.log"])
def test_no_part_is_read_into_a_link(source: Path, tmp_path: Path, place: str) -> None:
    state, mine = tmp_path / "out/.state/public", tmp_path / "mine"
    mine.mkdir()
    (state / place).parent.mkdir(parents=True)
    (tmp_path / "out/.state/public.lock").touch()
    (state / place).symlink_to(mine)
    done = run("build", source, tmp_path / "out", "--edition", "public", "--shard", "1/2")
    assert (done.exit_code, f"{state / place} is a link" in done.output) == (1, True)
    assert list(mine.iterdir()) == []
