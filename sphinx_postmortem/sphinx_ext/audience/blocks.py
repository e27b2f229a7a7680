"""The block gate: ``audience`` and ``internal-only``.

A hidden block's directive returns without parsing its body: nothing of it reaches a tree, a label, an index or a cache.
A shown block's body is parsed in place, as if the fences were not there, so that headings and labels keep their order.
"""

from __future__ import annotations

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.errors import ExtensionError
from sphinx.util.docutils import NullReporter

from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.directives.options import option_spec
from sphinx_postmortem.sphinx_ext.upstream.docutils import insert_lines
from sphinx_postmortem.sphinx_ext.upstream.myst import is_markdown, render_in_place


class AudienceBlock(PostmortemDirective):
    """Marks a block for an audience: ``{audience} leadership``. ``:summary:`` stands in for it where it is hidden."""

    optional_arguments = 1
    option_spec = option_spec("audience")

    def marking(self) -> str:
        """Return the audience that the block is marked for; empty when it is missing."""
        return str(self.arguments[0]) if self.arguments else ""

    def marking_is_sound(self) -> bool:
        """Report a marking that names no audience, or none that exists."""
        marking = self.marking()
        if not marking.strip():
            message = (
                f"`{self.name}` names no audience; write for example `{{audience}} {self.edition.name}`. It is hidden"
            )
            self.warn(Code.BROKEN_MARKING, message)
            return False
        return super().marking_is_sound() and self.known(marking)

    def markings(self) -> tuple[str, ...]:
        """Return the audiences of the block and of its option."""
        return (self.marking(), *super().markings())

    def run_visible(self) -> list[nodes.Node]:
        """Return nothing: the body is parsed into the place where the directive stands."""
        return self.parse_in_place()

    def run_hidden(self) -> list[nodes.Node]:
        """Return the block's summary or the configured notice, if there is one."""
        return self.replacement()

    def known(self, marking: str) -> bool:
        """Say whether the marking names an audience; report it where not."""
        if marking.strip().casefold() in self.edition.audiences.names:
            return True
        return self.shows(marking)

    def replacement(self) -> list[nodes.Node]:
        """Return what stands in place of the hidden block: its summary, the configured notice, or nothing."""
        text = self.options.get("summary", "") or self.settings.redaction_notice
        return self.parse_blocks(text, self.lineno) if text else self.nothing()

    def nothing(self) -> list[nodes.Node]:
        """Return nothing, where the page has other text.

        Raises:
            ExtensionError: the block is all that autosummary takes of a docstring for its summary.
        """
        if isinstance(self.state.document.reporter, NullReporter):
            raise ExtensionError(
                f'the page "{self.env.current_document.docname}" lists an object by autosummary whose docstring begins '
                f"with `{self.name}`, so that it has no summary that this edition may see. Nothing was published; "
                "begin the docstring with a sentence, or take the object out of the list."
            )
        return []

    def parse_in_place(self) -> list[nodes.Node]:
        """Parse the body into the place where the directive stands."""
        if not any(line.strip() for line in self.content):
            return self.nothing()
        if is_markdown(self.state):
            # The blank line keeps a leading `---` from being read as front matter.
            text = "\n" + "\n".join(self.content)
            render_in_place(self.state, text, self.lineno + self.content_offset - 1)
            return []
        insert_lines(self.state_machine, StringList(self.content), self.get_source_info()[0])
        return []


class InternalOnly(AudienceBlock):
    """Marks a block for the most privileged audience: the common case of ``audience``."""

    optional_arguments = 0

    def marking(self) -> str:
        """Return the most privileged audience."""
        return self.edition.audiences.internal
