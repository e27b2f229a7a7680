"""Who may see what: an ordered list of audiences, most privileged first."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from sphinx_postmortem.core.dataclass_on_demand import dataclass

DEFAULT_AUDIENCES = ("internal", "leadership", "public")


class UnknownAudienceError(ValueError):
    """A name that is not an audience. What carries it must be hidden."""

    def __init__(self, name: str, audiences: Audiences) -> None:
        self.name = name
        close = difflib.get_close_matches(name.casefold(), audiences.names, n=1)
        hint = f'; did you mean "{close[0]}"?' if close else ""
        super().__init__(f'unknown audience "{name}" (known: {", ".join(audiences.names)}){hint}')


@dataclass(frozen=True)
class Audiences:
    """The ordered audiences of a site. ``names[0]`` sees everything.

    Raises:
        ValueError: a name is empty, repeated, or not made of letters, digits and hyphens.
    """

    names: tuple[str, ...] = DEFAULT_AUDIENCES

    def __post_init__(self) -> None:
        if not self.names:
            raise ValueError("postmortem_audiences needs at least one name")
        for name in self.names:
            if not name or name != name.casefold() or not name.replace("-", "").replace("_", "").isalnum():
                raise ValueError(
                    f"postmortem_audiences: {name!r} is not a valid name; use lower-case letters, digits and hyphens"
                )
        if len(set(self.names)) != len(self.names):
            raise ValueError("postmortem_audiences names an audience twice")

    @property
    def internal(self) -> str:
        """The most privileged audience, which sees everything."""
        return self.names[0]

    def without_names(self, chosen: Iterable[str] | None) -> tuple[str, ...]:
        """Return the audiences that see roles in the place of names: ``chosen``, or the last of three or more."""
        if chosen is None:
            return self.names[-1:] if len(self.names) > 2 else ()
        return tuple(chosen)

    def edition_of_kind(self, kind: str) -> str:
        """Return the edition that a kind of PDF shows (template section 12).

        ``audit`` is evidence and shows the first edition, ``interview`` the last, ``leadership`` that of its name.

        Raises:
            ValueError: the site has no such edition.
        """
        if kind == "audit":
            return self.internal
        if kind == "interview" and len(self.names) > 1:
            return self.names[-1]
        if kind == "leadership" and kind in self.names[1:]:
            return kind
        called = " called leadership" if kind == "leadership" else ""
        raise ValueError(
            f'the kind "{kind}" needs a filtered edition{called}; the site\'s audiences are {", ".join(self.names)}'
        )

    def named(self, text: str) -> str:
        """Return the audience that ``text`` names, without regard to case and space around it.

        Raises:
            UnknownAudienceError: it names none.
        """
        name = text.strip().casefold()
        if name not in self.names:
            raise UnknownAudienceError(text.strip(), self)
        return name

    def restrict(self, markings: Iterable[str]) -> bool:
        """Say whether one of some markings keeps content from the least privileged audience. Empty ones do not."""
        return any(mark.strip() and mark.strip().casefold() != self.names[-1] for mark in markings)

    def is_visible(self, marking: str, edition: str) -> bool:
        """Say whether content marked for ``marking`` is shown in ``edition``.

        Each edition shows what is marked for its audience or for a less privileged one.
        Both must be names of this list.
        """
        return self.names.index(marking) >= self.names.index(edition)


@dataclass(frozen=True)
class Edition:
    """One build's view: the site's audiences and the one that the output is for."""

    audiences: Audiences
    name: str

    @property
    def is_filtered(self) -> bool:
        """Whether this edition may lack content that another one has."""
        return self.name != self.audiences.internal

    def shows(self, marking: str) -> bool:
        """Say whether content with this marking is shown. Empty means for all.

        Raises:
            UnknownAudienceError: the marking names no audience; hide the content.
        """
        if not marking.strip():
            return True
        return self.audiences.is_visible(self.audiences.named(marking), self.name)

    def shows_known(self, marking: str) -> bool:
        """Say whether content with this marking is shown; what names no audience is not."""
        try:
            return self.shows(marking)
        except UnknownAudienceError:
            return False
