"""Another site whose records stand beside this site's own."""

from __future__ import annotations

from sphinx_postmortem.core.dataclass_on_demand import dataclass


@dataclass(frozen=True)
class ForeignSource:
    """Another site: the name to show, its file as a path from the source folder, and the address of its pages.

    ``{edition}`` in both stands for the edition that is built. Without ``url`` the file must name the address.
    """

    name: str
    file: str
    url: str = ""

    def file_for(self, edition: str) -> str:
        """Return the path of the file that an edition takes in."""
        return self.file.replace("{edition}", edition)
