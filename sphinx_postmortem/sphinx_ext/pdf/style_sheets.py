"""Looks over a project's own style sheets before rst2pdf does.

rst2pdf says neither file nor line, takes no notice of a misspelt attribute, and never ends on an unknown parent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.problems import Code

_STANDARD_FONTS = frozenset(
    [f"Courier{each}" for each in ("", "-Bold", "-BoldOblique", "-Oblique")]
    + [f"Helvetica{each}" for each in ("", "-Bold", "-BoldOblique", "-Oblique")]
    + ["Times-Roman", "Times-Bold", "Times-BoldItalic", "Times-Italic", "Symbol", "ZapfDingbats"]
)
_MORE_ATTRIBUTES = frozenset(["float", "width", "language", "hyphenation", "hyphenationLang", "parent", "commands"])
_ENDINGS = ("", ".yaml", ".yml", ".style", ".json")
_PARSE_ERROR = "the style sheet cannot be read"


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """What is wrong in a style sheet, where (``path:line``), and whether no PDF can be made with it."""

    code: Code
    place: str
    message: str
    is_fatal: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    node: Any
    place: str


def problems_of_sheets(
    names: Sequence[str], ours: Sequence[Path], paths: Sequence[str], conf: Path
) -> list[SheetProblem]:
    """Return what is wrong with the style sheets of a project.

    ``names`` as in ``pdf_stylesheets``; ``ours`` are the sheets below them; ``paths`` are the folders in which sheets
    and fonts are looked for; ``conf`` is the file with the settings.
    """
    styles_folder = Path(str(import_module("rst2pdf").__file__)).parent / "styles"
    folders = [*map(Path, paths), Path(), styles_folder]
    found = {name: _find(name, folders) for name in names}
    problems = [
        SheetProblem(Code.PDF_STYLE, _place_in(conf, name), f'the style sheet "{name}" does not exist')
        for name, path in found.items()
        if path is None
    ]
    theirs = [path for path in found.values() if path is not None and path.suffix != ".style"]
    if not theirs:
        return problems
    sheets: dict[Path, Any] = {}
    for path in (styles_folder / "styles.yaml", styles_folder / "default.yaml", *ours, *theirs):
        try:
            sheets[path] = _composed(path.read_text(encoding="utf-8"))
        except Exception as error:
            line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
            reason = getattr(error, "problem", None) or f"{error}"
            problems.append(SheetProblem(Code.PDF_STYLE, f"{path}:{line}", f"{_PARSE_ERROR}: {reason}", is_fatal=True))
    known = _Known(sheets)
    for path in dict.fromkeys(theirs):
        if path in sheets:
            problems += _problems(path, sheets[path], known, [*folders, styles_folder.parent / "fonts"])
    return problems


@lru_cache(maxsize=16)
def _composed(text: str) -> Any:
    """Return the nodes of a sheet. rst2pdf's own are the same in every build of a process."""
    return import_module("yaml").compose(text)


class _Known:
    """What the sheets define together."""

    def __init__(self, sheets: Mapping[Path, Any]) -> None:
        self.parents: dict[str, str] = {}
        self.attributes = set(_MORE_ATTRIBUTES) | set(import_module("reportlab.lib.styles").ParagraphStyle.defaults)
        self.fonts = set(_STANDARD_FONTS)
        self.templates: set[str] = set()
        for path, root in sheets.items():
            for style in _styles(path, root):
                attributes = {each.name: each.node for each in _entries(path, style.node)}
                if "parent" in attributes or style.name not in self.parents:
                    self.parents[style.name] = _scalar(attributes.get("parent"))
                if path.parent.name == "styles" or path.name == "postmortem.yaml":
                    self.attributes |= set(attributes)
            self.fonts |= {each.name for each in _entries(path, _section(path, root, "fontsAlias"))}
            self.fonts |= {Path(file).stem for file, _place in _font_files(path, root)}
            self.templates |= {each.name for each in _entries(path, _section(path, root, "pageTemplates"))}


def _problems(path: Path, root: Any, known: _Known, folders: Sequence[Path]) -> Iterator[SheetProblem]:
    if root is not None and not isinstance(root.value, list):
        yield SheetProblem(Code.PDF_STYLE, f"{path}:1", f"{_PARSE_ERROR}: it holds no sections", is_fatal=True)
        return
    for file, place in _font_files(path, root):
        if not any((folder / file).is_file() for folder in folders):
            yield SheetProblem(Code.PDF_FONT, place, f'the font file "{file}" does not exist', is_fatal=True)
    for each in _entries(path, _section(path, root, "fontsAlias")):
        yield from _problem_of_font(each, known)
    for each in _entries(path, _section(path, root, "pageSetup")):
        value = _scalar(each.node)
        if each.name == "firstTemplate" and value not in known.templates:
            yield SheetProblem(Code.PDF_STYLE, each.place, f'there is no page template "{value}"', is_fatal=True)
        elif each.name == "size" and not _is_page_size(value):
            yield SheetProblem(Code.PDF_STYLE, each.place, f'"{value}" is no page size', is_fatal=True)
    for style in _styles(path, root):
        parent = known.parents[style.name]
        if not _leads_to_base(style.name, known.parents):
            yield SheetProblem(Code.PDF_STYLE, style.place, f'the style "{style.name}" has the parent "{parent}", '
                               "which does not exist or has it for a parent", is_fatal=True)  # fmt: skip
        for each in _entries(path, style.node):
            yield from _problems_of_attribute(style.name, each, known)


def _problems_of_attribute(style: str, each: _Entry, known: _Known) -> Iterator[SheetProblem]:
    value = _scalar(each.node)
    if each.name not in known.attributes:
        near = get_close_matches(each.name, known.attributes, 1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        message = f'the style "{style}" has the unknown attribute "{each.name}"{hint}'
        yield SheetProblem(Code.PDF_STYLE, each.place, message)
    elif each.name.casefold().endswith("fontname"):
        yield from _problem_of_font(each, known)
    elif each.name.casefold().endswith("color") and value and not _is_colour(value):
        yield SheetProblem(Code.PDF_STYLE, each.place, f'"{value}" is no colour', is_fatal=True)
    elif each.name == "commands" and isinstance(each.node.value, list):
        valid = import_module("rst2pdf.styles").validCommands
        for command in each.node.value:
            name = _scalar(command.value[0]) if isinstance(command.value, list) and command.value else ""
            if name.upper() not in valid:
                yield SheetProblem(Code.PDF_STYLE, f"{each.place.rpartition(':')[0]}:{command.start_mark.line + 1}",
                                   f'"{name}" is no table command')  # fmt: skip


def _problem_of_font(each: _Entry, known: _Known) -> Iterator[SheetProblem]:
    value = _scalar(each.node)
    if value not in known.fonts:
        message = f'the font "{value}" is not embedded by any style sheet; the system may put another in its place'
        yield SheetProblem(Code.PDF_FONT, each.place, message)


def _place_in(conf: Path, name: str) -> str:
    lines = conf.read_text(encoding="utf-8").splitlines() if conf.is_file() else []
    line = next((number for number, text in enumerate(lines, 1) if name in text), 0)
    return f"{conf}:{line}" if line else str(conf)


def _find(name: str, folders: Sequence[Path]) -> Path | None:
    places = [folder.expanduser() / f"{name}{ending}" for ending in _ENDINGS for folder in folders]
    return next((place for place in places if place.is_file()), None)


def _entries(path: Path, node: Any) -> list[_Entry]:
    if node is None or node.id != "mapping":
        return []
    return [_Entry(str(key.value), value, f"{path}:{key.start_mark.line + 1}") for key, value in node.value]


def _section(path: Path, root: Any, name: str) -> Any:
    return next((each.node for each in _entries(path, root) if each.name == name), None)


def _styles(path: Path, root: Any) -> list[_Entry]:
    found = _section(path, root, "styles")
    if found is None or found.id != "sequence":  # older sheets hold pairs of name and attributes
        return _entries(path, found)
    pairs = [each.value for each in found.value if each.id == "sequence" and len(each.value) == 2]
    return [_Entry(_scalar(name), value, f"{path}:{name.start_mark.line + 1}") for name, value in pairs]


def _font_files(path: Path, root: Any) -> list[tuple[str, str]]:
    found = _section(path, root, "embeddedFonts")
    families = [each for each in found.value if each.id == "sequence"] if found is not None else []
    files = [each for family in families for each in family.value if each.id == "scalar"]
    return [(_scalar(each), f"{path}:{each.start_mark.line + 1}") for each in files]


def _scalar(node: Any) -> str:
    if node is None or node.id != "scalar" or node.tag.endswith(":null"):
        return ""
    return str(node.value)


def _leads_to_base(name: str, parents: Mapping[str, str]) -> bool:
    seen: set[str] = set()
    while name and name not in seen:
        if name not in parents:
            return False
        seen.add(name)
        name = parents[name]
    return not name


def _is_colour(text: str) -> bool:
    with suppress(ValueError, IndexError):
        import_module("rst2pdf.styles").formatColor(text)
        return True
    return False


def _is_page_size(text: str) -> bool:
    sizes = vars(import_module("reportlab.lib.pagesizes"))
    return text.upper().removesuffix("-LANDSCAPE") in sizes
