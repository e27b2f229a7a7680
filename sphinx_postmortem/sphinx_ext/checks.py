"""The checks within Sphinx: the builder ``postmortem-check``, warnings in all builds, and what of a page they read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from docutils import nodes
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from sphinx_postmortem.core import checks
from sphinx_postmortem.core.checks.report import REPORTS, summary_line, with_prompts_grouped
from sphinx_postmortem.core.checks.summary import NO_SUMMARY
from sphinx_postmortem.core.checks.timeline import misordered
from sphinx_postmortem.core.problems import GATES, Code
from sphinx_postmortem.core.reader import Directive, Heading, Line, Prose, SourcePage
from sphinx_postmortem.core.records.knowledge import duplicate_message
from sphinx_postmortem.core.records.model import Action, Event, Incident, Response
from sphinx_postmortem.core.settings import SettingError, Settings
from sphinx_postmortem.sphinx_ext.directives.ran import ran_on_page
from sphinx_postmortem.sphinx_ext.noted_findings import note, noted_on_page, timed_rows
from sphinx_postmortem.sphinx_ext.pageless_builder import PagelessBuilder
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.upstream.myst import markdown_syntax
from sphinx_postmortem.sphinx_ext.warnings import warn_by_name

_logger = logging.getLogger("sphinx_postmortem")
_BOXES = {"pm-summary": "incident-summary", "pm-root-cause": "root-cause", "pm-factors": "contributing-factors"}


def check_settings(config: Config, source: Path) -> Settings:
    """Return the site's settings, with the files that the checks read as paths."""
    return settings_of(config).with_files_below(source)


def read_pages(env: BuildEnvironment, settings: Settings) -> list[checks.CheckedPage]:
    """Read the sources of all pages of the edition; findings name them by absolute path."""
    paths = [Path(env.doc2path(docname)) for docname in sorted(env.found_docs)]
    return [read_page(env, path, settings) for path in paths]


def read_page(
    env: BuildEnvironment, path: Path, settings: Settings, ran: Sequence[Directive] | None = None
) -> checks.CheckedPage:
    """Read a page for the checks; with the directives that ran on it, they are those of the page."""
    syntax = markdown_syntax(env.config)
    return checks.read_file(path, path.as_posix(), settings, Path(env.srcdir), syntax, ran=ran)


def baseline_of(settings: Settings, source: Path) -> checks.Baseline:
    """Return the findings that are known.

    Raises:
        ExtensionError: the file that the setting names cannot be used.
    """
    try:
        return checks.load_baseline(settings.check_baseline, source)
    except SettingError as error:
        raise ExtensionError(str(error)) from error


def warn_of(findings: list[checks.Finding]) -> None:
    """Emit findings as Sphinx warnings ``postmortem.<code>``; the suppressed ones are left out."""
    for finding in with_prompts_grouped(findings):
        if not finding.suppressed:
            place = f"{finding.file}:{finding.line}" if finding.line else finding.file
            warn_by_name(finding.code, finding.message, place)


def findings_of_page(env: BuildEnvironment, path: Path) -> list[checks.Finding]:
    """Return all that the checks say of the page that is being read, notes too; the first edition shows all of it."""
    settings = check_settings(env.config, Path(env.srcdir))
    return checks.run_page(read_page(env, path, settings, ran_on_page(env)))


# What a build tells in another way: its gates at once, and what no font has where a PDF is made.
SAID = frozenset([*(code.value for code in GATES), Code.PDF_GLYPH.value])


def noted_in_build(env: BuildEnvironment) -> list[checks.Finding]:
    """Return what the directives of the page that is being read have noted, and what follows from them together."""
    settings, records = domain_of(env).settings, domain_of(env).records_of(env.docname)
    ran, path = ran_on_page(env), str(env.doc2path(env.docname))
    rows: list[Event | Action | Response] = [*records.events, *records.actions, *records.responses]
    if any(not row.incident_id for row in rows) and all(each.name != "incident-summary" for each in ran):
        line = min((each.line for each in ran if not each.file), default=1)
        note(env, settings, Code.SUMMARY_MISSING, NO_SUMMARY, path, line)
    for hit in misordered(timed_rows(env), settings):
        note(env, settings, Code.MILESTONE_ORDER, hit.message, hit.file, hit.line)
    return noted_on_page(env)


def place_of_finding(finding: checks.Finding) -> tuple[str, str, int]:
    """Return by what a finding of a build and one of the checks are the same: code, file and line."""
    return finding.code, os.path.normpath(finding.file), finding.line


def shared_ids(env: BuildEnvironment) -> list[checks.Finding]:
    """Return the records that share an id; each is kept and listed, references lead to the first."""
    domain = domain_of(env)
    knowledge, findings = domain.knowledge, list[checks.Finding]()
    pairs: list[tuple[Incident | Action, Incident | Action]] = []
    pairs += [*knowledge.duplicates, *knowledge.actions_of_two_sites]
    for repeated, first in pairs:
        code = (Code.INCIDENT_DUPLICATE if isinstance(repeated, Incident) else Code.ACTION_DUPLICATE).value
        own = next((record for record in (repeated, first) if not record.site), None)
        file, line = (str(env.doc2path(own.docname)), own.line) if own else (str(env.srcdir / "conf.py"), 0)
        severity = checks.severity_of(code, domain.settings)
        if severity not in ("off", "note"):
            findings.append(checks.Finding(code, severity, duplicate_message(repeated, first), file, line))
    return findings


class CheckBuilder(PagelessBuilder):
    """Runs the checks on all pages, and writes ``postmortem-check.txt``, ``.json`` and ``.sarif``."""

    name = "postmortem-check"
    epilog = "The report is in %(outdir)s."

    def finish(self) -> None:
        """Run the checks, warn of errors and warnings, and write the reports."""
        settings = check_settings(self.config, Path(self.env.srcdir))
        read = read_pages(self.env, settings)
        findings = [finding for page in read for finding in checks.run_page(page)]
        findings += checks.run_site(read, settings)
        findings = baseline_of(settings, Path(self.env.srcdir)).excuse(findings)
        pages = len(read)
        warn_of([finding for finding in findings if finding.severity != "note"])
        folder = Path(self.outdir)
        folder.mkdir(parents=True, exist_ok=True)
        for form, suffix in (("text", "txt"), ("json", "json"), ("sarif", "sarif")):
            path = folder / f"postmortem-check.{suffix}"
            path.write_text(REPORTS[form](findings, pages), encoding="utf-8")
        _logger.info(summary_line(findings, pages))


def shown_source(doctree: nodes.document) -> SourcePage:
    """Return the prose of a page with its lines, headings and the boxes that it stands in."""
    source = SourcePage(markdown=True, lines=[])
    boxes = list(_boxes(doctree))
    source.directives = [directive for _, directive in boxes]
    by_node = {id(node): directive for node, directive in boxes}
    for node in doctree.findall(lambda inner: isinstance(inner, nodes.paragraph | nodes.title | nodes.term)):
        text = " ".join(node.astext().split())
        directive = _box_of(node, by_node)
        if isinstance(node.parent, nodes.section) and isinstance(node, nodes.title):
            source.headings.append(Heading(1, text, _line_of(node), _file_of(node, doctree)))
        elif text:
            prose = Prose(_line_of(node), text, directive, _section_of(node), _file_of(node, doctree))
            source.prose.append(prose)
            if directive:
                directive.body.append(_as_line(prose))
    return source


def _as_line(prose: Prose) -> Line:
    return Line(prose.number, prose.text, prose.file)


def _boxes(doctree: nodes.document) -> Iterator[tuple[nodes.Element, Directive]]:
    boxes = (node for node in doctree.findall(nodes.Element) if isinstance(node, nodes.admonition | nodes.container))
    for node in boxes:
        name = next((_BOXES[name] for name in node["classes"] if name in _BOXES), "")
        if name:
            yield node, Directive(name, "", _line_of(node))


def _box_of(node: nodes.Node, boxes: dict[int, Directive]) -> Directive | None:
    up: nodes.Node | None = node
    while up is not None:
        if id(up) in boxes:
            return boxes[id(up)]
        up = up.parent
    return None


def _section_of(node: nodes.Node) -> str:
    up: nodes.Node | None = node
    while up is not None and not isinstance(up, nodes.section):
        up = up.parent
    title = up.next_node(nodes.title) if isinstance(up, nodes.section) else None
    return title.astext() if title is not None else ""


def _file_of(node: nodes.Node, doctree: nodes.document) -> str:
    """Return the path of the included file that a node comes from; empty for the page's own."""
    up: nodes.Node | None = node
    while up is not None and not up.source:
        up = up.parent
    source = (up.source or "") if up is not None else ""
    is_own = not source or not Path(source).is_absolute() or source == doctree.get("source")
    return "" if is_own else Path(source).as_posix()


def _line_of(node: nodes.Node) -> int:
    up: nodes.Node | None = node
    while up is not None and not up.line:
        up = up.parent
    return up.line or 0 if up is not None else 0
