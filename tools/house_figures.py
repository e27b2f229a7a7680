"""Prints figures of the package's shape: ``python -m tools.house_figures [FOLDER OF THE PACKAGE]``.

Modules and lines for each ring; file names that stand twice; modules with one importer; the longest modules and
functions; circles of imports; private names of other projects or modules, and where they are used.
"""

from __future__ import annotations

import argparse
import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

PACKAGE = "sphinx_postmortem"


@dataclass(frozen=True)
class Module:
    """A source file: its dotted name below the package, and where it lies."""

    name: str
    path: Path

    @cached_property
    def text(self) -> str:
        """The source."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed source."""
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the parsed source."""
        return tuple(ast.walk(self.tree))

    @property
    def lines(self) -> int:
        """The number of lines."""
        return self.text.count("\n")

    @property
    def ring(self) -> str:
        """``core``, ``sphinx_ext`` or ``cli``; empty for the package's own ``__init__``."""
        return self.name.partition(".")[0]

    @property
    def is_room(self) -> bool:
        """Whether it is the ``__init__`` of a folder."""
        return self.path.name == "__init__.py"

    def functions(self) -> Iterator[tuple[str, int]]:
        """Yield each function's name and its number of lines."""
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """The dotted name of all that is imported, within functions too: ``a.b`` and ``a.b.name``.

        What only type checkers import is left out: it makes no circle.
        """
        found: list[str] = []
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.If) and dotted(node.test).endswith("TYPE_CHECKING"):
                waiting += node.orelse
                continue
            if isinstance(node, ast.Import):
                found += (each.name for each in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found += (node.module, *(f"{node.module}.{each.name}" for each in node.names))
            waiting += ast.iter_child_nodes(node)
        return tuple(found)

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Yield every call with the dotted name of what is called, as far as it has one."""
        for node in self.nodes:
            if isinstance(node, ast.Call):
                yield dotted(node.func), node


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` for such an expression; ``?`` stands for what is no name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


@cache
def read_modules(folder: Path) -> tuple[Module, ...]:
    """Return all modules of a package."""
    found: list[Module] = []
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        found.append(Module(".".join(parts[:-1] if parts[-1] == "__init__" else parts), path))
    return tuple(found)


def imported_modules(modules: tuple[Module, ...]) -> dict[str, set[str]]:
    """Return for each module the modules of the package that it imports itself."""
    names = {module.name for module in modules if module.name}
    found: dict[str, set[str]] = {}
    for module in modules:
        own = (name.removeprefix(f"{PACKAGE}.") for name in module.imports if name.startswith(f"{PACKAGE}."))
        all_names = set(own) & names
        # `from package.room import module` names the room only to reach what is in it.
        found[module.name] = {
            name for name in all_names if not any(each.startswith(f"{name}.") for each in all_names)
        } - {module.name}
    return found


def names_twice(modules: tuple[Module, ...]) -> dict[str, list[str]]:
    """Return the file names that stand in more than one room."""
    rooms: dict[str, list[str]] = defaultdict(list)
    for module in modules:
        if not module.is_room:
            rooms[module.path.stem].append(module.name)
    return {name: found for name, found in sorted(rooms.items()) if len(found) > 1 and not name.startswith("__")}


def circles(imports: dict[str, set[str]]) -> list[tuple[str, ...]]:
    """Return the groups of modules that import each other in a circle (Tarjan's strongly connected components)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[tuple[str, ...]] = []

    def visit(name: str) -> None:
        number[name] = low[name] = len(number)
        stack.append(name)
        for other in sorted(imports.get(name, ())):
            if other not in number:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], number[other])
        if low[name] == number[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(tuple(sorted(group)))

    for name in sorted(imports):
        if name not in number:
            visit(name)
    return found


def private_names(module: Module) -> list[tuple[int, str]]:
    """Return the private names of others that a module uses, with their lines.

    Names of the module itself, of its classes, and of ``self`` and ``cls`` are its own. Those of named tuples are
    public.
    """
    own = {node.name for node in module.nodes if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    own |= {node.id for node in module.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {
        node.attr
        for node in module.nodes
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and dotted(node.value) in {"self", "cls"}
    }
    found: list[tuple[int, str]] = []
    for node in module.nodes:
        if isinstance(node, ast.Attribute) and _is_private(node.attr) and node.attr not in own:
            found.append((node.lineno, f"{dotted(node.value)}.{node.attr}"))
        elif isinstance(node, ast.ImportFrom):
            found += [(node.lineno, f"{node.module}.{each.name}") for each in node.names if _is_private(each.name)]
        elif isinstance(node, ast.Call) and dotted(node.func) in {"getattr", "setattr", "hasattr", "delattr"}:
            found += _private_texts(node.args[1:2])
        elif isinstance(node, ast.Call) and dotted(node.func).endswith((".get", ".pop")):
            if "vars" in ast.unparse(node.func) or "__dict__" in ast.unparse(node.func):
                found += _private_texts(node.args[:1])
        elif isinstance(node, ast.Subscript) and "vars(" in ast.unparse(node.value):
            found += _private_texts([node.slice])
    return found


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in {"_", "_asdict", "_replace", "_fields"}


def _private_texts(given: list[ast.expr]) -> list[tuple[int, str]]:
    texts = [(each.lineno, each.value) for each in given if isinstance(each, ast.Constant)]
    return [(line, f"'{text}'") for line, text in texts if isinstance(text, str) and _is_private(text)]


def report(folder: Path) -> Iterator[str]:
    """Yield the lines of the report."""
    modules = read_modules(folder)
    imports = imported_modules(modules)
    for ring in ("core", "sphinx_ext", "cli"):
        own = [module for module in modules if module.ring == ring]
        yield f"{ring}: {len(own)} modules, {sum(module.lines for module in own):,} lines"
    rooms = sum(module.is_room for module in modules)
    yield f"all: {len(modules)} modules ({rooms} of them __init__), {sum(module.lines for module in modules):,} lines"
    twice = names_twice(modules)
    yield f"file names that stand twice: {len(twice)} ({', '.join(twice)})"
    importers = Counter(name for found in imports.values() for name in found)
    yield f"modules with one importer: {sum(importers[module.name] == 1 for module in modules)}"
    longest = max(modules, key=lambda module: module.lines)
    yield f"longest module: {longest.name}, {longest.lines} lines"
    lines, function = max((lines, f"{module.name}.{name}") for module in modules for name, lines in module.functions())
    yield f"longest function: {function}, {lines} lines"
    found = circles(imports)
    yield f"circles: {len(found)}"
    yield from (f"  {' <-> '.join(group)}" for group in found)
    private = [(module.name, line, name) for module in modules for line, name in private_names(module)]
    outside = [each for each in private if ".upstream" not in each[0]]
    yield f"private names of others: {len(private)}, outside upstream: {len(outside)}"
    yield from (f"  {name}:{line} {what}" for name, line, what in outside)


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parent.parent / PACKAGE)
    print("\n".join(report(parser.parse_args().folder)))


if __name__ == "__main__":
    main()
