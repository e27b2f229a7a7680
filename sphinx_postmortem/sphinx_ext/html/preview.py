"""What only the preview of ``serve`` shows: what the checks say, beside the line, and the edition's name on each page.

It is on where ``serve`` names its own temporary folder, and only for a build that writes into that folder: what is
published is built elsewhere. Findings are shown in the first edition alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_postmortem.core.records.model import Action, Event, Incident, Response
from sphinx_postmortem.core.settings.setting_names import PREVIEW_FOLDER
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.tree import every

if TYPE_CHECKING:
    from sphinx_postmortem.core.checks import Finding

_STYLE = """<style>
.pm-preview{position:fixed;inset:auto 0 0 auto;z-index:99;margin:0;padding:.25rem .75rem;background:#1d2730;color:#fff;\
font:600 .8125rem/1.5 sans-serif}
.pm-finding{margin:.25rem 0;padding:.25rem .5rem;border-inline-start:4px solid #8796a3;background:#f1f5f8;\
color:#1d2730;font-size:.8125rem;line-height:1.45;overflow-wrap:anywhere}
.pm-finding-error{border-color:#c93a2b;background:#fdecea}.pm-finding-warning{border-color:#e8a33d;background:#fdf2df}
@media print{.pm-preview{display:none}}
</style>"""


def is_preview(app: Sphinx) -> bool:
    """Say whether this build writes into the folder of a running ``serve``."""
    folder = os.environ.get(PREVIEW_FOLDER, "")
    return bool(folder) and Path(app.outdir).resolve().is_relative_to(Path(folder).resolve())


def show_findings(app: Sphinx, doctree: nodes.document) -> None:
    """Handle ``doctree-read``: put what the checks say of a page beside what it is about."""
    if not is_preview(app) or settings_of(app.config).edition.is_filtered:
        return
    from sphinx_postmortem.core import checks
    from sphinx_postmortem.core.checks.report import in_order, with_prompts_grouped
    from sphinx_postmortem.sphinx_ext.checks import baseline_of, check_settings, findings_of_page

    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix not in checks.PAGE_SUFFIXES:
        return
    source = Path(app.srcdir)
    found = baseline_of(check_settings(app.config, source), source).excuse(findings_of_page(app.env, path))
    told = [each for each in in_order(with_prompts_grouped(found)) if not each.suppressed]
    places = list(_places(app, doctree))
    own = path.as_posix()
    for finding in reversed(told):  # each stands before those that were put there already
        line = finding.line if finding.file == own else 0
        _put(_shown(finding), _nearest(places, line, doctree))


def _shown(finding: Finding) -> nodes.paragraph:
    built = output.paragraph(output.strong(finding.severity), f": {finding.message} [{finding.code}]")
    built["classes"] += ["pm-finding", f"pm-finding-{finding.severity}"]
    return built


def _places(app: Sphinx, doctree: nodes.document) -> Iterator[tuple[int, nodes.Element]]:
    """Yield what stands on a page with its line: the rows and boxes of records, headings, paragraphs and code."""
    records = domain_of(app.env).records_of(app.env.docname)
    known: list[Incident | Event | Action | Response] = [*records.incidents, *records.events]
    known += [*records.actions, *records.responses]
    lines = {each.anchor: each.line for each in known if each.anchor}
    for node in every(doctree, nodes.Element):
        for anchor in cast("list[str]", node["ids"]):
            if anchor in lines:
                yield lines[anchor], node
        is_text = isinstance(node, nodes.title | nodes.paragraph | nodes.literal_block)
        if is_text and node.line and not _is_in_table(node):
            yield node.line, node


def _is_in_table(node: nodes.Node) -> bool:
    up: nodes.Node | None = node
    while up is not None and not isinstance(up, nodes.entry):
        up = up.parent
    return up is not None


def _nearest(places: list[tuple[int, nodes.Element]], line: int, doctree: nodes.document) -> nodes.Element:
    """Return what begins last at or before a line; without such, the page's title."""
    before = [place for place in places if place[0] <= line]
    if before:
        return max(before, key=lambda place: place[0])[1]
    return next(iter(every(doctree, nodes.title)), doctree)


def _put(finding: nodes.paragraph, place: nodes.Element) -> None:
    """Put a finding below a text, at the top of a box, or into the row of a table."""
    up: nodes.Element | None = place
    while up is not None and not isinstance(up, nodes.row):
        up = up.parent
    if isinstance(up, nodes.row):
        cells = every(up, nodes.entry)
        widest = max(cells, key=lambda cell: len(cell.astext()))
        widest.insert(1, finding)
    elif isinstance(place, nodes.document | nodes.container | nodes.admonition):
        place.insert(0, finding)
    else:
        block = place
        while isinstance(block.parent, nodes.TextElement):
            block = block.parent
        block.parent.insert(block.parent.index(block) + 1, finding)


def name_edition(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Handle ``html-page-context``: say in the corner of each page which edition it is of, and what was found."""
    if not is_preview(app):
        return
    edition = settings_of(app.config).edition
    said = f"Preview of the edition {escape(edition.name)}"
    if doctree is not None and not edition.is_filtered:
        number = sum("pm-finding" in each["classes"] for each in every(doctree, nodes.paragraph))
        said += f": {number} finding{'' if number == 1 else 's'} on this page"
    context["metatags"] = f"{context.get('metatags', '')}\n{_STYLE}\n"
    if context.get("body"):
        context["body"] = f'{context["body"]}\n<p class="pm-preview" role="status">{said}</p>'
