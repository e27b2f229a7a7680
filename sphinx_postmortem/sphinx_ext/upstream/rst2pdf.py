"""Names of rst2pdf 0.105 and reportlab (4.2.5 and 4.5.1) that are put in the place of theirs while a PDF is made.

Neither package is typed, and neither offers another way: their pages, page breaks, tables and words behave in another
way here, and what they take from the process must not end up in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from functools import lru_cache, partial
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from docutils import nodes

from sphinx_postmortem.sphinx_ext.pdf.drawn_nodes import LineBreak, TimelineFigure, draw_timeline
from sphinx_postmortem.sphinx_ext.upstream.docutils import registries_kept

LANDSCAPE = "postmortemLandscape"
"""The name of the page template for wide tables."""

UPRIGHT = "postmortemUpright"
"""The name of the page template for all else: a copy of the style sheet's first."""

LONGEST_RUNNING_HEAD = 70
"""The most characters of a title in the header of a page: one line."""

_MARGINS = 245
"""More in points than margins, header and footer take of the height of a page."""

_LEAST_PART_OF_ROW = 60
"""The least height in points of a part of a table row that is broken, unless the row could not be printed else."""

_MOST_FONTS = 32
_FONTS: dict[tuple[str, str], object] = {}
"""The fonts that a process has read, by name and hash of the file."""


def page_class(createpdf: ModuleType) -> object:
    """Return rst2pdf's page, with a template whose pages lie on their side."""
    upright: Any = createpdf.FancyPage

    def before_draw_page(self: Any, canvas: Any, document: Any) -> None:
        styles = self.styles
        size = styles.pw, styles.ph
        name = vars(canvas).get("templateName", styles.firstTemplate)
        self.pagesize = (styles.ph, styles.pw) if name == LANDSCAPE else size
        styles.pw, styles.ph = self.pagesize
        try:
            upright.beforeDrawPage(self, canvas, document)
        finally:
            styles.pw, styles.ph = size
        for frame in self.frames:
            frame.is_landscape = name == LANDSCAPE

    def after_draw_page(self: Any, canvas: Any, document: Any) -> None:
        name = getattr(canvas, "sectName", "")
        canvas.sectName = self.client.running_heads.get(name, name)
        upright.afterDrawPage(self, canvas, document)
        canvas.sectName = name

    return type("Page", (upright,), {"beforeDrawPage": before_draw_page, "afterDrawPage": after_draw_page})


def second_pass(createpdf: ModuleType) -> object:
    """Return the flowable that asks for a second pass, in which the number of pages is known.

    rst2pdf's asks when it is first asked itself, which is after the second pass where a table of contents has asked
    for that one; the third pass would change nothing.
    """

    def after_build(self: Any) -> None:
        self.passes = getattr(self, "passes", 0) + 1

    def is_satisfied(self: Any) -> bool:
        return bool(self.passes >= 2)

    return type("SecondPass", (createpdf.UnhappyOnce,), {"afterBuild": after_build, "isSatisfied": is_satisfied})


def page_break(flowables: ModuleType) -> Callable[[Any, Any], None]:
    """Return what a page break does.

    rst2pdf's does nothing at the top of a page, not even turn the page; and where a page is full to the last point, it
    takes up the next one, which stays empty.
    """
    ordinary = flowables.MyPageBreak.frameAction
    action = import_module("reportlab.platypus.doctemplate").ActionFlowable
    turn = import_module("reportlab.platypus.flowables").PageBreak

    def frame_action(self: Any, frame: Any) -> None:
        is_turn = bool(self.templateName) and (self.templateName == LANDSCAPE) != frame.is_landscape
        if frame._atTop and is_turn:
            frame._generated_content = [action(("restartPage", self.templateName))]
        else:
            ordinary(self, frame)
            if not frame._atTop and frame._y <= frame._y1p:  # what comes next goes to another page as it is
                content = frame._generated_content
                frame._generated_content = [each for each in content if not isinstance(each, turn)]

    return frame_action


def document_class(createpdf: ModuleType) -> type:
    """Return rst2pdf's document, which can begin a page anew that has nothing on it yet, on its side for instance."""

    def restart_page(self: Any, template: str) -> None:
        self.canv._restartAccumulators()
        self.canv.init_graphics_state()
        self.canv.state_stack = []
        self.canv.templateName = template
        self.page -= 1
        vars(createpdf)["_counter"] -= 1
        self.handle_pageBegin()

    return type("Document", (createpdf.FancyDocTemplate,), {"handle_restartPage": restart_page})


def table_class(flowables: ModuleType, page_side: float) -> type:
    """Return rst2pdf's table, with rows that are broken only where they must be.

    reportlab breaks each row that meets the end of a page, below a second heading if other rows stand above it. It
    refuses to break one when little of it would be left over, and then never ends if the row is a little higher than a
    page. ``page_side`` is the shorter side of a page in points.
    """
    base: Any = flowables.Table
    page = page_side - _MARGINS

    def split(self: Any, width: float, height: float) -> list[Any]:
        has_heading = int(self.repeatRows) > 0  # else it may be a box, of which a row is a part of its text
        self.splitInRow = 0 if has_heading else _LEAST_PART_OF_ROW
        parts: list[Any] = base.split(self, width, height)
        if len(parts) > 1 and has_heading and (less := _height_without_last_titles(self, parts[0]._nrows)):
            shorter: list[Any] = base.split(self, width, less)
            parts = shorter if shorter or height < page else parts
        if parts or (has_heading and height < page and _height_of_first_row(self) <= page):
            return parts
        for least in (_LEAST_PART_OF_ROW, 1) if height >= page else (_LEAST_PART_OF_ROW,):
            self.splitInRow = least
            parts = parts or base.split(self, width, height)
        return parts

    return type("Table", (base,), {"split": split})


def _height_without_last_titles(table: Any, count: int) -> float:
    """Return the height in points of the first rows of a table without those at the end that name what follows.

    Such a row is one cell over all columns. The height is 0 if the last of the first rows is none.
    """
    titles = {start[1] for _, start, end in table._spanCmds if start[0] == 0 and end[0] in (-1, table._ncols - 1)}
    rows = count
    while rows - 1 in titles:
        rows -= 1
    heights: list[float] = table._rowHeights[:rows]
    return sum(each or 0 for each in heights) + 0.01 if rows < count else 0


def _height_of_first_row(table: Any) -> float:
    """Return the height in points of the first row below the headings, with these."""
    heights: list[float] = table._rowHeights[: int(table.repeatRows) + 1]
    return sum(each or 0 for each in heights)


def fragment_words(paragraph: ModuleType) -> Callable[..., list[Any]]:
    """Return what takes text apart into words, with anchors behind words that are longer than a line.

    reportlab does not break a word that begins with an anchor: it would run off the page.
    """
    words_of: Callable[..., list[Any]] = paragraph._getFragWords

    def words(fragments: Sequence[Any], width: float | None = None) -> list[Any]:
        found = words_of(fragments, width)
        for word in found if width else ():
            if len(word) > 2 and word[0] > width and hasattr(word[1][0], "cbDefn"):
                word.append(word.pop(1))
        return found

    return words


@lru_cache(maxsize=32)
def _read_sheet(text: str) -> Any:
    yaml: Any = import_module("yaml")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


class ReadSheets:
    """Reads style sheets in the place of ``yaml``: each text once in a process. rst2pdf changes what it gets."""

    @staticmethod
    def safe_load(text: str) -> Any:
        """Return what a style sheet says, as ``yaml.safe_load`` does."""
        return deepcopy(_read_sheet(text))


def font(name: str, location: str) -> object:
    """Return a TrueType font in the place of ``TTFont``: what two documents of a process embed is read once.

    reportlab keeps apart what each document uses of a font.
    """
    key = name, sha256(Path(location).read_bytes()).hexdigest() if Path(location).is_file() else location
    if key not in _FONTS:
        found: object = import_module("reportlab.pdfbase.ttfonts").TTFont(name, location)
        if len(_FONTS) >= _MOST_FONTS:
            _FONTS.clear()
        _FONTS[key] = found
    return _FONTS[key]


def load_createpdf() -> ModuleType:
    """Import rst2pdf, without the directives and roles that it puts in the place of docutils' own."""
    with registries_kept():
        import_module("sphinx.ext.graphviz")
        import_module("sphinx.roles")
        import_module("rst2pdf.sphinxnodes")
        return import_module("rst2pdf.createpdf")


@lru_cache(maxsize=1)
def register_nodes() -> None:
    """Teach rst2pdf the two nodes of ours that it draws."""
    sphinxnodes: Any = import_module("rst2pdf.sphinxnodes")
    handler = sphinxnodes.SphinxHandler

    def gather_elements(_self: object, client: Any, node: TimelineFigure, _style: object) -> list[object]:
        style = client.styles["table-body"]
        return [draw_timeline(node, client.styles.tw, style.fontName)]

    def break_line(_self: object, _client: object, _node: object, _replace_entities: object) -> str:
        return "<br/>"

    # Making the class is what registers it, but not with the table that was made when rst2pdf was loaded.
    type("HandleTimelineFigure", (handler, TimelineFigure), {"gather_elements": gather_elements})
    type("HandleLineBreak", (handler, LineBreak), {"get_text": break_line})
    for kind in (TimelineFigure, LineBreak):
        sphinxnodes.sphinxhandlers.dispatchdict[kind] = handler.dispatchdict[kind]


def prepare_headings(renderer: Any) -> None:
    """Name the bookmarks by their order, for which rst2pdf uses addresses of objects; shorten what headers repeat.

    The header of a page repeats the page's first heading of the first level, or the last one before it; where there is
    none yet, the title of the document.
    """
    renderer.running_heads = {}
    generate: Callable[..., list[Any]] = renderer.gen_elements
    heading = import_module("rst2pdf.flowables").Heading

    def generate_and_number(node: nodes.Node, *args: Any, **kwargs: Any) -> list[Any]:
        elements = generate(node, *args, **kwargs)
        if isinstance(node, nodes.document):
            for number, element in enumerate(elements):
                if isinstance(element, heading):
                    section_id = element.parent_id.rpartition("-")[0]
                    element.parent_id = f"{section_id}-{number}"
                    if element.level == 0:
                        renderer.running_heads[element.stext] = _running_head(renderer, element.node)
            if isinstance(node.children[0], nodes.title):
                renderer.running_heads[""] = _running_head(renderer, node.children[0])
        return elements

    renderer.gen_elements = generate_and_number


def _running_head(renderer: Any, title: nodes.Element) -> str:
    """Return the markup of a title as headers repeat it: one line, without links."""
    shown = nodes.TextElement()
    room = LONGEST_RUNNING_HEAD
    for text in title.findall(nodes.Text):
        styles = [each for each in text.parent["classes"] if isinstance(text.parent, nodes.inline)]
        words = str(text) if len(text) <= room else text[:room].rpartition(" ")[0] + "\u2026"
        shown += nodes.inline("", words, classes=styles) if styles else nodes.Text(words)
        room -= len(text)
        if room <= 0:
            break
    return str(renderer.gather_pdftext(shown))


@contextmanager
def repeatable_output(createpdf: ModuleType, properties: Mapping[str, object]) -> Generator[None]:
    """Have rst2pdf make one document with our pages, and with the same bytes each time.

    Names of image files and addresses of objects, which it takes from the process, would end up in the file.
    ``properties`` are arguments of reportlab's ``BaseDocTemplate``.
    """
    names: dict[object, str] = {}

    def name_of_image(key: object) -> str:
        return names.setdefault(key, f"image-{len(names)}")

    document = partial(document_class(createpdf), **properties)
    flowables = import_module("rst2pdf.flowables")
    canvas = import_module("reportlab.pdfgen.canvas")
    paragraph = import_module("reportlab.platypus.paragraph")
    image_class = import_module("rst2pdf.image").MyImage
    styles = import_module("rst2pdf.styles")
    with (
        _replaced(styles, "yaml", ReadSheets),
        _replaced(styles, "TTFont", font),
        _replaced(createpdf, "FancyDocTemplate", document),
        _replaced(createpdf, "FancyPage", page_class(createpdf)),
        _replaced(createpdf, "UnhappyOnce", second_pass(createpdf)),
        _replaced(canvas, "_digester", name_of_image),
        _replaced(paragraph, "_getFragWords", fragment_words(paragraph)),
        _replaced(flowables.MyPageBreak, "frameAction", page_break(flowables)),
        # Without this an image in a list or a table shrinks to what is left of
        # the page; with it, the image goes to the next page.
        _added(image_class, "_atTop", False),
    ):
        yield


def tables_for(page_side: float) -> AbstractContextManager[None]:
    """Have rst2pdf make our tables; ``page_side`` is the shorter side of a page in points."""
    flowables = import_module("rst2pdf.flowables")
    return _replaced(flowables, "Table", table_class(flowables, page_side))


@contextmanager
def _replaced(owner: object, name: str, value: object) -> Generator[None]:
    """Set an attribute of a module or a class for a while. That it is there already is what the caller relies on."""
    original: object = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, original)


@contextmanager
def _added(owner: object, name: str, value: object) -> Generator[None]:
    """Give a class an attribute for a while, for objects that lack it."""
    setattr(owner, name, value)
    try:
        yield
    finally:
        delattr(owner, name)
