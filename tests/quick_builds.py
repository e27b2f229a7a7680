"""Spares each build of the tests what costs a third of a small one and is the same for all.

The process of the tests and the server of ``warm_start.py`` use it. Nothing of what a build writes depends on it.
"""

from __future__ import annotations

import gc
import logging
import marshal
import os
import sysconfig
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import entry_points
from pathlib import Path
from types import CodeType
from typing import Any

import docutils.frontend
import jinja2
import sphinx.registry
import sphinx.theming
import sphinx.util.logging

import sphinx_postmortem.cli.audit
from sphinx_postmortem.cli.audit import PACKAGE
from sphinx_postmortem.core.audit.allowed_texts import ThemeFiles
from sphinx_postmortem.core.language import texts
from sphinx_postmortem.sphinx_ext.lists import charts, metrics_drawing

Replace = Callable[[Any, str, object], object]
"""Gives an object another attribute, as ``setattr`` does."""


def quicken(replace: Replace, templates: Path | None = None) -> None:
    """Let all builds of this process share what they would find out anew; and compiled templates through a folder.

    The entry points of all installed packages are read once, each template is compiled once, docutils makes its options
    once for each kind of reader and writer, a chart of the same numbers is drawn once, audits read the files of installed
    themes once, and Sphinx's own notes for its debugging are not made. Garbage is searched for less often, and not among
    what has been imported: most of what a build makes lives as long as the build.
    """
    known = cache(entry_points)
    for module in (sphinx.registry, sphinx.theming):
        replace(module, "entry_points", known)
    replace(jinja2.Environment, "compile", _compiled_once(jinja2.Environment.compile, templates))
    parser = docutils.frontend.OptionParser
    replace(parser, "populate_from_components", _populated_once(parser.populate_from_components))
    replace(metrics_drawing, "charts", DrawnOnce())
    replace(sphinx_postmortem.cli.audit, "ThemeFiles", _installed_once())
    logging.disable(logging.DEBUG)
    replace(sphinx.util.logging.SphinxLoggerAdapter, "debug", lambda *_, **__: None)
    gc.freeze()
    gc.set_threshold(50_000)


class DrawnOnce:
    """What builds see of the module ``charts``: it draws what it has not drawn before in the same language."""

    def __init__(self) -> None:
        self.drawn: dict[object, bytes] = {}

    def __getattr__(self, name: str) -> object:
        return getattr(charts, name)

    def draw(self, chart: charts.Bars | Sequence[charts.ChartSpan]) -> bytes:
        key = chart if isinstance(chart, charts.Bars) else tuple(chart), texts._active[0]
        if key not in self.drawn:
            self.drawn[key] = charts.draw(chart)
        return self.drawn[key]


def _installed_once() -> Callable[[Iterable[Path]], ThemeFiles]:
    known = cache(ThemeFiles)
    installed = {Path(path) for path in (sysconfig.get_path("purelib"), PACKAGE)}

    def theme_files(folders: Iterable[Path]) -> ThemeFiles:
        folders = tuple(folders)
        lasting = all(installed & {folder, *folder.parents} for folder in folders)
        return known(folders) if lasting else ThemeFiles(folders)

    return theme_files


def _compiled_once(compile_template: Callable[..., CodeType], folder: Path | None) -> Callable[..., CodeType]:
    codes: dict[object, CodeType] = {}

    def compiled(self: jinja2.Environment, source: str, name: str = "", filename: str = "", **more: bool) -> CodeType:
        key = (type(self), self.autoescape, *self.extensions, source, name, filename, *sorted(more.items()))
        if not isinstance(source, str):
            return compile_template(self, source, name, filename, **more)
        if key not in codes:
            file = folder and folder / sha256(repr(key).encode()).hexdigest()
            if file and file.exists():
                codes[key] = marshal.loads(file.read_bytes())
                return codes[key]
            codes[key] = compile_template(self, source, name, filename, **more)
            if file:
                part = file.with_suffix(f".{os.getpid()}")
                part.write_bytes(marshal.dumps(codes[key]))
                part.replace(file)
        return codes[key]

    return compiled


def _populated_once(populate: Callable[..., None]) -> Callable[..., None]:
    found: dict[object, dict[str, object]] = {}
    names = ("option_list", "option_groups", "_short_opt", "_long_opt", "defaults", "lists", "relative_path_settings")

    def populated(self: docutils.frontend.OptionParser, components: Iterable[object]) -> None:
        key = tuple(each if isinstance(each, type) else type(each) for each in components)
        if key not in found:
            populate(self, components)
            found[key] = {name: getattr(self, name) for name in names}
        for name, value in found[key].items():
            setattr(self, name, value.copy() if isinstance(value, dict | list) else value)

    return populated
