"""The copy of sources from which the audit has deleted what is hidden: it takes no more than that."""

from __future__ import annotations

import subprocess

import pytest

from sphinx_postmortem.cli.reference_build import git_files
from tests.audit.test_reference_build import CONF, copied, write


@pytest.fixture
def copy_of(tmp_path):
    """Return a function that writes a site, and gives a page of the copy without hidden content."""

    def copy(page: str, hidden: str) -> str:
        (tmp_path / "site" / "vault").mkdir(parents=True)
        write(tmp_path / "site", {"conf.py": CONF, "index.md": page, "vault/a.md": hidden})
        return (copied(tmp_path / "site", tmp_path / "copy") / "index.md").read_text()

    return copy


@pytest.mark.parametrize("code", ["`<!-- tag -->`", "`` a ` <!-- tag --> ``", "`x` and `<!-- tag -->`"])
def test_a_comment_in_code_is_text(copy_of, code):
    assert code in copy_of(f"# T\n\nWrite {code} there.\n", "# V\n")


def test_a_comment_beside_code_is_none(copy_of):
    assert "curlew" not in copy_of("# T\n\nWrite `a` <!-- curlew --> there `b`.\n", "# V\n")


def test_a_link_to_a_heading_of_its_own_page_stays(copy_of):
    page = "# T\n\n[see](#when-it-fails)\n\n## When it fails\n\nText.\n"
    assert "(#when-it-fails)" in copy_of(page, "# V\n\n(when-it-fails)=\n## Other\n")


@pytest.mark.parametrize(
    ("written", "copied_as"),
    [
        ("{doc}`the vault/a of all <vault/a>`", "{doc}`the vault/a of all <withheld>`"),
        ("`vault/a.md` and [vault/a.md](vault/a.md)", "`vault/a.md` and [vault/a.md](withheld.md)"),
        ("{doc}`vault/a` beside {doc}`index`", "{doc}`withheld` beside {doc}`index`"),
    ],
)
def test_only_the_target_of_a_reference_leads_elsewhere(copy_of, written, copied_as):
    assert copied_as in copy_of(f"# T\n\n{written}\n", "---\naudience: internal\n---\n# V\n")


def test_a_whole_site_that_git_ignores_was_written_by_authors(tmp_path):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    write(tmp_path, {".gitignore": "site/\n", "site/conf.py": CONF, "site/index.md": "# T\n"})
    assert git_files(tmp_path / "site")[0] == frozenset()
