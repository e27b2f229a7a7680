"""The roles ``incident``, ``action`` and ``owner``, and those of public ids, such as ``attack`` and ``cve``.

What a reference that leads nowhere becomes stands here, too. The links of public ids lead to what others describe; the
ids are checked offline. Sphinx has roles ``cve`` and ``cwe`` of its own (since 8.1), which take the bare number and do
not look at it. Ours take that and the whole id. A site that sets nothing of ours has Sphinx's for bare numbers, as
before it loaded us.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.roles import CVE, CWE, XRefRole
from sphinx.util.docutils import ReferenceRole

from sphinx_postmortem.core.names.public_ids import ID_KINDS
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext import guest, output
from sphinx_postmortem.sphinx_ext.audience.references import refuse_name_in_anchor
from sphinx_postmortem.sphinx_ext.guest import note_presence
from sphinx_postmortem.sphinx_ext.noted_findings import note
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

    Raises:
        ExtensionError: its name has become an anchor.
    """
    settings = domain_of(env).settings
    if node.get("refdomain") != DOMAIN or not node.get("refwarn") or not settings.edition.is_filtered:
        return None
    if node.get("refexplicit"):
        return contnode
    refuse_name_in_anchor(node)
    return nodes.inline("", settings.hidden_reference_text)


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


SPHINX_ROLES = {"cve": CVE, "cwe": CWE}


class AttackRole(ReferenceRole):
    """A link to a technique or tactic of ATT&CK: its id and its name, or the author's own text."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link; what is no id of the table is reported, and stays as text."""
        from sphinx_postmortem.core.attack.technique_ids import is_tactic, normal_id, read_techniques
        from sphinx_postmortem.sphinx_ext.records.technique_cells import faults, note_file, technique_link

        settings = domain_of(self.env).settings
        table, target = settings.attack_table, normal_id(self.target)
        note_file(self.env, settings)
        tactic = table.find_tactic(target) if is_tactic(target) else None
        name = tactic.name if tactic else table.title(target)
        if not name:
            for message in faults(read_techniques(self.target, table), settings):
                source, line = self.get_source_info()
                note(self.env, settings, Code.TECHNIQUE_UNKNOWN, message, source, line)
            return [nodes.Text(self.title)], []
        text = self.title if self.has_explicit_title else f"{target} ({name})"
        return [technique_link(target, text)], []


class IdRole(ReferenceRole):
    """A link to what describes an id."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link; what is no id is reported, and stays as text."""
        role = self.name.rpartition(":")[2]
        kind = ID_KINDS[role]
        sphinx_role = SPHINX_ROLES.get(self.name)
        if sphinx_role and not guest.is_set_up(self.env) and not self.target.upper().startswith(kind.prefix):
            written = (self.name, self.rawtext, self.text, self.lineno, self.inliner, self.options, self.content)
            return sphinx_role()(*written)
        target, mark, anchor = self.target.partition("#")
        known = kind.read(target)
        if not known:
            message = f'"{self.target}" is no id of {role.upper()}; write one such as {kind.example}'
            warn(Code.BAD_IDENTIFIER, message, self.get_location())
            return [nodes.Text(self.title)], []
        text = self.title if self.has_explicit_title else known
        return [output.outward(f"{kind.url(known)}{mark}{anchor}", text, f"pm-{role}")], []
