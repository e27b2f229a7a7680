"""References from visible to hidden content, in filtered editions.

The author's text stays, without link, name or title of the target.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import docname_join

from sphinx_postmortem.sphinx_ext.kept import BUILDER
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN, domain_of
from sphinx_postmortem.sphinx_ext.tree import every
from sphinx_postmortem.sphinx_ext.warnings import place_of


class LowerHiddenPageLinks(SphinxPostTransform):
    """Turns Markdown links to pages that the edition lacks into their text, before MyST (priority 9) warns of them."""

    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Replace every such link."""
        settings = domain_of(self.env).settings
        if not settings.edition.is_filtered:
            return
        for node in every(self.document, addnodes.pending_xref):
            if node["reftype"] == "myst" and not self.is_resolvable(node):
                node.replace_self(plain_text(node, settings.hidden_reference_text))

    def is_resolvable(self, node: addnodes.pending_xref) -> bool:
        """Say whether MyST will find the target of one of its links."""
        builder = BUILDER.of(self.env)
        return builder is not None and markdown_link_is_found(self.env, builder, node)


def markdown_link_is_found(env: BuildEnvironment, builder: Builder, node: addnodes.pending_xref) -> bool:
    """Say whether MyST finds the target of one of its links."""
    if node["refdomain"] == "doc":
        return node["reftarget"] in env.all_docs
    return any_domain_has(env, builder, node)


def any_domain_has(env: BuildEnvironment, builder: Builder, node: addnodes.pending_xref) -> bool:
    """Say whether any domain of the project resolves a target, as MyST will ask them."""
    if node.get("reflocalid"):
        return True
    return any(_domain_has(env, builder, domain, node) for domain in env.domains.sorted())


def _domain_has(env: BuildEnvironment, builder: Builder, domain: Domain, node: addnodes.pending_xref) -> bool:
    """Say whether one domain resolves a target."""
    refdoc, target = str(node.get("refdoc", env.docname)), str(node["reftarget"])
    try:
        return bool(domain.resolve_any_xref(env, refdoc, builder, target, node, nodes.inline("", "?")))
    except NotImplementedError:  # a domain that resolves only its own roles
        return any(
            domain.resolve_xref(env, refdoc, builder, role, target, node, nodes.inline("", "?"))
            for role in domain.roles
        )


def plain_text(node: nodes.Element, neutral: str) -> nodes.inline:
    """Return a reference's own text without link; the neutral text when the author wrote none."""
    explicit = bool(node.get("refexplicit"))
    children = [child for inner in node.children for child in getattr(inner, "children", [inner])]
    if explicit and nodes.Element("", *[child.deepcopy() for child in children]).astext().strip():
        return nodes.inline("", "", *[child.deepcopy() for child in children])
    return nodes.inline("", neutral)


def finish_hidden_reference(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, contnode: nodes.Element
) -> nodes.Element | None:
    """Handle ``missing-reference`` in filtered editions for Sphinx's own roles (``ref``, ``doc``, ``term`` and so on).

    A target that does not exist may be hidden; the full edition reports those that are wrong.
    """
    settings = domain_of(env).settings
    if not settings.edition.is_filtered or node.get("refdomain") == DOMAIN:
        return None
    if node.get("refdomain") not in ("std", "") and node.get("reftype") not in ("any", "myst", "eq"):
        return None
    if node.get("refexplicit"):
        return nodes.inline("", "", *[child.deepcopy() for child in contnode.children])
    refuse_name_in_anchor(node)
    return nodes.inline("", settings.hidden_reference_text)


def lower_links_to_missing_pages(app: Sphinx, document: nodes.document) -> None:
    """Handle ``doctree-read`` in filtered editions: references to pages that are not there are not even stored.

    Raises:
        ExtensionError: a heading has the page's own name for its text, which is in the heading's anchor by now.
    """
    settings = domain_of(app.env).settings
    if not settings.edition.is_filtered:
        return
    for box in every(document, nodes.admonition):
        # docutils makes a class of the title as it is written, with the targets of its references.
        title = box.children[0] if box.children else None
        if isinstance(title, nodes.title):
            is_plain = all(isinstance(child, nodes.Text) for child in title.children)
            own = f"admonition-{nodes.make_id(title.astext())}" if is_plain else ""
            box["classes"] = [name for name in box["classes"] if name == own or not name.startswith("admonition-")]
    for node in every(document, addnodes.pending_xref):
        kind = (node.get("refdomain"), node.get("reftype"))
        if kind == ("doc", "myst"):
            docname = str(node["reftarget"])
        elif kind == ("std", "doc"):
            docname = docname_join(str(node.get("refdoc", "")), str(node["reftarget"]))
        else:
            continue
        if docname not in app.env.found_docs:
            refuse_name_in_anchor(node)
            node.replace_self(plain_text(node, settings.hidden_reference_text))


def refuse_name_in_anchor(node: nodes.Element) -> None:
    """Refuse a reference to what the edition lacks where its target's name has become an anchor.

    Raises:
        ExtensionError: the reference has no text of its own, and stands in a heading or in a term of a glossary.
    """
    if not node.get("refexplicit") and node.astext().strip() and (place := _named_by(node)):
        raise ExtensionError(
            f"{place_of(node)}: this {place} refers to something that the edition lacks, and its anchor would hold the "
            "name of that. Nothing was published; give the reference a text of its own, or move it into the text "
            "below."
        )


def _named_by(node: nodes.Node) -> str:
    """Return what takes its anchor from the text of a node: a heading or a term; empty for all else."""
    while node.parent is not None and not isinstance(node, nodes.title | nodes.term):
        node = node.parent
    if isinstance(node, nodes.title):
        return "heading" if isinstance(node.parent, nodes.section) else ""
    return "term" if isinstance(node, nodes.term) and node["ids"] else ""
