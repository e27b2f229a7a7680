"""The rules of the house in ``CONTRIBUTING.md``, held by reading the package's own sources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import sphinx_postmortem
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.on_demand import every_directive
from tools.house_figures import Module, circles, imported_modules, names_twice, private_names, read_modules

MODULES = read_modules(Path(sphinx_postmortem.__file__).parent)

TEXT_NODES = {"nodes.Text", "nodes.inline", "nodes.Element", "nodes.TextElement", "nodes.make_id"}
"""Pieces of a line, and what holds nodes while they are made."""

BUILD_NODES = {
    "sphinx_ext.output",
    # What PDFs alone show is built where it is laid out.
    *(f"sphinx_ext.pdf.{name}" for name in ("assembly", "code_blocks", "cover_and_contents", "images", "inner_links")),
    *(f"sphinx_ext.pdf.{name}" for name in ("lowering", "page_breaks", "printed_sheets", "summary_layout")),
    "sphinx_ext.pdf.table_layout",
    *(f"sphinx_ext.pdf.kinds.{name}" for name in ("audit_appendix", "interview", "kinds", "leadership")),
    # Each puts a node of the same kind, or less, in the place of one that an author has written.
    *("sphinx_ext.shown_names", "sphinx_ext.audience.hidden_files"),
    # To be moved into `output`; the list may only become shorter.
    "sphinx_ext.records.domain",
}

WARN = {"sphinx_ext.warnings", "sphinx_ext.pdf.builder"}
"""``warnings.warn``, and what repeats the records of processes that make PDFs."""

THIRD_PARTIES = {"markdown_it", "mdit_py_plugins", "yaml"}


def test_the_package_was_read() -> None:
    assert len(MODULES) > 100
    assert {"core", "sphinx_ext", "cli"} <= {module.ring for module in MODULES}


@pytest.mark.parametrize(
    ("ring", "forbidden"),
    [
        ("core", ("sphinx", "docutils", "myst_parser", "sphinx_postmortem.sphinx_ext", "sphinx_postmortem.cli")),
        ("sphinx_ext", ("click", "sphinx_postmortem.cli")),
        ("cli", ("sphinx", "docutils", "myst_parser", "sphinx_postmortem.sphinx_ext")),
    ],
)
def test_rings_import_inwards_only(ring: str, forbidden: tuple[str, ...]) -> None:
    found = [
        (module.name, name)
        for module in MODULES
        if module.ring == ring
        for name in module.imports
        if any(name == each or name.startswith(f"{each}.") for each in forbidden)
    ]
    assert found == []


def test_only_the_reader_uses_parsers_of_others() -> None:
    users = {
        module.name
        for module in MODULES
        if module.ring == "core" and THIRD_PARTIES & {name.partition(".")[0] for name in module.imports}
    }
    assert users
    assert {name for name in users if not name.startswith("core.reader.")} == set()


def test_nodes_are_built_in_output() -> None:
    found = {
        module.name
        for module in MODULES
        for name, _call in module.calls()
        if name.startswith(("nodes.", "addnodes.")) and name.count(".") == 1 and name not in TEXT_NODES
    }
    assert "sphinx_ext.output" in found
    assert found - BUILD_NODES == set()


def test_one_function_warns() -> None:
    found = {
        module.name
        for module in MODULES
        if module.ring == "sphinx_ext"
        for name, _call in module.calls()
        if name.endswith(("logger.warning", "logger.error", "logger.handle"))
    }
    assert found == WARN


def test_private_names_of_others_stand_in_upstream() -> None:
    found = [
        (module.name, line, name)
        for module in MODULES
        if not module.name.startswith("sphinx_ext.upstream")
        for line, name in private_names(module)
    ]
    assert found == []
    upstream = [module for module in MODULES if module.name.startswith("sphinx_ext.upstream")]
    assert any(private_names(module) for module in upstream), "no private name was found at all"


def test_no_circles() -> None:
    assert circles(imported_modules(MODULES)) == []


def test_modules_are_short() -> None:
    assert [(module.name, module.lines) for module in MODULES if module.lines > 400] == []


def test_functions_are_short() -> None:
    table = ("sphinx_ext.extension", "handlers")  # rows of a table
    found = [(module.name, name, lines) for module in MODULES for name, lines in module.functions() if lines > 60]
    assert [each for each in found if each[:2] != table] == []


def test_each_file_name_of_tests_stands_once() -> None:
    tests = [module for module in read_modules(Path(__file__).parents[1]) if module.path.name != "conftest.py"]
    assert len(tests) > 100
    assert names_twice(tuple(tests)) == {}


def test_each_file_name_stands_once() -> None:
    assert names_twice(MODULES) == {}


def test_no_directive_overrides_the_gate() -> None:
    assert [name for name, each in every_directive().items() if each.run is not PostmortemDirective.run] == []


# Proofs that the readers of sources above see what they are to see.

MakeModule = Callable[[str], Module]


@pytest.fixture
def make_module(tmp_path: Path) -> MakeModule:
    """Return a function that makes a module of a text."""

    def make(text: str) -> Module:
        path = tmp_path / "made.py"
        path.write_text(text, encoding="utf-8")
        return Module("made", path)

    return make


@pytest.mark.parametrize(
    "text",
    [
        "app._warncount += 1",
        "app._warncount = 1",
        "from sphinx.config import _Opt",
        'getattr(env, "_cache", {})',
        'vars(directives)["_directives"]',
        'vars(env).get("_cache")',
        'setattr(module, "_digester", name)',
    ],
)
def test_private_names_are_seen(make_module: MakeModule, text: str) -> None:
    assert len(private_names(make_module(text))) == 1


@pytest.mark.parametrize(
    "text", ["class A:\n    def f(self):\n        self._x = 1\n        return self._x", "row._replace(a=1)"]
)
def test_own_private_names_are_left_alone(make_module: MakeModule, text: str) -> None:
    assert private_names(make_module(text)) == []


def test_circles_are_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [("a", "b", "c")]
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []


def test_imports_within_functions_are_seen(make_module: MakeModule) -> None:
    assert "a.b" in set(make_module("def f():\n    from a.b import c\n").imports)
    assert "a.b" not in set(make_module("if TYPE_CHECKING:\n    from a.b import c\n").imports)


def test_names_that_stand_twice_are_seen(tmp_path: Path) -> None:
    modules = tuple(Module(f"{room}.page", tmp_path / room / "page.py") for room in ("core", "cli"))
    assert names_twice(modules) == {"page": ["core.page", "cli.page"]}
