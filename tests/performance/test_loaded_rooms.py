"""A build or a command loads the rooms that it uses, and no others: counted in modules, not by a clock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from docutils.parsers.rst import Directive

from sphinx_postmortem.sphinx_ext.on_demand import BUILDERS, DIRECTIVES, load, real_directive

PAGE = """\
# SEC-1: Walrus

:::{incident-summary} SEC-1
:date: 2026-03-02
:severity: SEV-1

A walrus.
:::

:::{timeline}
| Time (UTC) | Event |
|---|---|
| 2026-03-02 01:14 | Alert detected |

:::
"""
BUILD = "from sphinx.cmd.build import main; main(['-q', 'SRC', 'OUT'])"
DESCRIBE = "from sphinx_postmortem.sphinx_ext.describe import describe; from pathlib import Path; describe(Path('SRC'))"
CHECK = "from sphinx_postmortem.cli.check import check; check(['SRC'], standalone_mode=False)"
SAY = "\nimport sys; print('loaded', *sys.modules)"
ROOMS = ("attack", "audit", "checks", "clocks", "imports", "lists", "releases", "veris")


def loaded_by(code: str, folder: Path) -> set[str]:
    """Return the modules that a program has loaded when it ends; of ours, without the name of the package."""
    code = code.replace("SRC", str(folder)).replace("OUT", str(folder / "_build"))
    program = f"import sys\ntry:\n    {code}\nexcept SystemExit:\n    pass{SAY}"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    return {name.removeprefix("sphinx_postmortem.") for name in said.rpartition("loaded ")[2].split()}


def rooms(loaded: set[str]) -> set[str]:
    return {room for room in ROOMS if f"core.{room}" in loaded}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "conf.py").write_text("extensions = ['sphinx_postmortem']\n", encoding="utf-8")
    (folder / "index.md").write_text("# Home\n\n```{toctree}\nsec-1\n```\n", encoding="utf-8")
    (folder / "sec-1.md").write_text(PAGE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def first_build(site: Path) -> set[str]:
    return loaded_by(BUILD, site)


def test_a_page_is_read_without_what_it_does_not_use(first_build: set[str]) -> None:
    assert {"sphinx_ext.directives.timeline_directive", "core.checks.timeline"} <= first_build
    unused = {"core.audit", "core.imports.draft", "core.releases", "core.exports.stix_bundle", "sphinx_ext.pdf.builder"}
    unused |= {"core.exports.command_json"}
    unused |= {"sphinx_ext.directives.veris_table", "sphinx_ext.markdown", "sphinx_ext.lists.list_directives"}
    unused |= {"core.options_of_lists", "core.lists.query", "core.clocks.running_clocks", "core.attack.table"}
    unused |= {"core.veris.veris_record", "sphinx_ext.exports.calendars"}
    assert first_build & unused == set()


@pytest.mark.usefixtures("first_build")
def test_a_build_without_change_loads_neither_checks_nor_lists(site: Path) -> None:
    loaded = loaded_by(BUILD, site)
    assert "sphinx_ext.extension" in loaded
    assert rooms(loaded) == set()
    assert loaded & {"core.directives", "sphinx_ext.directives.base", "sphinx_ext.exports.write"} == set()


def test_a_site_that_merely_loads_us_loads_no_parser_of_ours(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text("extensions = ['sphinx_postmortem']\n", encoding="utf-8")
    (tmp_path / "index.rst").write_text("Home\n====\n\nWalrus.\n", encoding="utf-8")
    loaded = loaded_by(BUILD, tmp_path)
    assert "sphinx_ext.extension" in loaded
    assert rooms(loaded) == set()
    unused = {"core.reader", "core.directives", "sphinx_ext.directives.base", "sphinx_ext.checks"}
    assert loaded & {*unused, "myst_parser", "markdown_it", "yaml"} == set()


def test_settings_are_asked_for_without_builders_and_parsers(site: Path) -> None:
    loaded = loaded_by(DESCRIBE, site)
    assert "core.settings" in loaded
    assert rooms(loaded) == set()
    assert loaded & {"sphinx.builders", "sphinx.environment", "docutils.parsers.rst"} == set()


def test_the_command_check_loads_no_importers(site: Path) -> None:
    loaded = loaded_by(CHECK, site)
    assert "core.checks.timeline" in loaded
    assert (
        loaded & {"core.imports.draft", "core.imports.files", "core.audit", "core.releases", "sphinx", "docutils"}
        == set()
    )


@pytest.mark.parametrize("name", DIRECTIVES)
def test_what_stands_for_a_directive_declares_the_same(name: str) -> None:
    declared = ("has_content", "required_arguments", "optional_arguments", "final_argument_whitespace")
    stand_in, real = DIRECTIVES[name], real_directive(DIRECTIVES[name])
    assert stand_in is not real
    assert [getattr(stand_in, each) for each in declared] == [getattr(real, each) for each in declared]
    assert type(stand_in.option_spec) is type(real.option_spec)
    assert all(stand_in.option_spec[each] is real.option_spec[each] for each in (*dict.keys(real.option_spec), "other"))


def test_other_directives_stand_for_themselves() -> None:
    assert real_directive(Directive) is Directive


@pytest.mark.parametrize("stand_in", BUILDERS)
def test_what_stands_for_a_builder_has_its_name(stand_in: type) -> None:
    assert load(stand_in.place).name == stand_in.name


def test_settings_that_name_checks_are_read_without_the_rules(tmp_path: Path) -> None:
    read = "from sphinx_postmortem.core.settings import read_settings; read_settings({'checks': {'event-evidence': 'off'}})"
    loaded = loaded_by(read, tmp_path)
    assert "core.check_codes" in loaded
    assert "checks" not in rooms(loaded)
