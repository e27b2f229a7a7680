"""What ``setup`` registers, in one list."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

from sphinx_postmortem import __version__
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.audience import gate as edition
from sphinx_postmortem.sphinx_ext.audience import stamp
from sphinx_postmortem.sphinx_ext.audience.blocks import AudienceBlock, InternalOnly
from sphinx_postmortem.sphinx_ext.audience.content_hashes import ContentHashes
from sphinx_postmortem.sphinx_ext.audience.file_directives import setup_file_directives
from sphinx_postmortem.sphinx_ext.audience.foreign import guard_directives, release_directives
from sphinx_postmortem.sphinx_ext.audience.generators import refuse_generators
from sphinx_postmortem.sphinx_ext.audience.hidden_files import setup_hidden_files
from sphinx_postmortem.sphinx_ext.audience.late_pages import LatePages
from sphinx_postmortem.sphinx_ext.audience.marked_copies import setup_marked_copies
from sphinx_postmortem.sphinx_ext.audience.metadata import setup_metadata
from sphinx_postmortem.sphinx_ext.audience.plain_tables import setup_plain_tables
from sphinx_postmortem.sphinx_ext.audience.references import setup_references
from sphinx_postmortem.sphinx_ext.audience.scrub import setup_scrub
from sphinx_postmortem.sphinx_ext.audience.toctree import EditionTocTree
from sphinx_postmortem.sphinx_ext.audience.unread import setup_unread_markings
from sphinx_postmortem.sphinx_ext.checks import setup_checks
from sphinx_postmortem.sphinx_ext.config_values import add_options, refuse_wrong_types
from sphinx_postmortem.sphinx_ext.directives.action_table import ActionTable
from sphinx_postmortem.sphinx_ext.directives.causes import AffectedAssets, ContributingFactors, RootCause
from sphinx_postmortem.sphinx_ext.directives.closure import ClosureChecklist
from sphinx_postmortem.sphinx_ext.directives.history import RevisionHistory
from sphinx_postmortem.sphinx_ext.directives.placeholders import setup_placeholders
from sphinx_postmortem.sphinx_ext.directives.runbooks import RunbookIncidents, setup_runbooks
from sphinx_postmortem.sphinx_ext.directives.summary import IncidentSummary
from sphinx_postmortem.sphinx_ext.directives.timeline import Timeline
from sphinx_postmortem.sphinx_ext.exports.write import setup_exports
from sphinx_postmortem.sphinx_ext.html.pages import setup_pages
from sphinx_postmortem.sphinx_ext.html.site_navigation import setup_navigation
from sphinx_postmortem.sphinx_ext.lists.by_owner import ActionsByOwner
from sphinx_postmortem.sphinx_ext.lists.directives import ActionList, FactorList, IncidentList, LessonList
from sphinx_postmortem.sphinx_ext.lists.metrics import IncidentMetrics, ReplaceMetrics
from sphinx_postmortem.sphinx_ext.lists.navigation import IncidentNavigation, setup_incident_navigation
from sphinx_postmortem.sphinx_ext.memory import setup_memory
from sphinx_postmortem.sphinx_ext.names import setup_names
from sphinx_postmortem.sphinx_ext.pdf import setup_pdf
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN, PostmortemDomain, rewrite_dependants
from sphinx_postmortem.sphinx_ext.records.federation import setup_federation
from sphinx_postmortem.sphinx_ext.records.roles import setup_roles
from sphinx_postmortem.sphinx_ext.settings import settle_owners
from sphinx_postmortem.sphinx_ext.warnings import warn

DIRECTIVES = {
    "incident-summary": IncidentSummary,
    "timeline": Timeline,
    "action-table": ActionTable,
    "actions-by-owner": ActionsByOwner,
    "action-list": ActionList,
    "incident-list": IncidentList,
    "runbook-incidents": RunbookIncidents,
    "incident-navigation": IncidentNavigation,
    "lesson-list": LessonList,
    "factor-list": FactorList,
    "incident-metrics": IncidentMetrics,
    "root-cause": RootCause,
    "contributing-factors": ContributingFactors,
    "affected-assets": AffectedAssets,
    "closure-checklist": ClosureChecklist,
    "audience": AudienceBlock,
    "internal-only": InternalOnly,
    "revision-history": RevisionHistory,
}

STATIC = Path(__file__).parent.parent / "static"


def setup_extension(app: Sphinx) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    app.setup_extension("myst_parser")
    add_options(app)
    app.add_domain(PostmortemDomain)
    for name, directive in DIRECTIVES.items():
        app.add_directive_to_domain(DOMAIN, name, directive)
    app.add_directive("toctree", EditionTocTree, override=True)
    setup_roles(app)
    setup_placeholders(app)
    app.add_post_transform(ReplaceMetrics)
    setup_scrub(app)
    setup_references(app)
    setup_hidden_files(app)
    setup_marked_copies(app)
    setup_file_directives(app)
    setup_unread_markings(app)
    setup_plain_tables(app)
    setup_metadata(app)
    setup_pdf(app)
    setup_navigation(app)
    setup_memory(app)
    setup_pages(app)
    setup_runbooks(app)
    setup_incident_navigation(app)
    setup_checks(app)
    setup_exports(app)
    setup_federation(app)
    gate = edition.PageGate()
    setup_names(app, gate)
    app.connect("config-inited", prepare_settings, priority=900)
    app.connect("config-inited", gate.choose_edition, priority=901)
    app.connect("config-inited", stamp.prepare_folders, priority=902)
    app.connect("builder-inited", gate.hide_pages, priority=0)
    app.connect("builder-inited", edition.refuse_builder, priority=10)
    app.connect("builder-inited", edition.report_paths_that_hide_nothing)
    app.connect("builder-inited", stamp.claim_output, priority=20)
    watch_other_extensions(app, gate)
    app.connect("env-get-outdated", edition.reread_all_when_pages_change)
    app.connect("env-updated", rewrite_dependants)
    app.connect("env-updated", gate.forget_pages, priority=999)
    app.connect("env-check-consistency", gate.keep_static_files_back)
    app.connect("build-finished", edition.drop_copied_caches)
    return {"version": __version__, "env_version": 3, "parallel_read_safe": True, "parallel_write_safe": True}


def watch_other_extensions(app: Sphinx, gate: edition.PageGate) -> None:
    """Register what guards filtered editions against other extensions, and against files that change."""
    late, hashes = LatePages(gate), ContentHashes()
    app.connect("builder-inited", lambda app: refuse_generators(app, gate), priority=1)
    app.connect("builder-inited", guard_directives, priority=1)
    app.connect("source-read", late.note_text, priority=0)
    app.connect("source-read", late.judge_text, priority=9999)
    app.connect("env-updated", late.refuse_late_pages, priority=0)
    app.connect("env-get-outdated", hashes.reread_changed)
    app.connect("env-before-read-docs", hashes.forget, priority=999)
    app.connect("env-check-consistency", hashes.note)
    app.connect("html-page-context", edition.forget_dates, priority=999)
    app.connect("build-finished", release_directives)


def prepare_settings(app: Sphinx, config: Config) -> None:
    """Put our names and files in place when all extensions have been loaded."""
    refuse_wrong_types(config)
    settle_owners(config, Path(app.srcdir))
    register_short_names(app)
    if "colon_fence" not in config.myst_enable_extensions:
        # Without it a marked block would be read as text, in every edition.
        config.myst_enable_extensions = [*config.myst_enable_extensions, "colon_fence"]
    # Our options may carry `# comments`, which MyST reads but warns of; what it would lose of others' text we put back.
    config.suppress_warnings = [*config.suppress_warnings, "myst.directive_comments"]
    config.epub_exclude_files = [*config.epub_exclude_files, stamp.STAMP]
    config.html_static_path = [*config.html_static_path, str(STATIC)]


def register_short_names(app: Sphinx) -> None:
    """Register the directives without the domain's name, and say so where another extension has taken one."""
    from docutils.parsers.rst import directives

    registered: dict[str, object] = vars(directives)["_directives"]
    for name, directive in DIRECTIVES.items():
        other = registered.get(name)
        if other is not None and other is not directive:
            message = (
                f'another extension also defines the directive "{name}"; ours is used, and is also `{DOMAIN}:{name}`'
            )
            warn(Code.NAME_CLASH, message)
        app.add_directive(name, directive, override=True)
