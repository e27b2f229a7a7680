"""An edition that needs approval shows a page only as it was approved; in doubt nothing is written."""

from __future__ import annotations

import pytest
from sphinx.errors import ExtensionError

from .test_shown import approve

FILES = {
    "index.md": "# SEC-1: T\n\n:::{incident-summary} SEC-1\nText.\n:::\n\n:::{internal-only}\nsecret\n:::\n\n```{toctree}\nfolder/p\n```\n",
    "folder/p.md": "# P\n\nWords of P.\n",
}
REQUIRED = 'postmortem_release = {"public": "required"}\n'


def refused(source, why: str, builder: str = "html", edition: str = "public") -> None:
    """The edition is refused, and nothing is written but the stamp of the folder."""
    with pytest.raises(ExtensionError, match=why):
        source.build(edition, builder)
    folder = source.source.parent / f"build-{edition}-{builder}-{source.builds}" / builder
    assert [path.name for path in folder.rglob("*")] == [".postmortem-edition"]


def test_without_releases_nothing_is_written(site):
    refused(site(FILES, REQUIRED), 'page "folder/p", and 2 more: nobody has approved the page')


@pytest.mark.parametrize("builder", ["html", "pdf", "latex", "postmortem-export"])
def test_a_page_that_differs_keeps_every_builder_from_writing(site, builder):
    source = site(FILES, REQUIRED)
    approve(source)
    source.build("public", "postmortem-export")
    source.write({"folder/p.md": "# P\n\nOther words of P.\n"})
    refused(
        source, 'page "folder/p": it shows "text: Other words of P." where "text: Words of P." was approved', builder
    )


def test_an_approved_edition_is_built_and_its_releases_are_not_published(site):
    conf = (
        'source_suffix = [".md", ".txt"]\nhtml_extra_path = ["extra"]\npostmortem_release_folder = "extra/releases"\n'
    )
    source = site({**FILES, "extra/releases/public/old.txt": "ARTEFACT\n===\n"}, REQUIRED + conf)
    approve(source, folder="extra/releases")
    built = source.build("public")
    assert sorted(built.app.env.found_docs) == ["folder/p", "index"]
    assert b"sphinx-postmortem release" not in built.all_bytes()
    assert b"ARTEFACT" not in built.all_bytes()


def test_other_editions_are_not_concerned(site):
    source = site(FILES, REQUIRED)
    assert source.build("leadership").read("index.html")
    assert source.build("internal").read("index.html")


def test_a_hidden_change_needs_no_approval_and_a_hidden_page_none(site):
    source = site(FILES, REQUIRED)
    approve(source)
    source.write(
        {
            "index.md": str(FILES["index.md"]).replace("secret", "other secret"),
            "h.md": "---\naudience: internal\n---\n# H\n",
        }
    )
    assert source.build("public").read("index.html")


def test_a_page_that_is_gone_is_not_shown_and_keeps_nothing_back(site):
    source = site(FILES, REQUIRED)
    approve(source)
    source.write({"folder/p.md": "---\naudience: internal\n---\n# P\n"})
    assert source.build("public").read("index.html")


def test_a_second_build_without_changes_is_looked_at_too(site):
    source = site(FILES, REQUIRED)
    approve(source)
    source.build("public")
    (source.source / "releases/public/index.txt").unlink()
    with pytest.raises(ExtensionError, match='page "index": nobody'):
        source.build("public", keep=True)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text.replace("Words", "Wrods"), 'it shows "text: Words'),
        (lambda text: text.replace("\n", "\r\n"), "Windows"),
        (lambda text: text + "<<<<<<< ours\n", "merge conflict"),
        (lambda text: text + "text: More.\n", 'it no longer shows "text: More."'),
        (lambda text: text.replace("release, version 1", "release, version 2"), "first line"),
        (lambda _text: "", "first line"),
    ],
)
def test_a_release_that_was_touched_fails_closed(site, change, why):
    source = site(FILES, REQUIRED)
    approve(source)
    path = source.source / "releases/public/folder/p.txt"
    path.write_bytes(change(path.read_text()).encode())
    refused(source, why, "postmortem-export")


def test_the_text_of_the_whole_site_is_approved_too(site):
    source = site(FILES, REQUIRED)
    approve(source)
    with pytest.raises(ExtensionError, match=r'no page alone \(_site\).*"setting: project: Secret project"'):
        source.build("public", project="Secret project")


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ('{"internal": "required"}', "there is nothing to approve"),
        ('{"pubic": "required"}', '"pubic" is no audience'),
        ('{"public": "yes"}', 'write one of "required", "off"'),
        ('"public"', "write a dictionary"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(site, setting, why):
    with pytest.raises(ExtensionError, match=why):
        site(FILES, f"postmortem_release = {setting}\n").build("internal")


@pytest.mark.parametrize("folder", [".", "..", "../.."])
def test_the_folder_of_releases_does_not_hold_the_sources(site, folder):
    with pytest.raises(ExtensionError, match="holds the sources"):
        site(FILES, f"postmortem_release_folder = {folder!r}\n").build("internal")


def test_releases_may_lie_beside_the_sources(site):
    source = site(FILES, REQUIRED + 'postmortem_release_folder = "../approved"\n')
    refused(source, "nobody has approved")
    approve(source)
    (source.source / "releases").rename(source.source.parent / "approved")
    assert source.build("public").read("index.html")


def test_a_guest_without_releases_reads_a_folder_of_that_name_as_pages(site):
    source = site({"index.md": "# T\n\n```{toctree}\nreleases/v1\n```\n", "releases/v1.md": "# Version 1\n"})
    assert "Version 1" in source.build("public").read("releases/v1.html")
