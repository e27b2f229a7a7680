"""Small real sites: written to a folder, built in one edition, and looked at."""

from __future__ import annotations

import inspect
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from docutils import nodes
from hypothesis import settings
from sphinx.testing.util import SphinxTestApp

from sphinx_postmortem.core.language import texts
from tests.quick_builds import quicken
from tests.warm_start import LAUNCHER

pytest_plugins = ["sphinx.testing.fixtures"]

# The same examples in every run, so that a change is blamed for what it broke and for nothing else.
# HYPOTHESIS_PROFILE=default looks for new ones.
settings.register_profile("stable", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "stable"))


# What takes longest, in this order: the processes of a run end together when nothing long begins last.
LONG = (
    "browser/test_themes_in_a_browser.py",
    "browser/test_example_pages.py",
    "browser/",
    "test_docs.py",
    "audit/test_audit_command.py",
    "audit/test_expressions.py",
    "noninterference/",
    "pdf/",
    "cli/",
    "test_shards.py",
    "test_cli_build.py",
    "audit/",
    "knowledge/",
    "learning/",
    "exports/",
    "releases/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the long files first; the order is the same in every process."""
    here = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        name = item.path.relative_to(here).as_posix()
        return next((place for place, start in enumerate(LONG) if name.startswith(start)), len(LONG))

    items.sort(key=rank)


@pytest.fixture(scope="session", autouse=True)
def quick_builds() -> Iterator[None]:
    """Let all builds share what is the same for all."""
    with pytest.MonkeyPatch.context() as patch:
        quicken(patch.setattr)
        yield
        logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Forget the language of a build after each test; each build sets its own."""
    yield
    texts.use(None)


# Most sites under test are fragments of postmortems, which the checks would rightly complain of. Tests of the checks
# turn them on again with `CHECKED`.
CONF = (
    'extensions = ["sphinx_postmortem"]\nproject = "Test"\nhtml_theme = "alabaster"\npostmortem_check_builds = "off"\n'
)
CHECKED = {"postmortem_check_builds": "error"}


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its name, in order."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def published_files(folder: Path) -> dict[str, bytes]:
    """Every file of a build by its name, but for what Sphinx notes of the build."""
    return {name: data for name, data in files_below(folder).items() if Path(name).name != ".buildinfo"}


@dataclass
class Built:
    """One finished build."""

    app: SphinxTestApp
    warnings: str

    @property
    def outdir(self) -> Path:
        return Path(self.app.outdir)

    def read(self, name: str) -> str:
        return (self.outdir / name).read_text(encoding="utf-8")

    def doctree(self, docname: str = "index") -> nodes.document:
        resolve = self.app.env.get_and_resolve_doctree
        tags = {"tags": self.app.tags} if "tags" in inspect.signature(resolve).parameters else {}  # since Sphinx 9
        return resolve(docname, self.app.builder, **tags)

    def words(self, docname: str = "index") -> str:
        """A page's text as it is read, with single spaces."""
        return " ".join(self.doctree(docname).astext().split())

    def contents(self) -> dict[str, bytes]:
        """Every file by its name, but for what Sphinx notes of the build."""
        return published_files(self.outdir)

    def all_bytes(self) -> bytes:
        """Every file's name and content, joined."""
        files = sorted(path for path in self.outdir.rglob("*") if path.is_file())
        return b"\n".join(str(path.relative_to(self.outdir)).encode() + b"\n" + path.read_bytes() for path in files)


class Rebuild(NamedTuple):
    """A change, a build after it upon what the build before has left, and one without that."""

    change: str
    again: Built
    clean: Built


Change = str | tuple[str, str] | None
"""What becomes of a file: another text; a text in the place of another that it holds; None where it goes."""


class Untold(StringIO):
    """Where a build would tell how it gets on."""

    def getvalue(self) -> str:
        raise AssertionError("this build has told nothing: ask for `progress=True`")


@contextmanager
def _progress(*, told: bool) -> Iterator[None]:
    """Have builds tell how they get on, or not."""
    logging.disable(logging.DEBUG if told else logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.DEBUG)


@dataclass
class Site:
    """A source folder under test."""

    source: Path
    builds: int = field(default=0)

    def write(self, files: dict[str, str | bytes]) -> Site:
        for name, text in files.items():
            path = self.source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self

    def edit(self, name: str, old: str, new: str) -> None:
        """Put a text in the place of another, which must be there."""
        path = self.source / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def build(
        self,
        edition: str = "internal",
        builder: str = "html",
        *,
        warnings: bool = False,
        keep: bool = False,
        parallel: int = 0,
        progress: bool = False,
        **settings: object,
    ) -> Built:
        """Build; unless ``warnings`` says that some are expected, there must be none.

        ``keep`` builds on what the last build of this edition and builder left. With ``progress`` the build tells how it
        gets on (``app.status``), which costs a twentieth of it.
        """
        self.builds += not keep
        folder = self.source.parent / f"build-{edition}-{builder}-{self.builds}"
        log = StringIO()
        with _progress(told=progress):
            app = SphinxTestApp(
                builder,
                srcdir=self.source,
                builddir=folder,
                status=StringIO() if progress else Untold(),
                warning=log,
                confoverrides={"postmortem_audience": edition, **settings},
                freshenv=not keep,
                parallel=parallel,
            )
            try:
                app.build()
            finally:
                app.cleanup()
        said = re.sub(r"\x1b\[[0-9;]*m", "", log.getvalue())
        if not warnings:
            assert said == ""
        return Built(app, said)

    def rebuilds(
        self,
        changes: Mapping[str, Mapping[str, Change]],
        edition: str = "internal",
        builder: str = "html",
        **more: bool,
    ) -> Iterator[Rebuild]:
        """Make changes one on top of the other, and build after each of them, upon a clean build of what was there."""
        self.build(edition, builder, **more)
        for name, files in changes.items():
            for file, change in files.items():
                if change is None:
                    (self.source / file).unlink()
                elif isinstance(change, str):
                    self.write({file: change})
                else:
                    self.edit(file, *change)
            again, clean = self.build(edition, builder, keep=True, **more), self.build(edition, builder, **more)
            yield Rebuild(name, again, clean)


def write_site(source: Path, files: Mapping[str, str | bytes], conf: str = "") -> Site:
    """Write a site to a folder, which is made."""
    source.mkdir(parents=True)
    return Site(source).write({"conf.py": CONF + conf, **files})


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., Site]:
    """Return a function that writes a site: ``site({"index.md": text}, conf="more = 1")``."""

    def make(files: dict[str, str | bytes], conf: str = "", folder: str = "source") -> Site:
        return write_site(tmp_path / folder / "source" if folder != "source" else tmp_path / folder, files, conf)

    return make


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Site]:
    """Return a function that writes a site for several tests of a module: they read what is built of it, no more."""
    return lambda files, conf="": write_site(tmp_path_factory.mktemp("shared") / "source", files, conf)


@pytest.fixture(scope="session")
def launcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the path of a program that does what ``sys.executable`` does, with modules imported already."""
    if not hasattr(os, "pidfd_open"):
        yield sys.executable
        return
    folder = tmp_path_factory.mktemp("warm")
    address, program = str(folder / "socket"), folder / "python"
    python = sys.executable
    program.write_text(LAUNCHER.format(python=python, address=address, environment=dict(os.environ)), encoding="utf-8")
    program.chmod(0o700)
    command = [python, str(Path(__file__).parent / "warm_start.py"), address, str(program)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        yield str(program)


@pytest.fixture(scope="module")
def warm_start(launcher: str) -> Iterator[None]:
    """Start the programs of a module's tests with their modules imported: see ``warm_start.py``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", launcher)
        yield
