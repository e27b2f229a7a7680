"""Takes the readable text out of raw HTML, which rst2pdf drops."""

from __future__ import annotations

from html.parser import HTMLParser

_SILENT = frozenset({"head", "script", "style", "svg", "template", "title"})
_BOXES = {True: "[x]", False: "[ ]"}
"""The boxes of a task list, ticked or not. What follows one is a text without a space of its own."""
_BREAKS = frozenset(
    {"br", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p"}
    | {"section", "summary", "td", "th", "tr"}
)


def text_of_html(source: str) -> str:
    """Return the words a reader of *source* sees; comments are not among them."""
    reader = _TextReader()
    reader.feed(source)
    reader.close()
    text = " ".join("".join(reader.parts).split())
    return f"{text} " if text in _BOXES.values() else text


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent_depth += 1
        elif tag == "img":
            self.parts.append(dict(attrs).get("alt") or "")
        elif tag == "input" and ("type", "checkbox") in attrs:
            self.parts.append(_BOXES["checked" in dict(attrs)])
        if tag in _BREAKS:
            self.parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent_depth = max(0, self._silent_depth - 1)
        if tag in _BREAKS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent_depth:
            self.parts.append(data)
