"""Extensions that write pages into the source folder, from all of the sources and from program code.

What they wrote in an earlier build, of another edition perhaps, looks like any page. A filtered edition is therefore
refused unless it hides their folders or ``postmortem_generated_pages`` names them. Extensions that are not known here
are noticed by what they do (``late_pages``).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.matching import Matcher

from sphinx_postmortem.core.audience.hidden_pages import source_files
from sphinx_postmortem.sphinx_ext.audience.gate import PageGate
from sphinx_postmortem.sphinx_ext.audience.late_pages import is_named
from sphinx_postmortem.sphinx_ext.settings import settings_of

_STUB_FOLDER = re.compile(r"^\s*:toctree:[ \t]*(?P<folder>\S*)", re.MULTILINE)


def refuse_generators(app: Sphinx, gate: PageGate) -> None:
    """Refuse a filtered edition into which an extension may have written pages.

    Raises:
        ExtensionError: there is such an extension; the message names what to set.
    """
    settings = settings_of(app.config)
    if not settings.edition.is_filtered:
        return
    hidden = Matcher(gate.hidden)
    generators = {"sphinx.ext.autosummary": lambda app: _stubs_of_autosummary(app, gate), **_GENERATORS}
    for extension, folders in generators.items():
        for folder in folders(app) if extension in app.extensions else ():
            page = f"{folder}/page".removeprefix("./")
            if not hidden(page) and not is_named(page, settings.generated_pages):
                raise ExtensionError(
                    f'the extension "{extension}" writes pages into the folder "{folder}", from hidden text, too. '
                    f'Nothing was built of the edition "{settings.edition.name}"; hide them with '
                    f'`postmortem_audience_paths = {{"{folder}": "{settings.edition.audiences.internal}"}}`, or, if '
                    f'all of them may be shown, write `postmortem_generated_pages = ["{folder}"]`.'
                )


def _stubs_of_autosummary(app: Sphinx, gate: PageGate) -> Iterator[str]:
    """Yield the folders that pages name for stubs; hidden pages may have named them in an earlier build."""
    if not app.config.autosummary_generate:
        return
    patterns = [pattern for pattern in app.config.exclude_patterns if pattern not in gate.hidden]
    excluded = Matcher([*patterns, *app.config.templates_path])
    suffixes = dict(app.config.source_suffix)
    for path, _ in source_files(Path(app.srcdir), suffixes, lambda path: bool(excluded(path))):
        text = Path(app.srcdir, path).read_text("utf-8", errors="replace")
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
