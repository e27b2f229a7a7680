"""The support matrix: ``nox`` tests the built wheel with the lowest and the highest supported versions."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"

# tests/test_structure.py reads the package's sources, which are not beside the tests there.
TESTS = ["-q", "-p", "no:cacheprovider", "--ignore=tests/browser", "--ignore=tests/test_structure.py"]
_GIT = shutil.which("git") or "git"
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


def copy_without_package(folder: Path) -> None:
    """Copy the files of the repository but for the package: tests beside it would import it, and not the wheel."""
    shutil.rmtree(folder, ignore_errors=True)
    names = subprocess.run([_GIT, "ls-files", "-z"], check=True, capture_output=True, text=True).stdout
    for name in names.rstrip("\0").split("\0"):
        if not name.startswith("sphinx_postmortem/") or name.endswith(".schema.json"):  # the documentation links it
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(name, folder / name)


def run(session: nox.Session, *constraints: str) -> None:
    """Build the wheel, install it with the constraints, and run the tests on it."""
    folder = Path(session.create_tmp()).resolve()
    session.install("build")
    session.run_install("python", "-m", "build", "--wheel", "--outdir", str(folder), silent=True)
    wheel = next(folder.glob("*.whl"))
    session.install("pip>=25.1")
    session.install(f"{wheel}[all,cluster]", "--group", "test", "--group", "site", *constraints)
    # pip takes a wheel of the same version for the one that a reused environment has.
    session.install("--force-reinstall", "--no-deps", str(wheel))
    copy_without_package(folder / "checkout")
    session.chdir(folder / "checkout")
    # nox's own folder for temporary files lies in this repository; tests have sites in none.
    session.run("python", "-m", "pytest", *TESTS, *session.posargs, env={"TMPDIR": tempfile.gettempdir()})


@nox.session(python="3.11", name="lowest-3.11")
def lowest(session: nox.Session) -> None:
    """Run with the lowest versions."""
    run(session, *lowest_versions())


@nox.session(python=["3.12", "3.13", "3.14"], name="highest")
def highest(session: nox.Session) -> None:
    """Run with the highest versions."""
    run(session, "--upgrade-strategy=eager")
