"""How well similar incidents are found, and at what cost.

    python -m benchmarks.similar_recall example_site --corpus FOLDER --vcdb vcdb.json.zip

Of the incidents that people relate to one another, how many are among the three that are found. People's word is:

- example site, and a corpus of postmortems (one file each, imported by ``import --batch``): who names whom in the text,
  both ways. Ids and file names are no words of the search, so nothing is given away.
- VCDB: records for which its curators cite the same article, as far as two to four records do (an address that more
  records cite is a catalogue). That is a proxy: such records tell of one campaign, one thief, or one victim.

The baseline is the library bm25s over the same words; what three incidents drawn by lot would find is given, too.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import permutations
from pathlib import Path

from benchmarks.forms import write_project
from benchmarks.measure import Cost, sphinx
from benchmarks.vcdb import load_incidents
from sphinx_postmortem.core.exports.published_edition import PublishedEdition
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.source_kinds import find_kind
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Incident, PageRecords
from sphinx_postmortem.core.similar import MOST_SIMILAR
from sphinx_postmortem.core.similar.features import TERMS
from sphinx_postmortem.core.similar.similar_incidents import SimilarIncidents

Related = Mapping[str, set[str]]
Search = Callable[[Incident], Sequence[Incident]]
_NO_POSTMORTEM = ("readme", "index")


def run(*arguments: object, accepted: Iterable[int] = (0,)) -> str:
    """Run our command and return what it prints."""
    command = [sys.executable, "-m", "sphinx_postmortem.cli", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in accepted:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def export(source: Path, folder: Path) -> KnowledgeBase:
    """Return the records of a site's internal edition."""
    run("export", source, folder, "--edition", "internal", "--format", "json", "--no-audit")
    return PublishedEdition(folder / "internal").knowledge()


def example(source: Path, folder: Path) -> tuple[KnowledgeBase, Related]:
    """Return the example site, and which incidents name one another on their pages."""
    texts: dict[str, str] = {}
    for path in source.rglob("*.md"):
        text = path.read_text("utf-8")
        if found := re.search(r"\{incident-summary\} (\S+)", text):
            texts[found[1]] = text
    related: defaultdict[str, set[str]] = defaultdict(set)
    for one, text in texts.items():
        for other in texts:
            if other != one and re.search(rf"\b{re.escape(other)}\b", text):
                related[one].add(other)
                related[other].add(one)
    return export(source, folder), related


def corpus(files: Path, folder: Path) -> tuple[KnowledgeBase, Related, dict[str, str]]:
    """Return a corpus, which postmortems name the file of which, and the repository (first in a name) of each."""
    site = folder / "site"
    run("init", site, "--ci", "none", "--audiences", "internal")
    asked = ("--zone", "UTC", "--date-order", "mdy", "--json")
    said = run("import", "--site", site, "--batch", files, *asked, accepted=(0, 1))
    ids = {page["sources"][0]: page["id"] for page in json.loads(said)["pages"] if page["id"]}
    stems = {file: file.split("__")[-1].rpartition(".")[0].casefold() for file in ids}
    related: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in permutations(ids, 2):
        stem = stems[other]
        if stem in _NO_POSTMORTEM or stems[one] in _NO_POSTMORTEM or len(stem) < 6:
            continue
        if list(stems.values()).count(stem) == 1 and stem in (files / one).read_text("utf-8", "replace").casefold():
            related[ids[one]].add(ids[other])
            related[ids[other]].add(ids[one])
    homes = {id_: "__".join(file.split("__")[:2]) for file, id_ in ids.items()}
    return export(site, folder / "data"), related, homes


def vcdb(archive: Path, folder: Path) -> tuple[KnowledgeBase, Related]:
    """Return the records of VCDB as our import reads them, and which share an article."""
    path = archive
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as opened:
            path = Path(opened.extract(opened.namelist()[0], folder))
    source = Source(path, path.name)
    drafts = {draft.incident_id: draft for draft in find_kind(source).read(source)}
    pages = {
        id_: PageRecords(
            (Incident(id_, id_, draft.title, draft.first_day, type="Security", summary=draft.summary.written),)
        )
        for id_, draft in drafts.items()
    }
    cited: defaultdict[str, set[str]] = defaultdict(set)
    for record in json.loads(path.read_text("utf-8")):
        for address in re.findall(r"https?://[^\s;,]+", record.get("reference") or ""):
            cited[address].add(record["incident_id"])
    related: defaultdict[str, set[str]] = defaultdict(set)
    for ids in cited.values():
        if 2 <= len(ids) <= MOST_SIMILAR + 1:
            for one, other in permutations(ids, 2):
                related[one].add(other)
    return KnowledgeBase(pages), related


def ours(finder: SimilarIncidents) -> Search:
    """Return the search of the product."""
    return lambda incident: [each.incident for each in finder.to_incident(incident)]


def by_bm25s(finder: SimilarIncidents) -> Search:
    """Return a search with the library bm25s over the same words."""
    import bm25s

    texts = [
        [term for (kind, term), count in features.counts.items() if kind == TERMS for _ in range(count)]
        for features in finder._features
    ]
    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index(texts, show_progress=False)
    size = min(MOST_SIMILAR + 1, len(texts))

    def search(incident: Incident) -> list[Incident]:
        own = finder._places[incident.key]
        found, _ = index.retrieve([list(dict.fromkeys(texts[own]))], k=size, show_progress=False, n_threads=1)
        return [finder.incidents[place] for place in found[0] if place != own][:MOST_SIMILAR]

    return search


def recall(name: str, finder: SimilarIncidents, related: Related) -> None:
    """Print how many of the related incidents are found."""
    known = {incident.id: incident for incident in finder.incidents}
    pairs = sum(min(MOST_SIMILAR, len(others)) for others in related.values())
    print(
        f"{name}: {len(known)} incidents, {len(related)} of them related to others, {pairs} to be found among the three"
    )
    for what, search in (("similar incidents", ours(finder)), ("bm25s", by_bm25s(finder))):
        begun = time.process_time()
        hits = sum(len(others & {i.id for i in search(known[one])}) for one, others in related.items() if one in known)
        print(f"  {what}: {hits} ({100 * hits // pairs} %), {time.process_time() - begun:.1f} s of CPU")
    print(f"  by lot: {pairs * MOST_SIMILAR / max(1, len(known) - 1):.1f}")


def same_home(finder: SimilarIncidents, homes: Mapping[str, str]) -> None:
    """Print how many of those found come from the same repository."""
    for what, search in (("similar incidents", ours(finder)), ("bm25s", by_bm25s(finder))):
        found = [(i.id, other.id) for i in finder.incidents for other in search(i)]
        same = sum(homes.get(one) == homes.get(other) for one, other in found)
        print(f"  {what}: {same} of {len(found)} found are of the same repository")


def cost(knowledge: KnowledgeBase, number: int) -> None:
    """Print what it takes to find the similar ones of the first incidents of a knowledge base."""
    pages = {i.docname: PageRecords((i,)) for i in knowledge.incidents[:number]}
    finder = SimilarIncidents(KnowledgeBase(pages))
    before, begun = _resident(), time.process_time()
    finder.to_incident(finder.incidents[0])
    indexed = time.process_time()
    for incident in finder.incidents:
        finder.to_incident(incident)
    every = time.process_time()
    print(f"cost of {len(pages)}: index {indexed - begun:.1f} s, all {every - indexed:.1f} s of CPU, ", end="")
    print(f"{_resident() - before} MiB")


def build_cost(archive: Path, folder: Path, number: int) -> None:
    """Print what the list on each incident's page costs a build of the first records, as a ratio, and what an edit."""
    source = folder / "built"
    write_project(source, "ours", load_incidents(archive)[:number], theme="alabaster")
    page = max(source.rglob("*.md"), key=lambda path: len(path.read_bytes()))
    costs: list[list[Cost]] = []
    for setting in ("0", "1"):
        build, option = folder / f"build-{setting}", f"-Dpostmortem_related_incidents={setting}"
        cold = sphinx(source, build, option, fresh=True)
        written = {path: path.stat().st_mtime_ns for path in build.rglob("*.html")}
        text = page.read_text("utf-8")
        page.write_text(text.replace(". ", ". Meanwhile a backup tape was lost. ", 1), "utf-8")
        edit = sphinx(source, build, option, fresh=False)
        page.write_text(text, "utf-8")
        changed = [path.stem for path, time_ in written.items() if path.stat().st_mtime_ns != time_]
        print(
            f"build of {number}, {option}: cold {cold.cpu:.1f} s, edit {edit.cpu:.1f} s of CPU, which writes {changed}"
        )
        costs.append([cold, edit])
    ratios = [round(after.cpu / before.cpu, 2) for before, after in zip(*costs, strict=True)]
    print(f"ratios: cold {ratios[0]}, edit {ratios[1]}")


def _resident() -> int:
    """Return how much memory the process holds, in MiB (Linux)."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() // 2**20


def main() -> None:
    """Print recall and cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path, help="the example site")
    parser.add_argument("--corpus", type=Path, help="a folder of postmortems")
    parser.add_argument("--vcdb", type=Path, help="the archive of VCDB")
    parser.add_argument("--build", type=int, help="build so many records of VCDB, with and without the lists, and stop")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if asked.build:
            build_cost(asked.vcdb, folder, asked.build)
            return
        if asked.vcdb:
            knowledge, related = vcdb(asked.vcdb, folder)
            for number in (400, len(knowledge.incidents)):
                cost(knowledge, number)
            recall("VCDB", SimilarIncidents(knowledge), related)
        recall("example site", *_finder(example(asked.site, folder / "example")))
        if asked.corpus:
            knowledge, related, homes = corpus(asked.corpus, folder / "corpus")
            finder = SimilarIncidents(knowledge)
            recall("corpus", finder, related)
            same_home(finder, homes)


def _finder(found: tuple[KnowledgeBase, Related]) -> tuple[SimilarIncidents, Related]:
    return SimilarIncidents(found[0]), found[1]


if __name__ == "__main__":
    main()
