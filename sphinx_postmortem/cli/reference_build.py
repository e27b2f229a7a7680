"""The reference of an edition: built from a copy of the sources from which everything hidden has been deleted.

What an edition has in common with it is no leak, whatever words coincide; what differs is one, however common its
words.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sphinx_postmortem.cli.pdf_runs import kinds_of_edition
from sphinx_postmortem.cli.site import Site, SiteError, run_sphinx
from sphinx_postmortem.cli.terminal import Progress
from sphinx_postmortem.core.audit.comparison import differences
from sphinx_postmortem.core.audit.deletion import copy_without_hidden
from sphinx_postmortem.core.audit.search import STAMP, Leak
from sphinx_postmortem.core.audit.sources import Content, Scope
from sphinx_postmortem.core.audit.unpacking import AuditError
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.git import run_git
from sphinx_postmortem.core.records.vocabulary import PdfKind
from sphinx_postmortem.core.working_folders import working_folder


@dataclass(frozen=True)
class Settled:
    """What a reference has settled: the leaks that remain, and why it could not be built, or empty."""

    leaks: tuple[Leak, ...]
    failure: str = ""


class _Silent(Progress):
    """A build of which nothing is shown: it is not for readers, and its warnings have been told."""

    def say(self, line: str) -> None:
        """Show nothing."""


def compare_with_reference(
    site: Site, folder: Path, edition: str, scope: Scope, content: Content, found: Iterable[Leak], *, always: bool
) -> Settled:
    """Compare an edition with its reference, and return what differs.

    A difference in a file in which something was found is told by those findings, which name the sources. Where there
    is no reference, all findings stay. What plain ``sphinx-build`` has made may have been built with other settings: of
    it, only findings are settled, unless ``always`` asks for all that differs.
    """
    found = tuple(found)
    with working_folder("reference") as work:
        try:
            made = build_reference(site, folder, edition, scope, content, work)
            different = list(differences(folder, made, lambda data: _in_place(data, work, site.source)))
        except (AuditError, SiteError, OSError) as error:
            return Settled(found, str(error).replace(str(work), "REFERENCE"))
    files = {leak.file for leak in different}
    if (folder / STAMP).exists() and not always:
        different = []
    kept = [leak for leak in found if leak.file in files or leak.kind in ("other edition", "file content")]
    named = {leak.file for leak in kept}
    return Settled(tuple(sorted({*kept, *(leak for leak in different if leak.file not in named)})))


def build_reference(site: Site, folder: Path, edition: str, scope: Scope, content: Content, work: Path) -> Path:
    """Build the reference of an edition in the formats that the edition has; return the reference's folder.

    Args:
        site: the site.
        folder: the edition's folder.
        edition: the edition's name.
        scope: the sources.
        content: what the audit has read of them.
        work: an empty folder to work in.

    Raises:
        AuditError: the sources cannot be copied, the edition was not made by ``build``, or the build fails.
        OSError: a file cannot be read or written.
    """
    return _build(replace(site, source=_copied(site.source, scope, content, work)), folder, edition, work)


def _copied(source: Path, scope: Scope, content: Content, work: Path) -> Path:
    """Write the copy within links to all that lies beside the sources, so that relative paths lead where they led."""
    top, base = _top_of_repository(source) or source, _base_of(source)
    copy = work / "site" / source.relative_to(base)
    for folder in [base, *reversed([path for path in source.parents if base in path.parents])]:
        made = work / "site" / folder.relative_to(base)
        made.mkdir(parents=True, exist_ok=True)
        for beside in folder.iterdir():
            if beside != source and beside not in source.parents and beside.name != ".git":
                with suppress(OSError):  # what needs it says so
                    (made / beside.name).symlink_to(beside)
    copy_without_hidden(scope, content, (source / "conf.py").read_text("utf-8", "replace"), copy)
    if (top / ".git").exists():
        _link_repository(top, copy if top == source else work / "site", copy)
    return copy


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = run_git(folder, *arguments)
    except OSError:
        return ""
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else ""


def git_files(source: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return which files below a folder Git ignores, as what programs write should be, and which it tracks."""
    ignored = _git(source, "ls-files", "-z", "--others", "--ignored", "--exclude-standard")
    tracked = frozenset(filter(None, _git(source, "ls-files", "-z").split("\0")))
    names = frozenset(filter(None, ignored.split("\0")))
    # A whole site in a folder that Git ignores was not written by a program.
    return (frozenset() if "conf.py" in names else names), tracked


def _top_of_repository(source: Path) -> Path | None:
    top = _git(source, "rev-parse", "--show-toplevel").strip()
    return Path(top) if top else None


def _base_of(source: Path) -> Path:
    """Return the folder up to which a site's relative paths are followed: the top of its repository, or one above."""
    top = _top_of_repository(source)
    return top if top is not None and top != source else source.parent


def _link_repository(top: Path, copied_top: Path, copy: Path) -> None:
    """Give the copy the history of its repository, in which none of its files counts as changed by the deletion."""
    store = Path(_git(top, "rev-parse", "--absolute-git-dir").strip())
    common = Path(os.path.realpath(top / _git(top, "rev-parse", "--git-common-dir").strip()))
    made = copied_top / ".git"
    if made.is_symlink():
        made.unlink()
    made.mkdir(exist_ok=True)
    for part in store.iterdir():
        if part.name not in ("index", "commondir", "gitdir"):
            (made / part.name).symlink_to(part)
    if common != store:
        (made / "commondir").write_text(f"{common}\n", encoding="utf-8")
    if (store / "index").exists():
        shutil.copyfile(store / "index", made / "index")
    changed = set(_git(top, "diff", "--ignore-submodules=dirty", "--name-only", "-z", "HEAD").split("\0"))
    within = copy.relative_to(copied_top).as_posix()
    tracked = [name for name in _git(top, "ls-files", "-z", "--", within).split("\0") if name and name not in changed]
    for start in range(0, len(tracked), 500):
        _git(copied_top, "update-index", "--assume-unchanged", "--", *tracked[start : start + 500])


def _build(site: Site, folder: Path, edition: str, work: Path) -> Path:
    """Build in the formats that the edition has; return the folder.

    Raises:
        AuditError: the edition was not made by ``build``, or its reference cannot be built.
    """
    from sphinx_postmortem.cli.build_options import format_arguments, has_unsafe_marking, prepared
    from sphinx_postmortem.cli.pdf_runs import gather_pdfs

    state, made = work / "state", work / "out"
    runs = _runs(site, folder, edition)
    formats = [name for name, kind in runs if not kind]
    for name, kind in runs:
        log = state / f"{name}-{kind}.log"
        with_data = (name, kind) == runs[0] and (folder / "postmortems.json").exists()
        arguments = format_arguments(site, state, made, edition, name, kind, with_data=with_data, formats=formats)
        # Nobody has approved the copy, and nobody will read it.
        arguments = ["-D", f"postmortem_release.{edition}=off", *arguments]
        failed = run_sphinx(arguments, log, _Silent("")) != 0
        if failed or has_unsafe_marking(log):
            said = log.read_text("utf-8", "replace").strip().splitlines()
            raise AuditError(f"the reference could not be built: {said[-1] if said else 'no reason given'}")
        if kind:
            gather_pdfs(made / f"{name}-{kind}", made / "pdf")
    if (folder / STAMP).exists():
        return prepared(made / "html")
    return prepared(made)


def _runs(site: Site, folder: Path, edition: str) -> list[tuple[str, str]]:
    if (folder / STAMP).exists():
        if not (folder / "searchindex.js").exists():
            raise AuditError("there is no reference for what another builder than html or pdf has made")
        return [("html", "")]
    runs = [("html", "")] if (folder / "html").is_dir() else []
    names = [path.stem for path in (folder / "pdf").glob("*.pdf")] if (folder / "pdf").is_dir() else []
    kinds = [kind for kind in map(str, PdfKind) if any(name.endswith(f"-{kind}") for name in names)]
    kinds = list(kinds_of_edition(tuple(kinds), edition, site.audiences))
    if any(not name.endswith(tuple(f"-{kind}" for kind in kinds)) for name in names):
        runs.append(("pdf", ""))
    if (folder / "md").is_dir():
        runs.append(("md", ""))
    return [*runs, *(("pdf", kind) for kind in kinds)]


def _in_place(data: bytes, work: Path, source: Path) -> bytes:
    """Return a file of the reference with the place of the sources in that of their copy."""
    base = _base_of(source)
    return data.replace(os.fsencode(work / "site" / source.relative_to(base)), os.fsencode(source))
