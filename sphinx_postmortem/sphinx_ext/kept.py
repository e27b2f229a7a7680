"""Values that belong to one build, or that a site keeps from one build to the next.

Each is declared once, in the room to which it belongs, with its shape: ``KeptByPage[PageFiles]("files", PageFiles())``.
What is kept lies in the environment and must be plain values. Records of pages lie in the domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

T = TypeVar("T")
_ATTRIBUTE = "postmortem_kept"


class PerBuild(Generic[T]):
    """A value that one build knows and that is never stored."""

    def __init__(self, nothing: T) -> None:
        """Start with ``nothing`` in each build."""
        self.nothing = nothing
        self._values: WeakKeyDictionary[BuildEnvironment, T] = WeakKeyDictionary()

    def of(self, env: BuildEnvironment) -> T:
        """Return the value of a build."""
        return self._values.get(env, self.nothing)

    def set(self, env: BuildEnvironment, value: T) -> None:
        """Set the value of a build."""
        self._values[env] = value


BUILDER = PerBuild[Builder | None](None)
"""The builder, for transforms: they know only the environment."""

IS_PART = PerBuild[bool](nothing=False)
"""Whether only some pages are read, and none is written."""


def note_builder(app: Sphinx) -> None:
    """Handle ``builder-inited``."""
    BUILDER.set(app.env, app.builder)


class Kept(Generic[T]):
    """A value that a site keeps from one build to the next."""

    def __init__(self, name: str, nothing: T) -> None:
        """Keep the value under a name; ``nothing`` is the value before the first build."""
        self._name, self._nothing = name, nothing

    def of(self, env: BuildEnvironment) -> T:
        """Return the value."""
        return cast("T", _kept(env).get(self._name, self._nothing))

    def exchange(self, env: BuildEnvironment, value: T) -> T:
        """Set the value, and return the one before."""
        before = self.of(env)
        _kept(env)[self._name] = value
        return before


class KeptByPage(Generic[T]):
    """A value for each page. A page that is read again loses it, and parallel processes hand theirs over."""

    declared: ClassVar[list[KeptByPage[Any]]] = []

    def __init__(self, name: str, nothing: T) -> None:
        """Keep the values under a name; ``nothing`` is that of a page which has none."""
        self._name, self._nothing = name, nothing
        self.declared.append(self)

    def by_page(self, env: BuildEnvironment) -> Mapping[str, T]:
        """Return all values, by page."""
        return self._pages(env)

    def of(self, env: BuildEnvironment, docname: str) -> T:
        """Return the value of a page."""
        return self._pages(env).get(docname, self._nothing)

    def set(self, env: BuildEnvironment, docname: str, value: T) -> None:
        """Set the value of a page."""
        self._pages(env)[docname] = value

    def forget(self, env: BuildEnvironment, docname: str) -> None:
        """Forget the value of a page."""
        self._pages(env).pop(docname, None)

    def merge(self, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
        """Take over the values of the pages that another process has read."""
        wanted = set(docnames)
        self._pages(env).update({name: value for name, value in self._pages(other).items() if name in wanted})

    def _pages(self, env: BuildEnvironment) -> dict[str, T]:
        return cast("dict[str, T]", _kept(env).setdefault(self._name, {}))


def forget_page(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Handle ``env-purge-doc``."""
    for each in KeptByPage.declared:
        each.forget(env, docname)


def merge_pages(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    """Handle ``env-merge-info``."""
    for each in KeptByPage.declared:
        each.merge(env, docnames, other)


def _kept(env: BuildEnvironment) -> dict[str, Any]:
    return cast("dict[str, Any]", vars(env).setdefault(_ATTRIBUTE, {}))
