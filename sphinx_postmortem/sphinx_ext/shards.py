"""Builds in parts: ``read`` reads a share of the pages, ``merge`` joins what was read, has the pages written, and ends.

Sphinx reads pages one by one, and pages of parallel processes are joined by its own ``merge_info_from``; so are parts.
Everything that needs all pages (lists, navigation, references) is made when pages are written, and by then all are
known: each writer starts from the joined environment. The search index is joined from what each has fed to its own.

Run as a program of its own, since one process holds one Sphinx: ``python -m sphinx_postmortem.sphinx_ext.shards``.
Environments are unpickled only from the state folder that the command line has given, and after their stamp was read.
"""

from __future__ import annotations

import json
import pickle
import shutil
import sys
import time
from collections.abc import Generator, Iterable, Sequence, Set
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import cast

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError, SphinxError
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils
from sphinx.util.parallel import SerialTasks

from sphinx_postmortem.sphinx_ext.extension import LATE, Handler, connect
from sphinx_postmortem.sphinx_ext.kept import IS_PART
from sphinx_postmortem.sphinx_ext.part_workers import Workers, open_workers
from sphinx_postmortem.sphinx_ext.stored_parts import (
    ENVIRONMENT,
    RECORD,
    Job,
    StoredPart,
    content_digest,
    find_parts,
    is_in_part,
    remove_folder,
    sources_digest,
)
from sphinx_postmortem.sphinx_ext.upstream.sphinx import (
    IndexFacts,
    add_warnings,
    index_facts,
    join_index_facts,
    warning_count,
)


@contextmanager
def sphinx_app(job: Job, doctrees: Path, *, fresh: bool, fail_on_warning: bool = False) -> Generator[Sphinx]:
    """Open a Sphinx for HTML, as ``sphinx-build`` does."""
    settings = {"postmortem_audience": job.edition, **job.exports}
    with patch_docutils(job.source), docutils_namespace():
        yield Sphinx(
            job.source,
            job.source,
            job.output,
            doctrees,
            "html",
            confoverrides=settings,
            status=None,
            freshenv=fresh,
            warningiserror=fail_on_warning,
        )


def read_part(job: Job, part: int, parts: int) -> None:
    """Read a part's pages, and store their trees, the environment and a record of them.

    Raises:
        ExtensionError: an extension of the site cannot be read in parallel.
    """
    folder = job.folder(part, parts)
    remove_folder(folder)
    folder.mkdir(parents=True)
    with sphinx_app(job, folder / "doctrees", fresh=True) as app:
        if not app.is_parallel_allowed("read"):
            raise ExtensionError("an extension of this site cannot read pages in parallel; build the site whole")

        def choose(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
            IS_PART.set(env, value=True)
            # Sphinx insists on the root page; only the part to which it belongs passes it on.
            root = app.config.root_doc
            docnames[:] = [name for name in docnames if name == root or is_in_part(name, part, parts)]

        connect(app, [Handler("env-before-read-docs", LATE, choose, "nothing adds pages any more")])
        app.builder.read()
        pages = sorted(name for name in app.env.all_docs if is_in_part(name, part, parts))
        (folder / ENVIRONMENT).write_bytes(pickle.dumps(app.env, pickle.HIGHEST_PROTOCOL))
        sources = sources_digest(app.env, app.env, pages)
        record = {"edition": job.edition, "part": part, "pages": pages, "sources": sources}
        record |= {"warnings": warning_count(app), "content": content_digest(folder, pages)}
    (folder / RECORD).write_text(json.dumps(record), encoding="utf-8")


def join_parts(parts: Sequence[StoredPart], app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Handle ``env-before-read-docs``: take over what the parts have read, and leave nothing to read.

    Raises:
        ExtensionError: the parts do not hold the site as it is now.
    """
    held = {page for part in parts for page in part.pages}
    if differing := sorted(held ^ set(docnames)):
        raise ExtensionError(
            f"pages have been added or removed since the parts were read (such as {differing[0]}); read them again"
        )
    for part in parts:
        add_part(app, env, part)
    docnames.clear()


def add_part(app: Sphinx, env: BuildEnvironment, part: StoredPart) -> None:
    """Take over one part: its facts, and the trees of its pages."""
    # The command's own state folder: what lies there was written by `read_part`, as Sphinx's caches are.
    read_in: BuildEnvironment = pickle.loads((part.folder / ENVIRONMENT).read_bytes())  # noqa: S301
    settings = [item for item in app.config.filter(frozenset({"env"})) if item.name != "exclude_patterns"]
    # `exclude_patterns` holds the hidden pages while pages are read; what it leaves has been compared.
    changed = [item.name for item in settings if read_in.config[item.name] != item.value]
    if changed or read_in.version != env.version:
        what = ", ".join(changed) or "versions of extensions"
        raise ExtensionError(f"part {part.folder.name} was read with other settings ({what}); read it again")
    if sources_digest(env, read_in, part.pages) != part.sources:
        raise ExtensionError(f"pages of part {part.folder.name} have changed since it was read; read it again")
    env.merge_info_from(part.pages, read_in, app)
    for page in part.pages:
        tree = Path(app.doctreedir, f"{page}.doctree")
        tree.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(part.folder / "doctrees" / f"{page}.doctree", tree)
        env.all_docs[page] = time.time_ns() // 1_000  # the sources may be a copy, and newer than the part
    add_warnings(app, part.warnings)


# What a writer hands back besides the pages: images to copy, its share of the search index, its number of warnings.
Written = tuple[dict[str, str], IndexFacts, int]


def join_written(builder: StandaloneHTMLBuilder, written: Sequence[Written]) -> None:
    """Join what writers have gathered; the result is that of one writer that has written all pages in order."""
    for images, _index, _warnings in written:
        builder.images.update(images)
    join_index_facts(builder.indexer, [index for _images, index, _warnings in written])


def write_share(job: Job, share: Path) -> None:
    """Write the pages that ``share/pages.json`` names, into a folder of its own, from the joined environment.

    Raises:
        ExtensionError: a source file has changed since the parts were joined.
    """
    pages: list[str] = json.loads((share / "pages.json").read_text(encoding="utf-8"))
    with sphinx_app(job, job.state / "doctrees", fresh=False) as app:

        def refuse(
            _app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
        ) -> set[str]:
            if added or removed or changed - env.reread_always:
                raise ExtensionError("source files have changed while pages were being written; build again")
            return set()

        more = (
            Handler("env-get-outdated", 500, refuse, "Sphinx has compared all pages with their sources"),
            Handler("env-before-read-docs", LATE, read_nothing, "all have been read"),
        )
        connect(app, more)
        builder = cast("StandaloneHTMLBuilder", app.builder)
        builder.read()
        app.events.emit("write-started", builder)
        builder.parallel_ok, builder.finish_tasks = False, SerialTasks()
        builder.prepare_writing(set(app.env.all_docs))
        builder.copy_assets()  # addresses of style sheets carry their checksums
        builder.write_documents(set(pages))
        written: Written = (dict(builder.images), index_facts(builder.indexer), warning_count(app))
        (share / "written.pickle").write_bytes(pickle.dumps(written))


def read_nothing(_app: Sphinx, _env: BuildEnvironment, docnames: list[str]) -> None:
    """Handle ``env-before-read-docs``: leave nothing to read."""
    docnames.clear()


def shares_of(pages: Iterable[str], number: int) -> list[list[str]]:
    """Split pages into runs of neighbours, which share their navigation."""
    ordered = sorted(pages)
    size = -(-len(ordered) // max(number, 1))
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def write_in_shares(app: Sphinx, job: Job, workers: Workers, docnames: Set[str]) -> None:
    """Have several processes write the pages, and join what they hand back. Stands for ``write_documents``."""
    builder = cast("StandaloneHTMLBuilder", app.builder)
    folder = job.state / "parts" / "writing"
    remove_folder(folder)
    shares: list[Path] = []
    for number, pages in enumerate(shares_of(docnames, workers.count)):
        share = folder / str(number)
        share.mkdir(parents=True)
        (share / "pages.json").write_text(json.dumps(pages), encoding="utf-8")
        shares.append(share)
    workers.run_all(
        [job.step("write", output=share / "html", share=share, exports=job.exports_beside(share)) for share in shares]
    )
    written: list[Written] = [pickle.loads((share / "written.pickle").read_bytes()) for share in shares]  # noqa: S301
    for share in shares:
        move_files(share / "html", job.output)
    join_written(builder, written)
    add_warnings(app, sum(warnings for _images, _index, warnings in written))
    shutil.rmtree(folder)


def move_files(source: Path, target: Path) -> None:
    """Move the files that the target lacks: pages, and pictures that writing them has made."""
    for path in source.rglob("*"):
        final = target / path.relative_to(source)
        if path.is_file() and not final.exists():
            final.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, final)


def all_pages(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Handle ``env-updated``: every page is new."""
    return sorted(env.found_docs)


def merge(job: Job, *, cluster: str, jobs: int, read: bool, fail_on_warning: bool) -> int:
    """Join the parts into one site and write it; return Sphinx's exit code.

    Args:
        job: the edition, and where its output goes.
        cluster: see ``open_workers``.
        jobs: number of processes that write.
        read: read the parts first, as many as there are workers.
        fail_on_warning: whether warnings are errors.
    """
    with open_workers(cluster, jobs) as workers:
        if read:
            remove_folder(job.state / "parts")
            total = workers.count
            parts = range(1, total + 1)
            workers.run_all([job.step("read", output=job.folder(n, total) / "html", part=[n, total]) for n in parts])
        join = partial(join_parts, find_parts(job))
        remove_folder(job.state / "doctrees")
        with sphinx_app(job, job.state / "doctrees", fresh=True, fail_on_warning=fail_on_warning) as app:
            connect(app, [Handler("env-before-read-docs", LATE, join, "nothing adds pages any more")])
            connect(app, [Handler("env-updated", 500, all_pages, "every page is written")])
            if workers.count > 1 and app.is_parallel_allowed("write"):
                write = partial(write_in_shares, app, job, workers)
                app.builder.write_documents = write  # type: ignore[method-assign]
            app.build(force_all=True)
            return app.statuscode


def main() -> int:
    """Do one step of a job; return 0, or 1 where warnings are errors, or 2 after an error."""
    step, given = sys.argv[1], json.loads(sys.argv[2])
    source, state, output = (Path(given[name]) for name in ("source", "state", "output"))
    job = Job(source, state, output, given["edition"], given.get("exports", {}))
    nocolor()  # the command line reads what is written here
    try:
        if step == "read":
            read_part(job, *given["part"])
        elif step == "write":
            write_share(job, Path(given["share"]))
        else:
            return merge(job, **given["how"])
    except SphinxError as error:
        sys.stderr.write(f"{error.category}: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
