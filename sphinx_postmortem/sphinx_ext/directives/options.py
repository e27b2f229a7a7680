"""The options of our directives, read so that none is lost and no marking is overlooked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from docutils.parsers.rst import directives

from sphinx_postmortem.core.audience.extents import YAML_RULE
from sphinx_postmortem.core.directives import COMMON, DIRECTIVE_OPTIONS, MARKING_OPTIONS, meant_marking
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.sphinx_ext.directives.option_table import OptionSpec, text_option

_OPTION_LINE = expression(r"\s*:(?P<name>[^\s:][^:]*):(?P<value>\s.*|)$")
_YAML_LINE = expression(r"\s*[\"']?(?P<name>[\w-]+)[\"']?\s*:(?:\s|$)")
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
    for name, value in _option_lines(block_text):
        if name in complete and name in MARKING_OPTIONS and str(complete[name]).strip() != value:
            bare = re.sub(r"(^|\s+)#.*$", "", value).strip("\"' ")
            if bare != complete[name]:
                complete[name] = _TWICE
        elif name not in complete or (" #" in value and not value.startswith(("'", '"', "|", ">"))):
            complete[name] = value
    names = list(_yaml_names(block_text))
    return complete | {name: _TWICE for name in MARKING_OPTIONS if names.count(name) > 1}


def _yaml_names(block_text: str) -> Iterable[str]:
    """Yield the names of options between two rules, which YAML reads: of two it takes the last one."""
    lines = block_text.split("\n")[1:]
    if lines and YAML_RULE.match(lines[0]):
        for line in lines[1:]:
            if YAML_RULE.match(line):
                break
            if match := _YAML_LINE.match(line):
                yield match["name"]


def _option_lines(block_text: str) -> Iterable[tuple[str, str]]:
    """Yield the ``:name: value`` lines that stand right after the directive's opening line."""
    lines = block_text.split("\n")
    start = 1 if lines and re.match(r"\s*(:{3,}|`{3,}|~{3,})", lines[0]) else 0
    for line in lines[start:]:
        match = _OPTION_LINE.match(line)
        if not match or line.lstrip().startswith(":::"):
            break
        yield match["name"].strip(), match["value"].strip()


def line_of_option(block_text: str, name: str) -> int:
    """Return how many lines below the line that opens a directive an option stands; 0 where it is not found."""
    for index, line in enumerate(block_text.split("\n")):
        match = _OPTION_LINE.match(line) or _YAML_LINE.match(line)
        if match and match["name"].strip() == name:
            return index
    return 0


def without_comment(value: str) -> str:
    """Return a one-word option's value without a trailing ``# comment``."""
    return re.sub(r"(^|\s+)#.*$", "", value).strip()


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
