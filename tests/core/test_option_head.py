"""The head of a directive is read as MyST-Parser reads it."""

from __future__ import annotations

from docutils.parsers.rst import Directive
from hypothesis import given, settings
from hypothesis import strategies as some
from myst_parser.parsers.directives import parse_directive_text

from sphinx_postmortem.core.option_head import read_head
from sphinx_postmortem.sphinx_ext.directives.option_table import OptionSpec, text_option

ALPHABET = ["a", "b: c", "tlp", "audience", ":", ": ", " ", "  ", "\n", "\n\n", "\n  ", "#", " # note", "---", "- "]
ALPHABET += ['"', "'", "''", '\\"', "\\n", "\\x41", "\\q", "\\\n", "|", ">", "|-\n ", ">2\n   ", "é", "[x]", "\t"]


class Any(Directive):
    """Takes every option as it is written."""

    has_content = True
    option_spec = OptionSpec(name=text_option)


def of_myst(lines: list[str]) -> tuple[dict[str, str], list[str], bool]:
    """Return the options and the body as MyST reads them, and whether it could read the options."""
    result = parse_directive_text(Any, "", "\n".join(lines))
    unread = any("Invalid options format" in warning.msg for warning in result.warnings)
    return {k: v or "" for k, v in result.options.items()}, without_blanks(result.body), not unread


def of_ours(lines: list[str]) -> tuple[dict[str, str], list[str], bool]:
    head = read_head(lines)
    options = {each.name: each.value.strip() for each in head.options} if head.is_readable else {}
    rest = [head.rest, *lines[head.end + 1 :]] if head.rest else lines[head.end :]
    return options, without_blanks(rest), head.is_readable


def without_blanks(lines: list[str]) -> list[str]:
    """MyST drops an empty line at the start of a body, and may lose one at the end."""
    return "\n".join(lines).strip().split("\n")


texts = some.lists(some.sampled_from(ALPHABET), max_size=8).map("".join)
values = texts | some.sampled_from(
    ['"a b"', "'it''s'", "|\n  one\n\n  two\n   three", ">\n  one\n  two\n\n  three", '"a\n  b"']
)
pairs = some.tuples(some.sampled_from(["tlp", "audience", '"status"', "a b", "'x'"]), values)
yaml_heads = some.lists(pairs.map(": ".join) | texts, max_size=4).map(
    lambda parts: ["---", *"\n".join(parts).split("\n")]
)
closings = some.sampled_from([[], ["---"], ["----", "Text."], ["--- Text.", "more"], ["---", "", ":a: b"]])
colon_heads = some.lists(
    some.tuples(some.sampled_from(["tlp", "audience"]), texts).map(lambda p: f":{p[0]}: {p[1]}"), max_size=4
)


@settings(max_examples=300)
@given(
    some.tuples(yaml_heads, closings).map(lambda parts: parts[0] + parts[1])
    | colon_heads.map("\n".join).map(str.splitlines)
)
def test_a_head_is_read_as_myst_reads_it(lines):
    assert of_ours(lines) == of_myst(lines)
