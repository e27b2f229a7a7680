"""Frozen dataclasses that are cheap to declare: what Python compiles for each is shared, or waits for its first use.

Python compiles six methods for each frozen dataclass. For those of this package that was half of the time that loading
it takes, and a build or a command uses few of them. Here all share the functions that compare, hash and write a record
and refuse to change it, and that which makes the first records of a class. ``__init__`` is compiled for a class of
which more are made, since it is faster, and where arguments are wrong, for its message. Fields, ``replace``,
``asdict``, matching, copies and pickles are those of any dataclass, and type checkers see the standard one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import MISSING, FrozenInstanceError, fields
from functools import partial
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

__all__ = ["dataclass"]

T = TypeVar("T")
_FEW = 50  # records of a class that are made without compiling; to compile takes as long as to make two hundred
_COMPARED = "__compared_values__"  # the attribute of a class that gives the values by which its records are compared


def _declare(cls: type[T] | None = None, /, **options: bool) -> Any:
    """Stand for ``dataclasses.dataclass``. What is not frozen, or has ``order`` or ``slots``, is made by that."""
    if cls is None:
        return partial(_declare, **options)
    if options.get("frozen") and not options.keys() - {"frozen", "init", "repr", "eq"}:
        del options["frozen"]
        return _frozen(cls, **options)
    return dataclasses.dataclass(cls, **options)


def _frozen(cls: type[T], *, init: bool = True, repr: bool = True, eq: bool = True) -> type[T]:  # noqa: A002
    """Make a frozen dataclass in place. As in the standard one, a method that the class defines itself stays."""
    cls.__doc__ = cls.__doc__ or cls.__name__  # else the standard one writes the signature, which takes long
    # The fields, and nothing that is compiled; but Python wants a subclass of a frozen one to be frozen from the start.
    is_derived = any(map(dataclasses.is_dataclass, cls.__bases__))
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, frozen=is_derived)(cls)
    made.__dataclass_params__.frozen = True  # Python looks here where one of its own is derived from it
    methods: dict[str, Any] = {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
    if init:
        methods["__init__"] = _first_init(cls)
    if repr:
        methods["__repr__"] = _written
    if eq:
        names = [each.name for each in fields(cls) if each.compare] or ["__class__"]  # type: ignore[arg-type]
        methods |= {"__eq__": _is_equal, "__hash__": _hash, _COMPARED: attrgetter(*names)}
    for name, method in methods.items():
        if vars(cls).get(name) is None:  # Python sets `__hash__` to None where a class has an `__eq__`
            setattr(cls, name, method)
    return cls


def _first_init(cls: type[Any]) -> Callable[..., None]:
    """Return what makes the first records of a class, and leaves a compiled ``__init__`` for all others."""
    every: dict[str, tuple[Any, Any]] = {}
    left = count(_FEW, -1)

    def first_init(self: Any, *values: Any, **named: Any) -> None:
        if not every:
            every.update({each.name: (each.default, each.default_factory) for each in fields(cls)})
        given = dict(zip(every, values, strict=False))
        is_right = len(given) == len(values) and given.keys().isdisjoint(named) and named.keys() <= every.keys()
        if next(left) > 0 and is_right and _is_filled(self, every, given | named):
            if hasattr(cls, "__post_init__"):
                self.__post_init__()
            return
        cls.__init__ = _compiled_init(cls)
        cls.__init__(self, *values, **named)

    return first_init


def _is_filled(record: object, every: Mapping[str, tuple[Any, Any]], given: Mapping[str, Any]) -> bool:
    """Set each field to what is given, or to its default; say whether none lacked a value."""
    for name, (default, make) in every.items():
        value = given[name] if name in given else default if make is MISSING else make()
        if value is MISSING:
            return False
        object.__setattr__(record, name, value)
    return True


def _compiled_init(cls: type[Any]) -> Any:
    """Return the ``__init__`` that Python writes for a frozen dataclass, without the class that Python makes for it.

    Each field may be given by place; none of this package has ``kw_only`` or ``init=False``.
    """
    known: dict[str, Any] = {"_set": object.__setattr__, "_made": MISSING}
    arguments, lines = ["self"], [] if hasattr(cls, "__post_init__") else ["pass"]
    for each in fields(cls):
        name, default, value = each.name, f"_{each.name}_default", each.name
        if each.default is not MISSING:
            known[default] = each.default
            arguments.append(f"{name}={default}")
        elif each.default_factory is not MISSING:
            known[default] = each.default_factory
            arguments.append(f"{name}=_made")
            value = f"{default}() if {name} is _made else {name}"
        else:
            arguments.append(name)
        lines.append(f"_set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(arguments)}):\n " + "\n ".join(lines), known)  # noqa: S102  # as `dataclasses` does
    made = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"  # stands in messages about wrong arguments
    return made


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _is_equal(self: Any, other: Any) -> Any:
    if self is other:
        return True
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self.__compared_values__(self) == self.__compared_values__(other)


def _hash(self: Any) -> int:
    return hash(self.__compared_values__(self))


def _written(self: Any) -> str:
    values = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({', '.join(values)})"


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _declare
