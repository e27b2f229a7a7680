"""Each defence of the build switched off in turn, and leaks planted in each kind of file: the audit sees every one."""

from __future__ import annotations

import gzip
import pickle
import shutil
import zipfile
from pathlib import Path

import pytest
from sphinx.util.docutils import SphinxDirective

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.audience.hidden_pages import HiddenPages
from sphinx_postmortem.core.audience.rows import gate_table
from sphinx_postmortem.sphinx_ext.audience import blocks as audience
from sphinx_postmortem.sphinx_ext.audience import gate as edition
from sphinx_postmortem.sphinx_ext.audience import (
    hidden_files,
    late_pages,
    page_accounting,
    references,
    scrub,
    stamp,
)
from sphinx_postmortem.sphinx_ext.directives import directive_tables
from sphinx_postmortem.sphinx_ext.records import roles


def show_every_block(patch):
    patch.setattr(audience.AudienceBlock, "run", lambda self: self.parse_in_place())
    patch.setattr(page_accounting, "find_faults", lambda *_: ())  # it stops a build in which the directive has not run


def show_every_marking(patch):
    patch.setattr(Edition, "shows", lambda _self, _marking: True)


def keep_rows(patch):
    patch.setattr(directive_tables, "gate_table", lambda table, *_rest: table)
    patch.setattr(page_accounting, "find_faults", lambda *_: ())  # it stops a build whose tables are not gated


def keep_columns(patch):
    patch.setattr(
        directive_tables, "gate_table", lambda table, edition, _columns, line: gate_table(table, edition, "", line)
    )


def keep_pages(patch):
    patch.setattr(edition, "find_hidden_pages", lambda *_: HiddenPages((), (), ()))
    keep_late_pages(patch)


def keep_late_pages(patch):
    patch.setattr(late_pages.LatePages, "judge_text", lambda *_: None)
    patch.setattr(late_pages.LatePages, "refuse_late_pages", lambda *_: [])


def keep_residues(patch):
    patch.setattr(scrub.ScrubResidues, "apply", lambda _self: None)


def unlock_settings(patch):
    patch.setattr(edition, "LOCKED_SETTINGS", {})


def keep_hidden_files(patch):
    patch.setattr(hidden_files, "_is_hidden", lambda *_: False)


def keep_static_folders(patch):
    patch.setattr(edition, "drop_hidden_static_files", lambda *_: None)
    patch.setattr(edition, "hidden_static_patterns", lambda *_: ())


def keep_references(patch):
    patch.setattr(references.LowerHiddenPageLinks, "run", lambda _self, **_: None)
    patch.setattr(references, "lower_links_to_missing_pages", lambda *_: None)
    patch.setattr(references, "finish_hidden_reference", lambda *_: None)
    patch.setattr(roles, "neutral_reference", lambda *_: None)


def keep_metadata(patch):
    patch.setattr(scrub, "SHOWN_METADATA", ("*",))


def summarise_with_body(patch):
    def replacement(self: SphinxDirective):
        return self.parse_blocks("\n".join(self.content), self.lineno)

    patch.setattr(audience.AudienceBlock, "replacement", replacement)


DEFENCES = {
    show_every_block: {"heronheading", "dunlinparagraph"},
    show_every_marking: {"heronheading", "lapwingtitle", "plovershift"},
    keep_rows: {"plovershift"},
    keep_columns: {"gannetcolumn"},
    keep_pages: {"lapwingtitle", "pipitsummary", "siskinplan"},
    keep_residues: {"curlewcomment"},
    unlock_settings: {"heronheading", "plovershift"},
    keep_hidden_files: {"shrikemap", "wrenfile"},
    keep_static_folders: {"snipestyle"},
    keep_references: {"siskinplan", "sec 2026 77"},
    keep_metadata: {"avocetnote"},
    summarise_with_body: {"dunlinparagraph"},
}


def test_the_edition_is_clean_with_all_defences(shared):
    audited, clean = shared
    assert audited.audit(clean) == []


@pytest.mark.parametrize("defence", DEFENCES, ids=lambda defence: defence.__name__)
def test_a_defence_switched_off_is_seen(audited, monkeypatch, defence):
    defence(monkeypatch)
    # HTML has no comments of Markdown and no metadata anyway.
    builder = {keep_residues: "xml", keep_metadata: "json"}.get(defence, "html")
    found = {leak.found for leak in audited.audit(audited.build(builder=builder))}
    assert DEFENCES[defence] <= found


def test_a_builder_that_copies_sources_is_seen_when_it_is_not_refused(audited, monkeypatch):
    monkeypatch.setattr(edition, "REFUSED_BUILDERS", {})
    trusted = {"version": "1.0", "project": "P", "postmortem_trusted_builders": ["changes"]}
    source = audited.source / "index.md"
    source.write_text(source.read_text() + "\n```{versionadded} 1.0\nNews.\n```\n")
    found = {leak.found for leak in audited.audit(audited.build(builder="changes", **trusted))}
    assert {"heronheading", "plovershift"} <= found


def test_leftovers_are_seen_when_the_output_folder_is_not_emptied(audited, monkeypatch):
    page = audited.source / "open.rst"
    audited.build()
    page.write_text(":audience: internal\n\n" + page.read_text())
    monkeypatch.setattr(stamp, "remove_files", lambda *_: None)
    found = {leak.found for leak in audited.audit(audited.site.build("leadership", warnings=True, keep=True).outdir)}
    assert "may read this" in found


# --- leaks planted in a clean edition


def from_the_full_edition(name):
    def plant(audited, folder: Path) -> None:
        shutil.copy(audited.full() / name, folder / name)

    return plant


def page_of_the_full_edition(audited, folder):
    shutil.copy(audited.full() / "siskinplan.html", folder / "siskinplan.html")


def image(_audited, folder):
    (folder / "_images").mkdir(exist_ok=True)
    shutil.copy(_audited.source / "images/ospreymap.png", folder / "_images/picture.png")


def download(audited, folder):
    (folder / "_downloads").mkdir(exist_ok=True)
    shutil.copy(audited.source / "files/kestrellog.txt", folder / "_downloads/a.txt")


def title_on_every_page(_audited, folder):
    for page in folder.rglob("*.html"):
        page.write_text(page.read_text().replace("</body>", "<nav><a>Lapwingtitle</a></nav></body>"))


def attribute(_audited, folder):
    page = folder / "open.html"
    page.write_text(page.read_text().replace("<body>", '<body data-next="ternhost-9.corp">'))


def phrase_of_common_words(_audited, folder):
    page = folder / "open.html"
    page.write_text(page.read_text().replace("</body>", "<p>Nobody <b>there</b> had seen such</p></body>"))


def address(_audited, folder):
    (folder / "more.json").write_text('{"from": "198.51.100.23"}')


def escaped_in_json(_audited, folder):
    (folder / "more.json").write_text('{"text": "a\\nheronheading"}')


def archive(_audited, folder):
    with zipfile.ZipFile(folder / "book.epub", "w") as book:
        book.writestr("chapter.xhtml", "<p>Heronheading</p>")


def packed(_audited, folder):
    (folder / "page.txt.gz").write_bytes(gzip.compress(b"heronheading"))


def pickled(_audited, folder):
    (folder / "environment.pickle").write_bytes(pickle.dumps({"title": "Heronheading"}))


def file_name(_audited, folder):
    (folder / "heronheading.txt").write_text("")


PLANTED = {
    "page of the full edition": page_of_the_full_edition,
    "its inventory": from_the_full_edition("objects.inv"),
    "its search index": from_the_full_edition("searchindex.js"),
    "its stamp": from_the_full_edition(".postmortem-edition"),
    **{
        plant.__name__.replace("_", " "): plant
        for plant in (image, download, title_on_every_page, attribute, phrase_of_common_words, address)
        + (escaped_in_json, archive, packed, pickled, file_name)
    },
}


@pytest.mark.parametrize("plant", PLANTED)
def test_a_planted_leak_is_seen(shared, tmp_path, plant):
    audited, clean = shared
    folder = tmp_path / "edition"
    shutil.copytree(clean, folder)
    PLANTED[plant](audited, folder)
    assert audited.audit(folder)


def test_a_pdf_of_the_full_edition_is_seen(audited):
    folder = audited.build()
    shutil.copytree(audited.full("pdf"), folder / "pdf", ignore=shutil.ignore_patterns(".*"))
    found = {(leak.found, leak.file.rsplit(".", 1)[1]) for leak in audited.audit(folder)}
    assert {("heronheading", "pdf"), ("lapwingtitle", "pdf")} <= found


def test_a_pdf_of_the_edition_is_clean(audited):
    assert audited.audit(audited.build(builder="pdf")) == []


def test_a_comment_in_a_summary_is_in_no_data_file(audited, tmp_path):
    index = audited.source / "index.md"
    index.write_text(
        index.read_text().replace("Uploads failed", "% curlewsummary\n\n- a\n\n  % curlewnested\n\nUploads failed")
    )
    folder = audited.build(postmortem_export_folder=str(tmp_path / "data"))
    (folder / "postmortems.json").write_bytes((tmp_path / "data/postmortems.json").read_bytes())
    assert audited.audit(folder) == []


def test_a_page_s_last_words_do_not_run_into_its_header(audited):
    text = "# T\n\nThe end is alpha bravo\n\n:::{internal-only}\nThere alpha bravo test went.\n:::\n"
    audited.site.write({"index.md": text})
    assert audited.audit(audited.build(builder="pdf")) == []


def test_a_phrase_over_two_lines_of_a_pdf_is_seen(audited):
    text = (
        "# T\n\nVisible words: alpha, bravo, charlie.\n\n:::{internal-only}\n" + "alpha bravo charlie " * 40 + "\n:::\n"
    )
    audited.site.write({"index.md": text})
    folder = audited.build(builder="pdf")
    shutil.copytree(audited.full("pdf"), folder / "pdf", ignore=shutil.ignore_patterns(".*"))
    assert "bravo charlie alpha" in {leak.found for leak in audited.audit(folder)}
