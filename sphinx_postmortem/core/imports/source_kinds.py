"""The kinds of sources, in the order in which a file is tried. A new kind is a module and one entry here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.imports import (
    cstate,
    firehydrant,
    github,
    gitlab,
    incident_io,
    iris,
    jira,
    opsgenie,
    own_data,
    pagerduty,
    rootly,
    servicenow,
    slack,
    statuspage,
    thehive,
    timesketch,
    veris_records,
)
from sphinx_postmortem.core.imports.draft import Draft, SourceError
from sphinx_postmortem.core.imports.exported import Format
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.from_html import is_html, read_html
from sphinx_postmortem.core.imports.from_markdown import is_markdown, read_markdown_document
from sphinx_postmortem.core.imports.mapped_rows import is_csv, is_json_lines, read_csv, read_json_lines

Recognise = Callable[[Source], bool]
Read = Callable[[Source], Sequence[Draft]]


@dataclass(frozen=True)
class SourceKind:
    """One kind of source.

    Attributes:
        name: as ``--from`` takes it.
        title: what it is, for the help and the reference.
        recognise: says whether a file is of this kind, by its name and its first bytes (``Source.head``, unpacked).
            It is told the source, so that it can look at the members of a ZIP. It never raises but ``SourceError``.
        read: returns the incidents in the file, one draft for each.
            Raises ``SourceError``, and ``AnswerNeededError`` where a zone or a day must be given.
    """

    name: str
    title: str
    recognise: Recognise
    read: Read


def _of(form: Format) -> tuple[Recognise, Read]:
    return form.recognise, form.read


KINDS: tuple[SourceKind, ...] = (
    SourceKind(
        "postmortems", "this product: postmortems.json, events.csv, actions.csv", own_data.recognise, own_data.read
    ),
    SourceKind("slack", "Slack: the ZIP of an export, or a day of a channel", slack.recognise, slack.read),
    SourceKind("pagerduty", "PagerDuty: log entries, incidents, notes", *_of(pagerduty.FORMAT)),
    SourceKind("opsgenie", "Opsgenie: incidents with timelines, alerts", *_of(opsgenie.FORMAT)),
    SourceKind("firehydrant", "FireHydrant: incidents, timeline events", *_of(firehydrant.FORMAT)),
    SourceKind("incident-io", "incident.io: incidents, updates, follow-ups", *_of(incident_io.FORMAT)),
    SourceKind("rootly", "Rootly: incidents, timeline events, action items", *_of(rootly.FORMAT)),
    SourceKind("statuspage", "Statuspage: incidents of a status page", *_of(statuspage.FORMAT)),
    SourceKind("servicenow", "ServiceNow: incidents, journal entries", *_of(servicenow.FORMAT)),
    SourceKind("jira", "Jira: issues, as actions", *_of(jira.FORMAT)),
    SourceKind("gitlab", "GitLab: issues as JSON or CSV, as actions", gitlab.recognise, gitlab.read),
    SourceKind("github", "GitHub: issues, as actions; payloads of webhooks", *_of(github.FORMAT)),
    SourceKind("iris", "DFIR-IRIS: a case", *_of(iris.FORMAT)),
    SourceKind("thehive", "TheHive: a case, its timeline, tasks and logs", *_of(thehive.FORMAT)),
    SourceKind("timesketch", "Timesketch: events as CSV or JSON Lines", timesketch.recognise, timesketch.read),
    SourceKind("veris", "VERIS: records, such as those of the VCDB", veris_records.recognise, veris_records.read),
    SourceKind("cstate", "cState: an issue of a status page", cstate.recognise, cstate.read),
    SourceKind("csv", "CSV of any tool, with a mapping of its columns", is_csv, read_csv),
    SourceKind("jsonl", "JSON Lines of any tool, with a mapping of its fields", is_json_lines, read_json_lines),
    SourceKind("html", "a document in HTML", is_html, read_html),
    SourceKind("markdown", "a document in Markdown", is_markdown, read_markdown_document),
)


def find_kind(source: Source, asked: str = "") -> SourceKind:
    """Return the kind of a file: the one that was asked for, or the first that recognises it.

    Raises:
        SourceError: there is none of that name, or none recognises the file.
    """
    names = ", ".join(kind.name for kind in KINDS)
    if asked:
        found = next((kind for kind in KINDS if kind.name == asked), None)
        if found is None:
            raise SourceError(f'"{asked}" is no kind of source; choose from {names}')
        return found
    for kind in KINDS:
        if kind.recognise(source):
            return kind
    raise SourceError(f"{source.name}: this is no kind of source that is known; name it with --from: {names}")
