"""The gate of releases: an edition that needs approval shows a page only as it was approved; and its builder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from sphinx_postmortem.sphinx_ext.kept import IS_PART
from sphinx_postmortem.sphinx_ext.memory_bounds import drop_file
from sphinx_postmortem.sphinx_ext.pageless_builder import PagelessBuilder
from sphinx_postmortem.sphinx_ext.records.shown_owners import all_names, unknown_owners
from sphinx_postmortem.sphinx_ext.releases.additions import APPROVED_TEXTS, ApprovedTexts
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.tree import rewrite_texts
from sphinx_postmortem.sphinx_ext.upstream.sphinx import application_of

if TYPE_CHECKING:
    from sphinx_postmortem.core.releases.compare import PageReview
    from sphinx_postmortem.core.releases.statements import Statement

RELEASE_BUILDER = "postmortem-release"
SHOWN = "shown.json"


def release_folder(app: Sphinx) -> Path:
    """Return the folder of releases."""
    return Path(os.path.normpath(Path(app.srcdir, settings_of(app.config).release_folder)))


def keep_releases_unread(app: Sphinx, config: Config) -> None:
    """Handle ``config-inited``: releases are neither pages nor files to publish, in any edition.

    Raises:
        ExtensionError: the folder is the source folder, or holds it.
    """
    folder, source = release_folder(app), Path(app.srcdir)
    if source.is_relative_to(folder):
        raise ExtensionError(
            f'postmortem_release_folder is "{settings_of(config).release_folder}", and so holds the sources; '
            'name a folder of its own, such as "releases"'
        )
    if not folder.is_dir():
        return
    published = (Path(app.confdir, str(entry)) for entry in (*config.html_static_path, *config.html_extra_path))
    for root in dict.fromkeys((source, *published)):
        if folder.is_relative_to(root):
            below = folder.relative_to(root)
            audiences = settings_of(config).edition.audiences.names[1:]
            more = [(below / name / "**").as_posix() for name in audiences if (folder / name).is_dir()]
            config.exclude_patterns = [*config.exclude_patterns, *more]


def shown_pages(app: Sphinx, texts: ApprovedTexts | None = None) -> dict[str, list[Statement]]:
    """Return what the edition shows, by page, and of the whole site. All pages must have been read.

    Args:
        app: the application.
        texts: where the texts of the trees are noted too.
    """
    from sphinx_postmortem.core.releases.release_files import SITE
    from sphinx_postmortem.sphinx_ext.releases.page_text import PageText
    from sphinx_postmortem.sphinx_ext.releases.shown_links import Links
    from sphinx_postmortem.sphinx_ext.releases.site_text import site_text

    env, links = app.env, Links(app)
    names = all_names(app.env) if unknown_owners(app.env) else None
    shown: dict[str, list[Statement]] = {}
    for docname in sorted(env.all_docs):
        tree = env.get_doctree(docname)
        if names is not None:
            rewrite_texts(tree, names.apply_to_pieces)
        if texts is not None:
            texts.note(tree)
        shown[docname] = PageText(docname, links).read(tree, env.metadata.get(docname, {}))
        drop_file(app, tree, docname)
    shown[SITE] = site_text(app, links)
    return shown


def refuse_unapproved(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Handle ``env-updated``, when all pages have been read and none is written.

    Raises:
        ExtensionError: the edition would show what nobody has approved.
    """
    settings = settings_of(app.config)
    edition = settings.edition.name
    APPROVED_TEXTS.set(env, None)
    if not settings.needs_release or app.builder.name == RELEASE_BUILDER or IS_PART.of(env):
        return []
    from sphinx_postmortem.core.releases.compare import review_edition

    texts = ApprovedTexts(env)
    shown = shown_pages(app, texts)
    reviews = review_edition(release_folder(app), edition, shown)
    texts.note_statements(each.text for page in shown.values() for each in page)
    APPROVED_TEXTS.set(env, texts)
    if wrong := [review for review in reviews if review.is_shown_unapproved]:
        raise ExtensionError(_refusal(wrong, edition, app.srcdir))
    return []


def _refusal(wrong: list[PageReview], edition: str, source: os.PathLike[str]) -> str:
    from sphinx_postmortem.core.releases.compare import first_difference
    from sphinx_postmortem.core.releases.release_files import SITE

    first = wrong[0]
    page = "what stands on no page alone (_site)" if first.page == SITE else f'the page "{first.page}"'
    more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return (
        f'the edition "{edition}" would show what nobody has approved: {page}{more}: {first_difference(first)}. '
        f"Nothing was written; look at it with `sphinx-postmortem review {source} --edition {edition}`, then mark what "
        "is not for these readers, or `approve` it."
    )


def as_data(app: Sphinx, shown: Mapping[str, list[Statement]]) -> dict[str, object]:
    """Return what an edition shows as plain values, for ``review`` and ``approve``."""
    from sphinx_postmortem.core.releases.release_files import SITE

    return {
        "edition": settings_of(app.config).edition.name,
        "folder": str(release_folder(app)),
        "pages": {
            page: {
                "source": "" if page == SITE else str(app.env.doc2path(page)),
                "statements": [[each.kind, each.text, each.line] for each in statements],
            }
            for page, statements in shown.items()
        },
    }


class ReleaseBuilder(PagelessBuilder):
    """Writes ``shown.json`` for the commands ``review`` and ``approve``; pages it writes none."""

    name = RELEASE_BUILDER
    epilog = "What the edition shows is in %(outdir)s."

    def finish(self) -> None:
        """Write the file."""
        app = application_of(self)
        text = json.dumps(as_data(app, shown_pages(app)))
        Path(self.outdir, SHOWN).write_text(text, encoding="ascii")
