"""The PDFs for leadership, audit and interview."""

from __future__ import annotations

import hashlib
import re
import subprocess
from functools import cache

import pypdf
import pytest
from sphinx.errors import SphinxError

from tests.pdf.pdf_project import text_of

pytest.importorskip("rst2pdf")

INCIDENT = """\
# SEC-1: Token of Acme stolen

:::{incident-summary} SEC-1
:date: 2026-03-02
:severity: SEV-1
:status: closed
:tlp: AMBER
:tlp-public: CLEAR
:customer-impact: 41 customers installed the package.

The executive text. See [the cause](#cause).
:::

## Timeline

:::{timeline}
| Time (UTC) | Event | Notes | Audience |
|---|---|---|---|
| 2026-03-02 01:14 | Alert detected | Seen by Release engineering | |
| 2026-03-02 01:31 | Alert validated | secretword | internal |
| 2026-03-02 04:14 | Containment executed | On 2 March 2026 by rel-eng, mail rel@acme.example | |
:::

(cause)=
## Root cause analysis

:::{root-cause}
The deeptechnical cause.
:::

## Actions

:::{action-table}
| ID | Action | Owner | Due date | Status |
|---|---|---|---|---|
| A1 | Alert on uploads | rel-eng | 2026-03-20 | done |
| A2 | Bind secrets at Acme | rel-eng | 2026-04-20 | open |
:::

## Closure criteria

- Lessons shared: met.

## Leadership summary

Cause known, issue resolved.
"""
FILES = {"index.md": "# Library\n\n```{toctree}\na\n```\n", "a.md": INCIDENT}
SETTINGS = {
    "postmortem_today": "2026-05-01",
    "postmortem_owners": {"rel-eng": {"name": "Release engineering", "contact": "rel@acme.example"}},
    "author": "Acme Ltd",
}


def build(site, edition, kind, **settings):
    chosen = {"postmortem_pdf_kind": kind} if kind else {}
    return site(FILES).build(edition, "pdf", **{**SETTINGS, **chosen, **settings}).outdir


@pytest.fixture(scope="module")
def printed(shared_site):
    """The PDFs of an edition and a kind, made once; the tests read them."""
    return cache(lambda edition, kind="": build(shared_site, edition, kind))


def test_leadership_shows_what_leaders_read(printed):
    folder = printed("leadership", "leadership")
    assert sorted(p.name for p in folder.glob("*.pdf")) == ["SEC-1-leadership.pdf", "Test-leadership.pdf"]
    for path in folder.glob("*.pdf"):
        text = text_of(path)
        assert "Leadership review" in text
        assert "The executive text. See the cause." in text
        assert "41 customers" in text
        assert "Containment executed" in text
        assert "Alert on uploads" in text
        assert "Cause known, issue resolved." in text
        assert "1 of 2 Actions done" in text
        assert "1 Actions overdue (as of 2026-05-01)" in text
        assert "deeptechnical" not in text
        assert "secretword" not in text
        assert "Lessons shared" not in text


def test_on_a_page_of_several_incidents_each_follow_up_says_whose_it_is(site):
    summary = "\n## Case {0}\n\n:::{{incident-summary}} SEC-{0}\n:status: closed\n:tlp: AMBER\n\nText.\n:::\n"
    page = "# Cases\n" + summary.format(7) + summary.format(8)
    built = site({"index.md": page}).build("leadership", "pdf", warnings=True, postmortem_pdf_kind="leadership")
    text = " ".join(text_of(path) for path in built.outdir.glob("*.pdf"))
    assert "SEC-7: Assurance of follow-up" in text
    assert "SEC-8: Assurance of follow-up" in text


def test_audit_has_the_evidence(site):
    made = site(
        {
            **FILES,
            "log.txt": "evidence\n",
            "check.txt": "a.md:3: error: no reason [x]\ngone.md:1: error: redwords [y]\n",
        }
    )
    made.write({"a.md": INCIDENT + "\n{download}`log.txt`\n"})
    git = ["git", "-c", "user.name=Ann", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "init", "-q"], cwd=made.source, check=True)
    subprocess.run([*git, "add", "."], cwd=made.source, check=True)
    subprocess.run([*git, "commit", "-qm", "First version"], cwd=made.source, check=True)
    commit = subprocess.run([*git, "rev-parse", "HEAD"], cwd=made.source, check=True, capture_output=True, text=True)
    folder = made.build(
        "internal", "pdf", postmortem_pdf_kind="audit", postmortem_pdf_check_results="check.txt", **SETTINGS
    ).outdir
    for path in folder.glob("*.pdf"):
        text = text_of(path)
        assert "secretword" in text
        assert "deeptechnical" in text
        assert "Ann First version" in text
        assert commit.stdout.strip() in text
        assert f"log.txt {hashlib.sha256(b'evidence' + bytes([10])).hexdigest()}" in text
        assert re.search(r"a\.md [0-9a-f]{64}", text)
        assert "a.md:3: error: no reason" in text
        assert "redwords" not in text
        assert "Preventative actions are assigned met: 2 actions, each with an owner" in text
        assert "Lessons shared: met." in text
        assert re.search(r"rst2pdf 0\.\d+", text)


def test_audit_judges_closure_as_the_checklist_does(site):
    checklist = ":::{closure-checklist}\n:lessons: Presented to all teams on 2026-04-28\n:::\n"
    made = site({**FILES, "a.md": INCIDENT.replace("- Lessons shared: met.\n", checklist)})
    folder = made.build("internal", "pdf", postmortem_pdf_kind="audit", **SETTINGS).outdir
    text = text_of(folder / "SEC-1-audit.pdf")
    assert "Lessons learned are communicated met: Presented to all teams on 2026-04-28" in text
    assert "Root cause is clearly documented met: Root cause, on this page" in text


def test_audit_takes_no_evidence_from_the_table_that_says_what_is_missing(site):
    made = site({**FILES, "a.md": INCIDENT.replace("- Lessons shared: met.\n", ":::{closure-checklist}\n:::\n")})
    folder = made.build("internal", "pdf", postmortem_pdf_kind="audit", **SETTINGS).outdir
    text = text_of(folder / "SEC-1-audit.pdf")
    assert 'Lessons learned are communicated not met: No item under "Closure criteria"' in text


def test_audit_repeats_what_stands_below_a_heading_about_closure_in_another_language(site):
    made = site({**FILES, "a.md": INCIDENT.replace("Closure criteria", "Abschlusskriterien")})
    folder = made.build("internal", "pdf", postmortem_pdf_kind="audit", **SETTINGS).outdir
    assert "Stated by the authors Lessons shared: met." in text_of(folder / "SEC-1-audit.pdf")


def test_audit_says_that_there_is_no_repository(printed):
    text = text_of(printed("internal", "audit") / "SEC-1-audit.pdf")
    assert "No revision history: The source is not in a Git repository." in text
    assert "No check results were given to this build" in text


def test_interview_names_nobody(site):
    folder = build(site, "public", "interview", postmortem_pseudonyms={"Acme": "the company"})
    assert sorted(p.name for p in folder.glob("*.pdf")) == ["SEC-1-interview.pdf", "all-incidents-interview.pdf"]
    for path in folder.glob("*.pdf"):
        reader = pypdf.PdfReader(path)
        text = text_of(path)
        everything = path.read_bytes().decode("latin-1") + text + str(reader.metadata) + str(reader.outline)
        for name in ("acme", "rel-eng", "release engineering", "secretword"):
            assert name not in everything.casefold()
        assert "Token of the company stolen" in text
        assert text.count("Owner A") >= 4
        assert "[address]" in text
        assert "2026-03-02 01:14" in text


def test_interview_shows_offsets_when_asked(site):
    folder = build(site, "public", "interview", postmortem_pdf_offsets=True)
    for path in folder.glob("*.pdf"):
        text = text_of(path)
        assert not re.search(r"\d{4}-\d\d-\d\d|\d\d:\d\d|March", text)
        assert "T+0" in text
        assert "Incident 1" in text
        assert "Incident Incident" not in text
        assert "T+3 h" in text
        assert "On day 0 by" in text
        assert "day 18" in text


def test_a_pseudonym_of_an_owner_wins(site):
    folder = build(site, "public", "interview", postmortem_pseudonyms={"rel-eng": "the build team"})
    text = text_of(folder / "SEC-1-interview.pdf")
    assert "Seen by the build team" in text
    assert "Owner A" not in text


@pytest.mark.parametrize(
    ("edition", "kind", "says"),
    [
        ("internal", "leadership", 'shows the edition "leadership"'),
        ("leadership", "audit", 'shows the edition "internal"'),
        ("leadership", "interview", 'shows the edition "public"'),
        ("internal", "board", "postmortem_pdf_kind: 'board' is not known"),
    ],
)
def test_a_kind_of_another_edition_is_refused(site, edition, kind, says):
    with pytest.raises(SphinxError, match=says):
        build(site, edition, kind)


def test_a_kind_without_incidents_is_refused(site):
    with pytest.raises(SphinxError, match="nothing to show"):
        site({"index.md": "# T\n"}).build("public", "pdf", postmortem_pdf_kind="interview")


HIDDEN = """
# SEC-0: Earlier and hidden

:::{incident-summary} SEC-0
:date: 2026-01-01

Text.
:::

:::{action-table}
| Action | Owner |
|---|---|
| Do it | a-hidden-owner |
:::
"""


def test_hidden_content_changes_no_byte_of_a_leadership_or_interview_pdf(site, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    other = INCIDENT.replace("secretword", "quite another thing").replace(
        "| 2026-03-02 04:14", "| 2026-03-02 02:00 | Security IC engaged | x | internal |\n| 2026-03-02 04:14"
    )
    made = site(FILES)
    for edition, kind, offsets in (("leadership", "leadership", False), ("public", "interview", True)):
        settings = {**SETTINGS, "postmortem_pdf_kind": kind, "postmortem_pdf_offsets": offsets}
        made.write({"a.md": INCIDENT, "hidden.md": ""})
        (made.source / "hidden.md").unlink()
        first = made.build(edition, "pdf", **settings).all_bytes()
        made.write({"a.md": other, "hidden.md": f"---\naudience: internal\norphan: true\n---\n{HIDDEN}"})
        assert made.build(edition, "pdf", **settings).all_bytes() == first


def test_parallel_pdfs_are_the_same_bytes(site, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    made = site(FILES)
    serial = made.build("public", "pdf", **SETTINGS).all_bytes()
    assert made.build("public", "pdf", parallel=2, **SETTINGS).all_bytes() == serial


def test_letter_pages(site):
    made = site(FILES)
    folder = made.build("public", "pdf", postmortem_pdf_page_size="Letter").outdir
    assert [float(x) for x in pypdf.PdfReader(folder / "SEC-1.pdf").pages[0].mediabox[2:]] == [612, 792]
    with pytest.raises(SphinxError, match="postmortem_pdf_page_size: 'B7' is not known"):
        made.build("public", "pdf", postmortem_pdf_page_size="B7")


def test_a_figure_stands_before_the_timeline(printed):
    folder = printed("public")
    for name in ("SEC-1.pdf", "Test.pdf"):
        text = text_of(folder / name)
        assert "Alert detected, 2026-03-02 01:14" in text
        assert "3 h from first to last event" in text


HARD_TO_FIND = """\
# SEC-2026-014: Token of *Ac*me stolen

:::{incident-summary} SEC-2026-014
:date: 2026-03-02
:severity: SEV-1
:status: closed
:customer-impact: Release engineering told 41 customers of Ac**me**.

Text on Release
*engineering* and [Release](https://acme.example/blog) engineering.
:::

## Timeline of Release *engineering*

:::{timeline}
| Time (UTC) | Event | Notes |
|---|---|---|
| 2026-03-02 01:14 | Alert detected | Seen by **Release** engineering, `Release engineering` |
| 2026-03-02 04:14 | Containment executed | [log](https://x.example/2026-03-02-log) of 2026-03-**02** in `acme_ci` |
:::

## Follow-up

See SEC-2026-014, {incident}`SEC-2026-014`, CVE-2026-1234 and INC-2025-003, written in March 2026 and since 2025.
Release\\
engineering, Release<br>engineering and <b>Re</b>lease <i>engineering</i>.

Ann
: mail ann@home.example, [us](mailto:ann@home.example)

![Chart of Release engineering](acme-chart.png)

```text
2026-03-02T01:14:00Z acme gateway[1772414040] Release
engineering 02/Mar/2026:01:14:11 +0000 by https://git.acme.example/x
```

:::{action-table}
| ID | Action | Owner | Due date | Status |
|---|---|---|---|---|
| A1 | Ask *Release* engineering | rel-eng | 2026-03-20 | done |
:::
"""
EARLIER = """\
# SEC-2026-020: Earlier by a day

:::{incident-summary} SEC-2026-020
:date: 2026-03-01
:severity: SEV-2

Led to SEC-2026-014/A1.
:::
"""


def everything_in(path):
    """Return all that a PDF library reads from a file, and its name."""
    reader = pypdf.PdfReader(path)

    def titles(outline):
        return [title for each in outline for title in (titles(each) if isinstance(each, list) else [each.title])]

    annotations = [note.get_object() for page in reader.pages for note in page.get("/Annots") or ()]
    uris = [str(note["/A"].get_object()) for note in annotations if "/A" in note]
    properties = [str(value) for key, value in (reader.metadata or {}).items() if "Date" not in key]  # of the build
    texts = [path.name, text_of(path), *properties, *titles(reader.outline), *uris]
    return " | ".join([*texts, *reader.named_destinations, *reader.attachments])


def test_interview_finds_names_over_markup_and_ids_with_a_year(site):
    files = {**FILES, "index.md": "# Acme library\n\n```{toctree}\na\nb\n```\n", "a.md": HARD_TO_FIND, "b.md": EARLIER}
    settings = {**SETTINGS, "project": "Acme incidents", "html_title": "Acme library", "copyright": "2026, Acme Ltd"}
    made = site({**files, "acme-chart.png": "no picture"})
    folder = made.build("public", "pdf", postmortem_pdf_kind="interview", postmortem_pdf_offsets=True,
                        suppress_warnings=["postmortem.pdf-image"], **settings).outdir  # fmt: skip
    assert sorted(path.name for path in folder.glob("*.pdf")) == [
        "Incident-1-interview.pdf", "Incident-2-interview.pdf", "all-incidents-interview.pdf"
    ]  # fmt: skip
    for path in folder.glob("*.pdf"):
        found = everything_in(path)
        assert not re.search(r"acme|rel.?eng|release\s?engineering|ann@|2025|2026|SEC-|\bMarch\b", found, re.IGNORECASE)
    text = text_of(folder / "Incident-2-interview.pdf")
    assert "Incident 2: Token of the organisation stolen" in text
    assert "See Incident 2, Incident 2, [id withheld] and [id withheld], written in [date withheld]" in text
    assert "since [date withheld]." in text
    assert "Owner A , Owner A and Owner A." in text  # a break of the line after the first
    assert "Text on Owner A and Owner A." in text
    assert "log of day 0 in the organisation_ci" in text
    assert "Chart of Owner A" in text
    together = text_of(folder / "all-incidents-interview.pdf")
    assert together.index("Incident 1: Earlier by a day") < together.index("Incident 2: Token")
    assert "Led to Incident 2/A1." in together


@pytest.mark.parametrize(("edition", "kind"), [("internal", "audit"), ("leadership", "leadership"), ("public", "")])
def test_a_pdf_has_no_place_that_a_reader_does_not_see(printed, edition, kind):
    folder = printed(edition, kind)
    for path in folder.glob("*.pdf"):
        reader = pypdf.PdfReader(path)
        assert not reader.attachments
        assert not reader.xref_objStm
        assert not {"/Metadata", "/AcroForm", "/OpenAction", "/AA", "/Names"} & set(reader.root_object)
        assert path.read_bytes().count(b"%%EOF") == 1
        notes = [note.get_object() for page in reader.pages for note in page.get("/Annots") or ()]
        assert {note["/Subtype"] for note in notes} <= {"/Link"}


def test_audit_lists_the_evidence_that_rows_name(site):
    rows = "| Kind | Action | Evidence | Validation |\n|--|--|--|--|\n"
    rows += "| containment | Token revoked | `auth.log`, siem:4711 | |\n| fix | New publisher | | Upload failed |\n"
    page = f"# S-1\n\n:::{{incident-summary}} S-1\n\nText.\n:::\n\n:::{{response-table}}\n{rows}\n:::\n"
    made = site({"index.md": "# Home\n\n```{toctree}\na\n```\n", "a.md": page, "auth.log": "logged\n"})
    built = made.build("internal", "pdf", warnings=True, postmortem_pdf_kind="audit", **SETTINGS)
    text = " ".join(text_of(path) for path in built.outdir.glob("*.pdf"))
    assert "Containment with evidence 1 of 1" in text
    assert "Fixes validated 1 of 1" in text
    assert "Evidence: S-1" in text
    assert hashlib.sha256(b"logged\n").hexdigest() in text.replace(" ", "")
    assert "siem:4711" in text
