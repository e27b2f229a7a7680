"""The folder of an edition: what is foreign is refused, and at each stop one whole edition stands."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from sphinx_postmortem.cli import edition_folder
from sphinx_postmortem.cli.build import move_into_place
from sphinx_postmortem.cli.edition_folder import (
    FolderError,
    check_folders,
    empty_unfinished,
    mount_points,
    put_back,
    refuse_foreign,
    remove_earlier,
    replace_edition,
)
from sphinx_postmortem.core.exports.manifest import write_manifest

pytestmark = pytest.mark.usefixtures("warm_start")


def made(folder: Path, text: str, edition: str = "public") -> Path:
    """Make a folder as a build leaves it."""
    (folder / "html").mkdir(parents=True)
    (folder / "html" / "index.html").write_text(text)
    write_manifest(folder, edition, {})
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "conf.py").write_text("")
    return folder


@pytest.mark.parametrize("output", [".", "..", "docs/.."])
def test_sources_that_lie_in_the_place_of_an_edition_are_refused(source: Path, output: str) -> None:
    with pytest.raises(FolderError, match="source"):
        check_folders(source, source / output, ["docs", "public"])


def test_sources_in_the_folder_of_the_state_are_refused(tmp_path: Path) -> None:
    source = tmp_path / ".state" / "docs"
    source.mkdir(parents=True)
    with pytest.raises(FolderError, match="the sources lie in"):
        check_folders(source, tmp_path, ["public"])


def test_sources_behind_a_link_in_the_place_of_an_edition_are_refused(source: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "public").symlink_to(source)
    with pytest.raises(FolderError, match="the sources lie in"):
        check_folders(source, tmp_path / "out", ["public"])


def test_a_link_in_the_place_of_the_state_of_an_edition_is_refused(source: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / ".state").mkdir(parents=True)
    (tmp_path / "out" / ".state" / "public").symlink_to(source)
    with pytest.raises(FolderError, match="symbolic link"):
        check_folders(source, tmp_path / "out", ["public"])


def test_a_state_that_no_build_has_made_is_refused(source: Path, tmp_path: Path) -> None:
    state = tmp_path / "out" / ".state"
    (state / "public" / "unfinished").mkdir(parents=True)
    with pytest.raises(FolderError, match="unfinished was not made by a build"):
        check_folders(source, tmp_path / "out", ["public"])
    (state / "public.lock").write_text("")
    check_folders(source, tmp_path / "out", ["public"])


def test_an_output_below_the_sources_is_fine(source: Path) -> None:
    check_folders(source, source / "build" / "site", ["internal", "public"])


def test_a_file_in_the_place_of_a_folder_is_refused(source: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(FolderError, match="not a folder"):
        check_folders(source, tmp_path / "out", ["public"])


def test_a_folder_without_a_manifest_is_refused(source: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "public").mkdir(parents=True)
    (tmp_path / "out" / "public" / "thesis.txt").write_text("mine")
    with pytest.raises(FolderError, match="no edition that was built here"):
        check_folders(source, tmp_path / "out", ["public"])


def test_an_empty_folder_may_be_filled(source: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "public").mkdir(parents=True)
    check_folders(source, tmp_path / "out", ["public"])


def test_another_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match='holds the edition "internal"'):
        refuse_foreign(made(tmp_path / "out", "a", "internal"), "public")


MOUNTS = r"""22 27 0:21 / / rw,relatime - ext4 /dev/sda1 rw
23 22 0:22 / {folder}/out/public rw shared:1 - ext4 /dev/sda1 rw
24 22 0:22 /x {folder}/with\040space rw - ext4 /dev/sda1 rw
"""


def test_mounts_are_read_from_the_list_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "list").write_text(MOUNTS.format(folder=tmp_path))
    assert mount_points(tmp_path / "list") == {Path("/"), tmp_path / "out/public", tmp_path / "with space"}
    assert mount_points(tmp_path / "none") == frozenset()


@pytest.mark.parametrize(
    ("mounted", "message"), [("out/public", "is a mount point"), ("out", ""), ("out/.state", "on another file system")]
)
@pytest.mark.parametrize("is_there", [True, False])
def test_mounts_of_one_file_system_are_told_apart(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mounted: str, message: str, is_there: bool
) -> None:
    monkeypatch.setattr(edition_folder, "mount_points", lambda: frozenset([Path("/"), tmp_path / mounted]))
    (tmp_path / "out/.state").mkdir(parents=True)
    if is_there:
        (tmp_path / "out/public").mkdir()
    if not message:
        check_folders(source, tmp_path / "out", ["public"])
        return
    with pytest.raises(FolderError, match=message):
        check_folders(source, tmp_path / "out", ["public"])


def test_a_link_that_leads_to_another_mount_is_refused_before_the_target_exists(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edition_folder, "mount_points", lambda: frozenset([Path("/"), tmp_path / "other"]))
    for name in ("out", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "out/public").symlink_to(tmp_path / "other/deep/public")
    with pytest.raises(FolderError, match="on another file system"):
        check_folders(source, tmp_path / "out", ["public"])


@pytest.mark.parametrize("name", ["CNAME", "html/notes.txt", ".git/HEAD"])
def test_a_file_that_the_manifest_does_not_name_is_refused(tmp_path: Path, name: str) -> None:
    folder = made(tmp_path / "public", "a")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("mine")
    with pytest.raises(FolderError, match="not made by a build"):
        refuse_foreign(folder, "public")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 3}', "[" * 100_000])
def test_a_damaged_manifest_is_refused(tmp_path: Path, text: str) -> None:
    folder = made(tmp_path / "public", "a")
    (folder / "manifest.json").write_text(text)
    with pytest.raises(FolderError, match="no edition that was built here"):
        refuse_foreign(folder, "public")


def test_signatures_beside_the_sums_are_ours(tmp_path: Path) -> None:
    folder = made(tmp_path / "public", "a")
    (folder / "SHA256SUMS.asc").write_text("signature")
    refuse_foreign(folder, "public")


def new_edition(tmp_path: Path) -> tuple[Path, Path]:
    """Return the folder of the state, with a new edition aside, and the published folder of the earlier one."""
    state, final = tmp_path / "out" / ".state" / "public", tmp_path / "out" / "public"
    made(empty_unfinished(state), "new")
    made(final, "old")
    return state, final


def index_of(folder: Path) -> str:
    return (folder / "html" / "index.html").read_text()


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_new_edition_takes_the_place_of_the_earlier_one(
    tmp_path: Path, can_exchange: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not can_exchange:
        monkeypatch.setattr(edition_folder, "exchange", lambda _one, _other: False)
    state, final = new_edition(tmp_path)
    replace_edition(state, final)
    assert index_of(final) == "new"
    remove_earlier(state)
    assert list(state.iterdir()) == []


class StoppedError(Exception):
    """The process ends here."""


@pytest.mark.parametrize("can_exchange", [True, False])
@pytest.mark.parametrize("stop", range(1, 4))
def test_after_a_stop_at_any_move_the_next_command_finds_one_whole_edition(
    tmp_path: Path, can_exchange: bool, stop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, final = new_edition(tmp_path)
    moves = 0
    real_replace, real_rmtree = Path.replace, edition_folder.shutil.rmtree

    def count() -> None:
        nonlocal moves
        moves += 1
        if moves == stop:
            raise StoppedError

    def replace(one: Path, other: Path) -> Path:
        done = real_replace(one, other)
        count()
        return done

    def rmtree(folder: Path) -> None:
        count()
        real_rmtree(folder)

    if not can_exchange:
        monkeypatch.setattr(edition_folder, "exchange", lambda _one, _other: False)
    with monkeypatch.context() as patch, suppress(StoppedError):
        patch.setattr(Path, "replace", replace)
        patch.setattr(edition_folder.shutil, "rmtree", rmtree)
        replace_edition(state, final)
        remove_earlier(state)
    put_back(state, final)
    assert index_of(final) in ("old", "new")
    refuse_foreign(final, "public")
    assert not (state / "replaced").exists()


def test_a_stop_between_two_moves_puts_the_earlier_edition_back(tmp_path: Path) -> None:
    state, final = new_edition(tmp_path)
    final.replace(state / "replaced")
    assert put_back(state, final)
    assert index_of(final) == "old"


def test_what_is_left_of_a_removed_edition_is_not_put_back(tmp_path: Path) -> None:
    state, final = new_edition(tmp_path)
    final.replace(state / "replaced")
    (state / "replaced" / "html" / "index.html").unlink()
    assert not put_back(state, final)
    assert not final.exists()
    assert not (state / "replaced").exists()


def test_a_linked_edition_is_published_to_its_target(tmp_path: Path) -> None:
    state, _ = new_edition(tmp_path / "other")
    target = made(tmp_path / "www", "old")
    replace_edition(state, target)
    assert index_of(target) == "new"


def test_an_earlier_edition_that_cannot_be_removed_is_named_and_the_new_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied", "searchindex.js")

    state, final = new_edition(tmp_path)
    monkeypatch.setattr(edition_folder.shutil, "rmtree", refuse)
    assert move_into_place(state, final, "public")
    assert index_of(final) == "new"
    said = capsys.readouterr().err.strip()
    assert said == (
        f"public: published; the edition before it is left in {state / 'replaced'} "
        "(Permission denied; mend its rights, or remove it)"
    )
