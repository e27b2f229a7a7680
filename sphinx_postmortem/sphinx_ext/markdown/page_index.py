"""``llms.txt`` and ``llms-full.txt`` (https://llmstxt.org): which pages there are, and all of them in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.records.tones import status_label
from sphinx_postmortem.sphinx_ext.html.edition_banner import banner_text
from sphinx_postmortem.sphinx_ext.markdown import spelling
from sphinx_postmortem.sphinx_ext.records.domain import domain_of


def pages_in_order(env: BuildEnvironment) -> list[str]:
    """Return the pages as the site's tables of contents list them, then the others by name."""
    order: dict[str, None] = {}
    waiting = [str(env.config.root_doc)]
    while waiting:
        page = waiting.pop()
        if page not in order and page in env.found_docs:
            order[page] = None
            waiting += reversed(env.toctree_includes.get(page, []))
    return list(dict.fromkeys([*order, *sorted(env.found_docs)]))


def index_text(app: Sphinx, pages: Iterable[str], address: Callable[[str], str]) -> str:
    """Return ``llms.txt``: incidents, the latest first, with what tells them apart, then the other pages.

    Args:
        app: the application.
        pages: the pages in order.
        address: gives the path of a page's file.
    """
    incidents = domain_of(app.env).knowledge.incidents_by_page
    pages = list(pages)
    told = [page for page in pages if page in incidents]
    told.sort(key=lambda page: incidents[page].first_day or date.min, reverse=True)
    lines = head(app, say("One Markdown file for each page. [All pages in one file](llms-full.txt)"))
    for name, listed in ((say("Incidents"), told), (say("Pages"), [page for page in pages if page not in incidents])):
        if listed:
            lines += ["", f"## {name}", ""]
        for page in listed:
            entry = spelling.link(spelling.text(title_of(app.env, page)), quote(address(page)))
            about = facts(incidents[page]) if page in incidents else ""
            lines.append(f"- {entry}: {spelling.text(about)}" if about else f"- {entry}")
    return "\n".join([*lines, ""])


def whole_text(app: Sphinx, texts: Mapping[str, str], address: Callable[[str], str]) -> str:
    """Return ``llms-full.txt``: each page after a line that names its file."""
    parts = head(app, say("All pages in one file. Links are as seen from the file that is named above each page"))
    for page, text in texts.items():
        parts += ["", f"<!-- {quote(address(page))} -->", "", text.rstrip("\n")]
    return "\n".join([*parts, ""])


def head(app: Sphinx, about: str) -> list[str]:
    """Return the title and the summary of either file."""
    banner = banner_text(app)
    said = f"{about}. {spelling.text(banner)}." if banner else f"{about}."
    return [f"# {spelling.text(str(app.config.project)) or say('Postmortems')}", "", f"> {said}"]


def title_of(env: BuildEnvironment, page: str) -> str:
    """Return a page's title as text; its name where it has none."""
    title = env.titles.get(page)
    return (title.astext() if title is not None else "") or page


def facts(incident: Incident) -> str:
    """Return what tells an incident apart: severity, status, first day."""
    day = incident.first_day.isoformat() if incident.first_day else ""
    return ", ".join(filter(None, (incident.severity, status_label(incident.status), day)))
