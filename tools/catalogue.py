"""Collects the texts of the product for translators, and brings their translations up to date.

Usage::

    python -m tools.catalogue          # after a text was added or changed
    python -m tools.catalogue --missing

writes ``sphinx_postmortem/locale/sphinx_postmortem.pot`` and the ``.po`` of each language. Texts that are gone go;
new ones wait for a translation, and are shown in English until then. ``--missing`` names the texts without one.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from sphinx_postmortem.sphinx_ext.build_language import CATALOGUE, OURS

PACKAGE = OURS.parent
PLURALS = {
    "de": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "pt_BR": "nplurals=2; plural=(n > 1);",
    "ja": "nplurals=1; plural=0;",
}
"""The languages, each with the forms that it has for numbers: not Babel's, which change with its versions."""
LANGUAGES = tuple(PLURALS)
KEYWORDS = {"say": 1, "say_it": 1, "later": 1, "say_many": 2, "later_many": 2, "Message": 1}
"""The functions that take texts, and how many; ``Message`` takes a second one where it counts."""
_TEXTS = "core.language.texts import"
_CLOCK_RULES = PACKAGE / "core" / "clocks" / "clock_rules.toml"
_STAMP = datetime(2026, 1, 1, tzinfo=UTC)  # no clock: the same texts give the same file
_HEAD = "# Texts of sphinx-postmortem that readers see. Made by tools/catalogue.py."

Text = str | tuple[str, ...]


def texts() -> list[Text]:
    """Return every text that readers see, in the order of their English words."""
    found = {text for _, call in calls() if (text := _text_of(call)) is not None}
    found |= {*_of_clock_rules(), *_of_templates()}
    return sorted(found, key=lambda text: text if isinstance(text, str) else text[0])


def calls() -> Iterator[tuple[Path, ast.Call]]:
    """Yield the calls of the functions of ``core/language/texts.py`` that take texts, each with its module."""
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text("utf-8")
        if _TEXTS in source or path.name == "texts.py":
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                    yield path, node


def text_arguments(call: ast.Call) -> list[ast.expr]:
    """Return the arguments of a call that are its text, in one or two forms."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    return call.args[: 2 if name == "Message" and len(call.args) > 1 else KEYWORDS[name]]


def _text_of(call: ast.Call) -> Text | None:
    """Return the text of a call; None where it is not written there."""
    given = [part.value for part in text_arguments(call) if isinstance(part, ast.Constant)]
    words = [part for part in given if isinstance(part, str)]
    if not words or len(words) < len(text_arguments(call)):
        return None
    return words[0] if len(words) == 1 else tuple(words)


def _of_templates() -> Iterator[str]:
    """Yield the texts of the files that ``new`` and ``init`` write."""
    for path in sorted((PACKAGE / "templates").rglob("*.j2")):
        for _, _, text in extract_from_ast(Environment(autoescape=True).parse(path.read_text("utf-8")), ("_",)):
            yield from [text] if isinstance(text, str) else ()


def _of_clock_rules() -> Iterator[str]:
    for rule in tomllib.loads(_CLOCK_RULES.read_text("utf-8"))["rules"]:
        yield from filter(None, (rule.get("note"), rule.get("unverified")))
        for stage in rule["stages"]:
            yield stage["name"]
            yield from stage.get("starts", ())
            yield from stage.get("cap", {}).get("starts", ())
            yield stage["sent"]


def template() -> Catalog:
    """Return the catalogue without translations."""
    catalogue = _new(None)
    for text in texts():
        catalogue.add(text)
    return catalogue


def brought_up_to_date(language: str) -> Catalog:
    """Return the catalogue of a language with the texts of today; a translation is kept where its text is."""
    path = path_of(language)
    known = read_po(io.BytesIO(path.read_bytes()), locale=language) if path.is_file() else _new(language)
    catalogue = _new(language)
    for text in texts():
        before = known.get(text if isinstance(text, str) else text[0])
        same = before is not None and before.id == text and not before.fuzzy
        nothing = "" if isinstance(text, str) else ("",) * catalogue.num_plurals
        catalogue.add(text, before.string if before is not None and same else nothing)
    return catalogue


def path_of(language: str) -> Path:
    """Return the file of a language."""
    return OURS / language / "LC_MESSAGES" / f"{CATALOGUE}.po"


def written(catalogue: Catalog) -> bytes:
    """Return the content of a catalogue's file."""
    file = io.BytesIO()
    write_po(file, catalogue, width=0, no_location=True)
    return re.sub(rb'"Generated-By: [^"]*"\n', b"", file.getvalue())  # another version makes the same file


def missing(language: str) -> list[Text]:
    """Return the texts without a translation."""
    catalogue = brought_up_to_date(language)
    found = ((text, catalogue.get(text if isinstance(text, str) else text[0])) for text in texts())
    return [text for text, message in found if message is None or not _has_text(message.string)]


def _has_text(string: object) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


def _new(language: str | None) -> Catalog:
    catalogue = Catalog(
        language,
        domain=CATALOGUE,
        header_comment=_HEAD,
        project="sphinx-postmortem",
        version="",
        creation_date=_STAMP,
        revision_date=_STAMP,
        last_translator="The sphinx-postmortem developers",
        language_team=str(language or ""),
        fuzzy=False,
    )
    if language:
        catalogue.mime_headers = [("Plural-Forms", PLURALS[language])]
    return catalogue


def main(arguments: list[str]) -> int:
    """Write the catalogues, or tell what is missing; return the exit code."""
    if arguments == ["--missing"]:
        for language in LANGUAGES:
            for text in missing(language):
                sys.stdout.write(f"{language}: {text if isinstance(text, str) else text[0]}\n")
        return 0
    (OURS / f"{CATALOGUE}.pot").write_bytes(written(template()))
    for language in LANGUAGES:
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(brought_up_to_date(language)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
