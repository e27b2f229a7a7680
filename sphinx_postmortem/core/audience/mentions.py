"""Words in a source that look like a marking, wherever they stand: the first of the two views of a page.

The search knows nothing of containers, indents and code. A line is normalised first (compatibility forms, invisible
characters, look-alike letters, entities, escapes, quotes and emphasis), so that what a reader takes for a marking
counts as one, whatever a parser makes of it. What the parsers did is the other view (``accounting``).
"""

from __future__ import annotations

import difflib
import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from itertools import accumulate
from urllib.parse import unquote

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

# Characters at which some parsers and Python's `str.splitlines` end a line, and editors do not.
ODD_BREAKS = "\v\f\x1c\x1d\x1e\x85\u2028\u2029"
MARKING_DIRECTIVES = ("audience", "internal-only")
FOR_FIRST_EDITION = ("review-record",)
"""Directives whose body is for the first edition alone, unless their option ``:audience:`` names another."""

_LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0501\u04cf\u0458\u04bb\u0501\u0578\u057d\u0570"
    "\u03b1\u03b5\u03b9\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u0131\u0261\u0251\u026a\u0274\u029f\u1d07\u1d00\u0280",
    "aeopcyxisdljhdnuh" + "aeivoptuxigainlear",
)
_NOT_SEEN = frozenset(["Cf", "Cn", "Co", "Cs", "Mn", "Me"])  # categories of Unicode: no letter, sign or space
_INVISIBLE = frozenset("\ufffc\ufffd\u115f\u1160\u3164\u2800\u17b4\u17b5")
_DASHES = frozenset("\u2212\u2043\u02d7\u00b7\u2022\u30fb\u30fc")  # no dashes by their category, but drawn as one
_BORDERS = str.maketrans("\u2502\u2503\u2551\u00a6", "||||")
_QUOTES = str.maketrans(dict.fromkeys("*\"'\u201c\u201d\u2018\u2019\u00ab\u00bb\u201e\u201a"))
_YAML_ESCAPE = expression(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8}))")
_NO_MARKING = expression(r"(?:<!--|\.\.|%|#)\s*postmortem:\s*no-marking\b", re.IGNORECASE)

_JOIN = r"[ \t_.-]{0,3}"
_FENCE = r"(?:(?<!:):{3,}+|(?<!`)`{3,}+|(?<!~)~{3,}+)"  # a whole run: a search in its midst begins no second one
_STRUCTURE = expression(
    r"^[\s>|*+-]*(?:\d+[.)]\s+|\(?[#\w][.)]\s+)?"
    r"(?::{2,}|:\s*[\w-]|`{3}|~{3}|\.\.|\{|<[a-z!]|!{3}|\?{3}|\[!)"
)
_ADDRESS = expression(r"(?:[/#]|\]\([^)\s]*|\.\. _|\w[/.][\w/.-]*)$")
_AFTER_ADDRESS = expression(r"\)=|/\w|\.(?:md|rst|html?|txt|csv|pdf|png|svg)\b|-\w|\w")
_CODE_BEFORE = expression(r"(?:^|[\s(\w,}\[]|(?<![\w:]):[\w:-]+:)`{1,2}$")
_WORD_BEFORE = expression(r"[\w),;.!?\]`]\s+$")
_PROSE_AFTER = expression(r"\s*$|\s+[\w(\[`]|[.,;!?)]|\s+[-\u2013\u2014]\s")
_AUDIENCE = expression(
    rf"(?:(?<!\{{)\{{++[\s.#]*+|{_FENCE}\s*+\{{*+\s*+\.?|<\s*+/?)(?:postmortem\s*:\s*)?audiences?\b"
    r"|(?:\.\.|^\s*+\.)\s*+(?:postmortem\s*:\s*)?audiences?\s*:"
    r"|(?<![\w:]):(?:postmortem:)?audiences?:`"
)
_KEY = expression(r"(?<![a-z0-9`])audiences?\s*[:=]+(?P<value>.*)$")
_BLOCK_SCALAR = expression(
    r"(?<!\s)\s*+(?:[|>][-+\d]*|&\S+)(?=\s*+(?:#|$))"
)  # of YAML: the value stands on the next line
_KEY_ALONE = expression(r"\W*audiences?\W*$")
_TAG_LINE = expression(r"\s*<[^<>]*>\s*$")
_IN_ADDRESS = expression(r"%[0-9A-Fa-f]{2}")
_CONTROL = expression(r"[\x00-\x08\x0e-\x1b\x1f\x7f]")  # neither seen nor an end of a line
OPENED = expression(
    rf"\{{(?P<inner>[^{{}}]{{3,40}})\}}|(?P<before>{_FENCE}(?:\s*+\{{(?![^{{}}]*\}})|[\s.#]*+)|\.\.[ \t]*+)"
    r"(?:postmortem\s*:\s*)?(?P<name>\w[\w-]*(?: ?only\b)?)(?P<after>[^\w-]?)"
)
"""What opens a directive, a container or a role, and the name there: letters may be missing in it or change places."""
OPENINGS = ("{", "..", ":::", "```", "~~~")  # one of them stands in each text that the above finds
_CONDITION = expression(r"(?:\{\s*(?:only|ifconfig)\s*\}|\.\.\s*(?:only|ifconfig)\s*::)(?P<condition>.*)$")
_NEAR = 0.8  # of difflib's ratio, from which one name is a slip of the pen for another
_CELLS = expression(r"\||</?t[dh]\b[^<>]*>|(?<=\S)[ \t]{2,}(?=\S)|^\s*(?:[-*+]\s+)+")
_DECORATION = expression(r"<[^<>]*>|\[\^?[\w#]*\]_?|\]\([^()]*\)|\[")  # tags, references to footnotes, and links
_CSV_CELLS = expression(rf"{_CELLS.pattern}|[,;\t]")
_CELL_WORDS = frozenset(
    ["only", "and", "or", "&", "the", "all", "for", "from", "here", "on", "below", "part", "begin", "start", "end"]
)


@dataclass(frozen=True)
class Mention:
    """One place: its 1-based line, the kind, the words, and the audiences that it names.

    ``kind`` is ``block`` (the name of a marking directive), ``key`` (``audience`` with a value), ``columns``
    (``internal-columns``), ``name`` (an audience where a marking would stand), ``condition`` (of `only` and the like)
    or ``cell`` (an audience alone in a cell).
    ``audiences`` is empty where the mention names none.
    """

    line: int
    kind: str
    words: str
    audiences: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def plain(line: str) -> str:
    """Return a line as a reader sees it: what cannot be seen is gone, what looks alike is alike, case is folded."""
    if line.isascii() and line.isprintable() and not ("&" in line or "%" in line or "\\" in line):
        return line.lower().replace("*", "").replace('"', "").replace("'", "")  # most lines: nothing else to undo
    text = html.unescape(line) if "&" in line else line
    if _IN_ADDRESS.search(text):  # a formatter has taken the marking for the target of a link
        text = unquote(text)
    if "\\" in text:
        text = _YAML_ESCAPE.sub(lambda match: chr(int(match[1] or match[2] or match[3], 16) % 0x110000), text)
        text = text.replace("\\", "")
    text = _CONTROL.sub("", text)
    if not text.isascii():
        text = text.replace("\u1680", " ")
        text = "".join(
            "-" if char in _DASHES or unicodedata.category(char) == "Pd" else char
            for char in unicodedata.normalize("NFKD", text)
            if char not in _INVISIBLE and unicodedata.category(char) not in _NOT_SEEN
        )
        text = text.translate(_BORDERS)
    return text.casefold().translate(_QUOTES).translate(_LOOK_ALIKES)


class MentionSearch:
    """A search for the words that mark, for the audiences of one site."""

    def __init__(self, audiences: Sequence[str]) -> None:
        """Prepare the patterns.

        Args:
            audiences: the names of the site's audiences, most privileged first; the last one marks nothing.
        """
        self.audiences = tuple(audiences)
        self.marking = self.audiences[:-1] or self.audiences
        # Authors know `internal` from `internal-only`, which every site has; elsewhere it is an unknown audience.
        unknown = () if "internal" in self.audiences else ("internal",)
        names = "|".join(map(_loose, (*self.marking, *unknown)))
        # The longest first: `staff-legal` is none of `staff`.
        by_length = sorted(range(len(self.audiences)), key=lambda index: -len(self.audiences[index]))
        each = "|".join(f"(?P<n{index}>{_loose(self.audiences[index])})" for index in by_length)
        self._named = re.compile(rf"(?<![a-z0-9])(?:{each})(?![a-z0-9])")
        self._firsts = tuple(re.split(r"[-_]", plain(name))[0] for name in self.marking)
        # Most lines hold none of these; only those that do are looked at closely.
        self._signs = tuple(dict.fromkeys((*self._firsts, "internal", "audience")))
        only = rf"(?:(?:internal|{names}){_JOIN}only|only[_.-](?:internal|{names}))"
        self._block = re.compile(rf"(?<![a-z0-9])(?:postmortem\s*:\s*)?{only}(?![a-z0-9])")
        self._marking_names = (
            *MARKING_DIRECTIVES,
            *FOR_FIRST_EDITION,
            *(form.format(plain(name)) for name in self.marking for form in ("{}-only", "audience-{}")),
        )
        self._columns = re.compile(rf"(?<![a-z0-9])(?:internal{_JOIN}columns?|columns?[-_]internal)(?![a-z0-9])")
        name = rf"(?P<name>{names})"
        self._names = tuple(
            re.compile(pattern)
            for pattern in (
                rf"{_FENCE}[\s.#{{]*{name}(?![\w.-])",
                rf"\{{[\s.#]*{name}\s*[}}\s=:]",
                rf"[{{<][^<>{{}}]*[\s=.]{name}(?=[\s}}>])[^<>{{}}]*[}}>](?!`)",
                rf"<\s*/?{name}\s*/?>(?!`)",
                rf"<!-{{2,}}[\s/#!]*+(?:\w++[\s:]++)?{name}[\s:]*+-{{2,}}>",
                rf"^[\s>]*+(?:!{{3}}|\?{{3}}\+?)\s*+(?:[\w-]++\s++)?{name}(?![\w.-])",  # admonitions of MkDocs
                rf"\[!\s*{name}\]",  # and of Git hosts
                rf"\.\.\s*(?:[\w:-]+\s*::\s*)?{name}\s*(?:::|$)",
                rf"\.\.\s*[\w:-]+\s*::\s*(?:[\w-]+\s+)*{name}[\s|]*$",
                rf"\{{[\w:-]+\}}\s*{name}\s*$",
                rf"(?<![\w:]):{name}:(?!:)",
                rf"=[.#]?{name}(?![\w.-])",
                rf"^[\s>|*+-]*[^\s:=|]+\s*[:=]\s*{name}[\s|]*$",
                rf"(?:{_FENCE}|\.\.|\{{)[\s.#{{]*{name}[-_]\s*$",  # an editor has broken the line within the name
                rf"^\W*audiences?\W+{name}\W*$",
                rf"^\W*(?:audience{_JOIN})?{name}\s*[:=]\s*(?:true|yes|on|1)\b",
                rf"^[\s>|*+:-]*[\w-]+\s*[:=]\s*\[(?:[^\]]*[\s,])?{name}\s*[,\]]",
                rf"^[\s>]*:[^:]+:\s*(?:[\w-]+\s+)*{name}[\s|]*$",
            )
        )
        self._canonical = re.compile(names)

    def has_sign(self, line: str, *, at_start: bool = False) -> bool:
        """Say whether a line may hold a mention, or begins with one: most hold none of the words."""
        text = plain(line)
        return text.startswith(self._signs) if at_start else any(sign in text for sign in self._signs)

    def may_quote(self, line: str) -> bool:
        """Say whether a line of code may quote a marking, or a slip for one."""
        return self.has_sign(line) or _opens(plain(line))

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return what looks like a marking in a text, in the order of its lines."""
        return tuple(self._find(text))

    def _find(self, text: str) -> Iterator[Mention]:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        cells = _CSV_CELLS if "csv-table" in text else _CELLS
        shown = [plain(line) for line in lines]
        for index in _holding(shown, (*OPENINGS, *self._signs)):  # most lines hold none of these
            looked_at = shown[index]
            if _opens(looked_at):
                yield from self._near_names(looked_at, index + 1)
                yield from self._conditions(looked_at, index + 1)
            if not any(sign in looked_at for sign in self._signs):
                continue
            for part in re.split(f"[{ODD_BREAKS}]", looked_at):
                yield from self._in_line(part, index, lines)
                is_cell = index > 0 and _TAG_LINE.match(shown[index - 1])
                for cell in cells.split(part) if cells.search(part) or is_cell else ():
                    if named := self.cell_audiences(cell):
                        yield Mention(index + 1, "cell", _bare(cell), named)

    def _in_line(self, line: str, index: int, lines: Sequence[str]) -> Iterator[Mention]:
        number = index + 1
        for kind, pattern in (("block", self._block), ("columns", self._columns)):
            for match in pattern.finditer(line):
                if _marks(line, match):
                    yield Mention(number, kind, _bare(match[0]), self._block_audiences(match[0]))
        for match in _AUDIENCE.finditer(line):
            yield Mention(number, "block", _bare(match[0]), self.named(line[match.end() :].split("`", maxsplit=1)[0]))
        if (key := _KEY.search(line)) and (named := self._key_audiences(key["value"], index, lines)) is not None:
            code = key["value"].find("`")  # where the key stands in code, that is where the code ends
            end = key.start("value") + code if key["value"][: max(code, 0)].strip() else key.end()
            yield Mention(number, "key", _bare(line[key.start() : end])[:60], named)
        above = plain(lines[index - 1]) if index and line.lstrip().startswith(":") else ""
        if _KEY_ALONE.match(above) and (named := self.cell_audiences(line)):
            yield Mention(number, "key", _bare(line)[:60], named)
        for pattern in self._names:
            if found := pattern.search(line):
                yield Mention(number, "name", _bare(found[0])[:60], self.named(found["name"]))
                break

    def _near_names(self, line: str, number: int) -> Iterator[Mention]:
        """Yield the names of directives and containers that are nearly those that mark."""
        for match in OPENED.finditer(line):
            if (match["before"] or "").startswith("..") and match["after"] != ":":
                continue
            written = match["inner"] or match["name"]
            name = re.sub(r"[^\w-]", "", written.strip().replace("_", "-").replace(" only", "-only"))
            near = "" if self._block.search(written) else _nearest(name, self._marking_names)
            is_found_elsewhere = near == written.strip() and near in MARKING_DIRECTIVES
            if near and not is_found_elsewhere:
                yield Mention(number, "block", _bare(written), self._block_audiences(near))

    def _conditions(self, line: str, number: int) -> Iterator[Mention]:
        """Yield a condition on an audience: Sphinx takes out what it hides when titles and labels are stored."""
        match = _CONDITION.search(line)
        if match and (self.named(match["condition"].replace("_", " ")) or "audience" in match["condition"]):
            yield Mention(number, "condition", _bare(match[0])[:60], self.audiences[:1])

    def _block_audiences(self, words: str) -> tuple[str, ...]:
        """Return the audiences that a name marks for; `internal-only` is for the first, whatever that is called."""
        named = self.named(words)
        return tuple(dict.fromkeys((self.audiences[0], *named))) if not named or "internal" in plain(words) else named

    def named(self, words: str) -> tuple[str, ...]:
        """Return the audiences that a piece of text names, each once."""
        found = {match.lastgroup for match in self._named.finditer(plain(words))}
        return tuple(name for index, name in enumerate(self.audiences) if f"n{index}" in found) if found else ()

    def cell_audiences(self, cell: str) -> tuple[str, ...]:
        """Return the audiences that a table's cell names, if it holds nothing else: ``internal, leadership``."""
        folded = plain(cell)
        if not any(first in folded for first in self._firsts):
            return ()  # most cells
        folded = _DECORATION.sub(" ", folded)
        if not self._canonical.search(folded) or len(folded) > 80:
            return ()
        rest = self._named.sub(" ", folded).replace("_", " ")
        return self.named(folded) if set(re.findall(r"[\w&]+", rest)) <= _CELL_WORDS else ()

    def near_audience(self, cell: str) -> str:
        """Return the audience whose name a cell nearly holds, for cells of a column that is called Audience."""
        return _nearest(re.sub(r"[^\w-]", "", plain(cell)), self.marking)

    def _key_audiences(self, value: str, index: int, lines: Sequence[str]) -> tuple[str, ...] | None:
        """Return what the value of a key ``audience`` names; None where it is another word, as in prose."""
        value = _BLOCK_SCALAR.sub("", value)
        words = re.findall(r"\w[\w-]*", value.lstrip(" `").split("`", maxsplit=1)[0])
        if not words:  # the value may stand on the next line that is not blank
            following = next((line for line in lines[index + 1 : index + 4] if line.strip()), "")
            words = re.findall(r"\w[\w-]*", plain(following))
            if len(words) > 2:
                return None
        if not words:
            return ()
        named = self.named(" ".join(words) if len(words) <= 3 else words[0])
        if named:
            return named
        near = len(words) == 1 and difflib.get_close_matches(words[0], self.marking, n=1, cutoff=0.8)
        return (near[0],) if near else None


def _holding(lines: Sequence[str], words: Iterable[str]) -> list[int]:
    """Return the indices of the lines that hold one of some words; all lines are searched as one text."""
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    text = "\n".join(lines)
    found: set[int] = set()
    for word in words:
        place = text.find(word)
        while place >= 0:
            index = bisect_right(starts, place) - 1
            found.add(index)
            place = text.find(word, starts[index + 1])
    return sorted(found)


def _opens(looked_at: str) -> bool:
    """Say whether a line, as a reader sees it, may open a directive, a container or a role."""
    return any(opening in looked_at for opening in OPENINGS) and bool(OPENED.search(looked_at))


@lru_cache(maxsize=8)
def search_for(audiences: tuple[str, ...]) -> MentionSearch:
    """Return the search for a site's audiences, which is made once."""
    return MentionSearch(audiences)


@lru_cache(maxsize=1024)
def _nearest(name: str, names: tuple[str, ...]) -> str:
    return next(iter(difflib.get_close_matches(name, names, n=1, cutoff=_NEAR)), "")


def _bare(words: str) -> str:
    return " ".join(words.replace("`", "").split())


def _loose(name: str) -> str:
    return _JOIN.join(re.escape(part) for part in re.split(r"[-_]", plain(name)))


def _marks(line: str, match: re.Match[str]) -> bool:
    """Say whether a name may mark where it stands; in running prose, an address or a word of code it does not."""
    before, after = line[: match.start()], line[match.end() :]
    if _ADDRESS.search(before[-300:]) or _AFTER_ADDRESS.match(after):
        return False
    if _STRUCTURE.match(line):
        return True
    if _CODE_BEFORE.search(before) and after.startswith("`"):
        return False
    if not before.strip(" \t>*+-#"):
        return not re.match(r"\s+\w", after)
    if before.rstrip().endswith(".."):
        return True
    return not (_WORD_BEFORE.search(before) and _PROSE_AFTER.match(after))


def excused_lines(lines: Sequence[str]) -> Set[int]:
    """Return the indices of lines that mark nothing, as their author says: there, or alone above their paragraph."""
    excused: set[int] = set()
    for index, line in enumerate(lines):
        if index and lines[index - 1].strip():  # within a paragraph
            is_excused = index - 1 in excused
        else:
            # A comment of reStructuredText, and one that a formatter has set apart, has a blank line below it.
            is_excused = index > 1 and bool(_NO_MARKING.match(lines[index - 2].lstrip()))
        if is_excused or _NO_MARKING.search(line):
            excused.add(index)
    return excused
