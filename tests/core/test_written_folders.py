"""Which folders below the sources hold what builds have written."""

from __future__ import annotations

from sphinx_postmortem.core.audience.written_folders import STAMP, written_folders


def test_a_folder_with_a_stamp_counts_once_whatever_lies_within(tmp_path):
    for name in ("docs", "build/md/inner", "left/html"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("build/md", "build/md/inner", "left/html"):
        (tmp_path / name / STAMP).touch()
    assert written_folders(tmp_path, lambda path: path == "left") == ["build/md"]


def test_sources_that_an_edition_has_written_are_sources(tmp_path):
    (tmp_path / STAMP).touch()
    assert written_folders(tmp_path, lambda _: False, tmp_path.parent / "out") == []


def test_all_editions_beside_the_one_that_is_built_count(tmp_path):
    assert written_folders(tmp_path, lambda _: False, tmp_path / "a/out/.state/public/html") == ["a/out"]
    assert written_folders(tmp_path, lambda _: False, tmp_path / "a/html") == ["a/html"]
