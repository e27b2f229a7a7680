"""``review`` and ``approve``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import run

pytestmark = pytest.mark.usefixtures("warm_start")
INIT = ("init", "--audiences", "internal,leadership,public")
FILES = {
    "index.md": "# SEC-1: T\n\n:::{incident-summary} SEC-1\nText of it.\n:::\n\n:::{internal-only}\nsecretword\n:::\n\n```{toctree}\np\n```\n",
    "p.md": "# P\n\nWords of P.\n",
}


def test_approve_then_review_shows_nothing_until_a_visible_text_changes(site):
    source = site(FILES)
    done = run("review", source.source, "--edition", "leadership", "--exit-code")
    assert done.exit_code == 1
    assert "+ text: Text of it." in done.output
    assert "secretword" not in done.output

    done = run("approve", source.source, "--edition", "leadership")
    assert done.exit_code == 0, done.output
    releases = source.source / "releases/leadership"
    assert sorted(path.name for path in releases.iterdir()) == [".gitattributes", "_site.txt", "index.txt", "p.txt"]
    assert b"secretword" not in b"".join(path.read_bytes() for path in releases.iterdir())

    source.write({"index.md": str(FILES["index.md"]).replace("secretword", "another word")})
    done = run("review", source.source, "--edition", "leadership", "--exit-code")
    assert (done.exit_code, done.stdout) == (0, "leadership: 3 approved\n")

    source.write({"p.md": "# P\n\nWords of Q.\n\nMore.\n"})
    done = run("review", source.source, "--edition", "leadership", "--exit-code")
    assert done.exit_code == 1
    assert "p: changed\n  - text: Words of P.\n  + text: Words of Q.\n  + text: More.\n" in done.output
    assert run("review", source.source, "--edition", "leadership").exit_code == 0


def test_only_named_pages_are_approved_and_releases_of_pages_that_are_gone_are_removed(site):
    source = site(FILES)
    done = run("approve", source.source, source.source / "p.md", "--edition", "public", "--json")
    data = json.loads(done.stdout)
    assert data == {"edition": "public", "written": [str(source.source / "releases/public/p.txt")], "removed": []}
    run("approve", source.source, "--edition", "public")
    (source.source / "p.md").unlink()
    source.write({"index.md": "# T\n"})
    reviewed = json.loads(run("review", source.source, "--edition", "public", "--json").stdout)
    assert {page["page"]: page["state"] for page in reviewed["pages"]} == {
        "index": "changed",
        "_site": "approved",
        "p": "gone",
    }
    assert not reviewed["approved"]
    data = json.loads(run("approve", source.source, "p", "--edition", "public", "--json").stdout)
    assert [Path(path).name for path in data["removed"]] == ["p.txt"]
    assert not (source.source / "releases/public/p.txt").exists()


@pytest.mark.parametrize("edition", ["internal", "pubic"])
@pytest.mark.parametrize("command", ["review", "approve"])
def test_an_edition_of_which_nothing_can_be_approved_is_wrong_use(site, command, edition):
    done = run(command, site(FILES).source, "--edition", edition)
    assert done.exit_code == 2
    assert "choose from leadership, public" in done.output


def test_a_page_that_the_edition_lacks_is_wrong_use(site):
    done = run("approve", site(FILES).source, "q", "--edition", "public")
    assert done.exit_code == 2
    assert 'the edition "public" has no page "q"' in done.output


@pytest.mark.parametrize("reused", [False, True])
def test_nothing_is_approved_where_a_marking_is_broken(site, tmp_path, reused):
    source = site({**FILES, "p.md": "# P\n\n:::{audience} leadrship\nsecretword\n:::\n"})
    more = ()
    if reused:
        run("build", source.source, tmp_path / "out", "--edition", "public")
        more = ("--build", tmp_path / "out")
    done = run("approve", source.source, "--edition", "public", *more)
    assert done.exit_code == 1
    assert "Nothing was approved" in done.output
    assert not (source.source / "releases").exists()


def test_caches_of_a_build_serve_a_review(site, tmp_path):
    source = site(FILES)
    assert run("build", source.source, tmp_path / "out", "--edition", "public").exit_code == 0
    fresh = run("review", source.source, "--edition", "public", "--json")
    reused = run("review", source.source, "--edition", "public", "--json", "--build", tmp_path / "out", "-v")
    assert reused.stdout == fresh.stdout
    assert "0 added, 0 changed, 0 removed" in reused.stderr


def test_build_publishes_what_was_approved_and_nothing_else(site, tmp_path):
    source = site(FILES, 'postmortem_release = {"public": "required"}\n')
    done = run("build", source.source, tmp_path / "out")
    assert done.exit_code == 1
    assert "nobody has approved" in done.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [".state", "internal", "leadership"]
    run("approve", source.source, "--edition", "public")
    done = run("build", source.source, tmp_path / "out", "--edition", "public", "--format", "html,pdf")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out/public/postmortems.json").exists()
    assert not list((tmp_path / "out/public").rglob("*.txt"))


def test_the_page_for_reviewers_shows_what_is_hidden_and_escapes_what_it_shows(site, tmp_path):
    source = site({**FILES, "index.md": str(FILES["index.md"]).replace("Text of it.", "Text `<script>` of 10.0.0.7.")})
    run("approve", source.source, "p", "--edition", "leadership")
    page = tmp_path / "review.html"
    done = run("review", source.source, "--edition", "leadership", "--html", page)
    assert done.exit_code == 0, done.output
    assert "it holds hidden parts" in done.stderr
    text = page.read_text()
    assert "secretword" in text
    assert "&lt;script&gt;" in text
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "")
    assert "<mark>10.0.0.7.</mark>" in text


@pytest.mark.parametrize(("ci", "owners"), [("github", ".github/CODEOWNERS"), ("gitlab", "CODEOWNERS"), ("none", "")])
def test_init_offers_releases_and_its_site_builds_when_they_are_approved(tmp_path, ci, owners):
    done = run(*INIT, tmp_path / "kb", "--theme", "alabaster", "--release", "public", "--ci", ci)
    assert done.exit_code == 0, done.output
    assert f"approve {tmp_path / 'kb'} --edition public" in done.output
    assert not owners or "/releases/public/" in (tmp_path / "kb" / owners).read_text()
    if ci == "none":
        assert "nobody has approved" in run("build", tmp_path / "kb", tmp_path / "out", "--edition", "public").output
        assert run("approve", tmp_path / "kb", "--edition", "public").exit_code == 0
        assert run("build", tmp_path / "kb", tmp_path / "out", "--edition", "public").exit_code == 0


def test_init_turns_no_release_on_by_itself_and_refuses_the_first_edition(tmp_path):
    run(*INIT, tmp_path / "kb", "--theme", "alabaster")
    assert "postmortem_release" not in (tmp_path / "kb/conf.py").read_text()
    done = run(*INIT, tmp_path / "other", "--release", "internal")
    assert done.exit_code == 2
    assert "choose from leadership, public" in done.output
    assert not (tmp_path / "other").exists()


def test_a_build_in_parts_asks_for_approval_when_the_parts_are_joined(site, tmp_path):
    source = site({**FILES, "q.md": "# Q\n\n{doc}`p`\n"}, 'postmortem_release = {"public": "required"}\n')
    run("approve", source.source, "--edition", "public")
    arguments = (source.source, tmp_path / "out", "--edition", "public")
    for part in ("1/2", "2/2"):
        assert run("build", *arguments, "--shard", part).exit_code == 0
    assert run("merge", *arguments).exit_code == 0
    (source.source / "releases/public/p.txt").unlink()
    assert "nobody has approved" in run("merge", *arguments).output
