"""What an edition shows and hides: blocks, rows, columns, pages and folders."""

from __future__ import annotations

import re

import pytest

ALL_PAGES = "\n```{toctree}\n:glob:\n\n*\n```\n"
TIMELINE = """# Page

:::{incident-summary} SEC-1
:date: 2026-03-02

Text.
:::

:::{timeline}
| Time (UTC) | Event | Notes | Audience |
|---|---|---|---|
| 2026-03-02 01:14 | Alert detected | plainnote | |
| 2026-03-02 01:31 | secretrow | x | internal |
| 2026-03-02 02:57 | Containment executed | leadernote | leadership |
:::
"""


def test_internal_block_is_shown_internally(site):
    page = site({"index.md": "# T\n\n:::{internal-only}\nsecretword\n:::\n"}).build().read("index.html")
    assert "secretword" in page


@pytest.mark.parametrize("edition", ["leadership", "public"])
def test_internal_block_is_in_no_file_of_lower_editions(site, edition):
    built = site({"index.md": "# T\n\n:::{internal-only}\n## Secretword\n\n(secretword)=\ntext\n:::\n"}).build(edition)
    assert b"secretword" not in built.all_bytes().lower()


@pytest.mark.parametrize(("edition", "shown"), [("internal", True), ("leadership", True), ("public", False)])
def test_audience_block_is_shown_up_to_its_audience(site, edition, shown):
    built = site({"index.md": "# T\n\n:::{audience} leadership\nboardword\n:::\n"}).build(edition)
    assert ("boardword" in built.read("index.html")) is shown


def test_summary_stands_in_for_a_hidden_block_only(site):
    source = site({"index.md": "# T\n\n:::{internal-only}\n:summary: Plain *words*.\n\nsecretword\n:::\n"})
    assert "Plain <em>words</em>." in source.build("leadership").read("index.html")
    assert "Plain" not in source.build("internal").read("index.html")


def test_redaction_notice_stands_in_where_there_is_no_summary(site):
    source = site(
        {"index.md": "# T\n\n:::{internal-only}\nsecretword\n:::\n"}, 'postmortem_redaction_notice = "Left out here."'
    )
    assert "Left out here." in source.build("public").read("index.html")


def test_hidden_row_is_gone_and_the_audience_column_with_it(site):
    page = site({"index.md": TIMELINE}).build("leadership").read("index.html")
    assert "secretrow" not in page
    assert "leadernote" in page
    assert "Audience" not in page


def test_derived_time_uses_only_what_the_edition_sees(site):
    source = site({"index.md": TIMELINE})
    text = re.sub("<[^>]*>", "", source.build("leadership").read("index.html"))
    assert "Alert detected to Containment executed: 1 h 43 min" in text
    assert "1 h 43 min" not in source.build("public").read("index.html")


def test_internal_columns_are_gone(site):
    text = TIMELINE.replace(":::{timeline}\n", ":::{timeline}\n:internal-columns: Notes\n")
    page = site({"index.md": text}).build("leadership").read("index.html")
    assert "plainnote" not in page
    assert "Notes" not in page


def test_internal_columns_that_match_nothing_hide_the_table(site):
    text = TIMELINE.replace(":::{timeline}\n", ":::{timeline}\n:internal-columns: Remarks\n")
    built = site({"index.md": text}).build("leadership", warnings=True)
    assert "plainnote" not in built.read("index.html")
    assert "[postmortem.broken-marking]" in built.warnings


@pytest.mark.parametrize("edition", ["internal", "leadership"])
def test_unknown_audience_hides_and_is_reported_with_its_line(site, edition):
    built = site({"index.md": "# T\n\n:::{audience} leadrship\nsecretword\n:::\n"}).build(edition, warnings=True)
    assert "secretword" not in built.read("index.html")
    assert 'index.md:3: WARNING: unknown audience "leadrship"' in built.warnings
    assert 'did you mean "leadership"?' in built.warnings


BROKEN = [
    ":::{root-cause}\n:audience: internl",
    ":::{root-cause}\n:audiance: internal",
    ":::{root-cause}\n:audience:",
    ":::{root-cause}\n\n:audience: internal",
    ":::{root-cause} :audience: internal",
    ':::{root-cause}\n:audience: internal\n:class: "unclosed',
    ":::{root-cause}\n:audience: internal\n:audience: public",
    ":::{root-cause}\n---\naudience: internal\n'audience': public\n---",
    ":::{audience}\n",
    ":::{audience} internal leadership",
    ":::{internal-only}\n:audiance: public",
]


@pytest.fixture(scope="module")
def broken(shared_site):
    """The public edition of a site in which each broken marking has a page."""
    pages = {f"p{n}.md": f"# P\n\n{opening}\n\nsecretword\n:::\n" for n, opening in enumerate(BROKEN)}
    return shared_site({"index.md": f"# T\n{ALL_PAGES}", **pages}).build("public", warnings=True)


@pytest.mark.parametrize("opening", BROKEN)
def test_broken_marking_hides_in_filtered_editions(broken, opening):
    assert "secretword" not in broken.read(f"p{BROKEN.index(opening)}.html")


def test_row_that_does_not_fit_the_header_is_hidden_when_the_table_has_markings(site):
    text = TIMELINE.replace("| secretrow | x |", "| secretrow | a|b |")
    source = site({"index.md": text})
    built = source.build("public", warnings=True)
    assert "secretrow" not in built.read("index.html")
    assert "[postmortem.malformed-table]" in built.warnings
    assert "secretrow" in source.build("internal", warnings=True).read("index.html")


@pytest.mark.parametrize("header", ["audience", "AUDIENCE", "Audiance", "**Audience**"])
def test_audience_column_is_found_in_any_spelling(site, header):
    built = site({"index.md": TIMELINE.replace("| Audience |", f"| {header} |")}).build("public", warnings=True)
    assert "secretrow" not in built.read("index.html")


HEADS = [
    "---\naudience: internal\n---\n",
    "---\naudiance: internal\n---\n",
    "---\naudiences: internal\n---\n",
    "---\n? audience\n: internal\n---\n",
    "---\naudience: 'Internal'   # only us\n---\n",
    "---\ntitle: x\naudience: nonsense\n---\n",
    "---\naudience: [internal]\n---\n",
    "\n---\naudience: internal\n---\n",
    "---\n{audience: internal}\n---\n",
    "---\n'audience' : internal\n---\n",
    "\ufeff---\naudience: internal\n---\n",
]


@pytest.fixture(scope="module")
def hidden_pages(shared_site):
    """All bytes of the edition for leadership of a site in which each head has a page, in lower case."""
    pages = {f"{page_with(head)}.md": f"{head}# {page_with(head).title()}\n" for head in HEADS}
    return (
        shared_site({"index.md": f"# T\n{ALL_PAGES}", **pages}).build("leadership", warnings=True).all_bytes().lower()
    )


def page_with(head):
    return f"secretpage{chr(ord('a') + HEADS.index(head))}"


@pytest.mark.parametrize("head", HEADS)
def test_page_marking_hides_the_page_from_every_file(hidden_pages, head):
    assert page_with(head).encode() not in hidden_pages


def test_page_marking_in_restructuredtext(site):
    page = ":audience: internal\n\nSecretpage\n==========\n"
    built = site({"index.md": "# T\n\n```{toctree}\nsecretpage\n```\n", "secretpage.rst": page}).build("leadership")
    assert b"secretpage" not in built.all_bytes().lower()


@pytest.mark.parametrize("pattern", ["hidden", "hidden/", "hidden/*", "hidden/**", "hid*/**"])
def test_folder_marking(site, pattern):
    files = {
        "index.md": "# T\n\n```{toctree}\n:glob:\n*/*\n```\n\n{doc}`x <hidden/secretpage>`\n",
        "hidden/secretpage.md": "# Secretpage\n",
    }
    source = site(files, f'postmortem_audience_paths = {{"{pattern}": "internal"}}')
    assert b"secretpage" not in source.build("leadership").all_bytes().lower()
    assert b"secretpage" in source.build("internal").all_bytes().lower()


def test_hidden_names_are_in_no_cache(site):
    files = {
        "index.md": "# T\n\n[x](hidden/secretpage.md) {doc}`t <hidden/secretpage>`\n",
        "hidden/secretpage.md": "# S\n",
    }
    source = site(files, 'postmortem_audience_paths = {"hidden": "internal"}')
    built = source.build("leadership")
    pickle = (built.app.doctreedir / "environment.pickle").read_bytes()
    assert b"audience_paths" in pickle  # the setting is known, its value is not kept
    assert b"hidden/" not in pickle.replace(b"hidden_reference", b"")


REFERENCES = [
    ("[the words](secretpage.md)", "the words"),
    ("[](secretpage.md)", "(not in this edition)"),
    ("{doc}`the words <secretpage>`", "the words"),
    ("{doc}`secretpage`", "(not in this edition)"),
    ("{ref}`the words <secretlabel>`", "the words"),
    ("{ref}`secretlabel`", "(not in this edition)"),
    ("[the words](#secretlabel)", "the words"),
    ("{incident}`SECRETID-1`", "(not in this edition)"),
    ("{incident}`the words <SECRETID-1>`", "the words"),
    ("{action}`SECRETID-1/A1`", "(not in this edition)"),
    ("{any}`secretlabel`", "(not in this edition)"),
]


@pytest.fixture(scope="module")
def references(shared_site):
    """A site in which each reference has a page: for leadership, and in full."""
    hidden = (
        "---\naudience: internal\n---\n(secretlabel)=\n# Secrettitle\n\n"
        ":::{incident-summary} SECRETID-1\nText.\n:::\n\n"
        ":::{action-table}\n| ID | Action | Owner |\n|--|--|--|\n| A1 | Do it | team |\n:::\n"
    )
    pages = {f"p{n}.md": f"# P\n\nSee {reference}.\n" for n, (reference, _) in enumerate(REFERENCES)}
    source = shared_site({"index.md": f"# T\n{ALL_PAGES}", "secretpage.md": hidden, **pages})
    return source.build("leadership"), source.build("internal")


@pytest.mark.parametrize(("reference", "stays"), REFERENCES)
def test_reference_to_hidden_content_keeps_only_the_authors_text(references, reference, stays):
    filtered, full = references
    name = f"p{[each for each, _ in REFERENCES].index(reference)}.html"
    assert f"See {stays}." in re.sub(r"<[^>]+>", "", filtered.read(name))
    assert re.search(r'See <a [^>]*href="secretpage\.html', full.read(name))


def test_references_leave_nothing_of_hidden_content_in_any_file(references):
    assert b"secret" not in references[0].all_bytes().lower()


def test_colon_fences_work_without_a_setting(site):
    built = site({"index.md": "# T\n\n:::{internal-only}\nsecretword\n:::\n"}).build("public")
    assert "secretword" not in built.read("index.html")
