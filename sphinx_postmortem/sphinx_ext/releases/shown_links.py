"""What a reference shows and where it leads, known from the page and the domains, before any builder has seen it."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.ext import intersphinx

from sphinx_postmortem.core.regular_files import read_regular
from sphinx_postmortem.core.releases.release_files import file_statement
from sphinx_postmortem.core.releases.statements import link_to, prose
from sphinx_postmortem.sphinx_ext.audience.references import any_domain_has, markdown_link_is_found
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN, domain_of


class _NoBuilder:
    """Stands for a builder where domains want one: every page has an address, whatever is built."""

    name = "postmortem-release"
    format = ""

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Return the name of the page."""
        return to


class Links:
    """Knows what references show in this edition.

    A reference without a text of its own stands with its target: the title that it shows is approved on its own page.
    """

    def __init__(self, app: Sphinx) -> None:
        """Start without owners; those that pages name are noted."""
        self.app = app
        self.env: BuildEnvironment = app.env
        self.builder = cast("Builder", _NoBuilder())
        self.owners: set[str] = set()

    def target_of(self, node: addnodes.pending_xref, text: str) -> str:
        """Return what a reference shows: ``text``, what its author wrote, with its target.

        The target of a reference that the edition does not resolve stays away: it may be hidden.
        """
        target = str(node["reftarget"])
        domain = domain_of(self.env)
        if node.get("refdomain") == DOMAIN and node["reftype"] == "owner":
            self.owners.add(target)
        if self._may_be_hidden(node) and domain.settings.edition.is_filtered and not self._is_found(node):
            if url := self._elsewhere(node):
                return f"{text}{link_to(url)}"
            return text if node.get("refexplicit") else prose(domain.settings.hidden_reference_text)
        leads_to = link_to(f"{node['reftype']} {target}")
        return leads_to if text.strip() == target else f"{text}{leads_to}"

    def factor(self, factor: str) -> str:
        """Return the words that stand for a factor on pages that name it by its id."""
        found = domain_of(self.env).settings.factors.find(factor)
        return prose(found.label if found else factor)

    def _may_be_hidden(self, node: addnodes.pending_xref) -> bool:
        return node.get("refdomain") in ("std", "", DOMAIN, "doc") or node["reftype"] in ("any", "myst", "eq")

    def _is_found(self, node: addnodes.pending_xref) -> bool:
        """Say whether the edition has the target of a reference."""
        name, kind, target = str(node.get("refdomain", "")), str(node["reftype"]), str(node["reftarget"])
        if kind == "myst":
            return markdown_link_is_found(self.env, self.builder, node)
        if kind == "any" or name not in self.env.domains:
            return any_domain_has(self.env, self.builder, node)
        if kind == "numref":  # to resolve it would warn of figures that have no number yet
            return target in self.env.domains.standard_domain.anonlabels
        refdoc = str(node.get("refdoc", ""))
        inner = nodes.inline("", target)
        domain = self.env.domains[name]
        return domain.resolve_xref(self.env, refdoc, self.builder, kind, target, node, inner) is not None

    def _elsewhere(self, node: addnodes.pending_xref) -> str:
        """Return the address at which another project has a target; empty where none is known to."""
        if "sphinx.ext.intersphinx" not in self.app.extensions:
            return ""
        found = intersphinx.missing_reference(self.app, self.env, node, nodes.inline("", ""))
        return str(found.get("refuri", "")) if found is not None else ""

    def file(self, target: str, docname: str) -> str:
        """Return a file that a page publishes: its path below the source folder, and its hash."""
        relative, _ = self.env.relfn2path(target, docname)
        return self.source_file(posixpath.normpath(Path(relative).as_posix()))

    def source_file(self, relative: str) -> str:
        """Return a file by its path below the source folder, and its hash."""
        try:
            return file_statement(relative, read_regular(Path(self.env.srcdir, relative)))
        except OSError:
            return f"{relative} (missing)"
