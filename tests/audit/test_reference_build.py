"""What the search finds is settled by a build of sources without hidden content: equal is no leak, different is one."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sphinx_postmortem.cli.audit import audit_with_reference, content_of, scope_of
from sphinx_postmortem.cli.reference_build import Settled, build_reference
from sphinx_postmortem.cli.site import read_site
from sphinx_postmortem.core.audit.comparison import differences
from sphinx_postmortem.core.audit.deletion import copy_without_hidden
from sphinx_postmortem.core.audit.unpacking import AuditError
from tests.command import run

pytestmark = pytest.mark.usefixtures("warm_start")

CONF = """
extensions = ["sphinx_postmortem"]
project = "Test"
html_theme = "basic"
myst_enable_extensions = ["colon_fence", "deflist"]
postmortem_check_builds = "off"
postmortem_audience_paths = {"vault": "internal"}
import os
def setup(app):
    if "spoil" in os.environ.get("SPOIL", "") and app.config.postmortem_audience == "leadership":
        def spoil(app, _error):
            (app.outdir / "more.html").write_text((app.srcdir / "index.md").read_text())
        app.connect("build-finished", spoil)
"""
MARKDOWN = """---
reviewer: avocetnote
---
# Home

Shown first. <!-- curlewcomment
over lines --> Shown second.

% curlewcomment

- one

  :::{internal-only}
  In a list, heronword.
  :::
- two

> Quoted.
>
> :::{internal-only}
> In a quotation, heronword.
> :::
>
> More.

1. first

:::{internal-only}
Between items, heronword.
:::

2. second

::::{internal-only}
:summary: Details are withheld.

heronword

:::{note}
heronword
:::
::::

Term
: Meaning

  ```{internal-only}
  heronword
  ```

:::{timeline}
:internal-columns: Remarks
| Time (UTC) | Event | Remarks | Audience |
|---|---|---|---|
| 2026-03-02 01:14 | Alert detected | heronword | |
| 2026-03-02 01:31 | Alert validated, heronword | x | internal |
:::

```{eval-rst}
Inside.

.. internal-only::

   heronword
```

[Plan](plan.md), {download}`the data <vault/data.txt>`, {doc}`plan`, {ref}`heronlabel`.

```{toctree}
plan
open
vault/inner
```
"""
RST = """Open
====

:Page Status: Outdated

Shown.

.. internal-only::

   Heronword.

   .. note:: heronword

Shown again.

.. audience:: internal
   :summary: In short.

   heronword

- item

  .. internal-only::

     heronword

- item

.. a comment, heronword
   over lines

.. action-table::
   :internal-columns: Notes

   | ID | Action | Owner | Notes | Audience |
   |----|--------|-------|-------|----------|
   | A1 | Do | team | heronword | |
   | A2 | heronword | team | x | internal |

The end.
"""
FILES = {
    "conf.py": CONF,
    "index.md": MARKDOWN,
    "open.rst": RST,
    "plan.md": "---\naudience: internal\n---\n(heronlabel)=\n# Heronword plan\n",
    "vault/inner.md": "# Heronword\n",
    "vault/data.txt": "heronword",
}


@pytest.fixture
def source(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    folder = tmp_path / "project" / "docs"
    write(folder, FILES)
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def build(source: Path, *more: str) -> Path:
    done = run("build", source, source.parent / "out", "--edition", "leadership", "--no-audit", *more)
    assert done.exit_code == 0, done.output
    return source.parent / "out/leadership"


def settled(source: Path, edition: Path):
    return audit_with_reference(read_site(source), edition, "leadership", always=True)


def copied(source: Path, target: Path) -> Path:
    site = read_site(source)
    scope = scope_of(site, "leadership")
    copy_without_hidden(scope, content_of(site, "leadership"), CONF, target)
    return target


# --- the copy


def test_nothing_hidden_is_in_the_copy(source, tmp_path):
    copy = copied(source, tmp_path / "copy")
    text = "\n".join(path.read_text() for path in copy.rglob("*") if path.is_file() and path.name != "conf.py")
    for word in ("heron", "curlew", "avocet", "01:31", "Remarks"):
        assert word not in text.replace("Heron", "heron"), word
    for word in ("Shown first.", "Shown second.", "Details are withheld.", "In short.", "Outdated", "Alert detected"):
        assert word in text
    assert not (copy / "plan.md").exists()
    assert not (copy / "vault/inner.md").exists()


def test_the_files_of_finished_builds_are_not_copied(source, tmp_path):
    write(source, {"_build/html/.postmortem-edition": "{}", "_build/html/page.md": "# old"})
    assert not (copied(source, tmp_path / "copy") / "_build/html/page.md").exists()


def test_stubs_of_an_earlier_build_are_not_copied_and_excuse_no_word(source, tmp_path):
    stub = "mod.heronstub\n=============\n\n.. automodule:: mod.heronstub\n"
    table = ":::{internal-only}\n```{eval-rst}\n.. autosummary::\n   :toctree: api\n\n   mod.heronstub\n```\n:::\n"
    write(source, {"api/mod.heronstub.rst": stub, "index.md": MARKDOWN + "\n" + table})
    assert not (copied(source, tmp_path / "copy") / "api/mod.heronstub.rst").exists()
    content = content_of(read_site(source), "leadership")
    assert "api/mod.heronstub" not in content.visible_names


def test_what_git_tracks_was_written_by_authors(source, tmp_path):
    write(source, {".gitignore": "made.md\n", "made.md": "# Made\n", "kept.md": "# Kept\n"})
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=source, check=True)
    copy = copied(source, tmp_path / "copy")
    assert [(copy / name).exists() for name in ("made.md", "kept.md")] == [False, True]


def test_sources_named_by_their_absolute_path_are_not_settled(source, tmp_path):
    write(source, {"conf.py": f"{CONF}\nhere = {str(source)!r}\n"})
    site = read_site(source)
    with pytest.raises(AuditError, match="absolute path"):
        copy_without_hidden(
            scope_of(site, "leadership"),
            content_of(site, "leadership"),
            (source / "conf.py").read_text(),
            tmp_path / "c",
        )


# --- settled


def test_a_clean_edition_with_pdfs_is_equal_without_a_fixed_date(source, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert settled(source, build(source, "--format", "html,pdf")).leaks == ()


def test_words_that_coincide_are_published(source):
    write(
        source,
        {
            "index.md": "# Home\n\nShown.\n\n:::{internal-only}\nThe stylesheets charset viewport.\n:::\n\n```{toctree}\nopen\n```\n"
        },
    )
    done = run("build", source, source.parent / "out", "--edition", "leadership")
    assert done.exit_code == 0, done.output
    done = run("audit", source.parent / "out/leadership", "--source", source)
    assert (done.exit_code, done.output.strip()) == (0, "clean: nothing hidden was found")


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> tuple[Path, Path]:
    """An edition and its reference, built once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1767225600")
        source = tmp_path_factory.mktemp("both") / "project/docs"
        write(source, FILES)
        edition, site = build(source), read_site(source)
        content = content_of(site, "leadership")
        work = source.parent / "work"
        work.mkdir()
        return edition, build_reference(site, edition, "leadership", scope_of(site, "leadership"), content, work)


def found_in(both: tuple[Path, Path], folder: Path, change) -> list[tuple[str, str]]:
    """Return the differences after a change of the edition."""
    edition = folder / "edition"
    shutil.copytree(both[0], edition)
    change(edition)
    return [(leak.file, leak.found) for leak in differences(edition, both[1], lambda data: data)]


def test_a_clean_edition_is_equal_to_its_reference(both, tmp_path):
    assert found_in(both, tmp_path, lambda _edition: None) == []


@pytest.mark.parametrize(
    ("file", "plant", "found"),
    [
        ("html/index.html", lambda data: data.replace(b"Shown first.", b"Shown first. A list."), "A list."),
        ("html/open.html", lambda data: data.replace(b"Shown.", b"Shown. heronword"), "heronword"),
        ("html/searchindex.js", lambda data: data.replace(b'"shown"', b'"heronword"'), "heronword"),
        ("html/objects.inv", lambda data: data + b"x", ""),
        ("postmortems.json", lambda data: data.replace(b"Alert detected", b"Alert was detected"), "was detected"),
        ("html/note.txt", lambda _data: b"first second", "html/note.txt"),
        ("html/_static/basic.css", lambda data: data + b"/* in a list */", "in a list"),
    ],
)
def test_a_leak_of_common_words_is_found(both, tmp_path, file, plant, found):
    def change(edition: Path) -> None:
        path = edition / file
        path.write_bytes(plant(path.read_bytes() if path.exists() else b""))

    ((where, what),) = found_in(both, tmp_path, change)
    assert (where, found in what) == (file, True)


def test_a_file_that_is_missing_is_a_difference(both, tmp_path):
    found = found_in(both, tmp_path, lambda edition: (edition / "html/open.html").unlink())
    assert found == [("html/open.html", "html/open.html (missing)")]


def test_a_build_that_leaks_is_not_published(source, monkeypatch):
    monkeypatch.setenv("SPOIL", "spoil")
    done = run("build", source, source.parent / "out", "--edition", "leadership")
    assert (done.exit_code, (source.parent / "out/leadership").exists()) == (1, False)
    assert 'word "heronword"' in done.output


def test_findings_stay_where_no_reference_can_be_built(source):
    edition = build(source)
    (edition / "html/note.txt").write_text("heronword")
    conf = source / "conf.py"
    conf.write_text(conf.read_text() + f"\n# {source}\n")
    done = run("audit", edition, "--source", source)
    assert (done.exit_code, "could not be compared" in done.output) == (1, True)
    done = run("audit", edition, "--source", source, "--reference")
    assert (done.exit_code, "absolute path" in done.output) == (2, True)


@pytest.mark.parametrize("folder", ["releases", "../releases"])
def test_what_was_approved_is_compared_without_its_release(source, folder):
    more = f'postmortem_release = {{"leadership": "required"}}\npostmortem_release_folder = "{folder}"\n'
    write(source, {"conf.py": CONF + more})
    done = run("approve", source, "--edition", "leadership")
    assert done.exit_code == 0, done.output
    edition = build(source)
    assert settled(source, edition) == Settled(())


def test_the_json_of_a_difference(source):
    edition = build(source)
    (edition / "html/note.txt").write_text("first")
    done = run("audit", edition, "--source", source, "--reference", "--format", "json")
    assert (done.exit_code, json.loads(done.stdout)["leaks"][0]["kind"]) == (1, "file")


def test_paths_beside_the_sources_lead_where_they_led(source):
    write(source.parent, {"shared/part.txt": "Shown part.\n", "ext/own.py": "def setup(app): pass\n"})
    conf = CONF + 'import sys\nsys.path.insert(0, os.path.abspath("../ext"))\nextensions += ["own"]\n'
    write(source, {"conf.py": conf, "index.md": MARKDOWN + "\n```{literalinclude} ../shared/part.txt\n```\n"})
    assert settled(source, build(source)).leaks == ()


def test_the_history_of_a_page_is_that_of_its_repository(source):
    table = "\n:::{revision-history}\n:::\n"
    write(source, {"index.md": MARKDOWN + table})
    author = ["-c", "user.name=A", "-c", "user.email=a@x.example"]
    for command in (["init", "-q"], ["add", "-A"], [*author, "commit", "-q", "-m", "First version"]):
        subprocess.run(["git", *command], cwd=source.parent, check=True)
    assert settled(source, build(source)).leaks == ()


def test_paths_of_the_reference_are_no_difference(tmp_path):
    write(tmp_path, {"a/x.txt": "in /here/docs", "b/x.txt": "in /there/docs"})
    assert not list(differences(tmp_path / "a", tmp_path / "b", lambda data: data.replace(b"/there", b"/here")))
    assert list(differences(tmp_path / "a", tmp_path / "b", lambda data: data))


def test_the_time_at_which_a_file_was_written_is_no_difference(tmp_path):
    now = datetime.now(UTC)
    write(
        tmp_path,
        {
            "a/feed.xml": f"<updated>{now.isoformat()}</updated>",
            "b/feed.xml": f"<updated>{now:%Y-%m-%dT}00:00:00Z</updated>",
        },
    )
    assert not list(differences(tmp_path / "a", tmp_path / "b", lambda data: data))
    write(
        tmp_path,
        {
            "a/feed.xml": "<updated>2026-01-01T00:00:00Z</updated>",
            "b/feed.xml": "<updated>2026-01-01T01:00:00Z</updated>",
        },
    )
    assert list(differences(tmp_path / "a", tmp_path / "b", lambda data: data))


def test_the_stamp_of_a_folder_that_lists_its_files_is_no_difference(tmp_path):
    for name, files in (("a", ""), ("b", ', "files": ["index.html"]')):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".postmortem-edition").write_text(f'{{"edition": "public"{files}}}\n')
    assert not list(differences(tmp_path / "a", tmp_path / "b", lambda data: data))
