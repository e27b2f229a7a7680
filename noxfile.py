"""The support matrix: ``nox`` tests the built wheel with the lowest and the highest supported versions."""

from __future__ import annotations

from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"

# The lowest versions that pyproject.toml allows.
LOWEST = ["sphinx==8.2.*", "docutils==0.21.*", "myst-parser==5.2.*", "click==8.1.*", "jinja2==3.1.*"]
TESTS = ["-q", "-p", "no:cacheprovider", "--ignore=tests/browser"]


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
    run(session, *LOWEST)


@nox.session(python=["3.12", "3.13"], name="highest")
def highest(session: nox.Session) -> None:
    """Run with the highest versions."""
    run(session, "--upgrade-strategy=eager")
