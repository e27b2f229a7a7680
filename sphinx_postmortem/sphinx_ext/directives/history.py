"""The directive ``revision-history``: the commits that changed a page (template section 12)."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.git import History, head_log, history_of
from sphinx_postmortem.core.language.texts import later, said, say
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective

UNCOMMITTED = later("The source has changes that are not committed; they are not in this list.")


class RevisionHistory(PostmortemDirective):
    """A table of the page's commits, from Git."""

    has_content = False

    def run_visible(self) -> list[nodes.Node]:
        """Return the table, or the reason why there is none.

        A filtered edition shows nothing unless the settings say so: when a page was changed tells of changes of hidden
        content too.
        """
        if not shows_history(self.settings, self.edition):
            return []
        path = Path(self.env.doc2path(self.env.current_document.docname))
        log = head_log(path.parent)
        if log is not None:
            self.env.note_dependency(log)  # a commit makes the page outdated
        history = history_of(path)
        if history.gap:
            self.warn(Code.NO_HISTORY, str(history.gap))
        return history_nodes(history, self.settings, self.edition)


def shows_history(settings: Settings, edition: Edition) -> bool:
    """Say whether an edition shows revision histories."""
    return not edition.is_filtered or settings.revisions_in_filtered_editions


def history_nodes(history: History, settings: Settings, edition: Edition) -> list[nodes.Node]:
    """Return a history as a table. A filtered edition gets days and hashes only."""
    if history.gap:
        return as_written([output.paragraph(say("No revision history: {reason}", reason=said(history.gap)))])
    titles = [later("Date"), later("Author"), later("Change"), later("Commit")]
    titles = [titles[0], titles[-1]] if edition.is_filtered else titles
    rows: list[output.TableRow] = []
    for revision in history.revisions:
        author = settings.author_roles.get(revision.author, settings.author_roles.get("*", revision.author))
        hidden_from_filtered = [] if edition.is_filtered else [author, revision.subject]
        texts = [revision.day, *hidden_from_filtered, revision.short]
        rows.append(output.TableRow([[nodes.Text(text)] for text in texts]))
    widths = [30, 70] if edition.is_filtered else [15, 25, 45, 15]
    table = output.table(titles, rows, ["pm-revisions"], widths)
    note = [output.paragraph(say(UNCOMMITTED))] if history.uncommitted and not edition.is_filtered else []
    return as_written([table, *note])


def as_written(found: list[nodes.Node]) -> list[nodes.Node]:
    """Keep typographic quotes and dashes out of texts that are evidence."""
    for part in found:
        for paragraph in part.findall(nodes.paragraph):
            paragraph["support_smartquotes"] = False
    return found
