"""Pages that other extensions write or change while a filtered edition is built.

The gate looks at all pages before any other part of the build. Each page must be the same when Sphinx reads it. A page
that other extensions write is shown only where ``postmortem_generated_pages`` names it, and its text is judged when it
is parsed.
"""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import get_filetype
from sphinx.util.matching import Matcher

from sphinx_postmortem.core.audience.hidden_pages import text_is_shown
from sphinx_postmortem.core.audience.looks import digest_of, marks_of
from sphinx_postmortem.core.audience.path_patterns import matches
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.sphinx_ext.audience.gate import PageGate
from sphinx_postmortem.sphinx_ext.records.domain import domain_of

_MARKING = expression(r"internal-only|review-record|audience", re.IGNORECASE)
_NAME_IT = "name it, or its folder, in `postmortem_generated_pages` if all of it may be shown"


class LatePages:
    """Compares the pages that Sphinx reads with those that the gate has looked at; one belongs to one application."""

    def __init__(self, gate: PageGate) -> None:
        """Start with the gate whose looks are compared."""
        self._gate = gate
        self._as_read = ("", "")

    def note_text(self, app: Sphinx, docname: str, source: list[str]) -> None:
        """Handle ``source-read`` first: keep the page's text as Sphinx has read it."""
        self._as_read = (docname, source[0])

    def judge_text(self, app: Sphinx, docname: str, source: list[str]) -> None:
        """Handle ``source-read`` last: judge the text that will be parsed.

        Raises:
            ExtensionError: nobody has looked at the text, or the edition must not see it.
        """
        edition = domain_of(app.env).settings.edition
        if not edition.is_filtered:
            return
        text, as_read = source[0], self._as_read[1] if self._as_read[0] == docname else ""
        path = app.env.doc2path(docname, base=False).as_posix()
        look = self._gate.looks.get(path)
        if look is None or digest_of(as_read) != look.digest:
            self._refuse_unless_named(app, path, was_there=look is not None)
        elif text == as_read:
            return
        if len(_MARKING.findall(text)) < len(_MARKING.findall(as_read)):
            raise ExtensionError(
                f"{path}: an extension has replaced this page's text before it was read, and a marking is lost. "
                "Nothing was published; take the marking out of what that extension replaces."
            )
        file_type = get_filetype(app.config.source_suffix, path)
        problems, is_shown = text_is_shown(text, file_type, edition)
        if not is_shown:
            reason = problems[0].message if problems else "it is marked for another audience"
            line = (problems[0].line if problems else 0) or 1
            raise ExtensionError(
                f'{path}:{line}: the edition "{edition.name}" must not show this page, which was written or changed '
                f"while the build ran: {reason}. Nothing was published; hide it by "
                f'`postmortem_audience_paths = {{"{path}": "{edition.audiences.internal}"}}`.'
            )

    def refuse_deleted_pages(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Handle ``env-before-read-docs``: stop where a page that the gate has looked at is not there any more.

        Raises:
            ExtensionError: there is such a page; without this it would be left out, or end the build with a traceback.
        """
        for path in self._gate.looks:
            if not Path(app.srcdir, path).is_file():
                raise ExtensionError(
                    f"{path}: this page was deleted while the build ran. Nothing was published; build again."
                )

    def refuse_late_pages(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Handle ``env-updated``: stop where a page is not the file that the gate has looked at.

        A page may not have been read in this build; and an extension may have written a file anew with the same text.

        Raises:
            ExtensionError: there is such a page, and no setting names it.
        """
        if domain_of(app.env).settings.edition.is_filtered:
            for docname in sorted(env.all_docs):
                path = env.doc2path(docname, base=False).as_posix()
                look = self._gate.looks.get(path)
                file = Path(app.srcdir, path)
                if look is None or not file.is_file() or marks_of(file.stat()) != look.marks:
                    self._refuse_unless_named(app, path, was_there=look is not None)
        return []

    def _refuse_unless_named(self, app: Sphinx, path: str, *, was_there: bool) -> None:
        settings = domain_of(app.env).settings
        if Matcher(self._gate.hidden)(path):
            raise ExtensionError(
                f'{path}: an extension has made this page part of the edition "{settings.edition.name}", which must '
                "not show it. Nothing was published; take that extension out."
            )
        if is_named(path, settings.generated_pages):
            return
        if was_there:
            raise ExtensionError(
                f"{path}: this page was written anew while the build ran. Nothing was published; build again, or, "
                f"if an extension writes it, {_NAME_IT}."
            )
        raise ExtensionError(
            f"{path}: this page was made, or made a page, while the build ran, and may come from hidden text. Nothing "
            f"was published; {_NAME_IT}, or hide it with `postmortem_audience_paths`."
        )


def is_named(path: str, patterns: tuple[str, ...]) -> bool:
    """Say whether one of the patterns names a path, or a folder above it."""
    return any(matches(pattern, path) for pattern in patterns)
