"""Roles in the place of names, in the editions that show no names.

Sources are rewritten before they are parsed, so that labels, titles, indices, records and ids never hold a name. What
Markdown splits (``Jane *Doe*``) or a directive draws in by itself is rewritten in the tree. At the end the finished
files are searched for what remains.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.matching import get_matching_files

from sphinx_postmortem.core.audience.path_patterns import literal_pattern
from sphinx_postmortem.core.directive_names import DIRECTIVE_NAMES
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.audience.gate import PageGate, refuse_hidden_root
from sphinx_postmortem.sphinx_ext.kept import Kept
from sphinx_postmortem.sphinx_ext.records.shown_owners import NAMES, all_names, unknown_owners
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.tree import rewrite_texts
from sphinx_postmortem.sphinx_ext.warnings import warn

if TYPE_CHECKING:
    from sphinx_postmortem.core.audit.unpacking import Budget
    from sphinx_postmortem.core.names.public_names import PublicNames

TEXT_SETTINGS = (
    *("project", "author", "copyright", "project_copyright", "rst_prolog", "rst_epilog", "myst_substitutions"),
    *("html_title", "html_short_title", "html_theme_options", "html_context"),
    *("epub_title", "epub_author", "epub_publisher", "epub_copyright", "epub_description", "epub_contributor"),
)
DOCUMENT_SETTINGS = ("latex_documents", "man_pages", "texinfo_documents", "pdf_documents")
"""Lists of documents: the first entry of each names a page, the others are texts and names of files."""

_TEXT_ATTRIBUTES = ("alt", "title", "reftitle", "explanation", "content")
_MOST_REPORTED = 50
_ROLES = Kept[list[tuple[str, str]] | None]("roles", None)
"""The names and roles with which the pages were last read; None in an edition that shows names."""
_UNKNOWN_BEFORE = Kept[list[str]]("unknown-owners-before", [])
"""The owners whom the register lacked when the pages were last written."""


class NameGate:
    """Knows the names of one build, and keeps them out of what Sphinx reads."""

    def __init__(self, pages: PageGate) -> None:
        """Start with no names; ``pages`` hides the pages whose path holds one."""
        self.pages = pages
        self.names: PublicNames | None = None

    def prepare(self, app: Sphinx, config: Config) -> None:
        """Handle ``config-inited``, when the edition is known.

        Raises:
            ExtensionError: a name or a role cannot be used.
        """
        settings = settings_of(config)
        self.names = None
        if settings.shows_names:
            return
        from sphinx_postmortem.core.names.public_names import BadPseudonymError, public_names

        reserved = (*settings.edition.audiences.names, *DIRECTIVE_NAMES)
        try:
            self.names = public_names(settings.pseudonyms, settings.owners, reserved)
        except BadPseudonymError as error:
            raise ExtensionError(f"postmortem_pseudonyms: {error}. Nothing was built.") from error
        config.postmortem_owners = {owner.id: {"team": owner.team} for owner in self.names.owners}
        for name in (*TEXT_SETTINGS, *DOCUMENT_SETTINGS):
            if name in config and (value := config[name]):
                config[name] = self.rewritten(value, keep_first=name in DOCUMENT_SETTINGS)
        self.hide_named_pages(app, config)

    def rewritten(self, value: Any, *, keep_first: bool = False) -> Any:
        """Return a configuration value with all its texts rewritten."""
        if self.names is None or callable(value):
            return value
        if isinstance(value, str):
            return self.names.apply(value)
        if isinstance(value, dict):
            return {key: self.rewritten(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.rewritten(each, keep_first=keep_first) for each in value]
        if isinstance(value, tuple):
            return tuple(each if keep_first and not index else self.rewritten(each) for index, each in enumerate(value))
        return value

    def hide_named_pages(self, app: Sphinx, config: Config) -> None:
        """Leave out pages whose path holds a name: it would stand in addresses, and no role can take its place."""
        excluded = [*config.exclude_patterns, *config.templates_path, *self.pages.hidden]
        for relative in sorted(
            get_matching_files(app.srcdir, [f"**{each}" for each in config.source_suffix], excluded)
        ):
            if self.names is not None and (found := self.names.left_in(relative)):
                message = f"the path of this page holds the name {_listed(found)}; rename it: this edition lacks it"
                warn(Code.PSEUDONYM_LEFT, message, f"{Path(app.srcdir, relative)}:1")
                self.pages.hidden = (*self.pages.hidden, literal_pattern(relative))
        refuse_hidden_root(config, settings_of(config).edition, self.pages.hidden)

    def hand_over(self, app: Sphinx) -> None:
        """Handle ``builder-inited``: directives and transforms find the names, which are never stored."""
        NAMES.set(app.env, self.names)

    def read_source(self, app: Sphinx, docname: str, content: list[str]) -> None:
        """Handle ``source-read``."""
        if self.names is not None:
            content[0] = self.names.apply(content[0])

    def read_include(self, app: Sphinx, path: Path, docname: str, content: list[str]) -> None:
        """Handle ``include-read``."""
        self.read_source(app, docname, content)

    def reread(
        self, app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
    ) -> set[str]:
        """Handle ``env-get-outdated``: read all pages again when names or roles have changed."""
        roles = sorted(self.names.pseudonyms.roles.items()) if self.names else None
        return set(env.found_docs) if _ROLES.exchange(env, roles) != roles else set()

    def rewrite_all(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Handle ``env-updated``: write all pages again when the owners whom the register lacks are others."""
        unknown = sorted(unknown_owners(env))
        before = _UNKNOWN_BEFORE.exchange(env, unknown)
        return sorted(env.found_docs) if before != unknown else []

    def report_left(self, app: Sphinx, exception: Exception | None) -> None:
        """Handle ``build-finished``: list the finished files that still hold a name."""
        if exception is not None or (known := all_names(app.env)) is None:
            return
        from sphinx_postmortem.core.names.leftovers import files_with_names

        found = [
            left
            for folder, files in _finished_files(app)
            for left in files_with_names(folder, files, known.left_in, _read_pdf)
        ]
        for left in found[:_MOST_REPORTED]:
            message = (
                f"the finished file {left.file} holds the name {_listed(left.names)}; look for it in the names of "
                "files, over markup, in static files and templates, and in files that are copied as they are"
            )
            if left.unread:
                message = f"the finished file {left.file} cannot be searched for names: {left.unread}"
            warn(Code.PSEUDONYM_LEFT, message)
        if len(found) > _MOST_REPORTED:
            warn(Code.PSEUDONYM_LEFT, f"{len(found) - _MOST_REPORTED} more files hold names")


class ReplaceNames(SphinxTransform):
    """Replaces names that a source holds in pieces, or a directive drew in by itself, before Sphinx notes anything."""

    default_priority = 840  # Domains take titles and labels at 850.

    def apply(self, **kwargs: Any) -> None:
        """Rewrite the page."""
        names = NAMES.of(self.env)
        if names is None:
            return
        blocks = [block for block in self.document.findall(nodes.literal_block) if block.rawsource == block.astext()]
        rewrite_texts(self.document, names.apply_to_pieces)
        for block in blocks:
            block.rawsource = block.astext()  # Sphinx colours only code that is as it was written.
        for raw in list(self.document.findall(nodes.raw)):
            raw.replace_self(nodes.raw("", names.apply(raw.astext()), **raw.attributes))
        for node in self.document.findall(nodes.Element):
            for attribute in _TEXT_ATTRIBUTES:
                if isinstance(node.get(attribute), str):
                    node[attribute] = names.apply(node[attribute])
        rename_ids(self.document, names)
        slugs = self.env.metadata[self.env.current_document.docname].get("myst_slugs")
        if isinstance(slugs, dict):
            for slug in [slug for slug in slugs if names.left_in(str(slug))]:
                slugs[names.apply(slug)] = tuple(
                    names.apply(part) if isinstance(part, str) else part for part in slugs.pop(slug)
                )


class ReplaceUnknownOwners(SphinxPostTransform):
    """Replaces owners whom the register lacks where a page speaks of them: they are known when all pages are read."""

    default_priority = 7  # What lists show is in place at 5, references are resolved at 10.

    def run(self, **kwargs: Any) -> None:
        """Rewrite the page."""
        names = all_names(self.env)
        if names is not None and unknown_owners(self.env):
            rewrite_texts(self.document, names.apply_to_pieces)


def rename_ids(document: nodes.document, names: PublicNames) -> None:
    """Rename ids that were made of a text in which a name was split, with all that refers to them on the page."""
    renamed: dict[str, str] = {}
    for old in [each for each in document.ids if names.left_in(each)]:
        new, number = names.apply(old), 1
        while new in document.ids:
            number += 1
            new = f"{names.apply(old)}-{number}"
        renamed[old] = new
        document.ids[new] = document.ids.pop(old)
    for node in document.findall(nodes.Element):
        for attribute in ("ids", "backrefs"):
            written: list[str] = list(node.get(attribute, ()))
            node[attribute] = [renamed.get(each, each) for each in written]
        for attribute in ("names", "dupnames"):
            written = list(node.get(attribute, ()))
            node[attribute] = [each for each in written if not names.left_in(each)]
        if "refid" in node:
            node["refid"] = renamed.get(node["refid"], node["refid"])
    for name, each in list(document.nameids.items()):
        if names.left_in(name):
            document.nameids.pop(name)
            document.nametypes.pop(name, None)
        elif each in renamed:
            document.nameids[name] = renamed[each]


def _finished_files(app: Sphinx) -> Iterator[tuple[Path, list[Path]]]:
    """Yield the output folder with what is ours to rename in it, and the folder of data files with these.

    Caches, and the files that themes and extensions bring, are not ours.
    """
    from sphinx_postmortem.sphinx_ext.exports.write import data_files

    outdir, exported = Path(app.outdir), settings_of(app.config).export_folder
    skipped = _brought_along(app)
    every = sorted(path for path in outdir.rglob("*") if path.is_file())
    yield outdir, [path for path in every if path not in skipped and outdir / ".doctrees" not in path.parents]
    if exported and not Path(exported).resolve().is_relative_to(outdir.resolve()):
        yield Path(exported), data_files(Path(exported))


def _brought_along(app: Sphinx) -> set[Path]:
    """Return the static files of themes and extensions."""
    own: set[str] = set()
    for entry in app.config.html_static_path:
        folder = Path(app.confdir, entry)
        if folder.is_relative_to(Path(app.confdir)):
            own |= {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    static = Path(app.outdir) / "_static"
    packaged = (path for path in static.rglob("*") if path.is_file())
    return {path for path in packaged if path.relative_to(static).as_posix() not in own}


def _read_pdf(data: bytes, budget: Budget) -> list[tuple[str, str | bytes]]:
    from sphinx_postmortem.core.audit.pdf_texts import shown_in_pdf
    from sphinx_postmortem.core.audit.unpacking import AuditError

    if find_spec("pypdf") is None:
        raise AuditError('it needs pypdf; pip install "sphinx-postmortem[pdf]"')
    return shown_in_pdf(data, budget)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
