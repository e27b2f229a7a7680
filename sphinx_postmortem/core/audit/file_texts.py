"""Turns any file of an edition into texts that can be searched, whatever its format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sphinx_postmortem.core.audit.spellings import unescape_entities
from sphinx_postmortem.core.audit.unpacking import DAMAGES, AuditError, Budget, inflate, parts_of
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

BREAK = "\x1f"  # between texts that do not follow each other on a page
_QUOTE = "\x1d"  # stands for a quotation mark within a string of JSON

_INLINE = (
    r"</?(?:a(?:bbr)?|b|c(?:ite|ode)|d(?:el|fn)|em|font|i(?:ns)?|kbd|mark|q|s(?:amp|mall|pan|trong|u[bp])?|tt|u|var)\b"
    r"[^<>]*>"
)
_INLINE_TAG = expression(_INLINE, re.IGNORECASE)
_TAG = expression(r"<[/!?a-zA-Z][^<>]*>")
_TAG_IN_LINE = expression(r"<[/!?a-zA-Z][^<>\n]*>")
_TAG_WITH_VALUE = expression(r"<[/!?a-zA-Z][^<>=]*=[^<>]*>")
_WITHIN_WORD = expression(rf"<(?<=[\w;]<){_INLINE[1:]}(?:{_INLINE})*[\w&]", re.IGNORECASE)
_ATTRIBUTE = expression(r"""\s([\w:.-]+)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""")
_COMMENT = expression(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_STYLE = expression(r"<style\b[^<>]*>|</style>", re.IGNORECASE)
_LOOKS = frozenset(["class", "style", "d", "points", "viewbox", "xmlns", "integrity", "rel", "type", "transform"])
_MARKUP = (".html", ".htm", ".xhtml", ".xml", ".svg", ".fjson", ".opf", ".ncx", ".rss", ".atom")
_PICKLES = (".pickle", ".doctree", ".fpickle")
_LATEX = {r"\sphinxhyphen{}": "-", r"\PYGZus{}": "_", r"\PYGZhy{}": "-", r"\_": "_"}
_ENVIRONMENT = expression(r'"envversion":\s?\{(?:"[\w.]+":\s?\d+(?:,\s?)?)*\}')  # versions of extensions' data
_ADDRESS = expression(r"[\[<{]https?://[^\s\[\]<>{}]+[\]>}]")
# In files of these kinds, what separates texts, or is the format's own word.
_SEPARATORS = (
    ((".tex", ".sty"), expression(r"\}\{")),
    ((".txt",), expression(r"^[ \t]*[*-][ \t]", re.MULTILINE)),
    ((".md",), expression(r"^[ \t>]*(?:[-*] |\d+[.)] |#{1,6} )|(?<!\\)\||<br>|\]\(", re.MULTILINE)),
    ((".texi",), expression(r"^@\w+|@\w+(?=\{)|^\*[ \t]|,(?=\S)", re.MULTILINE)),
    ((".pseudoxml",), expression(r'^[ \t]*<[a-z_]+(?=[\s>])|\sxmlns:\w+="[^"]*"|">$', re.MULTILINE)),
)
_PDF_KEY = expression(  # the format's own words, where one stands alone (ISO 32000-1)
    rf"(?<![^{BREAK}])/(?:Ascent|Border|Contents|Count|Descent|Encoding|Filter|First|Flags|Font|Info|Kids|Last|Leading|Length"
    r"|Limits|Names|Next|Outlines|Pages|Parent|Pattern|Prev|Producer|Rect|Resources|Root|Rotate|Size|Subtype|Title|Type"
    rf"|Version|Widths)(?![^{BREAK}])"
)
_MAX_DEPTH = 4
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

PdfReader = Callable[[bytes, Budget], "list[tuple[str, str | bytes]]"]
"""Returns a PDF's texts with their positions (``page 3``), and its attachments as bytes. Raises AuditError."""


def decoded(data: bytes) -> str:
    """Return a file's text in the encoding that its head tells."""
    return data.decode(_encoding_of(data), "replace").removeprefix("\ufeff")


def is_binary(data: bytes) -> bool:
    """Say whether a file is no text: it has bytes of zero, and is not in UTF-16."""
    return b"\0" in data[:4096] and _encoding_of(data) == "utf-8"


def _encoding_of(data: bytes) -> str:
    """Return UTF-16 where a file's head has the mark of it, or every other byte is zero; else UTF-8."""
    if data.startswith(_UTF_16):
        return "utf-16"
    head = data[:200]
    for zeros, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) > 3 and not any(head[zeros::2]) and all(head[1 - zeros :: 2]):
            return name
    return "utf-8"


@dataclass(frozen=True)
class FileText:
    """One searchable text: where in the file it stands, the text, and how exactly it can be matched.

    ``joined`` is the same text as a browser shows it, where that differs; ``stemmed`` texts hold beginnings of words;
    in ``noisy`` ones, raw bytes, only long words count.
    """

    position: str
    text: str
    joined: str = ""
    stemmed: bool = False
    noisy: bool = False


def texts_of(name: str, data: bytes, read_pdf: PdfReader | None) -> Iterator[FileText]:
    """Yield all texts of one file.

    Raises:
        AuditError: the file is damaged or too large to look into, or a PDF and there is no reader for it.
    """
    return _Reader(name, read_pdf).texts(name, data, 0)


class _Reader:
    """Reads one published file and all that is packed in it."""

    def __init__(self, name: str, read_pdf: PdfReader | None) -> None:
        self.read_pdf = read_pdf
        self.budget = Budget(name)

    def texts(self, name: str, data: bytes, depth: int) -> Iterator[FileText]:
        """Yield the texts of a file or of a part of it."""
        if depth > _MAX_DEPTH:
            raise AuditError(f"{name}: archives within archives, too deep to look into")
        try:
            yield from self._texts(name, data, depth)
        except (*DAMAGES, RecursionError) as error:
            raise AuditError(f"{name} cannot be read: {error}") from error

    def _texts(self, name: str, data: bytes, depth: int) -> Iterator[FileText]:
        lower = name.casefold()
        if lower.endswith(".pdf") or data.startswith(b"%PDF-"):
            yield from self._pdf_texts(name, data, depth)
        elif (parts := parts_of(name, data, self.budget)) is not None:
            for position, part, content in parts:
                yield from self._within(position, part, content, depth)
        elif data.startswith(b"# Sphinx inventory version 2"):
            yield FileText("header", "\n".join(part.decode("utf-8", "replace") for part in data.split(b"\n", 4)[1:3]))
            yield FileText("inflated", inflate(data.split(b"\n", 4)[4], self.budget).decode("utf-8", "replace"))
        elif lower.endswith(_PICKLES):
            yield FileText("", re.sub(rb"\x8c.", b" ", data, flags=re.DOTALL).decode("utf-8", "replace"))
        elif is_binary(data):
            yield FileText("", data.decode("latin-1"), noisy=True)
        else:
            yield from _plain_texts(lower, decoded(data))

    def _within(self, position: str, name: str, data: bytes, depth: int) -> Iterator[FileText]:
        yield FileText(position, name)
        for text in self.texts(name, data, depth + 1):
            where = f"{position} {text.position}".strip()
            yield FileText(where, text.text, text.joined, text.stemmed, text.noisy)

    def _pdf_texts(self, name: str, data: bytes, depth: int) -> Iterator[FileText]:
        if self.read_pdf is None:
            raise AuditError(f"{name} cannot be read without pypdf; install sphinx-postmortem[pdf]")
        for position, content in self.read_pdf(data, self.budget):
            if isinstance(content, bytes):
                yield from self._within(position, position, content, depth)
            else:
                page = _PDF_KEY.sub("", content) if position.startswith("object ") else content
                yield FileText(position, re.sub(r"[-\u2010\u00ad]\n", "", page), page)


def _plain_texts(lower: str, text: str) -> Iterator[FileText]:
    for suffixes, separator in _SEPARATORS:
        if lower.endswith(suffixes):
            text = separator.sub(_newlines, text)
    if lower.endswith(".fjson"):
        text = _json_strings(text)
    if lower.endswith(_MARKUP):
        yield from _markup_texts(text)
    elif lower.endswith(("searchindex.js", "searchindex.json")):
        yield FileText("", _json_strings(_ENVIRONMENT.sub("", text)), stemmed=True)
    elif lower.endswith((".json", ".map", ".webmanifest")):
        yield FileText("", _json_strings(text))
    elif lower.endswith(".js"):
        yield FileText("", _unescape(text))
    elif lower.endswith((".ics", ".ifb", ".vcf")):
        # Long lines are folded, within words too (RFC 5545, section 3.1); a line break is written as an escape.
        unfolded = re.sub(r"\r?\n[ \t]", "", text)
        yield FileText("", re.sub(r"\\([^\w\s])", r"\1", re.sub(r"\\[nN]", " ", unfolded)))
    elif lower.endswith((".tex", ".sty")):
        for written, meant in _LATEX.items():
            text = text.replace(written, meant)
        yield FileText("", text)
    else:
        yield FileText("", _addresses_apart(re.sub(r"\\(?=[^\w\s])", "", text)))


def _json_strings(text: str) -> str:
    """Read JSON: each string and each number stands for itself. What was a string before, as names are, stands once."""
    parts = text.replace("\\\\", " ").replace('\\"', _QUOTE).split('"')
    parts[::2] = [part.replace(",", BREAK) for part in parts[::2]]
    strings = parts[1::2]
    first = dict(zip(reversed(strings), range(len(strings) - 1, -1, -1), strict=True))
    parts[1::2] = [part if first[part] == index else "" for index, part in enumerate(strings)]
    return _unescape(BREAK.join(parts).replace(_QUOTE, '"'))


def _unescape(text: str) -> str:
    """Read the escapes of JSON and JavaScript strings; line breaks become spaces."""
    if "\\" not in text:
        return text
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"\\[nrtbf]", " ", text).replace('\\"', '"').replace("\\/", "/")


def _markup_texts(text: str) -> Iterator[FileText]:
    """Yield what a page shows, and what it does not: attributes and comments."""
    for match in _COMMENT.finditer(text):
        yield FileText("comment", unescape_entities(match[1]))
    text = _without_styles(_COMMENT.sub(_newlines, text))
    yield FileText("attribute", unescape_entities(BREAK.join(dict.fromkeys(_values_in(text)))))
    separate = unescape_entities(_without_tags(_INLINE_TAG.sub(" ", text)))
    # Only where an inline tag stands within a word does a reader see another text.
    joined = unescape_entities(_without_tags(_INLINE_TAG.sub("", text))) if _WITHIN_WORD.search(text) else ""
    yield FileText("", _addresses_apart(separate), _addresses_apart(joined))


def _without_styles(text: str) -> str:
    """Put a break in place of each ``style`` element; one that is not closed stays, as what it holds may be text."""
    parts: list[str] = []
    start: re.Match[str] | None = None
    done = 0
    for tag in _STYLE.finditer(text):
        if tag[0].startswith("</"):
            if start is not None:
                lines = "\n" * text.count("\n", start.start(), tag.end())
                parts += [text[done : start.start()], BREAK, lines]
                done = tag.end()
            start = None
        else:
            start = start or tag
    return "".join([*parts, text[done:]])


def _addresses_apart(text: str) -> str:
    """Put breaks around addresses in brackets, which some formats write behind the text of each link."""
    return _ADDRESS.sub(rf"{BREAK}\g<0>{BREAK}", text) if "://" in text else text


def _values_in(text: str) -> Iterator[str]:
    """Yield the values of attributes, without those that only say how an element looks."""
    tags = "".join(dict.fromkeys(_TAG_WITH_VALUE.findall(text)))
    for name, quoted, single in _ATTRIBUTE.findall(tags):
        if name.casefold() not in _LOOKS:
            yield quoted or single


def _without_tags(text: str) -> str:
    """Put a break in place of each tag; those that span lines leave their line breaks."""
    return _TAG.sub(_newlines, _TAG_IN_LINE.sub(BREAK, text))


def _newlines(match: re.Match[str]) -> str:
    return BREAK + "\n" * match[0].count("\n")
