"""Our builders and directives until a build asks for them: most builds need few of them, and some need none.

Sphinx and the parsers ask a class for what is declared here, and make an instance; that is one of the real class, whose
module is loaded then. A test compares the declarations of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar

from docutils.parsers.rst import Directive, directives
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.directive_names import LISTS
from sphinx_postmortem.sphinx_ext.directives.option_table import OptionSpec

RST2PDF_EXTENSION = "rst2pdf.pdfbuilder"


def load(place: str) -> Any:
    """Return a class of ``sphinx_ext``: ``"checks.CheckBuilder"`` is that of its module ``checks``."""
    module, _, name = place.rpartition(".")
    return getattr(import_module(f"sphinx_postmortem.sphinx_ext.{module}"), name)


class BuilderOnDemand(Builder):
    """Stands for a builder; subclasses say its name, and where it is."""

    place: ClassVar[str]

    def __new__(cls, app: Sphinx, env: BuildEnvironment) -> Builder:  # type: ignore[misc]
        """Return the real builder."""
        real: type[Builder] = load(cls.place)
        return real(app, env)


class DirectiveOnDemand(Directive):
    """Stands for a directive of ours; subclasses say what differs, and where it is."""

    place: ClassVar[str]
    has_content = True
    final_argument_whitespace = True
    option_spec = OptionSpec({"name": directives.unchanged, "class": directives.class_option})

    def __new__(cls, *arguments: Any, **named: Any) -> Any:
        """Return the real directive."""
        return load(cls.place)(*arguments, **named)


def _directive(place: str, *, has_content: bool = True, arguments: int = 0) -> type[Directive]:
    """Return the class that stands for a directive of ours."""
    declared = {"place": place, "has_content": has_content, "optional_arguments": arguments}
    return type(f"{place.rpartition('.')[2]}OnDemand", (DirectiveOnDemand,), declared)


def _list_directive(name: str) -> type[Directive]:
    """Return the class that stands for a list: ``event-list`` is ``EventList`` of ``lists.list_directives``."""
    return _directive(f"lists.list_directives.{name.title().replace('-', '')}", has_content=False)


DIRECTIVES: Mapping[str, type[Directive]] = {
    "incident-summary": _directive("directives.summary_directive.IncidentSummary", arguments=1),
    "timeline": _directive("directives.timeline_directive.Timeline"),
    "action-table": _directive("directives.action_table.ActionTable"),
    "response-table": _directive("directives.response_table.ResponseTable"),
    "veris": _directive("directives.veris_table.VerisTable"),
    "review-record": _directive("directives.review_table.ReviewTable"),
    "reporting-clocks": _directive("directives.reporting_clocks.ReportingClocks", has_content=False),
    "runbook-incidents": _directive("directives.runbook_incidents.RunbookIncidents", has_content=False),
    "incident-navigation": _directive("lists.incident_navigation.IncidentNavigation", has_content=False),
    "incident-overview": _directive("lists.incident_overview.IncidentOverview", has_content=False),
    "actions-by-owner": _directive("lists.list_directives.ActionsByOwner", has_content=False),
    "similar-incidents": _directive("lists.similar_directive.SimilarList", has_content=False),
    "incident-metrics": _directive("lists.list_directives.IncidentMetrics", has_content=False),
    "root-cause": _directive("directives.cause_directives.RootCause"),
    "contributing-factors": _directive("directives.cause_directives.ContributingFactors"),
    "affected-assets": _directive("directives.cause_directives.AffectedAssets"),
    "closure-checklist": _directive("directives.closure_directive.ClosureChecklist"),
    "audience": _directive("audience.blocks.AudienceBlock", arguments=1),
    "internal-only": _directive("audience.blocks.InternalOnly"),
    "revision-history": _directive("directives.history.RevisionHistory", has_content=False),
    **{name: _list_directive(name) for name in LISTS},
}
"""Our directives. They are also registered in the domain, so that ``postmortem:timeline`` works beside another's."""


class CheckBuilderOnDemand(BuilderOnDemand):
    """Stands for the builder of the checks."""

    name = "postmortem-check"
    place = "checks.CheckBuilder"


class ExportBuilderOnDemand(BuilderOnDemand):
    """Stands for the builder of data files."""

    name = "postmortem-export"
    place = "exports.write.ExportBuilder"


class ReleaseBuilderOnDemand(BuilderOnDemand):
    """Stands for the builder of the commands ``review`` and ``approve``."""

    name = "postmortem-release"
    place = "releases.release_gate.ReleaseBuilder"


class MarkdownBuilderOnDemand(BuilderOnDemand):
    """Stands for the builder of Markdown."""

    name = "postmortem-markdown"
    place = "markdown.markdown_builder.MarkdownBuilder"


class PdfBuilderOnDemand(BuilderOnDemand):
    """Stands for the builder of PDFs: other builds need not load rst2pdf and reportlab.

    A build of PDFs without them ends with a sentence that says what to install.
    """

    name = "pdf"
    place = "pdf.builder.PostmortemPdfBuilder"


class SheetBuilderOnDemand(BuilderOnDemand):
    """Stands for the builder of the commands ``agenda`` and ``drill``."""

    name = "postmortem-sheets"
    place = "sheets.sheet_builder.SheetBuilder"


BUILDERS = (
    CheckBuilderOnDemand,
    ExportBuilderOnDemand,
    ReleaseBuilderOnDemand,
    MarkdownBuilderOnDemand,
    SheetBuilderOnDemand,
)


def real_directive(found: type[Directive]) -> type[Directive]:
    """Return the class for which another stands; any other class as it is."""
    return load(found.place) if issubclass(found, DirectiveOnDemand) else found


def every_directive() -> dict[str, Any]:
    """Return the classes of all our directives by name, loaded."""
    return {name: real_directive(each) for name, each in DIRECTIVES.items()}


def discard_earlier_pdfs(app: Sphinx) -> None:
    """Handle ``builder-inited``: remove the PDFs of an earlier run before anything can fail."""
    builder: Any = app.builder
    if builder.name == PdfBuilderOnDemand.name:
        builder.discard_earlier_pdfs()
