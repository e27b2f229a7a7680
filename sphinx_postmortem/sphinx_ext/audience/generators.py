"""Extensions that write pages into the source folder, from all of the sources and from program code.

What they wrote in an earlier build, of another edition perhaps, looks like any page. A filtered edition is therefore
refused unless it hides their folders or ``postmortem_generated_pages`` names them. Extensions that are not known here
are noticed by what they do (``late_pages``).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.matching import Matcher

from sphinx_postmortem.core.audience.hidden_pages import source_files
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.regular_files import read_regular
from sphinx_postmortem.sphinx_ext.audience.gate import PageGate
from sphinx_postmortem.sphinx_ext.audience.late_pages import is_named
from sphinx_postmortem.sphinx_ext.records.domain import domain_of

_STUB_FOLDER = expression(r"^[^\S\n]*+:toctree:[ \t]*(?P<folder>\S*)", re.MULTILINE)


class KnownGenerators:
    """Refuses the extensions that are known to write pages; one belongs to one application."""

    def __init__(self, gate: PageGate) -> None:
        """Start with the gate that knows what is hidden."""
        self._gate = gate

    def refuse(self, app: Sphinx) -> None:
        """Handle ``builder-inited`` early: refuse a filtered edition into which an extension may have written pages.

        Raises:
            ExtensionError: there is such an extension; the message names what to set.
        """
        settings = domain_of(app.env).settings
        if not settings.edition.is_filtered:
            return
        hidden = Matcher(self._gate.hidden)
        for extension, folder in self._folders(app):
            page = f"{folder}/page".removeprefix("./")
            if not hidden(page) and not is_named(page, settings.generated_pages):
                raise ExtensionError(
                    f'the extension "{extension}" writes pages into the folder "{folder}", from hidden text, too. '
                    f'Nothing was built of the edition "{settings.edition.name}"; hide them with '
                    f'`postmortem_audience_paths = {{"{folder}": "{settings.edition.audiences.internal}"}}`, or, if '
                    f'all of them may be shown, write `postmortem_generated_pages = ["{folder}"]`.'
                )

    def _folders(self, app: Sphinx) -> Iterator[tuple[str, str]]:
        """Yield each extension that is loaded, with each folder that it writes pages into."""
        if "sphinx.ext.autosummary" in app.extensions and app.config.autosummary_generate:
            yield from (("sphinx.ext.autosummary", folder) for folder in _stub_folders(app, self._gate.hidden))
        for extension, folders in _GENERATORS.items():
            if extension in app.extensions:
                yield from ((extension, folder) for folder in folders(app))


def _stub_folders(app: Sphinx, hidden: Sequence[str]) -> Iterator[str]:
    """Yield the folders that pages name for stubs; hidden pages may have named them in an earlier build."""
    patterns = [pattern for pattern in app.config.exclude_patterns if pattern not in hidden]
    excluded = Matcher([*patterns, *app.config.templates_path])
    suffixes = dict(app.config.source_suffix)
    for path, _ in source_files(Path(app.srcdir), suffixes, lambda path: bool(excluded(path))):
        try:
            text = read_regular(Path(app.srcdir, path)).decode("utf-8", errors="replace")
        except OSError:
            continue  # the gate has reported the page, and hidden it
        if "autosummary" in text:
            for match in _STUB_FOLDER.finditer(text):
                yield _normal(posixpath.join(posixpath.dirname(path), match["folder"]))


def _setting(name: str, *, only_if: str = "") -> Callable[[Sphinx], Iterator[str]]:
    """Return a function that yields the folder that a setting names."""

    def folders(app: Sphinx) -> Iterator[str]:
        if not only_if or app.config[only_if]:
            yield _normal(str(app.config[name]))

    return folders


def _galleries(app: Sphinx) -> Iterator[str]:
    conf: dict[str, Any] = app.config.sphinx_gallery_conf
    for name, default in (("gallery_dirs", "auto_examples"), ("backreferences_dir", None)):
        folders = conf.get(name, default) or ()
        yield from map(_normal, [folders] if isinstance(folders, str) else map(str, folders))


def _modules_of_apidoc(app: Sphinx) -> Iterator[str]:
    for module in app.config.apidoc_modules:
        if isinstance(module, dict):
            yield _normal(str(module.get("destination", "")))


def _normal(folder: str) -> str:
    return posixpath.normpath(folder.replace("\\", "/"))


_GENERATORS: dict[str, Callable[[Sphinx], Iterator[str]]] = {
    "sphinx.ext.apidoc": _modules_of_apidoc,
    "sphinxcontrib.apidoc": _setting("apidoc_output_dir"),
    "autoapi.extension": _setting("autoapi_root", only_if="autoapi_generate_api_docs"),
    "autodoc2": _setting("autodoc2_output_dir"),
    "sphinx_gallery.gen_gallery": _galleries,
    "sphinx_tags": _setting("tags_output_dir", only_if="tags_create_tags"),
    "sphinx_collections": _setting("collections_target"),
}
