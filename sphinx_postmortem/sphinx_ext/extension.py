"""Everything that this extension registers with Sphinx, in the order in which Sphinx comes to it.

No other module of ``sphinx_ext`` calls ``app.connect`` or ``app.add_...``; a test holds to that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from sphinx_postmortem import __version__
from sphinx_postmortem.core.audience.written_folders import STAMP
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.names.public_ids import ID_KINDS
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.settings import OPTIONS
from sphinx_postmortem.sphinx_ext import build_language, exports, guest, kept, lost_pages, shown_names, site_catalogues
from sphinx_postmortem.sphinx_ext.audience import (
    content_hashes,
    file_directives,
    foreign,
    gate,
    generators,
    hidden_files,
    incident_labels,
    late_copies,
    late_pages,
    marked_copies,
    page_accounting,
    references,
    scrub,
    side_channels,
    stamp,
)
from sphinx_postmortem.sphinx_ext.audience.hidden_captions import EditionFigure
from sphinx_postmortem.sphinx_ext.audience.toctree import EditionTocTree
from sphinx_postmortem.sphinx_ext.build_checks import BuildChecks
from sphinx_postmortem.sphinx_ext.directives import placeholders, runbooks, still_to_write
from sphinx_postmortem.sphinx_ext.html import (
    incident_page,
    page_context,
    page_language,
    preview,
    site_navigation,
    static_files,
)
from sphinx_postmortem.sphinx_ext.lists import similar_lists
from sphinx_postmortem.sphinx_ext.lists.navigation_order import IncidentPages, arrange_pages
from sphinx_postmortem.sphinx_ext.memory_bounds import BoundedTrees, RarerCollection, drop_file
from sphinx_postmortem.sphinx_ext.on_demand import (
    BUILDERS,
    DIRECTIVES,
    RST2PDF_EXTENSION,
    PdfBuilderOnDemand,
    discard_earlier_pdfs,
)
from sphinx_postmortem.sphinx_ext.pdf.documents import PDF_DOCUMENTS_EVENT, pdf_documents_of
from sphinx_postmortem.sphinx_ext.pdf.layout_options import RST2PDF_SETTINGS
from sphinx_postmortem.sphinx_ext.records import kept_objects, other_sites, rebuilds, roles
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN, PostmortemDomain
from sphinx_postmortem.sphinx_ext.releases import release_gate as releases
from sphinx_postmortem.sphinx_ext.releases.additions import AdditionGate, NoteTextsBeforeLists, NoteTextsOfLists
from sphinx_postmortem.sphinx_ext.settings import (
    prepare_names,
    resolve_attack,
    resolve_factors,
    resolve_owners,
    settings_of,
)
from sphinx_postmortem.sphinx_ext.upstream.cheaper_steps import take_cheaper_steps
from sphinx_postmortem.sphinx_ext.upstream.docutils import registered_directives
from sphinx_postmortem.sphinx_ext.upstream.error_reports import report_refusals_in_a_sentence
from sphinx_postmortem.sphinx_ext.upstream.myst import make_settings_once
from sphinx_postmortem.sphinx_ext.warnings import warn

REPLACED_DIRECTIVES = {
    "toctree": EditionTocTree,  # names no hidden page
    "include": file_directives.NotedInclude,  # shows no part of a marked file
    "literalinclude": file_directives.NotedLiteralInclude,  # shows no hidden file
    "csv-table": file_directives.NotedCSVTable,
    "raw": file_directives.NotedRaw,
    "figure": EditionFigure,
}
"""Directives of Sphinx and docutils in whose place ours stand."""

ROLES = {
    **dict.fromkeys(roles.ROLES, roles.RecordRole),
    "tlp": incident_labels.TlpRole,
    "attack": roles.AttackRole,
    **dict.fromkeys(ID_KINDS, roles.IdRole),  # in the place of Sphinx's `cve` and `cwe`, which look at nothing
}

TRANSFORMS = (
    site_catalogues.NoteTranslations,  # 19: just before Sphinx translates
    shown_names.ReplaceNames,  # 840: the domains note titles and labels at 850
    scrub.ScrubResidues,  # 110: after translation, before texts are collected
)

POST_TRANSFORMS = (
    NoteTextsBeforeLists,  # 4: just before our lists
    placeholders.ReplacePlaceholders,  # 5: references within what is put in place are resolved at 10
    NoteTextsOfLists,  # 6: just after them
    shown_names.ReplaceUnknownOwners,  # 7: after what lists show
    references.LowerHiddenPageLinks,
    incident_page.IncidentHead,  # 700: after all that reads titles
    incident_page.PhasesWithoutSpan,
    incident_page.RowTargets,
    scrub.ForgetLines,  # 799: linkcheck collects at 800
)

EARLY, LATE, LAST = 0, 999, 9999  # Sphinx's own handlers, and those of most extensions, have the priority 500.


@dataclass(frozen=True)
class Handler:
    """A function for one of Sphinx's events; a lower priority is called earlier, then the one that stands first."""

    event: str
    priority: int
    run: Callable[..., Any]
    why: str


def handlers() -> tuple[Handler, ...]:
    """Return the handlers of one application. Those that share a build's state are methods of one object."""
    page_gate = gate.PageGate()
    known_writers = generators.KnownGenerators(page_gate)
    late = late_pages.LatePages(page_gate)
    hashes = content_hashes.ContentHashes()
    copies = late_copies.LateCopies()
    name_gate = shown_names.NameGate(page_gate)
    folders = stamp.CacheFolder()
    output = stamp.OutputFolder()
    additions = AdditionGate()
    checks = BuildChecks()
    incident_pages = IncidentPages()
    trees = site_navigation.SharedTrees()
    collection = RarerCollection()
    bounded = BoundedTrees()
    words = build_language.BuildLanguage()
    return (
        # All extensions are loaded, and Sphinx has not yet looked for pages.
        Handler("config-inited", 890, words.choose, "other extensions have set the language"),
        Handler("config-inited", 900, prepare_settings, "other extensions have set what they set"),
        Handler("config-inited", 901, page_gate.choose_edition, "the settings are valid; hidden pages are found"),
        Handler("config-inited", 901, guest.prepare_markdown, "the edition is known; MyST reads its settings later"),
        Handler("config-inited", 902, folders.prepare, "the edition is known, and no cache has been read"),
        Handler("config-inited", 903, name_gate.prepare, "the edition says whether names are shown"),
        Handler("config-inited", 904, releases.keep_releases_unread, "before Sphinx looks for pages"),
        Handler("config-inited", LAST, output.look, "the builder is made next"),
        Handler("config-inited", LAST, collection.start, "what earlier builds kept is read next: many objects at once"),
        # The builder and the caches are there.
        Handler("builder-inited", EARLY, name_gate.hand_over, "directives and transforms find the names"),
        Handler("builder-inited", EARLY, page_gate.hide_pages, "before anything asks which pages there are"),
        Handler("builder-inited", EARLY, known_writers.refuse, "before other extensions write pages"),
        Handler("builder-inited", EARLY, foreign.guard_directives, "before any text is parsed"),
        Handler("builder-inited", EARLY, kept.note_builder, "transforms ask for it"),
        Handler("builder-inited", EARLY, guest.note_set_up, "roles ask for it"),
        Handler("builder-inited", 10, gate.refuse_builder, "before anything is written"),
        Handler("builder-inited", 20, output.claim, "a refused builder claims and empties no folder"),
        Handler("builder-inited", 30, other_sites.read_other_sites, "the hidden files are known"),
        Handler("builder-inited", 500, rebuilds.remember_records, "before any page is read"),
        Handler("builder-inited", 500, page_gate.judge_paths, "any time before pages are read"),
        Handler("builder-inited", 500, hear_docstrings, "autodoc has been loaded, if it is used"),
        Handler("builder-inited", 900, discard_earlier_pdfs, "the folder is ours by now"),
        Handler("builder-inited", 950, checks.prepare, "the settings of the checks are complete"),
        Handler("builder-inited", LAST, gate.keep_settings_locked, "no extension sets anything any more"),
        # Which pages are read again.
        Handler("env-get-outdated", 500, runbooks.reread_incidents, "runbooks have come or gone"),
        Handler("env-get-outdated", 500, name_gate.reread, "names or roles have changed"),
        Handler("env-get-outdated", 500, words.reread, "our texts stand in all pages"),
        Handler("env-get-outdated", 500, site_catalogues.reread_translated, "Sphinx has compiled the catalogues"),
        Handler("env-get-outdated", 500, gate.reread_all_when_pages_change, "others may refer to the page"),
        Handler("env-get-outdated", 500, hashes.reread_changed, "the files' times say nothing of their content"),
        Handler("env-before-read-docs", LATE, late.refuse_deleted_pages, "pages are read next"),
        Handler("env-before-read-docs", LATE, hashes.forget, "all pages that will be read are named"),
        # One page is read.
        Handler("env-purge-doc", 500, kept.forget_page, "Sphinx clears the domain by itself"),
        Handler("env-purge-doc", 500, bounded.bound, "trees of earlier pages lie in files by now"),
        Handler("source-read", EARLY, late.note_text, "no other extension has replaced text"),
        Handler("source-read", 900, name_gate.read_source, "other extensions have written their text"),
        Handler("source-read", 990, page_accounting.note_source, "the text is as the parser gets it"),
        Handler("source-read", LAST, late.judge_text, "this is the text that is parsed"),
        Handler("include-read", 900, name_gate.read_include, "as for pages"),
        Handler("include-read", 990, page_accounting.note_include, "as for pages"),
        Handler("doctree-read", 435, incident_labels.write_labels, "all of the page has been parsed"),
        Handler("doctree-read", 440, page_accounting.judge_markings, "before anything of the page is noted or stored"),
        Handler("doctree-read", 450, hidden_files.drop_hidden_files, "Sphinx collects images and files at 500"),
        Handler("doctree-read", 450, scrub.keep_shown_metadata, "Sphinx collects metadata at 500"),
        Handler("doctree-read", 500, references.lower_links_to_missing_pages, "the tree is stored afterwards"),
        Handler("doctree-read", 500, runbooks.add_to_runbooks, "the page's own list would be there"),
        Handler("doctree-read", 500, similar_lists.add_to_incidents, "the page's own list would be there"),
        Handler("doctree-read", 500, checks.check_page, "the tree holds what the edition shows"),
        Handler("doctree-read", 510, still_to_write.mark_prompts, "the checks have seen what the author wrote"),
        Handler("doctree-read", 515, preview.show_findings, "a finding is no text of the page"),
        Handler("env-merge-info", 500, kept.merge_pages, "as Sphinx merges the domain"),
        # All pages have been read; the environment is stored after `env-updated`.
        Handler("env-updated", EARLY, late.refuse_late_pages, "all pages have been read"),
        Handler("env-updated", EARLY, guest.decide_use, "all pages have been read"),
        Handler("env-updated", EARLY, lost_pages.refuse_lost_pages, "it is known whether the site uses us"),
        Handler("env-updated", EARLY, add_static_files, "it is known whether the site uses us"),
        Handler("env-updated", 500, arrange_pages, "pages with other neighbours are written again"),
        Handler("env-updated", 500, other_sites.rewrite_pages_about_other_sites, "other sites have changed"),
        Handler("env-updated", 500, name_gate.rewrite_all, "owners whom the register lacks are others"),
        Handler("env-updated", 500, similar_lists.rewrite_similar, "it is known whether records have changed"),
        Handler("env-updated", 500, kept_objects.keep_objects, "it is known whether pages were read"),
        Handler("env-updated", 500, rebuilds.rewrite_dependants, "pages that list changed records are written again"),
        Handler("env-updated", LATE, page_gate.forget_pages, "the stored configuration names no hidden page"),
        Handler("env-updated", 1000, releases.refuse_unapproved, "nothing is read any more, and nothing is written"),
        Handler("env-check-consistency", 500, marked_copies.refuse_copies_of_hidden_columns, "any page may copy"),
        Handler("env-check-consistency", 500, hashes.note, "the environment is stored"),
        Handler("env-check-consistency", 500, runbooks.report_paths_without_page, "all pages are known"),
        Handler("env-check-consistency", 500, checks.check_site, "all records are known"),
        Handler("env-check-consistency", 500, page_gate.keep_static_files_back, "the environment is stored"),
        Handler("env-check-consistency", LAST, gate.keep_settings_locked, "pages are written next"),
        # Pages are written.
        Handler("write-started", EARLY, additions.note_writing, "the folder is ours, and holds nothing yet"),
        Handler("write-started", 400, incident_pages.start, "before trees are shared between pages"),
        Handler("write-started", 500, trees.start, "the pages' tree will not change any more"),
        Handler("doctree-resolved", 500, trees.prepare_page, "before Sphinx starts processes that write"),
        Handler("doctree-resolved", 500, site_navigation.stem_each_word_once, "the search index is fed next"),
        Handler("doctree-resolved", 500, drop_file, "the page's stored tree has been read"),
        Handler("doctree-resolved", 2000, additions.refuse_additions, "all extensions have added what they add"),
        Handler("missing-reference", 900, roles.neutral_reference, "intersphinx has looked"),
        Handler("missing-reference", 950, references.finish_hidden_reference, "all others have looked"),
        Handler("warn-missing-reference", 500, roles.report_reference, "says more than Sphinx's own warning"),
        Handler("html-page-context", 100, trees.page_context, "themes and extensions then ask our tree"),
        Handler("html-page-context", 390, incident_page.add_links, "below the way to the page"),
        Handler("html-page-context", 400, incident_pages.page_context, "its links stand below the banner"),
        Handler("html-page-context", 500, page_context.add_print_label, "the records say which label the page bears"),
        Handler("html-page-context", 500, page_context.add_banner, "the banner stands above the text"),
        Handler("html-page-context", 500, page_language.add_words, "any time; the language is known"),
        Handler("html-page-context", 500, page_context.add_to_head, "any time; the page's records are known"),
        Handler("html-page-context", 500, add_search_script, "any time; other pages do not load it"),
        Handler("html-page-context", 600, preview.name_edition, "below what others put on the page"),
        Handler("html-page-context", LATE, side_channels.forget_dates, "no extension adds a date any more"),
        Handler(PDF_DOCUMENTS_EVENT, 900, pdf_documents_of, "a site's own choice of documents goes first"),
        # The build has ended, well or not.
        Handler("build-finished", EARLY, foreign.release_directives, "no text is parsed any more"),
        Handler("build-finished", EARLY, additions.empty_output, "a refused edition leaves no pages"),
        Handler("build-finished", 500, incident_pages.finish, "the trees are as they were"),
        Handler("build-finished", 500, static_files.shorten_static_files, "they have been copied"),
        Handler("build-finished", 500, exports.write_exports, "all records are known"),
        Handler("build-finished", 500, gate.drop_copied_caches, "builders have written them"),
        Handler("build-finished", 800, copies.refuse, "all files have been copied"),
        Handler("build-finished", 900, name_gate.report_left, "all files are written"),
        Handler("build-finished", 950, guest.remove_stamp, "a site that only loads us keeps nothing of ours"),
        Handler("build-finished", LATE, gate.say_edition, "the last line tells which edition was made"),
        Handler("build-finished", LATE, collection.end, "nothing large is made any more"),
        Handler("build-finished", LATE, folders.remove_temporary, "nobody needs the caches any more"),
        Handler("build-finished", LAST, output.note_files, "no extension writes a file any more"),
    )


def hear_docstrings(app: Sphinx) -> None:
    """Handle ``builder-inited``: docstrings are parts of pages; their event is there where autodoc is loaded."""
    if "autodoc-process-docstring" in app.events.events:
        app.connect("autodoc-process-docstring", page_accounting.note_docstring, priority=990)


def add_static_files(app: Sphinx, env: BuildEnvironment) -> None:
    """Handle ``env-updated``: give the pages of a site that uses us our style sheets and script."""
    if not guest.is_in_use(app) or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    app.config.html_static_path = [*app.config.html_static_path, str(static_files.STATIC)]
    for name in static_files.STYLE_SHEETS:
        app.add_css_file(name)
    app.add_js_file(static_files.SCRIPT, loading_method="defer")


def add_search_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Handle ``html-page-context``: give the search page the script that knows ids and incidents."""
    if templatename == "search.html" and guest.is_in_use(app):
        app.add_js_file(static_files.SEARCH_SCRIPT, loading_method="defer")


@contextmanager
def without_debug_notes(app: Sphinx) -> Generator[None]:
    """Make none of Sphinx's notes of what is registered, unless ``-vv`` shows them: there are three hundred."""
    before = logging.root.manager.disable
    if app.verbosity < 2:
        logging.disable(max(before, logging.DEBUG))
    try:
        yield
    finally:
        logging.disable(before)


def setup_extension(app: Sphinx) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    with without_debug_notes(app):
        return register(app)


def register(app: Sphinx) -> ExtensionMetadata:
    """Do what ``setup_extension`` says."""
    report_refusals_in_a_sentence()
    take_cheaper_steps(app)
    if markdown := guest.markdown_extension(app):
        app.setup_extension(markdown)
        make_settings_once()
    add_options(app)
    app.add_domain(PostmortemDomain)
    for name, directive in DIRECTIVES.items():
        app.add_directive_to_domain(DOMAIN, name, directive)  # without the domain's name: `register_short_names`
    for name, replacement in REPLACED_DIRECTIVES.items():
        app.add_directive(name, replacement, override=True)
    for name, role in ROLES.items():
        app.add_role(name, role(), override=True)
        app.add_role_to_domain(DOMAIN, name, role())
    refuse = (placeholders.refuse_leftover, None)
    app.add_node(placeholders.Placeholder, html=refuse, latex=refuse, text=refuse, man=refuse, texinfo=refuse)
    for transform in TRANSFORMS:
        app.add_transform(transform)
    for post_transform in POST_TRANSFORMS:
        app.add_post_transform(post_transform)
    for builder in BUILDERS:
        app.add_builder(builder)
    for folder in (*(Path(app.srcdir, each) for each in app.config.locale_dirs), build_language.OURS):
        app.add_message_catalog(build_language.CATALOGUE, folder)  # for templates and extensions of the site
    setup_pdf(app)
    connect(app, handlers())
    # What is kept has the version of the domain: search indexes would name one of ours.
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def add_options(app: Sphinx) -> None:
    """Register every setting."""
    for option in OPTIONS:
        default = option.default
        if isinstance(default, tuple) and all(isinstance(item, str) for item in default):
            default = list(default)  # so that `-D` can give it: Sphinx splits values only where the default is a list
        name = f"postmortem_{option.name}"
        # `guest` has pages written again: Sphinx would note the settings of sites that do not use us.
        rebuild = "" if option.rebuild == "html" else option.rebuild
        app.add_config_value(name, default, rebuild, types=option.types, description=option.help)


def setup_pdf(app: Sphinx) -> None:
    """Put the PDF builder in the place of rst2pdf's, without loading rst2pdf: other builds need none of it.

    If the site lists rst2pdf too, in whatever order, it is loaded first: its ``setup`` refuses to run when a builder
    with its name is there already.
    """
    if RST2PDF_EXTENSION in app.config.extensions:
        app.setup_extension(RST2PDF_EXTENSION)
    for name, default in RST2PDF_SETTINGS.items():
        if name not in app.config:
            app.add_config_value(name, default, "")
    app.add_builder(PdfBuilderOnDemand, override=True)
    app.add_event(PDF_DOCUMENTS_EVENT)


def connect(app: Sphinx, table: Iterable[Handler]) -> None:
    """Connect handlers, in the order in which they stand."""
    for handler in table:
        app.connect(handler.event, handler.run, priority=handler.priority)


def prepare_settings(app: Sphinx, config: Config) -> None:
    """Handle ``config-inited``: read the settings and the files that they name, and register our short names."""
    prepare_names(config)
    resolve_owners(config, Path(app.srcdir))
    resolve_factors(config, Path(app.srcdir))
    resolve_attack(config, Path(app.srcdir))
    settings_of(config)  # what cannot be used stops the build here
    with without_debug_notes(app):
        register_short_names(app)
    config.epub_exclude_files = [*config.epub_exclude_files, STAMP]


def register_short_names(app: Sphinx) -> None:
    """Register the directives without the domain's name, and say so where another extension has taken one."""
    registered = registered_directives()
    for name, directive in DIRECTIVES.items():
        other = registered.get(name)
        if other is not None and other is not directive:
            message = (
                f'another extension also defines the directive "{name}"; ours is used, and is also `{DOMAIN}:{name}`'
            )
            warn(Code.NAME_CLASH, message)
        app.add_directive(name, directive, override=True)
