"""The options of our directives, read so that none is lost and no marking is overlooked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from docutils.parsers.rst import directives

from sphinx_postmortem.core.directive_names import MARKING_OPTIONS
from sphinx_postmortem.core.directives import COMMON, DIRECTIVE_OPTIONS, meant_marking
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.option_head import read_head
from sphinx_postmortem.sphinx_ext.directives.option_table import OptionSpec, text_option

_OPTION_LINE = expression(r"\s*:(?P<name>[^\s:][^:]*):(?P<value>\s.*|)$")
_TWICE = "\0given twice"


def option_spec(directive: str = "") -> OptionSpec:
    """Return the option table of one of our directives, with the options that all have."""
    spec = OptionSpec(dict.fromkeys((*DIRECTIVE_OPTIONS.get(directive, ()), *COMMON), text_option))
    spec["name"] = directives.unchanged
    spec["class"] = directives.class_option
    return spec


def read_options(options: Mapping[str, Any], block_text: str, *, in_markdown: bool) -> dict[str, Any]:
    """Return a directive's options as the author wrote them.

    MyST drops all options when one cannot be read, and cuts a value at `` #``. Lines of the form ``:name: value``
    are therefore read here once more, and what MyST has lost is put back.
    """
    complete = dict(options)
    if not in_markdown:
        return complete
    head = read_head(block_text.split("\n")[1:])
    names = [option.name for option in head.options]
    for option in head.given() if not head.is_yaml else ():
        name = option.name
        if name in complete and name in MARKING_OPTIONS and str(complete[name]).strip() != option.value:
            complete[name] = _TWICE
        elif name not in complete or option.keeps_comment:
            complete[name] = option.taken
    return complete | {name: _TWICE for name in MARKING_OPTIONS if head.is_yaml and names.count(name) > 1}


def line_of_option(block_text: str, name: str) -> int:
    """Return how many lines below the line that opens a directive an option stands; 0 where it is not found."""
    return _lines_of_options(block_text).get(name, 0)


@lru_cache(maxsize=1)  # a directive asks for one option after the other
def _lines_of_options(block_text: str) -> dict[str, int]:
    content = block_text.split("\n")[1:]
    lines: dict[str, int] = {}
    for option in read_head(content).options:
        lines.setdefault(option.name, option.index + 1)
    for index, line in enumerate(content, start=1):  # in reStructuredText they may stand below a long argument
        if match := _OPTION_LINE.match(line):
            lines.setdefault(match["name"].strip(), index)
    return lines


def without_comment(value: str) -> str:
    """Return a one-word option's value without a trailing ``# comment``."""
    return re.sub(r"(^|\s)#.*$", "", value).strip()


def marking_fault(options: Mapping[str, Any], known: Sequence[str], content: Iterable[str]) -> str:
    """Say what is wrong with a directive's audience marking; empty when it is sound."""
    for name, value in options.items():
        if name == "audience" and not str(value).strip():
            return "`:audience:` has no value"
        if value == _TWICE:
            return f"`:{name}:` is given twice"
        if meant := meant_marking(name, known):
            return f"`:{name}:` is no option; did you mean `:{meant}:`?"
    first = next((line for line in content if line.strip()), "")
    match = _OPTION_LINE.match(first)
    if match and difflib.get_close_matches(match["name"].casefold().strip(), MARKING_OPTIONS, n=1, cutoff=0.8):
        return f"`:{match['name']}:` must stand right after the line that opens the directive"
    return ""
