"""``sphinx-postmortem export``, and the data files that ``build`` writes: whole, filtered, listed and searched."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from sphinx_postmortem.core.audit.file_texts import texts_of
from sphinx_postmortem.core.exports.manifest import verify_folder
from tests.command import run
from tests.conftest import CONF as SITE_CONF
from tests.conftest import Site, files_below
from tests.exports.conftest import CONF, FILES
from tests.shapes import assert_documented

pytestmark = pytest.mark.usefixtures("warm_start")
DATA = {"actions.csv", "events.csv", "actions.ics", "incidents.atom", "postmortems.json"}


@pytest.fixture
def source(site):
    return site(FILES, CONF).source


@pytest.fixture(scope="module")
def exported_once(tmp_path_factory, warm_start):
    """The folder of all editions' data, exported once, and what the command said; the tests only look."""
    source, out = tmp_path_factory.mktemp("exported") / "source", tmp_path_factory.mktemp("out")
    source.mkdir()
    Site(source).write({"conf.py": SITE_CONF + CONF, **FILES})
    done = run("export", source, out)
    assert done.exit_code == 0, done.output
    return out, done.output


def test_every_edition_has_its_data_and_no_pages(exported_once):
    out, said = exported_once
    for edition in ("internal", "leadership", "public"):
        files = files_below(out / edition)
        assert set(files) > DATA
        assert not any(name.endswith(".html") for name in files)
        assert verify_folder(out / edition) == []
    assert str(out / "public/actions.csv") in said


def test_a_filtered_edition_holds_no_canary(exported_once):
    out, _said = exported_once
    found = {
        edition: [name for name, data in files_below(out / edition).items() if b"canary" in data or "canary" in name]
        for edition in ("internal", "leadership", "public")
    }  # fmt: skip
    assert set(found["internal"]) >= {"actions.csv", "actions.ics", "postmortems.json", "calendars/owner-zqcanary.ics"}
    assert found["leadership"] == found["public"] == []


def test_build_writes_the_same_data(source, tmp_path, exported_once):
    done = run("build", source, tmp_path / "site", "--format", "html,pdf", "--edition", "leadership")
    assert done.exit_code == 0, done.output
    built, exported = files_below(tmp_path / "site/leadership"), files_below(exported_once[0] / "leadership")
    for name in [*DATA, "calendars/owner-appsec.ics"]:
        assert built[name] == exported[name]
    listed = json.loads(built["manifest.json"])["files"]
    assert {*DATA, "calendars/owner-appsec.ics"} < {file["path"] for file in listed}


def test_only_the_formats_asked_for(source, tmp_path):
    done = run("export", source, tmp_path / "out", "--edition", "public", "--format", "csv,atom", "--json")
    data = json.loads(done.output[done.output.index("{") :])  # what stands before it went to standard error
    assert_documented(data, "export --json")
    (edition,) = data["editions"]
    assert [Path(name).name for name in edition["data"]] == ["actions.csv", "events.csv", "incidents.atom"]
    assert DATA & set(files_below(tmp_path / "out/public")) == {"actions.csv", "events.csv", "incidents.atom"}
    assert not (tmp_path / "out/internal").exists()


def test_an_export_replaces_an_export_whole(source, tmp_path):
    run("export", source, tmp_path / "out", "--edition", "internal")
    (source / "loose.md").unlink()
    (source / "index.md").write_text("# Home\n\n```{toctree}\nincidents/sec-1\n```\n")
    run("export", source, tmp_path / "out", "--edition", "internal")
    run("export", source, tmp_path / "clean", "--edition", "internal")
    again = files_below(tmp_path / "out/internal")
    assert "calendars/owner-13bc9a.ics" not in again
    assert again == files_below(tmp_path / "clean/internal")


def test_pages_are_not_replaced_by_data(source, tmp_path):
    run("build", source, tmp_path / "out", "--edition", "public")
    done = run("export", source, tmp_path / "out", "--edition", "public")
    assert (done.exit_code, "holds an edition with its pages" in done.output) == (2, True)
    assert (tmp_path / "out/public/html/index.html").exists()


def test_a_marking_that_cannot_be_trusted_exports_no_filtered_edition(source, tmp_path):
    (source / "loose.md").write_text("# T\n\n:::{audience} leadrship\nsecretword\n:::\n")
    done = run("export", source, tmp_path / "out")
    assert done.exit_code == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [".state", "internal"]


def test_the_audit_looks_into_the_data(source, tmp_path, monkeypatch):
    monkeypatch.setattr("sphinx_postmortem.cli.export.run_sphinx", lambda arguments, log, _show: plant(arguments, log))
    done = run("export", source, tmp_path / "out", "--edition", "public")
    assert done.exit_code == 1
    assert "zqcanary" in done.output
    assert not (tmp_path / "out/public").exists()


def plant(arguments: list[str], log: Path) -> int:
    """Write what a build with a leak would: a word that is hidden in the sources, folded as calendars do."""
    folder = Path(arguments[-1])
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("")
    (folder / ".postmortem-edition").write_text('{"edition": "public", "holds": "postmortem-export"}\n')
    (folder / "actions.ics").write_bytes(b"BEGIN:VCALENDAR\r\nSUMMARY:Ask zqca\r\n nary\r\nEND:VCALENDAR\r\n")
    return 0


def test_calendars_are_read_unfolded_and_without_escapes():
    text = next(texts_of("a.ics", b"DESCRIPTION:one\\ntwo\\, thr\r\n ee\r\nX:1\r\n", None)).text
    assert text == "DESCRIPTION:one two, three\r\nX:1\r\n"


def test_the_schema_is_printed():
    done = run("export", "--schema")
    assert done.exit_code == 0
    assert json.loads(done.output)["properties"]["schema_version"]["const"] == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--format", "xls"], "xls is no format; choose from json, csv, ics, atom"),
        (["--edition", "board"], "choose from internal, leadership, public"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(source, tmp_path, arguments, says):
    done = run("export", source, tmp_path / "out", *arguments)
    assert (done.exit_code, says in done.output) == (2, True)


def test_without_the_library_calendars_are_left_out_and_said_to_be(source, tmp_path, monkeypatch):
    monkeypatch.setattr("sphinx_postmortem.cli.results.find_spec", lambda _name: None)
    done = run("export", source, tmp_path / "out", "--edition", "public", "--no-audit")
    assert done.exit_code == 0
    assert (
        'No calendars were written: they need the library icalendar: pip install "sphinx-postmortem[ics]"'
        in done.output
    )
    assert not (tmp_path / "out/public/actions.ics").exists()
    asked = run("export", source, tmp_path / "out", "--format", "ics")
    assert (asked.exit_code, "no calendars can be made" in asked.output) == (2, True)
    with (source / "conf.py").open("a") as conf:
        conf.write("\npostmortem_export_formats = ['json']\n")
    done = run("export", source, tmp_path / "out", "--edition", "public", "--no-audit")
    assert (done.exit_code, "calendars" in done.output) == (0, False)


def test_the_manifest_names_evidence_files_with_their_hashes(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text('extensions = ["sphinx_postmortem"]\nproject = "P"\n')
    (source / "auth.log").write_text("logged\n")
    table = ":::{timeline}\n| Time (UTC) | Event | Evidence |\n|--|--|--|\n| 2026-03-02 01:14 | Seen | [log](auth.log) |\n\n:::\n"
    (source / "index.md").write_text(
        f"# A\n\n:::{{incident-summary}} S-1\n:status: closed\n:tlp: CLEAR\n\nText.\n:::\n\n{table}"
    )
    done = run("export", source, tmp_path / "out", "--edition", "public")
    assert done.exit_code == 0, done.output
    manifest = json.loads((tmp_path / "out/public/manifest.json").read_text())
    assert manifest["evidence"] == [{"path": "auth.log", "sha256": hashlib.sha256(b"logged\n").hexdigest()}]


def test_commands_write_the_formats_that_the_site_names(site, tmp_path):
    source = site(FILES, f'{CONF}\npostmortem_export_formats = ["csv", "stix"]\n').source
    for command, edition in (("build", "leadership"), ("export", "public")):
        done = run(command, source, tmp_path / command, "--edition", edition)
        assert done.exit_code == 0, done.output
        data = {name for name in files_below(tmp_path / command / edition) if "/" not in name} - {".postmortem-edition"}
        assert data == {"actions.csv", "events.csv", "incidents.stix.json", "manifest.json", "SHA256SUMS"}


def test_a_site_may_want_no_data_files(site, tmp_path):
    source = site(FILES, f"{CONF}\npostmortem_export_formats = []\n").source
    done = run("build", source, tmp_path / "out", "--edition", "public")
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "out/public").iterdir()} == {"html", "manifest.json", "SHA256SUMS"}
