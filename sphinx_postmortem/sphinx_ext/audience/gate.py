"""The gate for whole pages, and the settings that a filtered edition must not have.

It stands before Sphinx looks for documents: later, their names and contents are in its environment.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.matching import Matcher

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.audience.edition_choice import choose_edition, refuse_template_variables
from sphinx_postmortem.core.audience.hidden_pages import HiddenPages, find_hidden_pages
from sphinx_postmortem.core.audience.incident_pages import IncidentGate
from sphinx_postmortem.core.audience.looks import FileLook
from sphinx_postmortem.core.audience.path_patterns import hides, literal_pattern, near_paths
from sphinx_postmortem.core.audience.written_folders import written_folders
from sphinx_postmortem.core.problems import Code, Problem
from sphinx_postmortem.core.regular_files import real_path
from sphinx_postmortem.core.source_walk import walk_sources
from sphinx_postmortem.sphinx_ext.audience.hidden_files import drop_hidden_static_files, hidden_static_patterns
from sphinx_postmortem.sphinx_ext.audience.page_files import HIDDEN_FOLDERS, HIDDEN_PATTERNS
from sphinx_postmortem.sphinx_ext.audience.side_channels import lead_to_no_source, lock_settings_of_extensions
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.settings import is_given, of_theme, settings_of
from sphinx_postmortem.sphinx_ext.upstream.myst import markdown_syntax
from sphinx_postmortem.sphinx_ext.upstream.sphinx import disconnect_module
from sphinx_postmortem.sphinx_ext.warnings import warn_problem

_logger = logging.getLogger("sphinx_postmortem")

# Each of these copies sources, or text that the gate cannot reach, into the output.
REFUSED_BUILDERS = {
    "changes": "it copies every source file",
    "gettext": "its message catalogues carry raw source text",
    "doctest": "its report numbers the lines of the sources, and so tells how long hidden text is",
    "coverage": "it lists names from program sources, which no marking reaches",
    "postmortem-check": "it reads all sources and quotes them",
}

# The tests look for hidden words in all that these write. Of any other builder nobody knows what it copies.
PROVEN_BUILDERS = (
    *("html", "dirhtml", "singlehtml", "json", "pickle", "htmlhelp", "qthelp", "devhelp", "applehelp", "epub"),
    *("latex", "pdf", "text", "man", "texinfo", "xml", "pseudoxml", "linkcheck", "dummy"),
    *("postmortem-export", "postmortem-release", "postmortem-markdown", "postmortem-sheets"),
)

LOCKED_SETTINGS: dict[str, Any] = {
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_last_updated_fmt": None,  # a date may tell of a change that the edition must not see
    "keep_warnings": False,
}

LEFT_OUT_EXTENSIONS = {"sphinx.ext.viewcode": "it publishes Python sources, which no marking reaches"}
"""Extensions whose handlers of events are all that they consist of, so that a build goes on without them."""

_CATALOGUES = ("**.po", "**.pot", "**.mo")
"""Catalogues of translations hold the hidden texts of their pages, as no gate has seen them: none is ever copied."""


class PageGate:
    """Chooses the edition, and hides pages from Sphinx's discovery while pages are read.

    The hidden paths stand in ``exclude_patterns`` only from ``builder-inited`` to ``env-updated``: Sphinx stores its
    configuration in the environment's pickle and compares it with the next build's; hidden names belong into neither.
    """

    def __init__(self) -> None:
        """Start with nothing hidden; one gate belongs to one application."""
        self.hidden: tuple[str, ...] = ()
        self.folders: tuple[str, ...] = ()
        self.looks: Mapping[str, FileLook] = {}
        self.audience_paths: Mapping[str, str] = {}

    def choose_edition(self, app: Sphinx, config: Config) -> None:
        """Choose the edition, find what it must not see, and lock down a filtered edition's settings."""
        settings = settings_of(config)
        try:
            refuse_template_variables(of_theme(config)[1], settings.audiences)
            edition = choose_edition(
                settings.audiences,
                settings.audience if is_given(config, "audience") else None,
                sorted(app.tags),
                is_required=settings.require_edition,
            )
        except ValueError as error:
            raise ExtensionError(f"{error}. Nothing was built.") from error
        config.postmortem_audience = edition.name
        self.audience_paths = settings.audience_paths
        say_edition(app)
        written = _pages_in_outputs(app, config)
        excluded = Matcher([*config.exclude_patterns, *config.templates_path, *written])
        found = find_hidden_pages(
            Path(app.srcdir),
            dict(config.source_suffix),
            edition,
            settings.audience_paths,
            lambda path: bool(excluded(path)),
            str(config.source_encoding),
            incident_gate(config, Path(app.srcdir), edition),
        )
        refuse_contradictions(found, Path(app.srcdir))
        self.looks = found.looks
        for path, problem in found.problems:
            warn_problem(problem, str(Path(app.srcdir, path)))
        links = [literal_pattern(path) for path in _links_to_hidden(Path(app.srcdir), found.patterns)]
        linked = [pattern for link in links for pattern in (link, f"{link}/**")]
        catalogues = _CATALOGUES if edition.is_filtered else ()
        self.folders = (*sorted(linked), *found.patterns)
        self.hidden = (*written, *map(literal_pattern, found.pages), *self.folders, *catalogues)
        refuse_hidden_root(config, edition, self.hidden)
        if edition.is_filtered:
            config.postmortem_audience_paths = {}
            drop_hidden_static_files(app, config, self.hidden)
            for name, value in LOCKED_SETTINGS.items():
                config[name] = value
            lock_settings_of_extensions(config, lambda path: bool(Matcher(self.hidden)(path)))
            lead_to_no_source(config, settings_of(config))

    def hide_pages(self, app: Sphinx) -> None:
        """Take the hidden pages out of the site before anything asks which pages there are."""
        app.config.exclude_patterns = [*app.config.exclude_patterns, *self.hidden]
        HIDDEN_PATTERNS.set(app.env, self.hidden)
        HIDDEN_FOLDERS.set(app.env, self.folders)
        app.env.find_files(app.config, app.builder)

    def judge_paths(self, app: Sphinx) -> None:
        """Handle ``builder-inited``: look for patterns that do not hide what their author means.

        The full edition reports those that match nothing, and paths near to one. A filtered edition is refused where
        it would show such a path. It looks at what it shows alone, so it does not depend on hidden files.

        Raises:
            ExtensionError: a path that a filtered edition would show is nearly what a pattern names.
        """
        if not self.audience_paths:
            return
        edition = settings_of(app.config).edition
        last = edition.audiences.names[-1]
        paths = _paths_below(Path(app.srcdir))
        is_out = Matcher(app.config.exclude_patterns)  # with the hidden paths
        unmarked = [path for path in paths if not is_out(path) and not _is_named(path, self.audience_paths)]
        hiding = [
            pattern
            for pattern, audience in self.audience_paths.items()
            if (not edition.shows_known(audience) if edition.is_filtered else audience != last)
        ]
        near = near_paths(hiding, unmarked)
        told = [
            f'"{pattern}" is nearly "{path}", which no pattern names; mend the pattern, or mark that path too, as in '
            f'"{path}": "{last}"'
            for pattern, path in near.items()
        ]
        if edition.is_filtered and told:
            raise ExtensionError(f"postmortem_audience_paths: {'; '.join(told)}. Nothing was built.")
        if not edition.is_filtered:
            unused = [each for each in self.audience_paths if not any(hides(each, path) for path in paths)]
            told += [
                f'"{pattern}" matches no file; mend it, or take it out' for pattern in unused if pattern not in near
            ]
        for sentence in told:
            message = f"postmortem_audience_paths: {sentence}"
            warn_problem(Problem(Code.BROKEN_MARKING, message, 1), str(Path(app.confdir, "conf.py")))

    def forget_pages(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Take the hidden paths out of the configuration before it is stored."""
        written = len(app.config.exclude_patterns) - len(self.hidden)
        app.config.exclude_patterns = app.config.exclude_patterns[:written]
        return []

    def keep_static_files_back(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Have Sphinx leave hidden files out when it copies folders; the environment has been stored by now."""
        if domain_of(env).settings.edition.is_filtered:
            more = hidden_static_patterns(app, self.hidden)
            app.config.exclude_patterns = [*app.config.exclude_patterns, *map(literal_pattern, more)]


def _pages_in_outputs(app: Sphinx, config: Config) -> list[str]:
    """Return patterns of what would be read as pages in folders below the sources that builds have written."""
    is_excluded = Matcher([*config.exclude_patterns, *config.templates_path])
    folders = written_folders(Path(app.srcdir), lambda path: bool(is_excluded(path)), Path(app.outdir))
    return [f"{literal_pattern(folder)}/**{suffix}" for folder in folders for suffix in config.source_suffix]


def incident_gate(config: Config, source: Path, edition: Edition) -> IncidentGate:
    """Return what decides by the labels and statuses of incidents which pages an edition shows."""
    syntax = markdown_syntax(config)
    return IncidentGate(source, edition, settings_of(config).incident_rule, syntax)


def refuse_contradictions(found: HiddenPages, source: Path) -> None:
    """Stop a filtered edition where an incident's labels contradict each other, or the marking of their page.

    Raises:
        ExtensionError: there are such labels.
    """
    told = [
        f"{source / path}:{problem.line}: {problem.message}"
        for path, problem in found.problems
        if problem.code is Code.TLP_CONFLICT
    ]
    if told:
        raise ExtensionError("\n".join(told) + "\nNothing was published.")


def _links_to_hidden(source: Path, patterns: tuple[str, ...]) -> Iterator[str]:
    """Yield the symbolic links that lead to hidden files and folders: patterns name paths, and these are others."""
    hidden, root = Matcher(patterns), source.resolve()
    for folder, subfolders, names in os.walk(source) if patterns else ():
        for path in (Path(folder, name) for name in (*subfolders, *names)):
            target = real_path(path) if path.is_symlink() else root
            if target != root and target.is_relative_to(root) and hidden(target.relative_to(root).as_posix()):
                yield path.relative_to(source).as_posix()


def _paths_below(source: Path) -> list[str]:
    """Return all files below the source folder; folders whose name begins with a dot are none of the author's."""
    walk = walk_sources(source, lambda path: path.rpartition("/")[2].startswith("."))
    return [f"{folder}/{name}" if folder else name for folder, names in walk for name in names]


def _is_named(path: str, patterns: Iterable[str]) -> bool:
    return any(hides(pattern, path) for pattern in patterns)


def say_edition(app: Sphinx, exception: Exception | None = None) -> None:
    """Say on one line which edition is built: when it is chosen, and as ``build-finished``."""
    edition = settings_of(app.config).edition
    others = ", ".join(name for name in edition.audiences.names if name != edition.name)
    _logger.info("postmortem edition: %s (others: %s)", edition.name, others or "none")


def refuse_hidden_root(config: Config, edition: Edition, patterns: tuple[str, ...]) -> None:
    """Say in a sentence that an edition has no landing page; Sphinx would only miss a file."""
    hidden = Matcher(patterns)
    if any(hidden(f"{config.root_doc}{suffix}") for suffix in config.source_suffix):
        raise ExtensionError(
            f'the landing page "{config.root_doc}" is hidden in the edition "{edition.name}", or its marking broken. '
            "Nothing was built; take the marking off that page, and mark blocks or other pages instead. "
            "An incident's label or status hides its page, too."
        )


def refuse_builder(app: Sphinx) -> None:
    """Refuse a builder that cannot keep the audience promise in a filtered edition, and leave such extensions out."""
    edition = settings_of(app.config).edition
    if not edition.is_filtered:
        return
    refused = [("builder", name, why) for name, why in REFUSED_BUILDERS.items() if name == app.builder.name]
    if app.builder.name not in (*REFUSED_BUILDERS, *PROVEN_BUILDERS, *settings_of(app.config).trusted_builders):
        why = "nobody has shown that it writes only what pages show; `postmortem_trusted_builders` can name it"
        refused = [("builder", app.builder.name, why)]
    for name, why in LEFT_OUT_EXTENSIONS.items():
        if name in app.extensions and not disconnect_module(app, name):
            refused.append(("extension", name, why))
        elif name in app.extensions:
            _logger.info('the edition "%s" is built without "%s": %s', edition.name, name, why)
    for kind, name, reason in refused:
        raise ExtensionError(
            f'the {kind} "{name}" is refused for the edition "{edition.name}": {reason}. '
            f'Nothing was built; use it with the "{edition.audiences.internal}" edition only.'
        )


def keep_settings_locked(app: Sphinx, *_: object) -> None:
    """Lock a filtered edition's settings once more: a later handler of another extension may have set them."""
    if settings_of(app.config).edition.is_filtered:
        for name, value in LOCKED_SETTINGS.items():
            app.config[name] = value


def drop_copied_caches(app: Sphinx, exception: Exception | None) -> None:
    """Take caches that a builder has copied out of a filtered edition's output, and empty source folders."""
    if not settings_of(app.config).edition.is_filtered:
        return
    (Path(app.outdir) / "environment.pickle").unlink(missing_ok=True)
    sources = Path(app.outdir) / "_sources"
    if sources.is_dir() and not any(sources.iterdir()):
        sources.rmdir()


def reread_all_when_pages_change(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> set[str]:
    """Read every page again when a page appears or vanishes in a filtered edition: others may refer to it."""
    if settings_of(app.config).edition.is_filtered and (added or removed):
        return set(env.found_docs)
    return set()
