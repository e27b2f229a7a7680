"""Our frozen dataclasses are Python's in all that can be seen of them."""

from __future__ import annotations

import ast
import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from functools import cached_property
from pathlib import Path
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest

import sphinx_postmortem
from sphinx_postmortem.core import dataclass_on_demand

PACKAGE = Path(sphinx_postmortem.__file__).parent


def declared(dataclass: Callable[..., Any]) -> SimpleNamespace:
    """Return the same classes, made by one of both decorators."""

    @dataclass(frozen=True)
    class Walrus:
        """A walrus."""

        name: str
        tusks: int = 2
        friends: tuple[str, ...] = field(default_factory=tuple)
        line: int = field(default=0, compare=False, repr=False)

        @cached_property
        def loud(self) -> str:
            return self.name.upper()

    @dataclass(frozen=True)
    class Calf(Walrus):
        mother: str = "unknown"

        def __post_init__(self) -> None:
            if self.tusks:
                raise ValueError("too young for tusks")

    @dataclass(frozen=True)
    class Nothing:
        """No field."""

    @dataclass(frozen=True)
    class Named:
        name: str
        note: str = ""

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Named) and self.name == other.name

        def __hash__(self) -> int:
            return hash(self.name)

        def __repr__(self) -> str:
            return self.name

    @dataclass(frozen=True, eq=False)
    class Itself:
        name: str

    @dataclass(frozen=True)
    class Friendly:
        friends: list[str] = field(default_factory=list[str])

    return SimpleNamespace(Walrus=Walrus, Calf=Calf, Nothing=Nothing, Named=Named, Itself=Itself, Friendly=Friendly)


OURS, PYTHONS = declared(dataclass_on_demand.dataclass), declared(dataclasses.dataclass)


@dataclass_on_demand.dataclass(frozen=True)
class Kept:
    """Stands at the top of a module, so that it can be pickled."""

    name: str
    others: tuple[Kept, ...] = ()


def what_happens(act: Callable[[SimpleNamespace], Any]) -> tuple[Any, Any]:
    """Return what an act gives, or the error that it raises, with both kinds of classes."""
    seen: list[Any] = []
    for classes in (OURS, PYTHONS):
        try:
            seen.append(act(classes))
        except (TypeError, ValueError, AttributeError) as error:
            seen.append((type(error), str(error)))
    return seen[0], seen[1]


ACTS: dict[str, Callable[[SimpleNamespace], Any]] = {
    "written": lambda of: repr(of.Walrus("Ivo", friends=("Ada",), line=4)),
    "written, of a class without field": lambda of: repr(of.Nothing()),
    "equal": lambda of: of.Walrus("Ivo", 2) == of.Walrus("Ivo"),
    "equal but for what is not compared": lambda of: of.Walrus("Ivo", line=1) == of.Walrus("Ivo", line=2),
    "not equal": lambda of: of.Walrus("Ivo") == of.Walrus("Ivo", 1),
    "not equal to a subclass": lambda of: of.Walrus("Ivo", 0) == of.Calf("Ivo", 0),
    "not equal to others": lambda of: (of.Walrus("Ivo") == ("Ivo", 2, ()), of.Nothing() == of.Nothing()),
    "in a set": lambda of: len({of.Walrus("Ivo"), of.Walrus("Ivo", line=3), of.Walrus("Ada")}),
    "cannot be hashed": lambda of: hash(of.Walrus("Ivo", friends=[])),
    "its own methods stay": lambda of: (repr(of.Named("a")), of.Named("a", "x") == of.Named("a"), hash(of.Named("a"))),
    "equal to itself alone": lambda of: of.Itself("a") == of.Itself("a"),
    "a field is set": lambda of: setattr(of.Walrus("Ivo"), "name", "Ada"),
    "another attribute is set": lambda of: setattr(of.Walrus("Ivo"), "weight", 1),
    "a field is deleted": lambda of: delattr(of.Walrus("Ivo"), "name"),
    "a value is missing": lambda of: of.Walrus(),
    "a value too many": lambda of: of.Nothing(1),
    "an unknown name": lambda of: of.Walrus("Ivo", fins=2),
    "a value that is given twice": lambda of: of.Walrus("Ivo", name="Ada"),
    "values by name, in any order": lambda of: list(vars(of.Walrus(tusks=1, name="Ivo"))),
    "one of many": lambda of: [repr(of.Walrus(f"Ivo {number}", tusks=number, friends=())) for number in range(99)],
    "a subclass, one of many": lambda of: [repr(of.Calf("Ivo", 0)) for _ in range(99)][-1],
    "each has friends of its own": lambda of: of.Friendly().friends is of.Friendly().friends,
    "after it is made": lambda of: of.Calf("Ivo"),
    "a subclass": lambda of: repr(of.Calf("Ivo", 0, mother="Ada")),
    "replaced": lambda of: repr(dataclasses.replace(of.Walrus("Ivo"), tusks=1)),
    "as a dictionary": lambda of: dataclasses.asdict(of.Walrus("Ivo")),
    "fields": lambda of: [(each.name, each.type, each.default, each.compare) for each in dataclasses.fields(of.Calf)],
    "matched": lambda of: of.Calf.__match_args__,
    "kept for later": lambda of: of.Walrus("Ivo").loud,
    "copied": lambda of: [repr(copied(of.Walrus("Ivo"))) for copied in (copy.copy, copy.deepcopy)],
    "whether it is one": lambda of: (dataclasses.is_dataclass(of.Walrus), dataclasses.is_dataclass(of.Walrus("Ivo"))),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_ours_do_what_those_of_python_do(act: Callable[[SimpleNamespace], Any]) -> None:
    ours, pythons = what_happens(act)
    assert ours == pythons


def test_records_come_back_from_a_pickle_before_any_other_was_made() -> None:
    stored = pickle.dumps(Kept("Ivo", (Kept("Ada"),)))

    @dataclass_on_demand.dataclass(frozen=True)
    class Unused:
        name: str

    read = pickle.loads(stored)
    assert (read, hash(read)) == (Kept("Ivo", (Kept("Ada"),)), hash(Kept("Ivo", (Kept("Ada"),))))
    bare = [object.__new__(Unused) for _ in range(2)]
    for each in bare:
        vars(each)["name"] = "Ivo"
    assert bare[0] == bare[1]
    with pytest.raises(FrozenInstanceError):
        bare[0].name = "Ada"  # type: ignore[misc]


def test_a_dataclass_of_python_may_be_derived_from_one_of_ours() -> None:
    seen: list[tuple[object, ...]] = []
    for of in (OURS, PYTHONS):

        @dataclasses.dataclass(frozen=True)
        class Pup(of.Walrus):  # type: ignore[name-defined,misc]
            mother: str = "unknown"

        pup = Pup("Ivo", mother="Ada")
        with pytest.raises(FrozenInstanceError):
            pup.mother = "Eve"
        seen.append((repr(pup), pup == Pup("Ivo", mother="Ada"), pup == Pup("Ivo"), len({pup, Pup("Ivo")})))
    assert seen[0][1:] == seen[1][1:] == (True, False, 2)
    assert str(seen[0][0]).endswith("Pup(name='Ivo', tusks=2, friends=(), mother='Ada')")


def test_a_method_is_compiled_for_what_is_made_often(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    original = dataclass_on_demand._compiled_init

    def noting(cls: type[Any]) -> Any:
        compiled.append(cls.__name__)
        return original(cls)

    monkeypatch.setattr(dataclass_on_demand, "_compiled_init", noting)
    classes = declared(dataclass_on_demand.dataclass)
    first = [classes.Walrus("Ivo") for _ in range(dataclass_on_demand._FEW - 1)]
    assert compiled == []
    assert {*first, *(classes.Walrus("Ivo") for _ in range(9))} == {first[0]}
    assert compiled == ["Walrus"]


def test_two_threads_may_make_the_first_record_at_once() -> None:
    for _ in range(20):
        classes, together, made = declared(dataclass_on_demand.dataclass), Barrier(2), []

        def make(classes: SimpleNamespace = classes, together: Barrier = together, made: list[str] = made) -> None:
            together.wait()
            made.append(repr(classes.Walrus("Ivo")))

        threads = [Thread(target=make) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert made == [repr(classes.Walrus("Ivo"))] * 2


def test_every_frozen_dataclass_of_the_package_is_made_on_demand() -> None:
    """But those with an order or with slots, which Python makes as a whole."""
    usual: list[str] = []
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        own = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "dataclasses"
            for alias in node.names
        }
        frozen = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and ast.unparse(node.func) == "dataclass"
            and any(each.arg == "frozen" for each in node.keywords)
        ]
        if frozen and "dataclass" in own and path.name != "dataclass_on_demand.py":
            usual.append(path.relative_to(PACKAGE).as_posix())
    assert usual == []
