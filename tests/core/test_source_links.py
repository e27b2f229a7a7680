"""Where a page's source is edited: what the site says, and what its theme's settings tell."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.settings import SettingError, read_settings
from sphinx_postmortem.core.source_links import SourceLinks, links_of_theme, without_source

FILE = "incidents/a b.md"


@pytest.mark.parametrize(
    ("options", "context", "edit"),
    [
        (
            {"source_repository": "https://github.com/o/r/", "source_branch": "next", "source_directory": "docs/"},
            {},
            "https://github.com/o/r/edit/next/docs/incidents/a%20b.md",
        ),
        (
            {"repository_url": "https://git.example.com/o/r", "repository_provider": "gitlab", "path_to_docs": "d"},
            {},
            "https://git.example.com/o/r/-/edit/main/d/incidents/a%20b.md",
        ),
        (
            {},
            {"github_user": "o", "github_repo": "r", "github_version": "main", "conf_py_path": "/docs/"},
            "https://github.com/o/r/edit/main/docs/incidents/a%20b.md",
        ),
        (
            {},
            {"gitlab_url": "https://git.example.com", "gitlab_user": "o", "gitlab_repo": "r", "doc_path": ""},
            "https://git.example.com/o/r/-/edit/main/incidents/a%20b.md",
        ),
        (
            {},
            {"bitbucket_user": "o", "bitbucket_repo": "r", "bitbucket_version": "b"},
            "https://bitbucket.org/o/r/src/b/incidents/a%20b.md?mode=edit",
        ),
    ],
)
def test_the_settings_of_themes_give_the_addresses(options, context, edit):
    links = links_of_theme(options, context).of_file(FILE)
    assert links["Suggest an edit"] == edit
    assert set(links) == {"Suggest an edit", "History"}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"source_repository": "https://forge.example.com/o/r"},
        {"source_repository": "git@github.com:o/r.git"},
        {"source_repository": None},
    ],
)
def test_an_unknown_host_gives_none(options):
    assert links_of_theme(options, {}) == SourceLinks()


def test_the_site_says_its_own():
    said = read_settings({"source_links": {"history": "https://g.example.com/log/{path}"}}).source_links
    assert said.of_file(FILE) == {"History": "https://g.example.com/log/incidents/a%20b.md"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"edits": "https://g.example.com/{path}"}, "no key 'edits'"),
        ({"edit": "https://g.example.com/"}, "needs {path}"),
        ({"edit": "javascript:{path}"}, "must begin with https://"),
        ({"editions": "internal, board"}, '"board" is no audience'),
    ],
)
def test_what_cannot_be_used_is_refused(wrong, words):
    with pytest.raises(SettingError, match=words):
        read_settings({"source_links": wrong})


def test_settings_that_lead_to_the_source_are_taken_out_and_others_stay():
    icons = [
        {"name": "Code", "url": "https://git.example.com/o/r/"},
        {"name": "Chat", "url": "https://chat.example.com"},
    ]
    options = {
        "repository_url": "https://git.example.com/o/r",
        "use_issues_button": True,
        "logo": "l.png",
        "icons": icons,
    }
    context = {
        "edit_page_url_template": "https://x/{file_name}",
        "menu": None,
        "code": "https://git.example.com/o/r.git",
    }
    left, rest, dropped = without_source(options, context)
    assert left == {"logo": "l.png", "icons": icons[1:]}
    assert rest == {"menu": None}
    assert {name.partition(".")[2] for name in dropped} == {
        *("repository_url", "use_issues_button", "icons", "edit_page_url_template", "code"),
    }


def test_an_address_that_begins_alike_is_another_one():
    links = [{"url": "https://git.example.com/o/run"}]
    assert without_source({"repository_url": "https://git.example.com/o/r", "icons": links}, {})[0] == {"icons": links}


@pytest.mark.parametrize("name", ["resource_limit", "credits", "sourced", "logo", "navigation_depth"])
def test_other_names_of_settings_stay(name):
    assert without_source({name: "x"}, {name: "y"}) == ({name: "x"}, {name: "y"}, [])


def test_links_in_a_tuple_are_taken_out_as_those_in_a_list():
    code, chat = {"url": "https://git.example.com/o/r"}, {"url": "https://chat.example.com"}
    options = {"repository_url": code["url"], "icons": (code, chat), "footer": (chat,)}
    left, _, dropped = without_source(options, {})
    assert left == {"icons": [chat], "footer": (chat,)}
    assert dropped == ["html_theme_options.repository_url", "html_theme_options.icons"]


def test_a_sentence_of_the_sites_own_stays():
    note = {"source_note": "Figures are those of the audit."}
    assert without_source({}, note) == ({}, note, [])


@pytest.mark.parametrize("value", ["a b/{path}", "see <b>it</b>", "https://git.example.com/ a", "docs", True, ["a b"]])
def test_what_may_lead_to_the_source_goes_by_its_name(value):
    assert without_source({}, {"source_note": value}) == ({}, {}, ["html_context.source_note"])
