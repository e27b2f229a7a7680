"""Releases as files: statements as lines, names of files, comparison; all without a build."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.releases.compare import Change, PageState, compare, first_difference, review_edition
from sphinx_postmortem.core.releases.release_files import (
    BadReleaseError,
    file_name,
    first_line,
    parse_release,
    read_release,
    release_text,
    remove_releases,
    write_releases,
)
from sphinx_postmortem.core.releases.statements import KINDS, Statement, cells, code_line, link_to, prose, visible

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
STATEMENTS = st.lists(
    st.builds(
        lambda kind, text: Statement(kind, code_line(text) if kind == "code" else prose(text).strip()),
        st.sampled_from(KINDS),
        TEXTS,
    ),
    max_size=8,
)
PAGE = [Statement("heading 1", "SEC-1: T"), Statement("text", "Alpha beta gamma."), Statement("row", "a | b")]


@given(STATEMENTS)
def test_a_release_reads_back_as_it_was_written(statements):
    text = release_text("public", "a/b", statements)
    assert text.endswith("\n")
    assert not any(line != line.rstrip() for line in text.split("\n"))
    assert parse_release(text, "public", "a/b") == tuple(statements)


@given(TEXTS, TEXTS)
def test_two_texts_never_look_alike(one, other):
    assert (visible(one) == visible(other)) == (one == other)
    assert (cells([visible(one), "end"]) == cells([visible(other), "end"])) == (one.lstrip(" ") == other.lstrip(" "))


@given(TEXTS)
def test_what_nobody_sees_is_written_out(text):
    assert all(char.isprintable() for char in visible(text))


@pytest.mark.parametrize("char", ["\u200b", "\u202e", "\u00ad", "\u2028", "\x1c", "\x85", "\ue000", "⟨"])
def test_an_unseen_character_makes_another_statement(char):
    assert visible(f"a{char}b") != visible("ab")


def test_typography_of_a_builder_makes_no_difference_outside_of_code():
    assert prose("“It’s” – so—on…") == prose('"It\'s" -- so---on...')
    assert prose("«\u00a0oui\u00a0»") == prose('"oui"')
    assert code_line("“x”") != code_line('"x"')


def test_a_link_cannot_be_written_as_text():
    assert prose("see ⟨https://a.example⟩") != f"see {link_to('https://a.example')}"


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("index", "index.txt"),
        ("a/b c/ü", "a/b c/ü.txt"),
        ("q?<x>|y", "q%3F%3Cx%3E%7Cy.txt"),
        ("100%", "100%25.txt"),
        ("_site", "_site.txt"),
        (".hidden/x", "%2Ehidden/x.txt"),
        ("con", "%63on.txt"),
        ("end.", "end%2E.txt"),
    ],
)
def test_each_page_has_a_file_that_every_system_can_have(page, name):
    assert file_name(page) == name


@given(st.sets(st.text(st.characters(blacklist_characters="/"), min_size=1, max_size=6), min_size=2, max_size=2))
def test_two_pages_never_share_a_file(pages):
    one, other = sorted(pages)
    assert file_name(one) != file_name(other)


GOOD = release_text("public", "index", PAGE)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GOOD.replace("\n", "\r\n"), "Windows"),
        (GOOD.replace("text:", "<<<<<<< HEAD\ntext:"), "line 4 is a mark of a merge conflict"),
        (GOOD + "=======\n", "merge conflict"),
        (GOOD.replace('"public"', '"leadership"'), "first line"),
        (GOOD.replace('"index"', '"other"'), "first line"),
        (GOOD[:-1], "cut off"),
        (GOOD + "oops\n", "line 6 is no statement"),
        (GOOD + "text:oops\n", "line 6 is no statement"),
        (GOOD + "\n", "no statement"),
        ("", "first line"),
        ("\ufeff" + GOOD, "first line"),
    ],
)
def test_a_file_that_is_no_release_says_why(text, why):
    with pytest.raises(BadReleaseError, match=why):
        parse_release(text, "public", "index")


def test_bytes_that_are_no_text_are_no_release(tmp_path):
    write_releases(tmp_path, "public", {"index": PAGE})
    (tmp_path / "public/index.txt").write_bytes(GOOD.encode() + b"text: \xff\n")
    release = read_release(tmp_path, "public", "index")
    assert release is not None
    assert "UTF-8" in release.problem


def test_a_folder_in_place_of_a_release_is_a_problem(tmp_path):
    (tmp_path / "public/index.txt").mkdir(parents=True)
    release = read_release(tmp_path, "public", "index")
    assert release is not None
    assert "cannot be read" in release.problem


@given(STATEMENTS, STATEMENTS)
def test_a_comparison_loses_no_statement(old, new):
    compared = list(compare(old, new))
    changes = [each for each in compared if isinstance(each, Change)]
    assert [
        each.new if isinstance(each, Change) else each for each in compared if not isinstance(each, Change) or each.new
    ] == new
    kept = [each for each in compared if isinstance(each, Statement)]
    assert sorted([*kept, *(each.old for each in changes if each.old)]) == sorted(old)


def test_states_of_pages(tmp_path):
    write_releases(tmp_path, "public", {"same": PAGE, "other": PAGE, "gone/x": PAGE, "bad": PAGE})
    (tmp_path / "public/bad.txt").write_text("")
    changed = [PAGE[0], Statement("text", "Alpha beta delta."), Statement("text", "New.")]
    pages = {"same": PAGE, "other": changed, "new": PAGE, "bad": PAGE}
    reviews = {each.page: each for each in review_edition(tmp_path, "public", pages)}
    assert {name: each.state for name, each in reviews.items()} == {
        "same": PageState.APPROVED,
        "other": PageState.CHANGED,
        "new": PageState.NEW,
        "bad": PageState.UNREADABLE,
        "gone/x": PageState.GONE,
    }
    assert [each.kind for each in reviews["other"].changes] == ["changed", "shown", "no longer shown"]
    assert {name for name, each in reviews.items() if each.is_shown_unapproved} == {"other", "new", "bad"}
    remove_releases(tmp_path, "public", ["gone/x.txt"])
    assert not (tmp_path / "public/gone").exists()


def test_texts_that_no_approval_has_written_are_none_of_ours(tmp_path):
    write_releases(tmp_path, "public", {"p": [Statement("text", "a")]})
    (tmp_path / "public/README.txt").write_text("Who approves what.\n")
    (tmp_path / "public/linked.txt").symlink_to("nowhere")
    assert [each.page for each in review_edition(tmp_path, "public", {})] == ["p"]


def test_the_first_difference_is_quoted_where_it_is(tmp_path):
    long = "word " * 100
    write_releases(tmp_path, "public", {"p": [Statement("text", f"{long}old")]})
    (review,) = review_edition(tmp_path, "public", {"p": [Statement("text", f"{long}new")]})
    assert first_difference(review).endswith('word new" where "...word word word word old" was approved')


def test_a_release_says_whose_it_is():
    assert GOOD.splitlines()[0] == first_line("public", "index")
    assert GOOD.splitlines()[2:] == ["heading 1: SEC-1: T", "text: Alpha beta gamma.", "row: a | b"]


def test_git_is_told_to_keep_lines_and_an_own_rule_stays(tmp_path):
    write_releases(tmp_path, "public", {"index": PAGE})
    assert "* text eol=lf" in (tmp_path / "public/.gitattributes").read_text()
    (tmp_path / "public/.gitattributes").write_text("mine\n")
    write_releases(tmp_path, "public", {"index": PAGE})
    assert (tmp_path / "public/.gitattributes").read_text() == "mine\n"


@pytest.mark.parametrize("name", ["public", "public/p.txt", "public/.gitattributes", "public/year"])
@pytest.mark.parametrize("kind", ["file", "folder", "nothing"])
def test_no_release_is_written_through_a_link(tmp_path, name, kind):
    mine, releases = tmp_path / "mine", tmp_path / "releases"
    (releases / name).parent.mkdir(parents=True)
    if kind == "folder":
        mine.mkdir()
    elif kind == "file":
        mine.write_text("mine")
    (releases / name).symlink_to(mine)
    with pytest.raises(OSError, match="it is a link"):
        write_releases(releases, "public", {"p": PAGE, "year/q": PAGE})
    assert [path.name for path in releases.rglob("*")] == [*dict.fromkeys(("public", Path(name).name))]
    assert not mine.is_file() or mine.read_text() == "mine"
    assert not mine.is_dir() or not list(mine.iterdir())


def test_no_release_takes_the_place_of_a_pipe(tmp_path):
    (tmp_path / "public").mkdir()
    os.mkfifo(tmp_path / "public/p.txt")
    with pytest.raises(OSError, match="or no file"):
        write_releases(tmp_path, "public", {"p": PAGE})
