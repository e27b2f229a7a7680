"""Writes incidents as a Sphinx project, in one of five forms with the same content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.content import Incident

NEEDS_CONF = """
needs_types = [
    {"directive": name, "title": name.capitalize(), "prefix": name[0].upper(), "color": "#ffffff", "style": "node"}
    for name in ("incident", "event", "action")
]
needs_fields = {name: {"schema": {"type": "string"}, "nullable": True} for name in
    ("date", "severity", "kind", "impact", "time", "notes", "owner", "priority", "due", "tlp", "operational",
     "regulatory")}
needs_id_regex = "^[A-Za-z0-9_-]+$"
"""

# Facts that the checks in builds want of each incident.
MORE_FACTS = {
    "operational-impact": "Work went on by hand.",
    "regulatory-impact": "None: no personal data was reached.",
}

EXTENSIONS = {
    "ours": ["sphinx_postmortem"],
    "flat": ["sphinx_postmortem"],  # as ours, with `incident-navigation` in the place of a toctree for each year
    "rst": ["sphinx_postmortem"],
    "plain": ["myst_parser"],
    "needs": ["myst_parser", "sphinx_needs"],
}


FLAT_INDEX = """# Incidents

:::{incident-navigation}
:pages: */*
:::
"""


def write_project(
    folder: Path, form: str, incidents: Sequence[Incident], theme: str, *, one_list: bool = False
) -> None:
    """Write a project of one page for each incident, an index by year and a page of all actions by owner.

    Args:
        folder: where to write; must not exist.
        form: ``ours``, ``flat``, ``plain``, ``needs`` or ``rst``.
        incidents: the content.
        theme: the HTML theme.
        one_list: list all pages in one `toctree` on the first page, in the place of one for each year.
    """
    suffix = "rst" if form == "rst" else "md"
    folder.mkdir(parents=True)
    conf = [f"extensions = {EXTENSIONS[form]!r}", 'project = "Benchmark"', f"html_theme = {theme!r}"]
    conf += ['myst_enable_extensions = ["colon_fence"]', NEEDS_CONF if form == "needs" else ""]
    (folder / "conf.py").write_text("\n".join(conf), encoding="utf-8")
    years = sorted({incident.day[:4] for incident in incidents})
    contents = ["owners", *(["incidents"] if form == "flat" else (f"{year}/index" for year in years))]
    if one_list:
        contents = ["owners", *(f"{incident.day[:4]}/{incident.id.lower()}" for incident in incidents)]
    (folder / f"index.{suffix}").write_text(_index("Knowledge base", contents, form), encoding="utf-8")
    if form == "flat":
        (folder / "incidents.md").write_text(FLAT_INDEX, encoding="utf-8")
    for year in years:
        own = [incident for incident in incidents if incident.day.startswith(year)]
        (folder / year).mkdir()
        names = [incident.id.lower() for incident in own]
        if form != "flat" and not one_list:
            (folder / year / f"index.{suffix}").write_text(_index(year, names, form), encoding="utf-8")
        for incident in own:
            text = PAGES[form](incident)
            (folder / year / f"{incident.id.lower()}.{suffix}").write_text(text, encoding="utf-8")
    (folder / f"owners.{suffix}").write_text(LISTINGS[form](incidents), encoding="utf-8")


def _index(title: str, names: Iterable[str], form: str) -> str:
    if form == "rst":
        return "\n".join([title, "=" * len(title), "", ".. toctree::", "", *(f"   {name}" for name in names), ""])
    return "\n".join([f"# {title}", "", "```{toctree}", *names, "```", ""])


def pipe_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a pipe table."""
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def _more_facts(incident: Incident) -> dict[str, str]:
    return {"tlp": incident.tlp, **MORE_FACTS}


def _events(incident: Incident) -> list[str]:
    rows = [(e.time, e.text, e.notes, "internal" if e.internal else "") for e in incident.events]
    return pipe_table(("Time (UTC)", "Event", "Notes", "Audience"), rows)


def _actions(incident: Incident) -> list[str]:
    rows = [(a.id, a.text, a.owner, a.priority, a.due, a.status) for a in incident.actions]
    return pipe_table(("ID", "Action", "Owner", "Priority", "Due date", "Status"), rows)


def _ours(incident: Incident) -> str:
    lines = [f"# {incident.title}", "", f":::{{incident-summary}} {incident.id}", f":date: {incident.day}"]
    lines += [f":severity: {incident.severity}", f":type: {incident.type}", f":status: {incident.status}"]
    lines += [f":{name}: {value}" for name, value in _more_facts(incident).items()]
    lines += [f":customer-impact: {incident.impact}", "", incident.summary, ":::", "", "## Timeline", ""]
    lines += [":::{timeline}", *_events(incident), ":::", "", "::::{internal-only}", "## Technical details", ""]
    lines += [incident.details, "::::", "", "## Root cause", "", ":::{root-cause}", incident.cause, ":::", ""]
    lines += [":::{contributing-factors}", *(f"- {text}" for text in incident.factors), ":::", ""]
    if incident.actions:
        lines += ["## Actions", "", ":::{action-table}", *_actions(incident), ":::", ""]
    return "\n".join(lines)


def _plain(incident: Incident) -> str:
    facts = [("Incident", incident.id), ("Date", incident.day), ("Severity", incident.severity)]
    facts += [("Type", incident.type), ("Status", incident.status), ("Customer impact", incident.impact)]
    facts += [(name.capitalize(), value) for name, value in _more_facts(incident).items()]
    lines = [f"# {incident.title}", "", *pipe_table(("Field", "Value"), facts), "", incident.summary, ""]
    lines += ["## Timeline", "", *_events(incident), "", "## Technical details", "", incident.details, ""]
    lines += ["## Root cause", "", incident.cause, "", *(f"- {text}" for text in incident.factors), ""]
    if incident.actions:
        lines += ["## Actions", "", *_actions(incident), ""]
    return "\n".join(lines)


def _need(kind: str, title: str, need_id: str, options: dict[str, str], body: str = "") -> list[str]:
    set_options = [f":{name}: {value}" for name, value in options.items() if value]
    return [f":::{{{kind}}} {title}", f":id: {need_id}", *set_options, *(["", body] if body else []), ":::", ""]


def _needs(incident: Incident) -> str:
    facts = {"date": incident.day, "severity": incident.severity, "kind": incident.type, "status": incident.status}
    lines = [f"# {incident.title}", ""]
    options = {
        **facts,
        **{name.partition("-")[0]: value for name, value in _more_facts(incident).items()},
        "impact": incident.impact,
    }
    lines += _need("incident", incident.id, incident.id, options, incident.summary)
    lines += ["## Timeline", ""]
    for number, event in enumerate(incident.events, 1):
        lines += _need("event", event.text, f"{incident.id}-E{number}", {"time": event.time}, event.notes)
    lines += ["## Technical details", "", incident.details, "", "## Root cause", "", incident.cause, ""]
    lines += [*(f"- {text}" for text in incident.factors), "", "## Actions", ""]
    for action in incident.actions:
        options = {"owner": action.owner, "priority": action.priority, "due": action.due, "status": action.status}
        lines += _need("action", action.text, f"{incident.id}-{action.id}", options)
    return "\n".join(lines)


def _rst_inline(text: str) -> str:
    """Turn Markdown's code and links into reStructuredText's."""
    text = re.sub(r"`([^`]*)`", r"``\1``", text)
    return re.sub(r"\[([^\]]*)\]\(([^)]*)\)", r"`\1 <\2>`__", text)


def _rst_block(name: str, argument: str, options: dict[str, str], body: Iterable[str]) -> list[str]:
    lines = [f".. {name}:: {argument}".rstrip(), *(f"   :{key}: {value}" for key, value in options.items()), ""]
    return [*lines, *(f"   {_rst_inline(line)}" if line else "" for line in body), ""]


def _rst(incident: Incident) -> str:
    def heading(title: str, mark: str = "-") -> list[str]:
        return [title, mark * len(title), ""]

    facts = {"date": incident.day, "severity": incident.severity, "type": incident.type, "status": incident.status}
    facts |= {**_more_facts(incident), "customer-impact": incident.impact}
    lines = heading(incident.title, "=")
    lines += _rst_block("incident-summary", incident.id, facts, [incident.summary])
    lines += [*heading("Timeline"), *_rst_block("timeline", "", {}, _events(incident))]
    details = [*heading("Technical details"), *incident.details.split("\n")]
    lines += _rst_block("internal-only", "", {}, details)
    lines += [*heading("Root cause"), *_rst_block("root-cause", "", {}, [incident.cause])]
    lines += _rst_block("contributing-factors", "", {}, [f"- {text}" for text in incident.factors])
    if incident.actions:
        lines += [*heading("Actions"), *_rst_block("action-table", "", {}, _actions(incident))]
    return "\n".join(lines)


def _plain_owners(incidents: Sequence[Incident]) -> str:
    by_owner: dict[str, list[Sequence[str]]] = {}
    for incident in incidents:
        year = incident.day[:4]
        for a in incident.actions:
            link = f"[{incident.id}]({year}/{incident.id.lower()}.md)"
            by_owner.setdefault(a.owner, []).append((a.id, a.text, link, a.priority, a.due, a.status))
    lines = ["# Actions by owner", ""]
    for owner in sorted(by_owner):
        rows = by_owner[owner]
        lines += [f"**{owner}**", "", f"{len(rows)} actions.", ""]
        lines += [*pipe_table(("Action", "What", "Incident", "Priority", "Due date", "Status"), rows), ""]
    return "\n".join(lines)


def _needs_owners(incidents: Sequence[Incident]) -> str:
    table = [":types: action", ":columns: id;title;owner;priority;due;status", ":style: table", ":sort: owner"]
    return "\n".join(["# Actions by owner", "", ":::{needtable}", *table, ":::", ""])


PAGES: dict[str, Callable[[Incident], str]] = {
    "ours": _ours,
    "flat": _ours,
    "plain": _plain,
    "needs": _needs,
    "rst": _rst,
}
LISTINGS: dict[str, Callable[[Sequence[Incident]], str]] = {
    "ours": lambda _: "# Actions by owner\n\n:::{actions-by-owner}\n:::\n",
    "flat": lambda _: "# Actions by owner\n\n:::{actions-by-owner}\n:::\n",
    "rst": lambda _: "Actions by owner\n================\n\n.. actions-by-owner::\n",
    "plain": _plain_owners,
    "needs": _needs_owners,
}
