"""Each supported theme: a filtered edition is built, audited and published, though themes bring files of their own."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from sphinx_postmortem.cli.main import main

pytestmark = pytest.mark.usefixtures("warm_start")

# Words that the files of some theme hold too: in their names (vendor), or in their scripts (notify, plane).
PAGE = """\
# SEC-1: A stolen token

Words for all.

:::{internal-only}
The vendor did notify us that the plane carried a username, swap and vault of the secretword.
:::
"""


REPOSITORY = "https://github.com/sea-kb/walrus"
GITHUB = {"github_user": "sea-kb", "github_repo": "walrus", "github_version": "main"}
FURO = {"source_repository": REPOSITORY, "source_branch": "main", "footer_icons": [{"name": "Code", "url": REPOSITORY}]}
BUTTONS = {f"use_{name}_button": True for name in ("repository", "source", "edit_page", "issues")}
THEMES = {  # each with what makes it lead to the sources
    "furo": (FURO, {}),
    "pydata_sphinx_theme": (
        {"use_edit_page_button": True, "icon_links": [{"name": "Code", "url": REPOSITORY, "icon": "fa-solid fa-code"}]},
        {**GITHUB, "doc_path": ""},
    ),
    "sphinx_book_theme": (
        {"repository_url": REPOSITORY, **BUTTONS, "launch_buttons": {"binderhub_url": "https://mybinder.org"}},
        {},
    ),
    "sphinx_rtd_theme": ({}, {**GITHUB, "display_github": True, "conf_py_path": "/"}),
    "alabaster": ({"github_user": "sea-kb", "github_repo": "walrus", "github_banner": True}, {}),
}


@pytest.mark.parametrize("theme", THEMES)
def test_filtered_edition_is_published_in_every_supported_theme(site, tmp_path, theme):
    options, context = THEMES[theme]
    conf = f'html_theme = "{theme}"\nhtml_theme_options = {options!r}\nhtml_context = {context!r}'
    source = site({"index.md": PAGE}, conf).source
    editions = ["--edition", "internal", "--edition", "leadership"]
    done = CliRunner().invoke(main, ["build", str(source), str(tmp_path / "out"), *editions, "-W"])
    assert done.exit_code == 0, done.output
    assert "leadership: The edition leadership leads to no source, so it does without html_" in done.output
    assert 'postmortem_source_links = {"editions": ' in done.output
    page = (tmp_path / "out/leadership/html/index.html").read_text(encoding="utf-8")
    assert "Words for all." in page
    assert "Edition: leadership" in page
    assert "sea-kb" in (tmp_path / "out/internal/html/index.html").read_text(encoding="utf-8")
    assert "sea-kb" not in page
