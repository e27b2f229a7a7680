"""The roles ``incident``, ``action`` and ``owner``, and what becomes of references that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole

from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.guest import note_presence
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN, domain_of
from sphinx_postmortem.sphinx_ext.records.shown_owners import NAMES, shown_owners
from sphinx_postmortem.sphinx_ext.warnings import warn

# Each role, and an example of what it names.
ROLES = {"incident": "SEC-2026-014", "action": "SEC-2026-014/A1", "owner": "detection-eng"}


class RecordRole(XRefRole):
    """A reference to a record; works with and without the domain's name before it."""

    def __init__(self) -> None:
        """Show references as plain text, not as code."""
        super().__init__(innernodeclass=nodes.inline, warn_dangling=True)

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Read the role in the domain, whatever name it was called by."""
        self.name = self.name if ":" in self.name else f"{DOMAIN}:{self.name}"
        note_presence(self.env)
        return super().run()

    def process_link(
        self, env: BuildEnvironment, refnode: nodes.Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        """Lead references to owners to their roles where the edition shows no names."""
        if refnode["reftype"] != "owner" or NAMES.of(env) is None:
            return title, target
        role = shown_owners(env, [target])[0]
        return (title if has_explicit_title else role), role


def neutral_reference(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.Element
) -> nodes.Element | None:
    """Handle ``missing-reference`` for our roles in a filtered edition, after intersphinx has looked.

    A missing record may be a hidden one: the author's text stays, else a neutral text, and there is no warning.
    """
    settings = domain_of(env).settings
    if node.get("refdomain") != DOMAIN or not node.get("refwarn") or not settings.edition.is_filtered:
        return None
    return contnode if node.get("refexplicit") else nodes.inline("", settings.hidden_reference_text)


def report_reference(app: Sphinx, domain: Domain, node: pending_xref) -> bool | None:
    """Handle ``warn-missing-reference`` for our roles where everything is visible: the reference is wrong."""
    if node.get("refdomain") != DOMAIN:
        return None
    kind, target = node["reftype"], node["reftarget"]
    mend = role_for_other_site(app.env, kind, target) or (
        f"write an id such as {ROLES[kind]}, or mend the page that defines it"
    )
    message = f'there is no {kind} "{target}"; {mend}'
    warn(Code.UNKNOWN_REFERENCE, message, node)
    return True


def role_for_other_site(env: BuildEnvironment, kind: str, target: str) -> str:
    """Say how to write a reference to a record that a site of ``intersphinx_mapping`` has; empty where none has it."""
    inventories: Mapping[str, Mapping[str, Iterable[str]]] = getattr(env, "intersphinx_named_inventory", {})
    for site, inventory in sorted(inventories.items()):
        for name in inventory.get(f"{DOMAIN}:{kind}", ()):
            if name.casefold() == target.strip().casefold():
                role = f"external+{site}:{DOMAIN}:{kind}"
                return f'the site "{site}" of intersphinx_mapping has it: write the role `{role}` and "{name}"'
    return ""
