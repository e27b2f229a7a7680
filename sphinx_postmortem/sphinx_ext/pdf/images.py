"""Images that can be printed; the others are replaced by their description."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from docutils import nodes

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.pdf.engine import can_render_svg
from sphinx_postmortem.sphinx_ext.warnings import warn

_POINTS_PER_INCH = 72
_PAGE_WIDTH = 480
_PAGE_HEIGHT = 520
"""The room for an image in points; the height leaves some for a caption."""
_LINE_HEIGHT = 16
_UNITS = {"": None, "px": None, "pt": 1.0, "pc": 12.0, "mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0}
"""How many points a unit has; a pixel has as many as the resolution says."""
_LENGTH = expression(r"\s*(?P<number>\d+(?:\.\d*)?|\.\d+)\s*(?P<unit>[a-z%]*)\s*")
_TOO_DEEP = frozenset({"I", "F"})
_VECTOR_SUFFIXES = frozenset({".svg", ".svgz"})


def printable_image_types() -> list[str]:
    """Return the image types that reportlab prints, the preferred first."""
    types = ["image/png", "image/jpeg", "image/gif"]
    return [*types, "image/svg+xml"] if can_render_svg() else types


def prepare_images(tree: nodes.Element, source_folder: Path, dpi: int) -> None:
    """Fit the images to the page and describe those that cannot be printed.

    rst2pdf writes an empty file, or a picture of a broken picture, for an image
    that it cannot read.
    """
    for image in list(tree.findall(nodes.image)):
        uri = str(image["uri"])
        is_remote = "://" in uri
        reason = "is not on this computer" if is_remote else _why_unprintable(source_folder / uri)
        if reason:
            warn(Code.PDF_REMOTE_IMAGE if is_remote else Code.PDF_IMAGE, f"the image {uri} {reason}", image)
            image.replace_self(_description(image, uri))
            continue
        _limit_size(image, source_folder / uri, dpi)
        link = image.parent
        if isinstance(link, nodes.reference) and "refuri" not in link:
            link.replace_self(image)  # rst2pdf has no inner links on images


def _why_unprintable(path: Path) -> str:
    if not path.is_file():
        return "does not exist"
    if path.suffix.lower() in _VECTOR_SUFFIXES:
        if can_render_svg():
            return ""
        return "is an SVG, which needs svglib; put a PNG with the same name beside it"
    pillow = import_module("PIL.Image")
    try:
        with pillow.open(path) as picture:
            picture.load()
            if picture.mode.partition(";")[0] in _TOO_DEEP:
                return "has more than 256 greys, which cannot be printed"
    except (OSError, SyntaxError, ValueError):
        return "cannot be read"
    return ""


def _limit_size(image: nodes.image, path: Path, dpi: int) -> None:
    """Give an image without a size, or with one too large, one that fits on a page, and mark the icons."""
    if path.suffix.lower() in _VECTOR_SUFFIXES:
        return
    with import_module("PIL.Image").open(path) as picture:
        width, height = (side * _POINTS_PER_INCH / dpi for side in picture.size)
    if "width" in image or "height" in image:
        _limit_given_size(image, height / width, dpi)
        return
    scale = float(image.attributes.pop("scale", 100)) / 100
    fit = min(scale, _PAGE_WIDTH / width, _PAGE_HEIGHT / height)
    image["width"] = f"{width * fit:.1f}pt"
    if height * fit <= _LINE_HEIGHT:
        image["pdf-small"] = True


def _limit_given_size(image: nodes.image, ratio: float, dpi: int) -> None:
    """Make a size that the author gave smaller if it is larger than a page, where rst2pdf leaves an empty one."""
    width, height = (_points(str(image.get(name, "")), dpi) for name in ("width", "height"))
    if width is None and height is None:
        return
    width = height / ratio if width is None and height is not None else width or 0.0
    height = width * ratio if height is None else height
    fit = min(_PAGE_WIDTH / width, _PAGE_HEIGHT / height, 1.0) if width and height else 1.0
    if fit < 1:
        image["width"], image["height"] = f"{width * fit:.1f}pt", f"{height * fit:.1f}pt"


def _points(length: str, dpi: int) -> float | None:
    """Return a length in points, a share as that of a line; None if there is none, or its unit is unknown."""
    match = _LENGTH.fullmatch(length.lower())
    if match is None or match["unit"] not in (*_UNITS, "%"):
        return None
    points = _PAGE_WIDTH / 100 if match["unit"] == "%" else _UNITS[match["unit"]] or _POINTS_PER_INCH / dpi
    return float(match["number"]) * points


def _description(image: nodes.image, uri: str) -> nodes.Element:
    text = f"[Image: {image.get('alt') or Path(uri).name}]"
    if isinstance(image.parent, nodes.TextElement):
        return nodes.inline("", text)
    return nodes.paragraph("", text)
