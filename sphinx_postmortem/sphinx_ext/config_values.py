"""The configuration values: each with its default, its types, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from types import NoneType
from typing import Any, Literal

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.audience.audiences import DEFAULT_AUDIENCES
from sphinx_postmortem.core.checks.settings import (
    DEFAULT_DEADLINES,
    DEFAULT_FACTOR_KINDS,
    DEFAULT_MILESTONE_ORDER,
    DEFAULT_REQUIRED_MILESTONES,
)
from sphinx_postmortem.core.exports.edition_json import EXPORT_FORMATS
from sphinx_postmortem.core.records.knowledge import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.records.milestones import DEFAULT_DURATIONS, DEFAULT_MILESTONES
from sphinx_postmortem.core.records.phases import DEFAULT_PHASES
from sphinx_postmortem.core.records.vocabulary import DEFAULT_SEVERITIES

DEFAULT_LEADERSHIP_SECTIONS = (
    "Executive summary",
    "Business impact",
    "Leadership summary",
    "Assurance of follow-up",
)

DEFAULT_EDITION_TLP = {"public": "CLEAR"}


@dataclass(frozen=True)
class Option:
    """One configuration value: name without ``postmortem_``, default, types, effect of a change, and meaning."""

    name: str
    default: Any
    types: tuple[type, ...]
    rebuild: Literal["", "env", "html"]
    help: str


OPTIONS = (
    Option("audiences", DEFAULT_AUDIENCES, (list, tuple), "env", "The audiences, most privileged first."),
    Option("audience", "", (str,), "env", "The edition to build; usually given as ``-D`` or as a tag (``-t``)."),
    Option("audience_paths", {}, (dict,), "", "Path pattern (below the source folder) to audience."),
    Option("redaction_notice", "", (str,), "env", "Text in place of a hidden block that has no ``:summary:``."),
    Option(
        "hidden_reference", "(not in this edition)", (str,), "env", "Text in place of a reference to hidden content."
    ),
    Option(
        "trusted_builders", (), (list, tuple), "", "Builders of other extensions that may make filtered editions too."
    ),
    Option(
        "generated_pages",
        (),
        (list, tuple),
        "env",
        "Path patterns (below the source folder) of pages that other extensions write and filtered editions may show.",
    ),
    Option(
        "shown_metadata",
        (),
        (list, tuple),
        "env",
        "More front-matter keys and docinfo fields (patterns) that filtered editions keep as metadata.",
    ),
    Option(
        "edition_tlp",
        DEFAULT_EDITION_TLP,
        (dict,),
        "env",
        "Audience to the TLP label of its documents; without an entry each incident bears its own.",
    ),
    Option("severities", DEFAULT_SEVERITIES, (list, tuple), "env", "The severities, gravest first."),
    Option("milestones", DEFAULT_MILESTONES, (list, tuple), "env", "Names recognised at the start of an Event cell."),
    Option(
        "durations", DEFAULT_DURATIONS, (list, tuple), "env", "Derived times: (term, start milestone, end milestone)."
    ),
    Option("phases", DEFAULT_PHASES, (list, tuple), "env", "Phases of a timeline: (phase, milestone that begins it)."),
    Option(
        "owners",
        {},
        (dict, str),
        "",  # The domain has the pages written again that show owners.
        "Owner id to ``name``, ``team``, ``contact`` and ``role``; or a TOML or CSV file, below the source folder.",
    ),
    Option(
        "pseudonyms",
        {},
        (dict,),
        "env",
        "Name (of a person, a team, the organisation) to the role that stands in its place where names are not shown.",
    ),
    Option(
        "pseudonym_audiences",
        None,
        (list, tuple, NoneType),
        "env",
        "The editions without names; unless set, the last audience where there are three or more.",
    ),
    Option(
        "runbook_paths",
        (),
        (list, tuple),
        "env",
        "Path patterns (below the source folder) of runbooks: each ends with the incidents that used it.",
    ),
    Option("done_statuses", DEFAULT_DONE_STATUSES, (list, tuple), "env", "Statuses of actions that need no more work."),
    Option(
        "today", "", (str,), "env", "The day (``YYYY-MM-DD``) by which actions are overdue; else SOURCE_DATE_EPOCH's."
    ),
    Option(
        "edition_banner",
        "Edition: {edition}",
        (str,),
        "html",
        "Text at the head of every HTML page; ``{edition}`` is the audience's name, an empty text means no banner.",
    ),
    Option(
        "revisions_in_filtered_editions",
        False,
        (bool,),
        "env",
        "Whether ``revision-history`` shows days and hashes in filtered editions too; never authors and subjects.",
    ),
    Option(
        "author_roles", {}, (dict,), "env", "Author name in Git to the role shown instead; ``*`` stands for the others."
    ),
    Option("pdf_kind", "", (str,), "", "The kind of PDFs to write: ``leadership``, ``audit``, ``interview``, or none."),
    Option(
        "pdf_leadership_sections",
        DEFAULT_LEADERSHIP_SECTIONS,
        (list, tuple),
        "",
        "Headings of the sections that the kind ``leadership`` shows whole.",
    ),
    Option("pdf_offsets", False, (bool,), "", "Show dates as offsets from the first event in the kind ``interview``."),
    Option("pdf_check_results", "", (str,), "", "Text file with results of a check, for the audit appendix."),
    Option("pdf_page_size", "A4", (str,), "", "``A4`` or ``Letter``."),
    Option("pdf_fonts", (), (list, tuple), "", "TrueType font files for what the fonts of PDFs lack, such as Chinese."),
    Option("export_folder", "", (str,), "", "Folder into which the edition's data files are written after any build."),
    Option("export_formats", list(EXPORT_FORMATS), (list, tuple), "", "Which: ``json``, ``csv``, ``ics``, ``atom``."),
    Option(
        "export_pages",
        "",
        (str,),
        "",
        "How the addresses in data files are made: ``html`` or ``dirhtml``; by default as the builder's.",
    ),
    Option("sources", {}, (dict,), "env", "Other sites: name to ``file`` (their ``postmortems.json``) and ``url``."),
    Option(
        "check_builds",
        "error",
        (str,),
        "",
        "The least severity of findings of which builds warn: ``error``, ``warning``, ``note``, or ``off``.",
    ),
    Option(
        "check_baseline", "", (str,), "", "File, below the source folder, of findings that are known and do not count."
    ),
    Option("checks", {}, (dict,), "", "Check code to ``off``, ``note``, ``warning`` or ``error``."),
    Option(
        "required_milestones",
        DEFAULT_REQUIRED_MILESTONES,
        (dict,),
        "",
        "Severity to the milestones that its timelines need.",
    ),
    Option(
        "milestone_order",
        DEFAULT_MILESTONE_ORDER,
        (list, tuple),
        "",
        "Pairs of milestones: the first may not be timed after the second.",
    ),
    Option(
        "factor_kinds", DEFAULT_FACTOR_KINDS, (list, tuple), "", "The kinds with which a contributing factor begins."
    ),
    Option("people", {}, (dict,), "", "Names for the checks: ``deny`` may not stand on a page, ``allow`` may."),
    Option("safe_terms", (), (list, tuple), "", "Texts that the executive-safe scan allows, such as a product's host."),
    Option("ticket_pattern", "", (str,), "", "Regular expression that the ticket of each action must match."),
    Option("evidence", (), (list, tuple), "", "What must name its evidence: ``events``, ``actions``."),
    Option("register", "", (str,), "", "CSV or JSON file of all incidents, below the source folder."),
    Option(
        "register_deadlines", DEFAULT_DEADLINES, (dict,), "", "Severity to the days in which its postmortem is written."
    ),
)


def add_options(app: Sphinx) -> None:
    """Register every configuration value."""
    for option in OPTIONS:
        default = option.default
        if isinstance(default, tuple) and all(isinstance(item, str) for item in default):
            default = list(default)  # so that `-D` can give it: Sphinx splits values only where the default is a list
        app.add_config_value(
            f"postmortem_{option.name}", default, option.rebuild, types=option.types, description=option.help
        )


_KINDS = {
    bool: "True or False",
    str: "a text in quotes",
    dict: "a dictionary {...}",
    list: "a list [...]",
    NoneType: "None",
}


def refuse_wrong_types(config: Config) -> None:
    """Stop where a value is of a type with which nothing can be done.

    Raises:
        ExtensionError: the value, and what to write.
    """
    for option in OPTIONS:
        value = getattr(config, f"postmortem_{option.name}")
        fits = isinstance(value, option.types) or (tuple in option.types and isinstance(value, set | frozenset))
        if not fits and not (bool in option.types and isinstance(value, int)):
            wanted = " or ".join(_KINDS[kind] for kind in option.types if kind is not tuple)
            raise ExtensionError(f"postmortem_{option.name} is {value!r} in conf.py; write {wanted}")
    for pattern, audience in config.postmortem_audience_paths.items():
        if not (isinstance(pattern, str) and isinstance(audience, str)):
            raise ExtensionError(f"postmortem_audience_paths: {pattern!r}: {audience!r}: write two texts in quotes")
