"""Definitions that only hidden content refers to: footnotes, citations, substitutions, link targets and labels.

Such a definition stands in the visible text and says what was hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

from sphinx_postmortem.core.audience.mentions import plain
from sphinx_postmortem.core.expressions import expression

_BEFORE = r"^[\s>|*+-]*(?:\d+[.)]\s+)?"  # indents, and the marks of lists, quotes and tables
_DEFINITIONS = (
    (expression(rf"{_BEFORE}\[(?P<name>\^[^\]\s]+)\]:"), "footnote"),
    (expression(rf"{_BEFORE}\.\.\s+\[(?P<name>[^\]]+)\]\s"), "footnote or citation"),
    (expression(rf"{_BEFORE}\.\.\s+\|(?P<name>[^|]+)\|\s"), "substitution"),
    (expression(rf"{_BEFORE}\.\.\s+_(?P<name>[^:_`][^:]*):\s+\S"), "link"),
    (expression(rf"{_BEFORE}\*\[(?P<name>[^\]]+)\]:"), "abbreviation"),
)
_REFERENCE = expression(
    r"\[(?P<bracket>\^?[^\[\]\n]+)\]|\|(?P<bar>[^|\n]+)\|_?|`(?P<quoted>[^`\n]+)`__?|(?<![\w`.+-])(?P<word>[\w.+-]+)_(?![\w`])"
)
_ANONYMOUS = expression(r"(?:`|\b[A-Za-z0-9]+)__(?!\w)")
_ANONYMOUS_TARGET = expression(rf"{_BEFORE}(?:__|\.\. __:)\s+\S")
_MARKUP = expression(r"<[^<>]*>|\]\([^()]*\)|\{[\w:.+-]+\}(?=`)|(?<![\w:])(?::[\w.+-]+)++:(?=`)")
_WORD = expression(r"[^\W_]+")
_LABEL = expression(r"^[\s>|*+-]*(?:\([^()\s]+\)=|\.\.\s+_[^:]+:|\{[#.\w][^{}]*\})[\s|]*$")
# What a formatter that knows no footnotes makes of `[^1]: :::{root-cause}`; it moves the text to another place.
_DIRECTIVE_AS_ADDRESS = expression(rf"{_BEFORE}\[[^\]]*\]:\s*<?(?:(?:%60|%7[eE]|[`~:]){{3,}})(?:%20)*%7[bB]")


def find_only_hidden(visible: Iterable[tuple[int, str]], hidden: str, shown: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the message of each definition in the visible text to which hidden text alone refers.

    Also of each that was the first line of a directive: where its text stands is not known.

    Args:
        visible: the lines that the edition may show, with their 1-based numbers, without the gated tables.
        hidden: the text that the edition does not see.
        shown: what it sees of the gated tables.
    """
    visible = list(visible)
    yield from _directives_as_addresses(visible)
    if not hidden.strip():
        return
    yield from _anonymous_targets(visible, hidden)
    defined: dict[str, tuple[int, str]] = {}
    rest: list[str] = [shown]
    for number, line in visible:
        may_define = "]:" in line or ".." in line
        found = next(_definitions(line), None) if may_define else None
        if found is None:
            rest.append(line)
            continue
        name, kind = found
        defined.setdefault(_key(name), (number, kind))
        rest.append(line.split(name, 1)[1].lstrip("]:| "))
    only = _references(hidden) & defined.keys() if defined else set[str]()
    only -= _references("\n".join(rest)) if only else set()
    for key in sorted(only):
        number, kind = defined[key]
        message = (
            f"only hidden content refers to this {kind}, so it would tell of it; move it into the hidden block, or"
        )
        yield number, f"{message} put it into an `internal-only` block of its own"


def _definitions(line: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the kind of what a line may define."""
    return ((match["name"], kind) for pattern, kind in _DEFINITIONS if (match := pattern.match(line)))


def find_labels_above(lines: Sequence[str], hidden: Set[int]) -> Iterator[tuple[int, str]]:
    """Yield the line and the message of each label that stands right above a hidden block, and names it.

    In the edition it names what follows, and its words are in the page, the search and the inventory.

    Args:
        lines: the text.
        hidden: the 1-based numbers of the lines that the edition does not see.
    """
    for first in hidden:
        index = first - 2
        while first - 1 not in hidden and index >= 0 and (not lines[index].strip() or _LABEL.match(lines[index])):
            if lines[index].strip():
                yield index + 1, "this label names a block that is hidden; move it into the block"
            index -= 1


def find_shown_anyway(hidden: Iterable[str], sources: str, shown: str, *, least: int = 12) -> str:
    """Return a line of hidden text that a page shows all the same; empty where there is none.

    Another extension may have read it from the file, past the gate. A line counts that is long enough to be no
    coincidence, and whose words stand nowhere else in what the page is made of, whatever markup stands between them.

    Args:
        hidden: the hidden texts of the page, as they are written, each as often as it stands in the sources.
        sources: all that the page is made of: its texts as they are written, hidden ones too, and what it draws in.
        shown: the text of the parsed page.
        least: letters from which a line does not stand in a page by chance.
    """
    blocks = "\n".join(hidden)
    lines = (line.strip(" \t>|") for line in dict.fromkeys(blocks.split("\n")))
    found = [line for line in lines if len(line) >= least and " " in line and line in shown]
    in_sources, in_blocks = (_words(sources), _words(blocks)) if found else ("", "")
    return next((line for line in found if in_sources.count(_words(line)) <= in_blocks.count(_words(line))), "")


def _words(text: str) -> str:
    """Return the words of a text, each between blanks, without markup, the targets of links and the ends of lines."""
    seen = _MARKUP.sub(" ", "\n".join(map(plain, text.split("\n"))))
    return "".join(f" {word} " for word in _WORD.findall(seen))


def _directives_as_addresses(visible: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for number, line in visible:
        if "]:" in line and _DIRECTIVE_AS_ADDRESS.match(line):
            message = (
                "a formatter has taken a directive in this footnote for an address, and its text may stand elsewhere"
            )
            yield number, f"{message} on the page; write the directive anew"


def _anonymous_targets(visible: Iterable[tuple[int, str]], hidden: str) -> Iterator[tuple[int, str]]:
    """Yield the first anonymous target if hidden text refers to more of them than it defines."""
    if "__" not in hidden:
        return
    lines = hidden.split("\n")
    defined = sum(1 for line in lines if _ANONYMOUS_TARGET.match(line))
    if sum(len(_ANONYMOUS.findall(line)) for line in lines if not _ANONYMOUS_TARGET.match(line)) > defined:
        for number, line in visible:
            if _ANONYMOUS_TARGET.match(line):
                yield number, "hidden content refers to targets without a name, of which this may be one; name them"
                return


def _references(text: str) -> set[str]:
    return {_key(next(filter(None, match.groups()))) for match in _REFERENCE.finditer(text)}


def _key(name: str) -> str:
    return " ".join(plain(name).strip("#*").split())
