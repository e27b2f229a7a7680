"""No regular expression of the package hangs on a near-match: each is found by itself, and tried as the code uses it."""

from __future__ import annotations

import ast
import importlib
import itertools
import math
import pickle
import pkgutil
import re
import signal
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import sphinx_postmortem
from sphinx_postmortem.core.expressions import compiled, expression

LENGTH = 20_000
BUDGET = 0.2  # seconds of CPU: what is linear needs some milliseconds; what needs more is looked at for its growth
PATIENCE = 2.0  # seconds on the wall, after which an expression is stopped: none that ends takes a tenth of them
MEASURABLE = 0.05  # seconds of CPU: the growth is looked at where a text takes so long, which may be a short one
# How many times as long a text of four times the length takes: four when that is linear, sixteen when it is quadratic.
GROWTH = 8
SCREENS = (
    1_000,
    2_000,
    4_000,
)  # characters: what is as quick with one of these as only a linear expression hangs on none
QUADRATIC = [r"a+b", r"\s+$", r" *(?:=|,) *", r"(?:\w+ )*x", r"<!--.*?-->", r"[a:]*:b"]
BUDGET_OF_BOUNDED = 1.0  # what may be quadratic, since its texts are short
ANCHORED = {"match", "fullmatch"}
METHODS = {*ANCHORED, "search", "sub", "subn", "split", "findall", "finditer", "compile"}
BOUNDED = {  # what the code cuts its texts to, or refuses beyond
    "core.records.time_reading.": 300,
    "core.records.time_ranges.": 300,
    "core.records.stated_precision.": 300,
    "core.audience.mentions._ADDRESS.": 300,
    "core.audience.path_patterns._WILD.": 1_000,  # patterns of conf.py
    "core.checks.causes._STATES.": 2_000,
    "core.imports.clear_timelines._LABEL.": 100,
}
SHORT_TEXTS = {"core.names.public_names._SENTENCE_START.0"}  # is tried on 40 characters before a name
UNITS = (
    *(" ", "\t", "\n", "a", "1", "-", "*", "_", "`", "[", "(", "{", "<", ":", ".", "#", "\\", '"', "'", "=", "|", ">", "/", ","),
    *("a ", " a", "a-", "a.", "a@", "a=", "1 ", "1:", ": ", "- ", " -", "> ", "[a", "](", "{a", "<a ", "<b", "&#1", "\n\n", " \n"),
    *(":::", "```", '<a b="', "http://", "<!--", "<style>", "stream\n", "%%EOF", ":a:", "2026-", "00:", "é", "\u200b", "<p>x"),
)  # fmt: skip


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(sphinx_postmortem.__path__, "sphinx_postmortem."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def patterns_in(value: object) -> Iterator[re.Pattern]:
    """Yield the compiled expressions in a module's value, within tuples, lists and dicts too."""
    if (pattern := compiled(value)) is not None:
        yield pattern
    elif isinstance(value, dict):
        yield from (pattern for item in value.values() for pattern in patterns_in(item))
    elif isinstance(value, tuple | list):
        yield from (pattern for item in value for pattern in patterns_in(item))


def own_expressions(module: ModuleType) -> dict[str, set[str]]:
    """Return the names of a module's own expressions, with the methods that it calls of each: ``_LINK``: ``finditer``."""
    held = [name for name, value in vars(module).items() if any(True for _ in patterns_in(value))]
    text = Path(str(module.__file__)).read_text(encoding="utf-8") if held else ""
    own = [name for name in held if re.search(rf"^{name}\b *[:=]", text, re.MULTILINE)]  # others are imported
    return {name: set(re.findall(rf"\b{name}\.(\w+)", text)) for name in own}


@cache  # they are looked for when a test asks, not when tests are collected
def expressions() -> dict[str, tuple[re.Pattern, bool]]:
    """Return all expressions of the package, and whether each is only ever matched from the start of a text."""
    found: dict[str, tuple[re.Pattern, bool]] = {}
    seen: set[tuple[re.Pattern, bool]] = set()
    for module in modules():
        for name, methods in own_expressions(module).items():
            for index, pattern in enumerate(patterns_in(vars(module)[name])):
                label = f"{module.__name__.partition('.')[2]}.{name}.{index}"
                alone = compiled(vars(module)[name]) is not None  # one in a table may be used in any way
                tried = (pattern, alone and methods <= ANCHORED)
                if tried not in seen:  # the same expression in two modules is tried once
                    found[label] = tried
                seen.add(tried)
    return found


@cache
def expressions_in_functions() -> dict[str, tuple[re.Pattern, bool]]:
    """Return the expressions that calls such as ``re.sub(r"...", ...)`` hold, by file and line; each once."""
    found: dict[tuple[str | bytes, int, bool], str] = {}
    root = Path(sphinx_postmortem.__file__).parent
    for path in sorted(root.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not call.args or not isinstance(call.args[0], ast.Constant):
                continue
            module, _, method = ast.unparse(call.func).partition(".")
            if module == "re" and method in METHODS:
                flags = re.findall(r"re\.([A-Z]+)", " ".join(map(ast.unparse, (*call.args[1:], *call.keywords))))
                key = call.args[0].value, sum(getattr(re, flag) for flag in flags), method in ANCHORED
                found.setdefault(key, f"{path.relative_to(root).as_posix()}:{call.lineno}")
    return {name: (re.compile(pattern, flags), anchored) for (pattern, flags, anchored), name in found.items()}


def heads(pattern: re.Pattern) -> Iterable[str]:
    """Return beginnings with which a text comes near: none, a letter, and the literal with which the pattern begins."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    literal = re.match(r"(?:\\[^\w]|[\w:<`\-])*", source)
    return dict.fromkeys(["", "a", re.sub(r"\\(.)", r"\1", literal[0]) if literal else ""])


def text_of(head: str, unit: str, length: int, pattern: re.Pattern) -> str | bytes:
    text = head + unit * (length // len(unit)) + "\x00!"
    return text if isinstance(pattern.pattern, str) else text.encode()


def stop(_signal, _frame):
    raise TimeoutError


def seconds(pattern: re.Pattern, anchored: bool, text: str | bytes, budget: float) -> float:
    """Return how long an expression takes on a text: seconds of CPU; twice the budget where it was stopped."""
    signal.setitimer(signal.ITIMER_VIRTUAL, budget)
    start = time.process_time()
    try:
        if anchored:
            pattern.match(text)
            pattern.fullmatch(text)
        else:
            pattern.search(text)
    except TimeoutError:
        return 2 * budget
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)  # what comes next has no limit, or its own
    return time.process_time() - start


def taken(pattern: re.Pattern, anchored: bool, text: str | bytes) -> float:
    """Return the seconds of CPU that an expression takes; infinitely many where it had to be stopped.

    The timer is one of the wall: while one of CPU runs, clocks are coarse.
    """
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        start = time.thread_time()
        pattern.match(text) if anchored else pattern.search(text)
        return time.thread_time() - start
    except TimeoutError:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@cache
def limits() -> dict[int, float]:
    """Return by length the seconds that this machine needs for the quickest quadratic expression; a third of them."""

    def slowest(pattern: re.Pattern, length: int) -> float:
        texts = [text_of(head, unit, length, pattern) for head, unit in itertools.product(heads(pattern), UNITS)]
        return max(min(taken(pattern, False, text) for _ in range(3)) for text in texts)

    quadratic = [re.compile(each, re.DOTALL) for each in QUADRATIC]
    quickest = min(slowest(pattern, SCREENS[0]) for pattern in quadratic)
    return {length: quickest / 3 * (length / SCREENS[0]) ** 2 for length in SCREENS}


def is_quick(pattern: re.Pattern, anchored: bool, head: str, unit: str) -> bool:
    """Say whether an expression is done with a short text at once. One that had to be stopped is asked no more."""
    for length, limit in limits().items():
        needed = taken(pattern, anchored, text_of(head, unit, length, pattern))
        if needed < limit or needed == math.inf:
            return needed < limit
    return False


def grows(pattern: re.Pattern, anchored: bool, head: str, unit: str, longest: int) -> bool:
    """Say whether an expression takes more than linear time, at the first length that takes a measurable one.

    The quickest of three runs counts, since a machine may be slow for a while.
    """

    def run(length: int) -> float:
        return taken(pattern, anchored, text_of(head, unit, length, pattern))

    length = SCREENS[0]
    while (needed := run(length)) < MEASURABLE and length < longest:
        length = min(2 * length, longest)
    if needed == math.inf:
        return True
    runs = [(run(length // 4), run(length)) for _ in range(3)]
    quarter, whole = map(min, zip(*runs, strict=True))
    return whole > GROWTH * quarter


def hangs_on(pattern: re.Pattern, anchored: bool, length: int = LENGTH, budget: float = BUDGET) -> str:
    """Return the beginning of the first text on which an expression hangs; empty when there is none."""
    before = {number: signal.signal(number, stop) for number in (signal.SIGVTALRM, signal.SIGALRM)}
    try:
        for head, unit in itertools.product(heads(pattern), UNITS):
            if length > max(SCREENS) and is_quick(pattern, anchored, head, unit):
                continue
            text = text_of(head, unit, length, pattern)
            if seconds(pattern, anchored, text, budget) > budget and grows(pattern, anchored, head, unit, length):
                return repr(text[:12])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return ""


def test_the_expressions_are_found():
    assert len(expressions()) > 150
    assert not expressions()["core.audit.markdown_source._LINK.0"][1]
    assert expressions()["core.audit.markdown_source._FENCE.0"][1]


def test_expressions_are_compiled_when_they_are_used():
    word = expression(r"[a-z]+", re.IGNORECASE)
    assert "search" not in vars(word)
    assert [word.search("1 Walrus")[0], word.sub("-", "a1b"), word.pattern] == ["Walrus", "-1-", "[a-z]+"]
    assert "search" in vars(word)
    assert compiled(word) == pickle.loads(pickle.dumps(word)) == re.compile("[a-z]+", re.IGNORECASE)


@pytest.mark.parametrize("quadratic", QUADRATIC)
def test_an_expression_that_hangs_is_seen(quadratic):
    assert hangs_on(re.compile(quadratic, re.DOTALL), anchored=False, length=3 * LENGTH)  # the quickest of them, too


@pytest.mark.parametrize("exponential", [r"(a+)+b", r"(?:a|aa)+$", r"(?:\s*,?\s*)*;"])
def test_an_expression_that_would_never_end_is_stopped_and_seen(exponential, monkeypatch):
    monkeypatch.setitem(globals(), "PATIENCE", 0.2)
    assert hangs_on(re.compile(exponential), anchored=False)
    assert hangs_on(re.compile(exponential), anchored=False, length=300)  # one that the code gives short texts


def test_no_expression_hangs_on_a_near_match():
    hanging = {}
    for name in sorted(expressions().keys() - SHORT_TEXTS):
        bounded = [length for prefix, length in BOUNDED.items() if name.startswith(prefix)]
        limits = (bounded[0], BUDGET_OF_BOUNDED) if bounded else (LENGTH, BUDGET)
        if text := hangs_on(*expressions()[name], *limits):
            hanging[name] = text
    assert hanging == {}


def test_the_expressions_in_functions_are_found():
    assert len(expressions_in_functions()) > 120
    assert {anchored for _, anchored in expressions_in_functions().values()} == {True, False}


def test_no_expression_in_a_function_hangs_on_a_near_match():
    """In one test, since their names hold lines, which move."""
    hanging = {name: text for name, tried in expressions_in_functions().items() if (text := hangs_on(*tried))}
    assert hanging == {}
