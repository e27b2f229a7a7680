"""Print what the command line must know of a site as JSON: ``python -m sphinx_postmortem.sphinx_ext.describe SRC``.

A program of its own, so that the command line never runs a site's ``conf.py`` in its own process.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence, Set
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import sphinx
from sphinx.config import Config
from sphinx.errors import SphinxError
from sphinx.util.matching import Matcher
from sphinx.util.tags import Tags

from sphinx_postmortem.core.audience.path_patterns import literal_pattern
from sphinx_postmortem.core.audience.written_folders import written_folders
from sphinx_postmortem.core.records import factors
from sphinx_postmortem.core.records.owner_register import BadOwnersError, as_mapping, read_owners
from sphinx_postmortem.core.settings import OPTIONS, SettingError, read_settings
from sphinx_postmortem.core.settings.setting_names import refuse_unknown_names
from sphinx_postmortem.sphinx_ext.upstream.sphinx import given_settings


def describe(source_folder: Path) -> dict[str, object]:
    """Return what the command line must know of a site before it builds.

    Raises:
        SphinxError: ``conf.py`` is missing or fails, or a setting cannot be used.
    """
    config = Config.read(source_folder, overrides={}, tags=Tags())
    raw = given_settings(config)
    return {
        "settings": _settings(source_folder, raw),
        "markdown_syntax": _texts(raw.get("myst_enable_extensions")),
        "locale_folders": [str(source_folder / name) for name in _texts(raw.get("locale_dirs", ["locales"]))],
        "root": str(raw.get("root_doc") or raw.get("master_doc") or "index"),
        **files_of_site(source_folder, raw),
    }


def _settings(source_folder: Path, raw: Mapping[str, object]) -> object:
    """Return the site's own settings as plain values, which have been read once here."""
    given = {option.name: raw[f"postmortem_{option.name}"] for option in OPTIONS if f"postmortem_{option.name}" in raw}
    given.setdefault("written_language", str(raw.get("language") or ""))
    try:
        refuse_unknown_names(raw, ())
        if "owners" in given:
            given["owners"] = as_mapping(read_owners(given["owners"], source_folder))
        if "factors" in given:
            given["factors"] = factors.as_mapping(factors.read_factors(given["factors"], source_folder))
        read_settings(given)
        if "attack" in given:
            given["attack"] = _attack_file(str(given["attack"]), source_folder)
    except (factors.BadFactorsError, BadOwnersError, SettingError) as error:
        raise SphinxError(f"{source_folder / 'conf.py'}: {error}") from error
    return _plain(given)


def _attack_file(name: str, source_folder: Path) -> str:
    from sphinx_postmortem.core.attack.site_table import resolved_file
    from sphinx_postmortem.core.attack.table import BadTableError

    try:
        return resolved_file(name, source_folder)
    except BadTableError as error:
        raise SettingError(str(error)) from error


def _plain(value: object) -> object:
    """Return a value as JSON has it: lists for tuples, and sorted lists for sets."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in cast("Mapping[object, object]", value).items()}
    if isinstance(value, set | frozenset):
        return sorted(map(str, cast("Set[object]", value)))
    if isinstance(value, list | tuple):
        return [_plain(each) for each in cast("Sequence[object]", value)]
    return value


def files_of_site(source_folder: Path, raw: Mapping[str, object]) -> dict[str, object]:
    """Return which sources belong to the site, and where the files of its theme and extensions lie."""
    suffixes = raw.get("source_suffix", ".rst")
    if isinstance(suffixes, str):
        suffixes = [suffixes]
    # MyST-Parser adds its own suffix to those that the site names.
    known = {str(suffix): "restructuredtext" for suffix in suffixes} if isinstance(suffixes, list | tuple) else {}
    if isinstance(suffixes, dict):
        known = {str(suffix): str(kind or "restructuredtext") for suffix, kind in suffixes.items()}
    if ".md" in known and not isinstance(suffixes, dict):
        known[".md"] = "markdown"
    known.setdefault(".md", "markdown")
    excluded = [*_texts(raw.get("exclude_patterns")), *_texts(raw.get("templates_path"))]
    is_excluded = Matcher(excluded)
    written = written_folders(source_folder, lambda path: bool(is_excluded(path)))
    sphinx_folder = Path(sphinx.__file__).parent
    themes = [sphinx_folder / name for name in ("themes", "search", "templates", "texinputs")]
    themes += [Path(__file__).parent.parent / "static"]
    named = [*_texts(raw.get("extensions")), str(raw.get("html_theme", "alabaster"))]
    packages = list(dict.fromkeys(package for name in named for package in _with_bases(name)))
    for name in packages:
        themes += _package_folder(name)
    return {
        "exclude": [*excluded, *(f"{literal_pattern(folder)}/**" for folder in written)],
        "suffixes": known,
        "extensions": [str(folder) for name in named for folder in _package_folder(name)],
        "themes": [str(folder) for folder in dict.fromkeys(themes) if folder.is_dir()],
        "versions": _versions(["sphinx", "docutils", "rst2pdf", "reportlab", "pypdf", *packages]),
        "catalogues": [str(sphinx_folder / "locale" / "sphinx.pot")],
    }


def _with_bases(name: str) -> list[str]:
    """Return an extension or theme, and the Sphinx packages that its package requires: they bring files of their own.

    So does sphinx_book_theme with those of pydata-sphinx-theme, and sphinx_rtd_theme with those of jQuery.
    """
    found = [name.partition(".")[0].replace("-", "_")]
    for package in found:
        try:
            required = requires(package) or ()
        except (PackageNotFoundError, ValueError):
            continue
        names = (re.split(r"[^\w.-]", text, maxsplit=1)[0].lower() for text in required if "extra ==" not in text)
        for base in names:
            module = re.sub(r"^sphinxcontrib[-_]", "sphinxcontrib.", base).replace("-", "_")
            if "sphinx" in base and base != "sphinx" and module not in found:
                found.append(module)
    return found


def _versions(packages: Iterable[str]) -> list[str]:
    """Return the versions of installed packages: themes write them into pages."""
    found: list[str] = []
    for name in packages:
        try:
            found.append(version(name.replace(".", "-")))
        except (PackageNotFoundError, ValueError):
            continue
    return found


def _package_folder(name: str) -> list[Path]:
    """Return the folder of an installed package, unless it is Sphinx, ourselves, or a part of the site."""
    if name in ("sphinx", "sphinx_postmortem"):
        return []
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return []
    folder = Path(spec.origin).parent if spec and spec.origin else None
    is_package = folder is not None and folder.name == name.rpartition(".")[2] and (folder / "__init__.py").is_file()
    return [folder] if folder is not None and is_package else []


def _texts(value: object) -> list[str]:
    """Return the entries of a list or a set, or the keys of a dict, as texts."""
    return [str(item) for item in value] if isinstance(value, list | tuple | dict | set | frozenset) else []


def _sentence(error: SphinxError, conf: Path) -> str:
    """Return an error's message; of a traceback the line of ``conf.py`` and the last line."""
    text = str(error).strip()
    if "Traceback (most recent call last)" not in text:
        return text
    lines = re.findall(rf'File "{re.escape(str(conf))}", line (\d+)', text)
    return f"{conf}{f':{lines[-1]}' if lines else ''}: {text.splitlines()[-1]}"


def main() -> int:
    """Print the description; on failure say why and return 2."""
    try:
        description = describe(Path(sys.argv[1]))
    except SphinxError as error:
        sys.stderr.write(f"{_sentence(error, Path(sys.argv[1], 'conf.py'))}\n")
        return 2
    sys.stdout.write(json.dumps(description, default=str) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
