"""Techniques of ATT&CK on pages: read from an option or a cell, reported where they are unknown, and linked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.problems import Code, Problem
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.sphinx_ext import output

if TYPE_CHECKING:
    from sphinx_postmortem.core.attack.table import AttackTable
    from sphinx_postmortem.core.attack.technique_ids import NamedTechniques


def note_file(env: BuildEnvironment, settings: Settings) -> None:
    """Let the page be read again when the site's file of ATT&CK changes."""
    if settings.attack:
        env.note_dependency(settings.attack)


def read_named(written: str, line: int, settings: Settings) -> tuple[NamedTechniques, list[Problem]]:
    """Return what an option or a cell names, and what is wrong with it; a prompt names nothing."""
    from sphinx_postmortem.core.attack.technique_ids import NamedTechniques, read_techniques

    if not written.strip() or is_prompt(written):
        return NamedTechniques(is_plain=False), []
    table = settings.attack_table
    named = read_techniques(written, table)
    return named, [Problem(Code.TECHNIQUE_UNKNOWN, text, line) for text in faults(named, settings)]


def faults(named: NamedTechniques, settings: Settings) -> Iterable[str]:
    """Return the messages about unknown techniques, unless the site has turned their rule off."""
    from sphinx_postmortem.core.attack.technique_ids import unknown_techniques
    from sphinx_postmortem.core.checks import severity_of

    is_off = severity_of(Code.TECHNIQUE_UNKNOWN.value, settings) == "off"
    return () if is_off else unknown_techniques(named, settings.attack_table)


def technique_link(technique_id: str, text: str = "") -> nodes.Node:
    """Return a link to a technique or tactic on MITRE's site; without a text, its id."""
    from sphinx_postmortem.core.attack.technique_ids import address

    return output.outward(address(technique_id), text or technique_id, "pm-technique")


def technique_cell(technique_ids: Iterable[str], table: AttackTable) -> list[nodes.Node]:
    """Return links to techniques, each followed by its name."""
    return output.separated((_named_link(each, table) for each in technique_ids), ", ")


def _named_link(technique_id: str, table: AttackTable) -> list[nodes.Node]:
    found = table.techniques.get(technique_id)
    name = [nodes.Text(f" {found.name}")] if found else []
    return [technique_link(technique_id) if found else nodes.Text(technique_id), *name]
