"""Where a page's source can be edited and its history read: what the site says, or else what its theme knows.

Addresses are put together from settings alone; nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

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
    for prefix, branch, folder in (
        ("source_repository", "source_branch", "source_directory"),
        ("repository_url", "repository_branch", "path_to_docs"),
    ):
        if repository := _text(options, prefix):
            host = _text(options, "repository_provider") or _host_of(repository)
            return _links(host, repository, _text(options, branch), _text(options, folder))
    for host in _HOSTS:
        user, name = _text(context, f"{host}_user"), _text(context, f"{host}_repo")
        if user and name:
            root = _text(context, f"{host}_url") or f"https://{_text(context, f'{host}_host') or _DOMAINS[host]}"
            folder = _text(context, "doc_path") or _text(context, "conf_py_path")
            return _links(host, f"{root.rstrip('/')}/{user}/{name}", _text(context, f"{host}_version"), folder)
    return SourceLinks()


_DOMAINS = {"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def _host_of(repository: str) -> str:
    domain = urlsplit(repository).hostname or ""
    return next((host for host in _HOSTS if host in domain), "")


def _links(host: str, repository: str, branch: str, folder: str) -> SourceLinks:
    if host not in _HOSTS or fault_of(repository + PLACE):
        return SourceLinks()
    inner = folder.strip("/")
    parts = {
        "repository": repository.rstrip("/").removesuffix(".git"),
        "branch": quote(branch or "main"),
        "folder": f"{quote(inner)}/" if inner else "",
        "path": PLACE,
    }
    edit, history = (shape.format(**parts) for shape in _HOSTS[host])
    return SourceLinks(edit, history)
