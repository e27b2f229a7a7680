"""The roles ``attack``, ``cve``, ``cwe``, ``capec`` and ``d3fend``: links to what others describe, checked offline.

Sphinx has roles ``cve`` and ``cwe`` of its own (since 8.1), which take the bare number and do not look at it. Ours take
that and the whole id. A site that sets nothing of ours has Sphinx's for bare numbers, as before it loaded us.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.roles import CVE, CWE
from sphinx.util.docutils import ReferenceRole

from sphinx_postmortem.core.names.public_ids import ID_KINDS
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext import guest, output
from sphinx_postmortem.sphinx_ext.noted_findings import note
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.warnings import warn

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
