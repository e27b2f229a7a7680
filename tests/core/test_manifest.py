"""The manifest of an edition, and its verification."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from click.testing import CliRunner

from sphinx_postmortem.cli.main import main
from sphinx_postmortem.core.exports.manifest import ManifestError, verify_folder, write_manifest

pytestmark = pytest.mark.usefixtures("warm_start")


@pytest.fixture
def folder(tmp_path):
    edition = tmp_path / "public"
    (edition / "html").mkdir(parents=True)
    (edition / "html/index.html").write_text("page")
    (edition / "a b\\c\n.txt").write_text("odd name")
    write_manifest(edition, "public", {"tools": {"x": "1"}})
    return edition


def test_untouched(folder):
    assert verify_folder(folder) == []


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_sha256sum_agrees(folder):
    done = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_differs_is_named(folder):
    (folder / "html/index.html").write_text("other")
    (folder / "more.txt").write_text("")
    (folder / "a b\\c\n.txt").unlink()
    assert sorted(verify_folder(folder)) == [
        "changed: html/index.html",
        "missing: a b\\c\n.txt",
        "not in the manifest: more.txt",
    ]


def test_changed_manifest(folder):
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"size": 4', '"size": 5'))
    assert verify_folder(folder) == ["changed: manifest.json"]


def test_line_taken_out_of_the_sums(folder):
    path = folder / "SHA256SUMS"
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if "html/" not in line))
    assert verify_folder(folder) == ["manifest.json and SHA256SUMS differ: html/index.html"]


def test_link_in_place_of_a_file(folder, tmp_path):
    page = folder / "html/index.html"
    page.rename(tmp_path / "elsewhere")
    page.symlink_to(tmp_path / "elsewhere")
    assert verify_folder(folder) == ["is a symbolic link, not the file: html/index.html"]
    with pytest.raises(ManifestError, match="symbolic link"):
        write_manifest(folder, "public", {})


def test_signature_beside_the_sums(folder):
    (folder / "SHA256SUMS.asc").write_text("signature")
    assert verify_folder(folder) == []


@pytest.mark.parametrize(("change", "code"), [("", 0), ("more", 1), ("none", 2)])
def test_command(folder, change, code):
    if change == "more":
        (folder / "more").write_text("")
    if change == "none":
        (folder / "SHA256SUMS").unlink()
    done = CliRunner().invoke(main, ["verify", str(folder)])
    assert done.exit_code == code, done.output
    if change == "more":
        assert "not in the manifest: more" in done.output


def test_build_writes_a_manifest_that_holds(site, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    source = site({"index.md": "# T\n\n:::{internal-only}\nsecretword\n:::\n"}).source
    done = CliRunner().invoke(main, ["build", str(source), str(tmp_path / "out"), "--edition", "public"])
    assert done.exit_code == 0, done.output
    assert verify_folder(tmp_path / "out/public") == []
    text = (tmp_path / "out/public/manifest.json").read_text()
    assert '"date": "2026-09-21T' in text
    assert "commit" not in text
