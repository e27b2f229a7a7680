"""Where a page's source can be edited and its history read: what the site says, or else what its theme knows.

Addresses are put together from settings alone; nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast
from urllib.parse import quote, urlsplit

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.texts import say

PLACE = "{path}"
KEYS = ("edit", "history", "editions")


@dataclass(frozen=True)
class SourceLinks:
    """Two addresses with ``{path}`` for a page's file below the source folder, and the editions that show them.

    An empty address is none. ``editions`` is None where the site does not say: then it is the first alone.
    """

    edit: str = ""
    history: str = ""
    editions: tuple[str, ...] | None = None

    def of_file(self, path: str) -> dict[str, str]:
        """Return what each link is called, and its address for a file."""
        named = {say("Suggest an edit"): self.edit, say("History"): self.history}
        return {name: address.replace(PLACE, quote(path)) for name, address in named.items() if address}


def fault_of(address: str) -> str:
    """Return what is wrong with an address that a site gives; empty where nothing is."""
    if urlsplit(address).scheme not in ("http", "https"):
        return "must begin with https://"
    return "" if PLACE in address else f"needs {PLACE}, for which the page's file is written"


# How each host calls the page that edits a file, and the one that lists its changes.
_HOSTS = {
    "github": ("{repository}/edit/{branch}/{folder}{path}", "{repository}/commits/{branch}/{folder}{path}"),
    "gitlab": ("{repository}/-/edit/{branch}/{folder}{path}", "{repository}/-/commits/{branch}/{folder}{path}"),
    "bitbucket": (
        "{repository}/src/{branch}/{folder}{path}?mode=edit",
        "{repository}/history-node/{branch}/{folder}{path}",
    ),
}


def links_of_theme(options: Mapping[str, object], context: Mapping[str, object]) -> SourceLinks:
    """Return the links that the theme's own settings tell; none where these name no repository.

    Args:
        options: ``html_theme_options``; furo has ``source_repository``, the book theme ``repository_url``.
        context: ``html_context``; the themes pydata and Read the Docs have ``github_user`` and ``github_repo``,
            or those of another host.
    """
    found = _repository(options, context)
    return _links(found) if found else SourceLinks()


@dataclass(frozen=True)
class _Repository:
    """Where a theme's settings say that the sources lie. ``host`` is a key of ``_HOSTS``, or empty."""

    host: str
    address: str
    branch: str
    folder: str


def _repository(options: Mapping[str, object], context: Mapping[str, object]) -> _Repository | None:
    for prefix, branch, folder in (
        ("source_repository", "source_branch", "source_directory"),
        ("repository_url", "repository_branch", "path_to_docs"),
    ):
        if address := _text(options, prefix):
            host = _text(options, "repository_provider") or _host_of(address)
            return _Repository(host, address, _text(options, branch), _text(options, folder))
    for host in _HOSTS:
        user, name = _text(context, f"{host}_user"), _text(context, f"{host}_repo")
        if user and name:
            root = _text(context, f"{host}_url") or f"https://{_text(context, f'{host}_host') or _DOMAINS[host]}"
            folder = _text(context, "doc_path") or _text(context, "conf_py_path")
            return _Repository(host, f"{root.rstrip('/')}/{user}/{name}", _text(context, f"{host}_version"), folder)
    return None


_DOMAINS = {"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def _host_of(repository: str) -> str:
    domain = urlsplit(repository).hostname or ""
    return next((host for host in _HOSTS if host in domain), "")


def _links(repository: _Repository) -> SourceLinks:
    if repository.host not in _HOSTS or fault_of(repository.address + PLACE):
        return SourceLinks()
    inner = repository.folder.strip("/")
    parts = {
        "repository": repository.address.rstrip("/").removesuffix(".git"),
        "branch": quote(repository.branch or "main"),
        "folder": f"{quote(inner)}/" if inner else "",
        "path": PLACE,
    }
    edit, history = (shape.format(**parts) for shape in _HOSTS[repository.host])
    return SourceLinks(edit, history)


# The settings of themes that tell where sources lie, or show a button that leads there, go by these words.
_TELLS_SOURCE = expression(
    r"(?:^|_)(?:source|repo|repository|edit|issues?|vcs|github|gitlab|bitbucket|gitea|forgejo|codeberg|travis|codecov)"
    r"(?:_|$)|^(?:path_to_docs|doc_path|conf_py_path|launch_buttons|top_of_page_buttons?)$"
)
_MAY_LEAD = expression(r"[/\\<{@]")  # an address, a path, markup, a template


LEADS_TO_NO_SOURCE = "leads to no source"
"""Words of the line by which a build says what its pages do without: the command repeats the line."""


def without_source(
    options: Mapping[str, object], context: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, object], list[str]]:
    """Take out of a theme's settings what leads a reader to the sources of the pages.

    Args:
        options: ``html_theme_options``.
        context: ``html_context``.

    Returns:
        What is left of both, and the names of what was taken out. Of lists of links, such as ``icon_links``, those
        to the repository are taken out. A sentence stays, whatever it is called.
    """
    found = _repository(options, context)
    address = found.address.casefold().rstrip("/").removesuffix(".git") if found else ""
    dropped: list[str] = []
    kept: list[dict[str, object]] = []
    for setting, values in (("html_theme_options", options), ("html_context", context)):
        left: dict[str, object] = {}
        for name, value in values.items():
            tells = _TELLS_SOURCE.search(str(name)) and not _is_sentence(value)
            shown = None if tells else _without_links(value, address)
            if shown is not None or value is None:
                left[name] = shown
            if shown != value:
                dropped.append(f"{setting}.{name}")
        kept.append(left)
    return kept[0], kept[1], dropped


def _is_sentence(value: object) -> bool:
    """Say whether a value is a text of several words, such as a site's own ``source_note``, that leads nowhere."""
    return isinstance(value, str) and " " in value.strip() and not _MAY_LEAD.search(value)


def _without_links(value: object, address: str) -> object:
    """Return a value without the links to an address; None where it is one."""
    if isinstance(value, str):
        begins = bool(address) and value.strip().casefold().startswith(address)
        return None if begins and value.strip()[len(address) :][:1] in ("", "/", ".", "?", "#") else value
    if isinstance(value, list | tuple):
        parts = cast("Sequence[object]", value)
        kept = [part for part in parts if not _links_to(part, address)]
        return kept if len(kept) < len(parts) else parts
    return value


def _links_to(entry: object, address: str) -> bool:
    values = list(cast("Mapping[object, object]", entry).values()) if isinstance(entry, Mapping) else [entry]
    return any(isinstance(value, str) and _without_links(value, address) is None for value in values)
