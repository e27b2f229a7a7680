"""How people and other tools say that a page is not for everyone, in words that are none of ours.

``private: true``, ``unlisted: true``, ``published: false``, ``visibility: restricted``, ``Vertraulichkeit: intern``:
a line that says this and nothing else. Site generators (Hugo, Jekyll, Docusaurus, MkDocs) publish no such page, or link
to it from nowhere; here it would be a word without effect. What a word may also mean in a sentence is not among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sphinx_postmortem.core.audience.mentions import plain
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.vocabulary import TLP_LABELS

_LINE = expression(r"\W*+(?P<key>[^\W\d][\w -]{0,30}+)\W{0,3}[:=|]\s*+(?P<value>[^#|]{0,60}+)[\s|]*+(?:#.*)?$")
_FIELD = expression(r"\s*:[\w -]{1,30}:\s*$")  # a flag: a field without a value
_APART = expression(r"[\W_]+")
_BETWEEN = expression(r"[\s_-]+")
_LEVEL = expression(r"^\w{1,3}\s*[-:]\s+|^[a-z]?\d\s+")  # "C3 - confidential"
_ADDED = expression(r"^(?:strictly|highly|very|company|streng|estrictamente|strictement) | (?:use|only|information)$")


def _words(text: str) -> frozenset[str]:
    return frozenset(_BETWEEN.sub("", plain(word)) for word in text.split())


_YES = _words("true yes y on 1 ja oui si sim \u306f\u3044")
_NO = _words("false no n off 0 nein non nao never null none \u3044\u3044\u3048")
_DRAFTS = _words(
    "draft drafts drafting wip work-in-progress unpublished not-published entwurf brouillon borrador rascunho bozza "
    "\u4e0b\u66f8\u304d \u8349\u6848 \u30c9\u30e9\u30d5\u30c8"
)
_PUBLISHED = _words("published publish publishable public veroffentlicht publie publicado \u516c\u958b")
_HELD = _words(
    "private hidden unlisted confidential sensitive restricted secret embargoed classified not-public do-not-publish "
    "no-publish dont-publish privat vertraulich geheim nicht-offentlich prive confidentiel restreint privado "
    "confidencial restringido restrito \u793e\u5916\u79d8 \u6a5f\u5bc6 \u6975\u79d8 \u975e\u516c\u958b \u5185\u90e8"
)
_LEVELS = _HELD | _words(
    "internal intern interne interno interna non-public non-publique staff employees team-internal need-to-know "
    "top-secret official-sensitive limited eingeschrankt privee confidentielle restreinte privada restringida restrita"
)
_STATES = _words(
    "status state stage phase lifecycle document-status doc-status page-status publication-status review-status "
    "dokumentstatus zustand statut etat estado situacao \u72b6\u614b \u30b9\u30c6\u30fc\u30bf\u30b9"
)
_READERS = _words(
    "visibility access access-level confidentiality confidentiality-level sensitivity classification "
    "data-classification security-classification information-classification document-classification distribution "
    "dissemination sharing marking protective-marking handling security-level security-label privacy readership "
    "sichtbarkeit vertraulichkeit vertraulichkeitsstufe klassifizierung klassifikation einstufung verteiler zugriff "
    "visibilite confidentialite diffusion acces visibilidad confidencialidad clasificacion distribucion acceso "
    "visibilidade confidencialidade classificacao distribuicao acesso \u516c\u958b\u7bc4\u56f2 \u6a5f\u5bc6\u533a\u5206"
)
_EMBARGO = _words("embargo embargo-until embargoed-until sperrfrist")
_TAGS = _words("tags tag labels label keywords categories")
_TRAFFIC_LIGHT = _words("tlp traffic-light traffic-light-protocol traffic-light-label")


def said_otherwise(line: str) -> Iterator[tuple[str, str]]:
    """Yield what a line says, as ``status`` and ``draft``, ``tlp`` and what it names, or ``held`` and its words.

    Args:
        line: of a page's head, or of a summary, as ``plain`` gives it.
    """
    match = _LINE.match(line)
    if match is None:
        if _FIELD.match(line):
            yield from _flagged(_key(line.strip(" :")), ":")
        return
    key, value = _key(match["key"]), match["value"].strip(" \t[](){}.!:`_-")
    words = _BETWEEN.sub("", value)
    is_embargoed = key in _EMBARGO and value and words not in _NO
    is_tagged = key in _TAGS and not _DRAFTS.isdisjoint(_key(tag) for tag in value.split(","))
    if key in _TRAFFIC_LIGHT or (key in _READERS and is_label(value)):
        yield "tlp", as_label(value)
    elif is_tagged or (key in _STATES and words in _DRAFTS):
        yield "status", "draft"
    elif is_embargoed or (key in _READERS and _level(value) in _LEVELS | _DRAFTS):
        yield "held", f"{match['key'].strip()}: {value}"
    else:
        yield from _flagged(key, words)


def as_label(said: str) -> str:
    """Return a label as it is spelled here: ``amber strict`` is AMBER+STRICT."""
    return _APART.sub("+", said.upper()).removeprefix("TLP+")


def is_label(said: str) -> bool:
    """Say whether words name a label, in whatever spelling."""
    return as_label(said) in TLP_LABELS


def names_status(line: str) -> bool:
    """Say whether a line, as ``plain`` gives it, states a status: of whatever the page is about."""
    match = _LINE.match(line)
    return match is not None and _key(match["key"]) in _STATES


def _flagged(key: str, value: str) -> Iterator[tuple[str, str]]:
    says_so = value in _YES or value == ":"
    if (says_so and key in _DRAFTS) or (value in _NO and key in _PUBLISHED):
        yield "status", "draft"
    elif says_so and key in _HELD:
        yield "held", f"{key}: true"


def _key(written: str) -> str:
    key = _BETWEEN.sub("", written)
    return key.removeprefix("is") if key not in _HELD | _DRAFTS else key


def _level(value: str) -> str:
    value = _LEVEL.sub("", " ".join(value.replace("_", " ").split()))
    while (shorter := _ADDED.sub("", value)) != value:
        value = shorter
    return _BETWEEN.sub("", value)


def head_lines(lines: Iterable[str], *, markdown: bool) -> Iterator[tuple[int, str]]:
    """Yield the lines of a page's head, each with its 1-based number: its front matter, or what may be its fields.

    A key of YAML is one line with its value, wherever that stands: ``tags: draft, dns`` for a list of two lines.

    Args:
        lines: of the page.
        markdown: whether it is Markdown; otherwise it is reStructuredText.
    """
    if markdown:
        yield from _front_matter(lines)
        return
    for number, line in enumerate(lines, start=1):
        if number > _HEAD_LINES:
            return
        if line.startswith(":"):
            yield number, line


def _front_matter(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        if number == 1:
            if line.removeprefix("\ufeff").rstrip() not in ("---", "+++"):  # Hugo writes TOML
                return
        elif line.rstrip() in ("---", "...", "+++"):
            break
        elif line.lstrip().startswith("{"):
            found += [(number, part) for part in line.strip().strip("{}").split(",")]
        elif _YAML_KEY.match(line) or line[:1] not in (" ", "\t", "-", ""):
            found.append((number, line.strip()))
        elif found and line.strip():
            key, joined = found[-1]
            value = line.strip().removeprefix("- ")
            found[-1] = (key, f"{joined}, {value}" if not joined.endswith(":") else f"{joined} {value}")
    for number, line in found:
        yield number, _YAML_MARKS.sub(": ", line, count=1)


def own_head(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines of a head in either syntax: front matter, or fields with nothing but a title above them."""
    if not lines or lines[0].removeprefix("\ufeff").rstrip() in ("---", "+++"):
        yield from head_lines(lines, markdown=True)
        return
    above = 0
    for number, line in enumerate(lines[:_HEAD_LINES], start=1):
        if _A_FIELD.match(line):
            yield number, line
        elif "::" in line:
            return
        elif line.strip() and not line.startswith((" ", "..")):
            above += 1
            if above > _TITLE_LINES or line.startswith(("`", "~", ":", "-", "*", "|")):
                return


_YAML_KEY = expression(r"\s*+(?:-\s++)?[\"']?[^\W\d][\w -]{0,40}[\"']?\s?[:=](?:\s|$)")
_YAML_MARKS = expression(r":\s(?:[!&]\S*+\s*+|[>|][-+\d]{0,2}(?=,|$),?\s*+)+")  # tags, anchors, blocks of lines
_HEAD_LINES = 20  # of reStructuredText; a field further down is no field of the page
_TITLE_LINES = 3  # a line above, the title, and a line below
_A_FIELD = expression(r":[\w -]{1,30}:(?:\s|$)")
