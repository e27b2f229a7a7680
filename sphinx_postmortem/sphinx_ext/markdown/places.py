"""Where the links of one page lead, seen from its Markdown file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from docutils import nodes
from sphinx.util.osutil import relative_uri

from sphinx_postmortem.core.dataclass_on_demand import dataclass

IMAGES, DOWNLOADS = "_images", "_downloads"


@dataclass(frozen=True)
class Places:
    """The files that a page may link.

    Args:
        page: the page's own file, such as ``incidents/sec-1.md``.
        images: source of an image to the name under which the builder copies it.
        numbers: anchor of a section to its number, where the site numbers sections.
    """

    page: str
    images: Mapping[str, str] = field(default_factory=dict[str, str])
    numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, "tuple[int, ...]"])

    def target(self, node: nodes.Element) -> str:
        """Return where a link or a download leads; empty where that is not known."""
        if node.get("refuri"):
            return str(node["refuri"])
        if node.get("refid"):
            return f"#{node['refid']}"
        if node.get("filename"):
            return relative_uri(self.page, f"{DOWNLOADS}/{node['filename']}")
        return ""

    def image(self, node: nodes.image) -> str:
        """Return the address of an image."""
        uri = str(node.get("uri", ""))
        return relative_uri(self.page, f"{IMAGES}/{self.images[uri]}") if uri in self.images else uri

    def number(self, section: nodes.Element) -> str:
        """Return a section's number, such as ``1.2. ``; empty where sections have none."""
        ids = section.get("ids") or [""]
        found = self.numbers.get(f"#{ids[0]}") or self.numbers.get("")
        return f"{'.'.join(map(str, found))}. " if found else ""
