"""What commands print as JSON: each field with its type and its meaning. The reference is made from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, NotRequired, TypedDict


class EditionData(TypedDict):
    """One edition of a build or an export."""

    edition: Annotated[str, "Name of the edition."]
    published: Annotated[bool, "Whether it was made and moved into place; the other fields are there only if so."]
    folder: NotRequired[Annotated[str, "Its folder, as an absolute path."]]
    html_pages: NotRequired[Annotated[int, "Number of HTML pages."]]
    pdfs: NotRequired[Annotated[list[str], "Absolute paths of its PDFs."]]
    markdown_pages: NotRequired[Annotated[int, "Number of pages in Markdown."]]
    data: NotRequired[Annotated[list[str], "Absolute paths of its data files, and of the folder of calendars."]]


class EditionsData(TypedDict):
    """What `build`, `merge` and `export` print."""

    editions: Annotated[list[EditionData], "The editions that were asked for, in the order of the audiences."]


class SimilarItem(TypedDict):
    """One incident that resembles a text."""

    id: Annotated[str, "The incident's id."]
    title: Annotated[str, "Its title, without the id."]
    first_day: Annotated[str | None, "Its first day, `YYYY-MM-DD`; `null` where it is not stated."]
    severity: Annotated[str, "Its severity."]
    status: Annotated[str, "Its status."]
    address: Annotated[str, "Where its page is: an address, or a path within the edition where the site has none."]
    reason: Annotated[str, "What it has in common with the text."]


class SimilarData(TypedDict):
    """What `similar` prints."""

    edition: Annotated[str, "Name of the edition that was searched."]
    similar: Annotated[list[SimilarItem], "The incidents, the nearest first; empty where none resembles the text."]


class VerifiedFolder(TypedDict):
    """One folder that was verified."""

    folder: Annotated[str, "The folder, as it was given."]
    differences: Annotated[list[str], "What differs from the manifest, a sentence for each file; empty if nothing."]


class VerifyData(TypedDict):
    """What `verify` prints."""

    folders: Annotated[list[VerifiedFolder], "The folders that were given."]


class NewData(TypedDict):
    """What `new` prints."""

    id: Annotated[str, "The incident's id."]
    path: Annotated[str, "The file that was written, as an absolute path."]


class ImportedItem(TypedDict):
    """One item of a source, and what became of it."""

    key: Annotated[str, "Its id in the source, with the kind before it; empty for what was not read."]
    what: Annotated[str, "`event`, `action`, `factor`, `section`, `unread` or `left-out`."]
    place: Annotated[str, "Where it stands in the source: a file and a line, or an address."]
    became: Annotated[str, "`row`, `section`, `kept` (it was there), `comment`, or why it is not in the page."]


class ImportedPage(TypedDict):
    """One page that sources were imported into."""

    id: Annotated[str, "The incident's id; empty where nothing was written."]
    path: Annotated[str, "The page, as an absolute path; empty where nothing was written."]
    sources: Annotated[list[str], "The files that it comes from."]
    changed: Annotated[bool, "Whether the page was written; a second import of the same files changes nothing."]
    events: Annotated[int, "Rows of the timeline that the sources give."]
    actions: Annotated[int, "Actions that the sources give."]
    items: Annotated[list[ImportedItem], "Every item of the sources."]
    said: Annotated[list[str], "What an author must know, a sentence each."]
    names: Annotated[list[str], "People in it, for `postmortem_pseudonyms`."]
    secrets: Annotated[list[str], "Places of what looks like a secret."]
    problem: Annotated[str, "Why it was not imported; empty where it was."]


class ImportData(TypedDict):
    """What `import` prints."""

    pages: Annotated[list[ImportedPage], "The pages, in the order of the files."]


class InitData(TypedDict):
    """What `init` prints."""

    folder: Annotated[str, "The folder, as it was given."]
    written: Annotated[list[str], "Files that were written, below the folder."]
    kept: Annotated[list[str], "Files that were there already and were left as they are, below the folder."]


class FindingCounts(TypedDict):
    """How many findings there are."""

    error: Annotated[int, "Errors that are not suppressed."]
    warning: Annotated[int, "Warnings that are not suppressed."]
    note: Annotated[int, "Notes that are not suppressed."]
    suppressed: Annotated[int, "Findings that a comment or the baseline excuses."]


class FindingData(TypedDict):
    """One finding of a check."""

    code: Annotated[str, "Code of the check."]
    severity: Annotated[str, "`error`, `warning` or `note`."]
    message: Annotated[str, "What is wrong, and how to mend it."]
    file: Annotated[str, "The page, as its path was given or found."]
    line: Annotated[int, "Line in the file, from 1; 0 for the whole file."]
    column: Annotated[int, "Column in the line, from 1; 0 for the whole line."]
    suppressed: Annotated[str, "Why it does not count; empty if it counts."]


class CheckData(TypedDict):
    """What `check --format json` prints, and the builder `postmortem-check` writes."""

    pages: Annotated[int, "Number of pages that were read."]
    summary: Annotated[FindingCounts, "The numbers of findings."]
    findings: Annotated[list[FindingData], "All findings, the suppressed too."]


class LeakData(TypedDict):
    """One trace of hidden content."""

    file: Annotated[str, "The published file, below the edition's folder."]
    position: Annotated[str, "Where in it; empty for the whole file."]
    kind: Annotated[
        str,
        "`word`, `phrase`, `file name`, `file content` or `other edition`, from the search; "
        "`difference` or `file`, from the comparison with a build without hidden content.",
    ]
    found: Annotated[str, "The hidden content that was found, or the text that differs."]
    source: Annotated[str, "Where it is hidden: file and line; of a difference, what the edition was compared with."]


class AuditData(TypedDict):
    """What `audit --format json` prints."""

    leaks: Annotated[list[LeakData], "What was found, ordered by file; empty if the edition is clean."]


class ChangeData(TypedDict):
    """One statement that differs from what was approved."""

    change: Annotated[str, "`shown`, `no longer shown` or `changed`."]
    line: Annotated[int, "Line in the page's source, from 1; 0 where it is not known."]
    shown: Annotated[str, "The statement as the edition would show it; empty if it is no longer shown."]
    approved: Annotated[str, "The statement as it was approved; empty if it is newly shown."]


class ReviewedPage(TypedDict):
    """One page of the edition against its release."""

    page: Annotated[str, "Name of the page; `_site` for what stands on no page alone."]
    state: Annotated[str, "`approved`, `changed`, `new`, `gone` or `unreadable`."]
    source: Annotated[str, "Absolute path of the page's source; empty if there is none."]
    release: Annotated[str, "Absolute path of its release, whether it exists or not."]
    problem: Annotated[str, "Why the release cannot be used; empty if it can."]
    changes: Annotated[list[ChangeData], "What differs, in the order of the page."]


class ReviewData(TypedDict):
    """What `review` prints."""

    edition: Annotated[str, "Name of the edition."]
    approved: Annotated[bool, "Whether all pages are as they were approved, and no release is left over."]
    has_faults: Annotated[bool, "Whether a marking of the sources cannot be trusted; nothing can be approved then."]
    pages: Annotated[list[ReviewedPage], "All pages by name, then the releases of pages that are gone."]


class ApproveData(TypedDict):
    """What `approve` prints."""

    edition: Annotated[str, "Name of the edition."]
    written: Annotated[list[str], "Absolute paths of the releases that were written."]
    removed: Annotated[list[str], "Absolute paths of the releases of pages that are gone."]


COMMAND_JSON: Mapping[str, type] = {
    "build --json": EditionsData,
    "merge --json": EditionsData,
    "export --json": EditionsData,
    "check --format json": CheckData,
    "audit --format json": AuditData,
    "review --json": ReviewData,
    "approve --json": ApproveData,
    "verify --json": VerifyData,
    "similar --json": SimilarData,
    "new --json": NewData,
    "import --json": ImportData,
    "init --json": InitData,
}
"""What each command prints, by the options that ask for it."""
