"""Says in words what an import has done: one page, or a folder of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sphinx_postmortem.cli.terminal import echo, secho
from sphinx_postmortem.core.exports.command_json import ImportedPage

_MOST_SAID = 12


def say_page(page: ImportedPage) -> None:
    """Print what became of one page, and what its author is to do."""
    if page["problem"]:
        secho(page["problem"], fg="red", err=True)
        return
    counts = Counter(item["what"] for item in page["items"] if item["became"] in ("row", "section", "comment"))
    kept = sum(item["became"] == "kept" for item in page["items"])
    what = ", ".join(f"{count} {_plural(name, count)}" for name, count in counts.items()) or "nothing new"
    verb = "Wrote" if page["changed"] else "Left as it is:"
    echo(f"{verb} {page['path']} ({page['id']}): {what}" + (f"; {kept} were there" if kept else ""))
    for sentence in page["said"][:_MOST_SAID]:
        echo(f"  {sentence}")
    if len(page["said"]) > _MOST_SAID:
        echo(f"  and {len(page['said']) - _MOST_SAID} more notes, which stand in the page")
    _say_secrets([page])
    if page["names"]:
        echo(f"  People, for postmortem_pseudonyms: {', '.join(page['names'])}")
    if page["changed"]:
        echo("Next: read the page, and answer  sphinx-postmortem check .")


def say_batch(pages: Sequence[ImportedPage]) -> None:
    """Print one line for each file, and the sums."""
    for page in pages:
        name = ", ".join(page["sources"])
        if page["problem"]:
            secho(f"{name}: not imported: {page['problem']}", fg="red")
            continue
        unread = sum(item["what"] == "unread" for item in page["items"])
        to_do = f", {len(page['said'])} to look at" if page["said"] else ""
        state = "" if page["changed"] else " (was there)"
        counts = f"{page['events']} events, {page['actions']} actions, {unread} not read{to_do}"
        echo(f"{name} -> {Path(page['path']).name}{state}: {counts}")
    done = [page for page in pages if not page["problem"]]
    events, actions = sum(page["events"] for page in done), sum(page["actions"] for page in done)
    with_times = sum(page["events"] > 0 for page in done)
    echo(
        f"{len(done)} of {len(pages)} files imported; {with_times} have a timeline; {events} events, {actions} actions"
    )
    _say_secrets(pages)
    names = dict.fromkeys(name for page in done for name in page["names"])
    if names:
        echo(f"{len(names)} people are named, in the column Who and in the text: --json lists them")


def _say_secrets(pages: Sequence[ImportedPage]) -> None:
    for place in (place for page in pages for place in page["secrets"]):
        secho(f"{place}: this looks like a secret; revoke it and take it out", fg="red", err=True)


def _plural(name: str, count: int) -> str:
    return name if count == 1 or name == "unread" else f"{name}s"
