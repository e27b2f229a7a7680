"""Rules for the incidents that others repeat (the option `:repeats:` of the summary)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, site_check
from sphinx_postmortem.core.records.text_references import split_ids
from sphinx_postmortem.core.settings import Settings

_SOURCE = "template section 14"


def _page(repeats: str) -> str:
    return f":::{{incident-summary}} SEC-1\n:severity: SEV-1\n{repeats}\nText.\n:::\n"


@site_check("repeats-unknown", "warning", source=_SOURCE, bad=_page(":repeats: SEC-0\n"), good=_page(""))
def repeats_unknown(pages: Sequence[CheckedPage], settings: Settings) -> Iterator[Hit]:
    """An incident repeats one that is known."""
    ids = {page.incident_id.casefold(): page.incident_id for page in pages if page.incident_id}
    foreign = bool(settings.sources)
    for page in pages:
        for name in _repeats(page):
            if name.casefold() not in ids and not foreign:
                others = [key for key in ids if key != page.incident_id.casefold()]
                near = get_close_matches(name.casefold(), others, n=1)
                hint = f'did you mean "{ids[near[0]]}"?' if near else "write the id of a postmortem of this site"
                yield Hit(page.line, f'repeats: there is no incident "{name}"; {hint}', file=page.file)


@site_check("repeats-cycle", "error", source=_SOURCE, bad=_page(":repeats: SEC-1\n"), good=_page(""))
def repeats_cycle(pages: Sequence[CheckedPage], settings: Settings) -> Iterator[Hit]:
    """No incident repeats itself, directly or by way of others."""
    page_of = {page.incident_id.casefold(): page for page in pages if page.incident_id}
    earlier = {key: [name.casefold() for name in _repeats(page)] for key, page in page_of.items()}
    for key in sorted(key for key, names in earlier.items() if key in names):
        message = f"{page_of[key].incident_id} repeats itself; take its id out of `:repeats:`"
        yield Hit(page_of[key].line, message, file=page_of[key].file)
        earlier[key] = [name for name in earlier[key] if name != key]
    for key in _in_cycles(earlier):
        chain = _way_back(key, earlier)
        names = " repeats ".join(page_of[each].incident_id for each in chain)
        yield Hit(page_of[key].line, f"{names}; take out the one that is wrong", file=page_of[key].file)


def _repeats(page: CheckedPage) -> tuple[str, ...]:
    return split_ids(page.summary.option("repeats")) if page.summary else ()


def _in_cycles(earlier: dict[str, list[str]]) -> Iterator[str]:
    """Yield one incident of each cycle, the first by its id."""
    later: dict[str, list[str]] = {}
    for key, names in earlier.items():
        for name in names:
            later.setdefault(name, []).append(key)
    left = _without_ends(earlier, _without_ends(later, frozenset(earlier)))
    told: set[str] = set()
    for key in sorted(left):
        if key not in told and (chain := _way_back(key, earlier)):
            told.update(chain)
            yield key


def _without_ends(graph: dict[str, list[str]], keys: frozenset[str]) -> frozenset[str]:
    """Return the keys without those from which every way in the graph ends."""
    ways = {key: {name for name in graph.get(key, ()) if name in keys} for key in keys}
    back: dict[str, list[str]] = {}
    for key, names in ways.items():
        for name in names:
            back.setdefault(name, []).append(key)
    ends = [key for key, names in ways.items() if not names]
    while ends:
        end = ends.pop()
        del ways[end]
        for key in back.get(end, ()):
            ways[key].discard(end)
            if not ways[key]:
                ends.append(key)
    return frozenset(ways)


def _way_back(start: str, earlier: dict[str, list[str]]) -> list[str]:
    """Return the shortest way from an incident to itself; nothing where there is none."""
    before: dict[str, str] = {}
    waiting = [start]
    for key in waiting:
        for name in earlier.get(key, ()):
            if name == start:
                way = [key]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return [*reversed(way), start]
            if name in earlier and name not in before:
                before[name] = key
                waiting.append(name)
    return []
