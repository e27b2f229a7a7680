"""The support matrix: ``nox`` tests the built wheel with the lowest and the highest supported versions."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"

TESTS = ["-q", "-p", "no:cacheprovider", "--ignore=tests/browser"]
_BOUND = re.compile(r"(?P<name>[\w.-]+)>=(?P<lowest>\d[\w.]*)")


def lowest_versions() -> list[str]:
    """Return a constraint for each dependency, of extras too: the lowest minor version that pyproject.toml allows."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    bounds = [match for text in needed if (match := _BOUND.match(text))]
    return [f"{bound['name']}=={_minor(bound['lowest'])}.*" for bound in bounds]


def _minor(version: str) -> str:
    return ".".join(f"{version}.0".split(".")[:2])


def run(session: nox.Session, *constraints: str) -> None:
    """Build the wheel, install it with the constraints, and run the tests on it."""
    folder = session.create_tmp()
    session.install("build")
    session.run("python", "-m", "build", "--wheel", "--outdir", folder, silent=True)
    wheel = next(path for path in Path(folder).glob("*.whl"))
    session.install("pip>=25.1")
    session.install(f"{wheel}[all]", "--group", "test", "--group", "site", *constraints)
    # pip takes a wheel of the same version for the one that a reused environment has.
    session.install("--force-reinstall", "--no-deps", str(wheel))
    session.run("python", "-m", "pytest", *TESTS, *session.posargs)


@nox.session(python="3.11", name="lowest-3.11")
def lowest(session: nox.Session) -> None:
    """Run with the lowest versions."""
    run(session, *lowest_versions())


@nox.session(python=["3.12", "3.13"], name="highest")
def highest(session: nox.Session) -> None:
    """Run with the highest versions."""
    run(session, "--upgrade-strategy=eager")
