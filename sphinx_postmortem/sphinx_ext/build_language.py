"""Connects the texts of the product with Sphinx: the site's ``language``, and its own catalogues in ``locale_dirs``.

The catalogues are called ``sphinx_postmortem``. Ours lie in the package. A site's own goes first, text by text, whether
it translates into a language that we lack or says something in its own way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import PoFileError, read_po
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.language import texts
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.kept import Kept
from sphinx_postmortem.sphinx_ext.warnings import warn

CATALOGUE = "sphinx_postmortem"
OURS = Path(__file__).parent.parent / "locale"
_NEAREST = {"pt": "pt_BR"}
"""For a language without a catalogue of its own, one that its readers understand."""

_USED = Kept[str]("language", "")
"""A digest of the catalogue by which the site was built last."""


class BuildLanguage:
    """The language of one build."""

    def __init__(self) -> None:
        self.digest = ""

    def choose(self, app: Sphinx, config: Config) -> None:
        """Handle ``config-inited``: from here on, texts are in the language of the site."""
        found = catalogues_of(config.language, [Path(app.srcdir, folder) for folder in config.locale_dirs])
        self.digest = hashlib.sha256(b"".join(found)).hexdigest() if found else ""
        texts.use(joined(found), frozenset(filter(str.isprintable, b"".join(found).decode("utf-8", "ignore"))))

    def reread(
        self, app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
    ) -> set[str]:
        """Handle ``env-get-outdated``: texts of ours stand in all pages; read them again when a catalogue changes."""
        return set(env.all_docs) if _USED.exchange(env, self.digest) != self.digest else set()


def catalogues_of(language: str, folders: Iterable[Path]) -> list[bytes]:
    """Return the compiled catalogues of a language, those in a site's folders before ours."""
    names = list(dict.fromkeys(_names(language)))
    found = [catalogue for folder in folders for name in names for catalogue in _site_catalogue(folder, name)]
    return found + [catalogue for name in names for catalogue in _our_catalogue(name)]


def joined(catalogues: Iterable[bytes]) -> GNUTranslations | None:
    """Return compiled catalogues as one, of which the first that has a text decides; None where there is none."""
    whole: GNUTranslations | None = None
    for content in catalogues:
        each = GNUTranslations(BytesIO(content))
        if whole is None:
            whole = each
        else:
            whole.add_fallback(each)
    return whole


def _names(language: str) -> Iterator[str]:
    """Yield the names of folders in which a language may lie: ``pt_BR``, ``pt``."""
    whole = language.replace("-", "_")
    base = whole.partition("_")[0]
    yield from (whole, base)
    if base in _NEAREST:
        yield _NEAREST[base]


def _our_catalogue(name: str) -> Iterator[bytes]:
    """Yield our catalogue of a language: made from its source, which an installed package has compiled."""
    source = OURS / name / "LC_MESSAGES" / f"{CATALOGUE}.po"
    compiled = source.with_suffix(".mo")
    if source.is_file():
        with source.open("rb") as file:
            yield compiled_catalogue(read_po(file, locale=name))
    elif compiled.is_file():
        yield compiled.read_bytes()


def _site_catalogue(folder: Path, name: str) -> Iterator[bytes]:
    """Yield a site's own catalogue of a language; what is wrong with it is reported."""
    base = folder / name / "LC_MESSAGES"
    source, compiled = base / f"{CATALOGUE}.po", base / f"{CATALOGUE}.mo"
    path = source if source.is_file() else compiled
    if not path.is_file():
        return
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True) if path == source else read_mo(file)
        content = compiled_catalogue(catalogue)
        GNUTranslations(BytesIO(content))
    except (OSError, ValueError, PoFileError) as error:
        warn(Code.BAD_CATALOGUE, f"the catalogue cannot be read and is not used: {error}", str(path))
        return
    for message in catalogue:
        if problem := faulty_names(message):
            warn(Code.BAD_CATALOGUE, f"{problem}; the English text is shown", f"{path}:{message.lineno or 1}")
    yield content


def compiled_catalogue(catalogue: Catalog) -> bytes:
    """Return a catalogue as ``gettext`` reads it, without translations that are marked as fuzzy."""
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def faulty_names(message: Message) -> str:
    """Return what is wrong with the names in braces of a translation; empty where it has those of the English text."""
    if not message.id:
        return ""
    english = [message.id] if isinstance(message.id, str) else list(message.id)
    translated = [message.string] if isinstance(message.string, str) else list(message.string or ())
    wanted = names_in(english[-1])
    for text in filter(None, translated):
        try:
            found = names_in(text)
        except ValueError:
            return f'the translation of "{english[0]}" has a brace without its pair'
        # The form for one may leave out the number.
        if found - wanted or wanted - found - ({"number"} if len(english) > 1 else set()):
            return f'the translation of "{english[0]}" must name {", ".join(sorted(wanted)) or "nothing"} in braces'
    return ""


def names_in(text: str) -> set[str]:
    """Return the names in braces of a text, those in two pairs too: they are filled in later, with nodes.

    Raises:
        ValueError: a brace has no pair.
    """
    found = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    doubled = text.replace("{{", "{").replace("}}", "}") if "{{" in text else ""
    return found | ({name for _, name, _, _ in Formatter().parse(doubled) if name is not None} if doubled else set())
