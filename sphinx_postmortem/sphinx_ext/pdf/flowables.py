"""Parts of rst2pdf and reportlab that behave in another way here: pages, page breaks, tables and words.

Neither package is typed. :mod:`.engine` puts these in the place of theirs while it renders.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

LANDSCAPE = "postmortemLandscape"
"""The name of the page template for wide tables."""

UPRIGHT = "postmortemUpright"
"""The name of the page template for all else: a copy of the style sheet's first."""

_MARGINS = 245
"""More in points than margins, header and footer take of the height of a page."""

_LEAST_PART_OF_ROW = 60
"""The least height in points of a part of a table row that is broken, unless the row could not be printed else."""


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

    return type("Page", (upright,), {"beforeDrawPage": before_draw_page})


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
        if parts or (has_heading and height < page and _height_of_first_row(self) <= page):
            return parts
        for least in (_LEAST_PART_OF_ROW, 1) if height >= page else (_LEAST_PART_OF_ROW,):
            self.splitInRow = least
            parts = parts or base.split(self, width, height)
        return parts

    return type("Table", (base,), {"split": split})


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
