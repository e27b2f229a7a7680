"""Texts that are in an edition and come from no source: the product's, Sphinx's and the theme's own."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path

from sphinx_postmortem.core.audit.terms import words_of
from sphinx_postmortem.core.audit.unpacking import MAX_UNPACKED, AuditError
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.regular_files import read_regular

_TEMPLATES = (".html", ".jinja", ".xml", ".xhtml")
_NOT_PUBLISHED = (".py", ".pyc", ".pyi", ".so", ".mo", ".po", ".pot")
# Each alternative begins with a sign of its own, and nothing in it has a way back: so the search runs to the next sign.
_PYTHON_STRING = expression(
    r"""#[^\n]*+|\"\"\"(?P<long>[^\\"]*+(?:(?:\\.|"(?!""))[^\\"]*+)*+)\"{3}"""
    r"""|"(?P<short>[^"\\\n]*+(?:\\.[^"\\\n]*+)*+)"|'(?P<single>[^'\\\n]*+(?:\\.[^'\\\n]*+)*+)'""",
    re.DOTALL,
)
_PREFIX = expression(r"\b[rbfu]{1,2}\Z", re.IGNORECASE)  # of a string in Python
_ESCAPE = expression(r"\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|\d|.)", re.DOTALL)
_QUOTED = expression(r"""["']([\w:.-]{2,40})["']""")
_FIELD = expression(r"\{(?:[^{}]|\{[^{}]*\})*\}")
_BUILDINFO = (
    "This file records the configuration used when building these files. "
    "When it is not found, a full rebuild will be done."
)
_NOT_SHOWN_SETTINGS = ("postmortem_audience_paths", "exclude_patterns")


class ThemeFiles:
    """The files below the folders of themes and extensions."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self.folders = tuple(folders)

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """All files that could be copied or rendered."""
        found = (path for folder in self.folders for path in sorted(folder.rglob("*")))
        return tuple(path for path in found if path.suffix not in _NOT_PUBLISHED and path.is_file())

    @cached_property
    def hashes(self) -> frozenset[str]:
        """The SHA-256 of each."""
        return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in self.files)

    @cached_property
    def static_words(self) -> frozenset[str]:
        """All words in files that are no templates; computed only when it is asked for."""
        texts = (path.read_text("utf-8", "ignore") for path in self.files if path.stat().st_size < 1_000_000)
        return frozenset(word for text in texts for word in words_of(text))

    def is_static_word(self, found: str) -> bool:
        """Say whether all words of a finding stand in the files of themes and extensions."""
        return all(word in self.static_words for word in found.split(" "))

    @cached_property
    def quoted(self) -> frozenset[str]:
        """The short strings in the programs and templates of themes and extensions; computed only when asked for."""
        files = [path for folder in self.folders for path in folder.rglob("*.py")]
        files += [path for path in self.files if path.suffix in _TEMPLATES]
        texts = (path.read_text("utf-8", "ignore") for path in files)
        return frozenset(name for text in texts for name in _QUOTED.findall(text))

    def is_read_key(self, key: str) -> bool:
        """Say whether a program may read a key of pages' heads: it holds the key, or its prefix such as ``og:``."""
        return key in self.quoted or (":" in key and key[: key.index(":") + 1] in self.quoted)

    def template_texts(self) -> Iterator[str]:
        """Yield the texts of all page templates."""
        for path in self.files:
            if path.suffix in _TEMPLATES:
                yield path.read_text("utf-8", "ignore")

    def published_names(self) -> str:
        """Return the paths that files get in an edition: they are in its pages and its manifest."""
        parts = (path.as_posix().rpartition("/static/") for path in self.files)
        return "\n".join(name for _, folder, name in parts if folder)


def message_texts(catalogue: Path) -> str:
    """Return the messages of a translation catalogue (``.pot``) without its comments."""
    if not catalogue.is_file():
        return ""
    lines = catalogue.read_text("utf-8", "replace").splitlines()
    return "\n".join(line for line in lines if line.startswith(("msgid", '"')))


def python_texts(source: str, *, leave_out: tuple[str, ...] = ()) -> str:
    """Return the string literals of a Python source, without docstrings and the values of some assignments."""
    tree = ast.parse(source)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if isinstance(node, ast.Assign):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            if names & set(leave_out):
                skipped.update(id(inner) for inner in ast.walk(node.value))
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped
    ]
    return "\n".join(texts)


def configuration_texts(source: Path) -> str:
    """Return the strings of a site's ``conf.py``, without those that only name hidden files; with the owners' file."""
    text = (source / "conf.py").read_text("utf-8")
    return "\n".join([python_texts(text, leave_out=_NOT_SHOWN_SETTINGS), *_owners_file(text, source)])


def _owners_file(conf: str, source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(conf)):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "postmortem_owners" for target in node.targets
        ):
            named = [inner.value for inner in ast.walk(node.value) if isinstance(inner, ast.Constant)]
            for path in (source / name for name in named if isinstance(name, str) and name):
                if path.suffix in (".toml", ".csv") and path.is_file():
                    yield read_regular(path).decode("utf-8", "replace")


def federated_texts(path: Path, audiences: Sequence[str], edition: str) -> str:
    """Return the texts of another site's ``postmortems.json``, which the edition shows beside its own.

    Raises:
        AuditError: the file cannot be read, or is for an audience that may see more than the edition.
    """
    try:
        content = json.loads(read_regular(path, MAX_UNPACKED).decode("utf-8-sig"))
        audience = str(content["edition"]).strip().casefold()
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise AuditError(f"{path}, the data of another site, cannot be read ({error})") from error
    if audience not in audiences or audiences.index(audience) < audiences.index(edition):
        raise AuditError(f'{path}, the data of another site, is for the audience "{audience}", not for {edition}')
    return json.dumps(content, ensure_ascii=False).replace("\\n", " ")


@cache
def product_texts(package: Path) -> tuple[str, ...]:
    """Return the strings that the product itself, or Sphinx, may write into an edition; they are read once."""
    paths = (path for folder in ("core", "sphinx_ext") for path in sorted((package / folder).rglob("*.py")))
    published = (path for path in paths if "audit" not in path.relative_to(package).parts)
    return (_BUILDINFO, *(quick_python_texts(path.read_text("utf-8")) for path in published))


def quick_python_texts(source: str) -> str:
    """Return what ``python_texts`` returns, of our own sources: without building a tree of them, which takes long.

    A string in three quotes that begins a line is a docstring there. Escapes count as breaks between words.
    """
    found: list[str] = []
    for match in _PYTHON_STRING.finditer(source):
        kind = match.lastgroup
        if kind is None or not (body := match[kind]):
            continue  # a comment, or a text of no signs
        start = match.start()
        letters = _PREFIX.search(source, max(0, start - 3), start) if source[start - 1 : start].isalpha() else None
        prefix = letters[0].casefold() if letters else ""
        before = source[source.rfind("\n", 0, start) + 1 : start - len(prefix)] if kind == "long" else "code"
        if not before.strip() or "b" in prefix:
            continue  # a docstring, or bytes
        if "f" in prefix:
            body = _FIELD.sub("\n", body.replace("{{", " ").replace("}}", " "))
        found.append(body if "r" in prefix or "\\" not in body else _ESCAPE.sub("\n", body))
    return "\n".join(found)
