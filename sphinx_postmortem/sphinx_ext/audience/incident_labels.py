"""What an incident says of itself binds: the second look at it while its page is read, and the label that is shown.

Pages whose incidents do not allow the edition are hidden before Sphinx looks for pages (``gate``). A summary that
nobody could see at that time, since another extension has written it, stops the build here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from sphinx_postmortem.core.audience.incident_rule import IncidentStatement, held_back, read_statement
from sphinx_postmortem.core.audience.page_head import read_page_marking
from sphinx_postmortem.core.audience.path_patterns import hides
from sphinx_postmortem.core.audience.tlp import labels_in
from sphinx_postmortem.core.audience.withheld import head_lines
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.guest import note_presence, page_uses_us
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.tree import every
from sphinx_postmortem.sphinx_ext.warnings import place_of, warn

_logger = logging.getLogger("sphinx_postmortem")
_PAGE = "postmortem:labels"
_INCIDENT = "postmortem-tlp-of"
_LITERAL = (nodes.literal, nodes.raw, nodes.comment, nodes.math)


@dataclass
class _Page:
    """What is known of the page that is being read."""

    statements: dict[str, IncidentStatement] = field(
        default_factory=dict[str, IncidentStatement]
    )  # by the incident's id, folded
    is_restricted: bool = False  # it shows what less privileged audiences do not see


def _page(env: BuildEnvironment) -> _Page:
    return cast("_Page", env.current_document.setdefault(_PAGE, _Page()))


def note_restricted(env: BuildEnvironment) -> None:
    """Note that the page shows what less privileged audiences do not see."""
    _page(env).is_restricted = True


def binding_statement(directive: SphinxDirective, incident_id: str) -> IncidentStatement:
    """Return what an incident says of itself; in the first edition, tell which editions it keeps the page from.

    Raises:
        ExtensionError: it does not allow the edition, which is filtered.
    """
    env = directive.env
    settings = domain_of(env).settings
    rule, edition = settings.incident_rule, settings.edition
    text, markdown = _own_text(env)
    head = [line for _, line in head_lines(text.split("\n"), markdown=markdown)]
    statement = read_statement(directive.options, directive.block_text.split("\n"), head)
    _page(env).statements[incident_id.casefold()] = statement
    path, line = directive.get_source_info()
    place = f"{path}:{line}"
    if edition.is_filtered:
        if reason := rule.why_hidden(statement, edition.name):
            raise ExtensionError(
                f'{place}: the incident is not for the edition "{edition.name}": {reason}. Nothing was published.'
            )
        return statement
    marking = _marked_for(text, markdown=markdown)
    for each in rule.contradictions(statement, marking):
        warn(Code.TLP_CONFLICT, f"{each}. Filtered editions are refused", place)
    if marking != edition.name:
        for message in held_back(rule, statement):
            _logger.info("%s: %s", place, message)
    return statement


def _own_text(env: BuildEnvironment) -> tuple[str, bool]:
    """Return the text of the page's file, and whether it is Markdown."""
    path = Path(env.doc2path(env.current_document.docname))
    text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
    return text.replace("\r\n", "\n").replace("\r", "\n"), path.suffix != ".rst"


def _marked_for(text: str, *, markdown: bool) -> str:
    """Return the audience that the page's own marking names, folded; empty without one."""
    return read_page_marking(text, markdown=markdown).name.strip().casefold()


class TlpRole(SphinxRole):
    """The role ``tlp``: writes the label that an incident of the page bears in the edition, such as ``TLP:AMBER``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return a place for the label: what stands further down on the page may raise it."""
        note_presence(self.env)
        node = output.tag("")
        node[_INCIDENT] = self.text.strip()
        self.set_source_info(node)
        return [node], []


def label_badge(incident_id: str) -> nodes.inline:
    """Return a place for the label of an incident of the page."""
    node = output.tag("")
    node[_INCIDENT] = incident_id
    return node


def write_labels(app: Sphinx, document: nodes.document) -> None:
    """Handle ``doctree-read``: write the labels, and compare those that the text states with them.

    Raises:
        ExtensionError: the text states another label, and the edition is filtered.
    """
    env = app.env
    if not page_uses_us(env):
        return
    page, domain = _page(env), domain_of(env)
    texts = every(document, nodes.TextElement)
    places = [node for node in texts if isinstance(node, nodes.inline) and _INCIDENT in node]
    if not page.statements and not places:
        return
    rule, edition = domain.settings.incident_rule, domain.settings.edition
    is_restricted = not edition.is_filtered and (page.is_restricted or _page_is_restricted(env))
    labels = {
        key: rule.label(statement, edition.name, marked=is_restricted) for key, statement in page.statements.items()
    }
    docname = env.current_document.docname
    records = domain.records_of(docname)
    incidents = tuple(replace(each, tlp=labels.get(each.key, each.tlp)) for each in records.incidents)
    domain.note_page(docname, replace(records, incidents=incidents))
    for node in places:
        _write_label(env, node, labels)
    if page.statements:
        _compare(env, texts, set(labels.values()))


def _page_is_restricted(env: BuildEnvironment) -> bool:
    settings = domain_of(env).settings
    source = Path(env.doc2path(env.current_document.docname, base=False)).as_posix()
    marks = [name for pattern, name in settings.audience_paths.items() if hides(pattern, source)]
    text, markdown = _own_text(env)
    return settings.edition.audiences.restrict([_marked_for(text, markdown=markdown), *marks])


def _write_label(env: BuildEnvironment, node: nodes.inline, labels: dict[str, str]) -> None:
    """Put the label into its place; without one, what the author wrote stays."""
    incident = str(node.attributes.pop(_INCIDENT))
    label = labels.get(incident.casefold(), "")
    settings = domain_of(env).settings
    if label:
        shown = output.tlp_tag(label)
        node["classes"] = shown["classes"]
        node += shown.children
        return
    node["classes"] = []
    node += nodes.Text(settings.hidden_reference_text if settings.edition.is_filtered else incident)
    if not settings.edition.is_filtered:
        message = f'the page has no incident "{incident}" with a label; write the id of its summary, and `:tlp:` there'
        warn(Code.UNKNOWN_REFERENCE, message, node)


def _compare(env: BuildEnvironment, texts: Sequence[nodes.TextElement], labels: set[str]) -> None:
    edition = domain_of(env).settings.edition
    bears = " and ".join(f"TLP:{label}" for label in sorted(labels) if label) or "no label"
    for node in texts:
        if isinstance(node, (nodes.Inline, *_LITERAL, nodes.literal_block)):
            continue
        only = node.children[0] if len(node.children) == 1 else None  # most hold one text and no more
        for _, label in labels_in(str(only) if isinstance(only, nodes.Text) else "".join(_texts(node))):
            if label in labels:
                continue
            message = (
                f"the text says TLP:{label}, and the incident bears {bears} in this edition; write the role `tlp` "
                "with the incident's id, or put the label into code if it is only quoted"
            )
            if edition.is_filtered:
                raise ExtensionError(f"{place_of(node)}: {message}. Nothing was published.")
            warn(Code.TLP_CONFLICT, message, node)


def _texts(node: nodes.Node) -> Iterator[str]:
    """Yield the text of a block; in place of code stands a blank."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield str(child)
        elif isinstance(child, _LITERAL):
            yield " "
        else:
            yield from _texts(child)
