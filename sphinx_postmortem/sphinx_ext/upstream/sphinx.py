"""Private names of Sphinx, read in 8.2.3 and 9.0.4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:  # the command line asks for settings in a process that needs no more of Sphinx
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

IndexFacts = dict[str, dict[str, Any]]
"""What pages have fed to a search index, by the name under which it keeps them."""

_BY_PAGE = ("_titles", "_filenames", "_all_titles", "_index_entries")
_BY_WORD = ("_mapping", "_title_mapping")


def application_of(builder: Builder) -> Sphinx:
    """Return a builder's application: ``Builder.app`` is deprecated, and Sphinx 9 keeps it under another name."""
    attributes = vars(builder)
    return cast("Sphinx", attributes.get("_app") or attributes["app"])


def given_settings(config: Config) -> Mapping[str, object]:
    """Return what ``conf.py`` itself has set, before any extension has declared settings."""
    return config._raw_config


def warning_count(app: Sphinx) -> int:
    """Return how many warnings there have been."""
    return app._warncount


def add_warnings(app: Sphinx, number: int) -> None:
    """Count the warnings of another process."""
    app._warncount += number


def disconnect_module(app: Sphinx, module: str) -> int:
    """Disconnect all handlers of events that a module defines, and return how many there were."""
    listeners = [each for of_event in app.events.listeners.values() for each in of_event]
    found = [each.id for each in listeners if getattr(each.handler, "__module__", "") == module]
    for listener in found:
        app.disconnect(listener)
    return len(found)


def trees_in_memory(env: BuildEnvironment) -> dict[str, nodes.document]:
    """Return the trees that have been read, by page, the first one first; what is taken out is read from its file."""
    return env._write_doc_doctree_cache


def forget_file_of_tree(env: BuildEnvironment, docname: str) -> None:
    """Forget the content of the file with a page's tree."""
    env._pickled_doctree_cache.pop(docname, None)


def index_facts(indexer: object) -> IndexFacts:
    """Return what a search index has been fed with; empty where there is no index."""
    return {name: getattr(indexer, name) for name in (*_BY_PAGE, *_BY_WORD)} if indexer else {}


def join_index_facts(indexer: object, written: Sequence[IndexFacts]) -> None:
    """Feed a search index with what those of other processes have been fed with, page by page and word by word."""
    for facts in written:
        for name in _BY_PAGE if facts else ():
            getattr(indexer, name).update(facts[name])
        for name in _BY_WORD if facts else ():
            words: dict[str, set[str]] = getattr(indexer, name)
            for word, pages in facts[name].items():
                words.setdefault(word, set()).update(pages)
