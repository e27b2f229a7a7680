"""The names that an interview PDF must not hold, and the roles that stand in their place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.names.pseudonyms import Pseudonyms, incident_numbers, pseudonyms_for
from sphinx_postmortem.core.records.model import Incident, Owner
from sphinx_postmortem.sphinx_ext.pdf.rawhtml import text_of_html
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.records.shown_owners import NAMES, unknown_owners
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.tree import is_line_break, rewrite_texts

PLAIN_TITLE = "Postmortems"

TEXT_ATTRIBUTES = ("alt", "title", "reftitle", "explanation", "name", "code")
"""Attributes that are printed, as such or where a node has no PDF form."""


def pseudonyms_of(env: BuildEnvironment) -> Pseudonyms:
    """Return the replacements of a site, by its settings and the records of the edition.

    Incidents are numbered only if dates are hidden: an id such as ``SEC-2026-014`` tells the year.
    """
    config = env.config
    knowledge = domain_of(env).knowledge
    # In an edition without names the records hold roles; what remains are owners whom the register lacks.
    owners = knowledge.owners if NAMES.of(env) is None else [Owner(id=name) for name in sorted(unknown_owners(env))]
    titles = (config.project, getattr(config, "html_title", ""), getattr(config, "html_short_title", ""))
    return pseudonyms_for(
        settings_of(config).pseudonyms,
        owners,
        authors=[str(config.author or ""), *_texts(config.copyright)],
        titles=[str(title or "") for title in titles],
        incidents=_numbers(knowledge.incidents) if hides_dates(config) else {},
    )


def _numbers(incidents: Iterable[Incident]) -> dict[str, str]:
    numbers = incident_numbers(incidents)
    # "Incident SEC-2026-014", as the summary is headed, would become "Incident Incident 1".
    return {**{f"Incident {name}": number for name, number in numbers.items()}, **numbers}


def hides_dates(config: Config) -> bool:
    """Say whether interview PDFs show offsets in the place of dates."""
    return settings_of(config).pdf_offsets


def replace_names(tree: nodes.Element, pseudonyms: Pseudonyms) -> None:
    """Replace the names in everything that is printed, and cut the links that hold one."""
    _show_text_of_html(tree)
    rewrite_texts(tree, pseudonyms.apply_to_pieces)
    for node in list(tree.findall(nodes.Element)):
        if isinstance(node, nodes.image) and not node.get("alt"):
            node["alt"] = Path(str(node.get("uri", ""))).stem  # printed if the image cannot be
        for name in TEXT_ATTRIBUTES:
            if isinstance(node.get(name), str):
                node[name] = pseudonyms.apply(node[name])
        uri = str(node.get("refuri", ""))
        if isinstance(node, nodes.reference) and (uri.startswith("mailto:") or _names(pseudonyms, uri)):
            node.replace_self(list(node.children))


def _names(pseudonyms: Pseudonyms, uri: str) -> bool:
    # A link inside the file names a page or an anchor, which the file does not hold in the end.
    return "://" in uri and pseudonyms.apply(uri) != uri


def _show_text_of_html(tree: nodes.Element) -> None:
    """Put the words of raw HTML in its place, so that a name is found that goes on after a tag."""
    for raw in list(tree.findall(nodes.raw)):
        if "html" in str(raw.get("format", "")).lower().split() and not is_line_break(raw.astext()):
            text = nodes.Text(text_of_html(raw.astext()))
            raw.replace_self(text if isinstance(raw.parent, nodes.TextElement) else nodes.paragraph("", "", text))


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(each) for each in value] if isinstance(value, list | tuple) else []
