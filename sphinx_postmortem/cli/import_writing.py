"""Writes imported pages: whole or not at all, and never over what an author has written."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sphinx_postmortem.cli.new import check_id, folder_for, guess_pattern, next_id, used_ids
from sphinx_postmortem.cli.site import Site, SiteError
from sphinx_postmortem.cli.templates import write_new
from sphinx_postmortem.core.checks import find_pages
from sphinx_postmortem.core.checks.secret import find_secrets
from sphinx_postmortem.core.exports.command_json import ImportedItem, ImportedPage
from sphinx_postmortem.core.file_stems import stem_of_id
from sphinx_postmortem.core.imports.draft import Draft
from sphinx_postmortem.core.imports.draft_page import Frame, make_page, quoted, read_marks
from sphinx_postmortem.core.imports.merge_page import csv_of, merge_draft
from sphinx_postmortem.core.reader import read_page
from sphinx_postmortem.core.whole_files import replace_file


@dataclass
class Importing:
    """One run: the site, what was asked for, the taken ids, and the pages that earlier imports have written."""

    site: Site
    folder: str | None = None
    incident_id: str | None = None
    used: dict[str, Path] = field(default_factory=dict[str, Path])
    origins: dict[tuple[str, str], list[Path]] = field(default_factory=dict[tuple[str, str], list[Path]])

    def __post_init__(self) -> None:
        self.used = used_ids(self.site)
        for path in find_pages(self.site.source, lambda name: name.startswith("build/")):
            with suppress(OSError, UnicodeDecodeError):
                text = path.read_text(encoding="utf-8")
                for origin in read_marks(text.split("\n")) if "% imported from " in text else ():
                    self.origins.setdefault(origin, []).append(path)

    def page_of(self, draft: Draft) -> Path | None:
        """Return the page into which this source was imported before; None where there is none, or several."""
        found = {
            path for part in draft.parts or (draft,) for path in self.origins.get((part.kind, quoted(part.source)), ())
        }
        if len(found) > 1:
            found = {path for path in found if draft.incident_id and f"{draft.incident_id}:" in _text(path)}
        return found.pop() if len(found) == 1 else None

    def free_id(self, draft: Draft) -> str:
        """Return the id for a new page: the one that was asked for, the source's, or the next free one.

        Raises:
            SiteError: it is taken.
        """
        day = draft.first_day or datetime.now(tz=UTC).date()
        proposed = next_id(guess_pattern(self.used), day.year, self.used)
        if self.incident_id:
            check_id(self.incident_id, proposed)
            if self.incident_id.casefold() in self.used:
                where = self.used[self.incident_id.casefold()].relative_to(self.site.source)
                raise SiteError(f"the id {self.incident_id} is taken by {where}; add to it with --into {where}")
            return self.incident_id
        own = draft.incident_id
        is_fit = bool(own) and own == stem_of_id(own).upper() and own.casefold() not in self.used
        return own if is_fit and not own.isdigit() else proposed

    def failed(self, name: str, problem: str) -> ImportedPage:
        """Return what is said of a file that was not imported."""
        return _page(problem=problem, sources=[name])


def write_drafts(draft: Draft, importing: Importing, into: Path | None = None) -> ImportedPage:
    """Write a draft into a new page, or into the one that it was imported into before, or the one that is named."""
    path = into or importing.page_of(draft)
    return _merge(draft, importing, path) if path else _create(draft, importing)


def _create(draft: Draft, importing: Importing) -> ImportedPage:
    site = importing.site
    incident_id = importing.free_id(draft)
    frame = Frame(incident_id, site.audiences.names, site.settings.severities)
    day = draft.first_day or datetime.now(tz=UTC).date()
    path = site.source / folder_for(site, importing.folder, day) / f"{stem_of_id(incident_id)}.md"
    if not path.parent.resolve().is_relative_to(site.source):
        raise SiteError(f"--folder {importing.folder} lies outside {site.source}; name a folder below it")
    page = make_page(draft, frame, f"{stem_of_id(incident_id)}.csv")
    beside = path.with_suffix(".csv")
    if page.csv:
        write_new(beside, page.csv)
    try:
        write_new(path, page.text)
    except SiteError:
        if page.csv:
            beside.unlink()
        raise
    importing.used[incident_id.casefold()] = path
    for part in draft.parts or (draft,):
        importing.origins.setdefault((part.kind, quoted(part.source)), []).append(path)
    result = _page(incident_id, path, draft, is_changed=True)
    result["items"] = list(_items_of(draft, None))
    result["said"] += page.said
    result["secrets"] = [*_secrets(path, page.text), *_secrets(beside, page.csv)]
    return result


def _merge(draft: Draft, importing: Importing, path: Path) -> ImportedPage:
    if path.suffix != ".md":
        raise SiteError(
            f"{path} is no page in Markdown, and rows can be added to no other; name a .md page with --into"
        )
    text = _text(path)
    summaries = read_page(text, markdown=True).named("incident-summary")
    incident_id = summaries[0].argument if summaries else path.stem
    name = csv_of(text)
    beside = path.parent / name if name else None
    if beside is not None and not beside.resolve().is_relative_to(importing.site.source):
        raise SiteError(f"{path}: its timeline is in {name}, outside {importing.site.source}; nothing was changed")
    table = _text(beside) if beside is not None else ""
    frame = Frame(incident_id, importing.site.audiences.names, importing.site.settings.severities)
    merged = merge_draft(text, table, draft, frame)
    if beside is not None and merged.csv != table:
        replace_file(beside, merged.csv.encode(), within=importing.site.source)
    if merged.text != text:
        replace_file(path, merged.text.encode(), within=importing.site.source)
    result = _page(incident_id, path, draft, is_changed=merged.text != text)
    result["items"] = list(_items_of(draft, merged.added))
    result["said"] = [
        *(f"{path.name}, {sentence}" for sentence in merged.gone),
        *(result["said"] if merged.added or not result["items"] else ()),
    ]
    result["secrets"] = _secrets(path, merged.text) if merged.added else []
    return result


def _page(
    incident_id: str = "",
    path: Path | None = None,
    draft: Draft | None = None,
    *,
    is_changed: bool = False,
    problem: str = "",
    sources: list[str] | None = None,
) -> ImportedPage:
    parts = (draft.parts or (draft,)) if draft else ()
    return {
        "id": incident_id,
        "path": str(path) if path else "",
        "sources": sources or [part.source for part in parts],
        "changed": is_changed,
        "events": len(draft.events) if draft else 0,
        "actions": len(draft.actions) if draft else 0,
        "items": [],
        "said": list(draft.said) if draft else [],
        "names": list(draft.names) if draft else [],
        "secrets": [],
        "problem": problem,
    }


def _secrets(path: Path, text: str) -> list[str]:
    return [f"{path}:{number}" for number, _ in find_secrets(text.split("\n"))] if text else []


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SiteError(f"{path} cannot be read as UTF-8 ({error}); nothing was changed") from error


def _items_of(draft: Draft, added: Collection[str] | None) -> Iterator[ImportedItem]:
    """Yield every item of a draft.

    Args:
        draft: what was read.
        added: the keys of the items that a merge has added; None where the page is new.
    """
    for event in draft.events:
        yield _item(event.key, "event", event.evidence, "row", added)
    for action in draft.actions:
        yield _item(action.key, "action", action.evidence, "row", added)
    for section in draft.sections:
        yield _item(section.key, "section", f"{draft.source}:{section.line}", "section", added)
    for factor in draft.factors:
        became = "section" if added is None else "not compared: factors are written by a first import alone"
        yield {"key": "", "what": "factor", "place": factor.written[:60], "became": became}
    for unread in draft.unread:
        became = "comment" if added is None else unread.reason
        yield {"key": "", "what": "unread", "place": unread.place, "became": became}
    for left in draft.left_out:
        took = f"; {left.option} takes them" if left.option else ""
        yield {"key": "", "what": "left-out", "place": draft.source, "became": f"{left.count} {left.what}{took}"}


def _item(key: str, what: str, place: str, became: str, added: Collection[str] | None) -> ImportedItem:
    return {"key": key, "what": what, "place": place, "became": became if added is None or key in added else "kept"}
