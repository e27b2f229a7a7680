"""``sphinx-postmortem build``: every edition, in every format, in one command."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from sphinx_postmortem.cli.audit import audit_with_reference, report, unsettled
from sphinx_postmortem.cli.build_lock import locked
from sphinx_postmortem.cli.build_options import (
    CLUSTER_HELP,
    UNSAFE_MARKINGS,
    Options,
    format_arguments,
    has_unsafe_marking,
    prepared,
)
from sphinx_postmortem.cli.caches import drop_unreadable, with_readable_caches
from sphinx_postmortem.cli.edition_folder import (
    STATE,
    FolderError,
    check_folders,
    empty_unfinished,
    facts_of_build,
    place_of,
    put_back,
    refuse_foreign,
    remove_earlier,
    replace_edition,
)
from sphinx_postmortem.cli.option_values import split_some_names
from sphinx_postmortem.cli.pdf_runs import check_kinds, gather_pdfs, kinds_of_edition, split_kinds
from sphinx_postmortem.cli.programs import Programs
from sphinx_postmortem.cli.results import Written, say_results
from sphinx_postmortem.cli.shard_runs import PROGRAM, merge_arguments, read_shard, split_shard
from sphinx_postmortem.cli.side_by_side import DoInMain, build_all, share
from sphinx_postmortem.cli.site import Site, SiteError, read_site, run_sphinx
from sphinx_postmortem.cli.terminal import IS_WARNING, echo, say_told, secho
from sphinx_postmortem.core.audit.unpacking import AuditError
from sphinx_postmortem.core.exports.manifest import ManifestError, write_manifest
from sphinx_postmortem.core.source_links import LEADS_TO_NO_SOURCE

FORMATS = ("html", "pdf", "md")


def split_formats(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """Read ``--format html,pdf``."""
    return split_some_names(value, FORMATS, "format")


@click.command()
@click.argument("source", metavar="SRC", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("output", metavar="OUT", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--edition", "editions", multiple=True, metavar="NAME", help="Edition to build; repeat for several. Default: all."
)
@click.option(
    "--format",
    "formats",
    default="html",
    show_default=True,
    callback=split_formats,
    help="html, pdf, md (Markdown), or several: html,pdf,md",
)
@click.option(
    "--pdf",
    "kinds",
    default="",
    callback=split_kinds,
    metavar="KINDS",
    help="Also PDFs for: leadership,audit,interview",
)
@click.option("-W", "--fail-on-warning", is_flag=True, help="Treat warnings as errors.")
@click.option("-j", "--jobs", default="auto", show_default=True, help="Number of processes at once.")
@click.option("-v", "--verbose", is_flag=True, help="Show all that Sphinx says.")
@click.option(
    "--audit/--no-audit", default=True, show_default=True, help="Search filtered editions for hidden content."
)
@click.option("--shard", default="", metavar="I/N", help="Only read part I of N of the pages; `merge` joins the parts.")
@click.option("--cluster", default="", metavar="WHERE", help=CLUSTER_HELP)
@click.option("--json", "as_json", is_flag=True, help="Print what was published as JSON.")
def build(
    source: Path,
    output: Path,
    editions: tuple[str, ...],
    formats: tuple[str, ...],
    kinds: tuple[str, ...],
    fail_on_warning: bool,
    jobs: str,
    verbose: bool,
    audit: bool,
    shard: str,
    cluster: str,
    as_json: bool,
) -> None:
    r"""Build the editions of the site in SRC into OUT.

    Each edition stands in OUT/EDITION and is complete or not there: it is built aside and moved into place.
    Only OUT/EDITION is meant to be published; OUT/.state holds caches and logs. A filtered edition is searched for
    hidden content before it is moved; where any is found, it is not published.

    Editions are built side by side, and what is said of each is shown in one piece, in the site's order. With `-j 1`
    they are built one after the other, in the least memory.

    \b
    Examples:
      sphinx-postmortem build . build/site
      sphinx-postmortem build . build/site --edition leadership --format html,pdf
      sphinx-postmortem build . build/site --pdf leadership,audit,interview
      sphinx-postmortem build . build/site --json > published.json

    Progress, warnings and errors go to standard error, what was published to standard output.

    Exit codes: 0 built, 1 an edition was not published, 2 wrong use.
    """
    if shard and (formats != ("html",) or kinds):
        raise click.UsageError("`--shard` only reads a part; give `--format` and `--pdf` to `merge`, which writes")
    in_parts = bool(cluster)
    options = Options(
        formats, kinds, fail_on_warning, jobs, verbose, audit, cluster, in_parts, read_parts=in_parts, as_json=as_json
    )
    work = (
        build_shard(source, output, editions, shard, options)
        if shard
        else build_editions(source, output, editions, options)
    )
    if not work:
        sys.exit(1)


def open_site(source: Path, output: Path, editions: tuple[str, ...]) -> tuple[Site, tuple[str, ...]]:
    """Return the site and the editions to build; ends with a sentence where the command line cannot be used."""
    try:
        site = read_site(source.resolve())
    except SiteError as error:
        raise click.UsageError(str(error)) from error
    chosen = check_editions(site, editions)
    refuse_folders(site, output, chosen)
    out = output.resolve()
    if site.source in out.parents:  # no source of the site, for the audit too
        site = replace(site, exclude=(*site.exclude, f"{out.relative_to(site.source).as_posix()}/**"))
    return site, chosen


def refuse_folders(site: Site, output: Path, editions: tuple[str, ...]) -> None:
    """End with a sentence where the build would replace what is not its own."""
    try:
        check_folders(site.source, output, editions)
    except FolderError as error:
        raise click.UsageError(str(error)) from error


def build_editions(source: Path, output: Path, editions: tuple[str, ...], options: Options) -> bool:
    """Build editions side by side, and say what was written; return whether all succeeded.

    Where parts are joined, one edition after the other takes all processes.
    """
    site, chosen = open_site(source, output, editions)
    check_kinds(options.kinds, chosen, site.audiences)
    at_once, jobs = (1, options.jobs) if options.in_parts else share(options.jobs, len(chosen))
    each = replace(options, jobs=jobs)

    def build_one(edition: str, do_in_main: DoInMain) -> Written | None:
        return build_edition(site, output.resolve(), edition, each, do_in_main)

    results = build_all(chosen, build_one, at_once, options.programs)
    say_told(options.told)
    say_results(results, as_json=options.as_json, formats=site.settings.export_formats)
    return None not in results.values()


def build_shard(source: Path, output: Path, editions: tuple[str, ...], shard: str, options: Options) -> bool:
    """Read one part of each edition; return whether all succeeded."""
    part = split_shard(shard)
    site, chosen = open_site(source, output, editions)
    succeeded = [read_shard(site, output.resolve(), name, part, options) for name in chosen]
    say_told(options.told)
    return all(succeeded)


def check_editions(site: Site, editions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the editions to build, in the site's order; all when none is named."""
    known = site.audiences.names
    for name in editions:
        if name not in known:
            raise click.BadParameter(
                f'"{name}" is no edition of this site; choose from {", ".join(known)}', param_hint="--edition"
            )
    return tuple(name for name in known if not editions or name in editions)


@contextmanager
def edition_of(output: Path, edition: str, programs: Programs | None = None) -> Generator[Path]:
    """Lock an edition of an OUT, mend what an earlier stop has left, and give the folder of the edition's state."""
    pause = (programs or Programs()).pause
    with locked(output / STATE, edition, lambda text: echo(text, err=True), pause=pause):
        state = output / STATE / edition
        while why := drop_unreadable(state, edition):
            echo(f"{edition}: {why}; it was thrown away, and all pages are read anew", err=True)
        if put_back(state, place_of(output, edition)):
            echo(f"{edition}: a build was stopped while it published; the edition before it is back.", err=True)
        yield state


def build_edition(site: Site, output: Path, edition: str, options: Options, do_in_main: DoInMain) -> Written | None:
    """Build one edition aside and move it into place; say what failed and return None where it failed."""
    final = output / edition
    with edition_of(output, edition, options.programs) as state:
        aside = build_aside(site, state, edition, options)
        return do_in_main(lambda: judge(site, aside, final, edition, options)) if aside else None


def build_aside(site: Site, state: Path, edition: str, options: Options) -> Path | None:
    """Build one edition in the folder of its state; return the folder, or None where a format failed."""
    aside = empty_unfinished(state)
    if not options.in_parts:
        forget_what_warned(state, strict=options.fail_on_warning, filtered=edition != site.audiences.internal)
    runs = [(name, "") for name in options.formats]
    runs += [("pdf", kind) for kind in kinds_of_edition(options.kinds, edition, site.audiences)]
    for builder, kind in runs:
        name = "-".join(filter(None, (builder, kind)))
        echo(f"{edition}: building {name} ...", err=True)
        log = state / f"{name}.log"
        if not run_format(site, state, aside, edition, builder, kind, options, log):
            why = f"{name} failed"
            if edition != site.audiences.internal and has_unsafe_marking(log):
                why += ": a marking or a name that is reported above may show what is to be hidden; mend it"
            secho(f"{edition}: {why}. Nothing of this edition was published. Log: {log}", fg="red", err=True)
            return None
        if builder == "html":
            say_what_is_left_out(edition, log)
    return aside


def say_what_is_left_out(edition: str, log: Path) -> None:
    """Repeat what a build has taken from the theme's settings, and by which setting they stay."""
    for line in log.read_text("utf-8", "replace").splitlines():
        if LEADS_TO_NO_SOURCE in line:
            echo(f"{edition}: {line.strip()}", err=True)


def judge(site: Site, aside: Path, final: Path, edition: str, options: Options) -> Written | None:
    """Look at what was built aside, and publish it; say what keeps it from that and return None."""
    try:
        written = look_at(edition, aside, final, options)
    except SiteError as error:
        secho(f"{edition}: {error}. Nothing of this edition was published.", fg="red", err=True)
        return None
    return written if publish(site, aside, final, edition, audit=options.audit) else None


def forget_what_warned(state: Path, *, strict: bool, filtered: bool) -> None:
    """Let the next build read all pages anew where an earlier one has warned of what may not be passed over.

    Sphinx says nothing of a page that it does not read again: what was refused would be published by the next try.
    What the logs have said is kept in the file ``warnings`` until then, since each build has logs of its own.
    """
    note = state / "warnings"
    logs = [path for path in state.glob("*.log") if path.name != "audit.log"]
    said: set[str] = set()
    for path in (*logs, *([note] if note.exists() else [])):
        said.update(line for line in path.read_text("utf-8", "replace").splitlines() if IS_WARNING.search(line))
    is_unsafe = filtered and any(code in line for line in said for code in UNSAFE_MARKINGS)
    if said and (strict or is_unsafe):
        if (state / "doctrees").exists():
            shutil.rmtree(state / "doctrees")
        for path in (*logs, note):
            path.unlink(missing_ok=True)
    elif said:
        note.write_text("\n".join(sorted(said)) + "\n", encoding="utf-8")


def publish(site: Site, aside: Path, final: Path, edition: str, *, audit: bool, is_kept: bool = True) -> bool:
    """Write the manifest of what was made aside, audit it if it is filtered, and move it into place.

    What keeps it from being published is said, and False returned. ``aside`` lies in the folder of the edition's state.
    ``is_kept`` says that this folder stays when the command ends.
    """
    try:
        made = prepared(aside)
        write_manifest(made, edition, facts_of_build(site.source, site.audiences, edition, made))
    except (ManifestError, OSError) as error:
        secho(f"{edition}: {error}. Nothing of this edition was published.", fg="red", err=True)
        return False
    is_audited = audit and edition != site.audiences.internal
    if is_audited:
        echo(f"{edition}: searching for hidden content ...", err=True)
    if is_audited and not passes_audit(site, aside, edition, aside.parent, is_kept=is_kept):
        return False
    return move_into_place(aside.parent, final.resolve(), edition)


def passes_audit(site: Site, aside: Path, edition: str, state: Path, *, is_kept: bool = True) -> bool:
    """Search an edition for hidden content; say what was found and return whether it is clean."""
    try:
        settled = audit_with_reference(site, aside, edition)
    except AuditError as error:
        secho(
            f"{edition}: could not audit: {error}. Nothing of this edition was published; --no-audit skips this check.",
            fg="red",
            err=True,
        )
        return False
    leaks = settled.leaks
    log = state / "audit.log"
    log.write_text(report(leaks, "text") + "\n", encoding="utf-8")
    if settled.failure:
        echo(f"{edition}: {unsettled(settled)}", err=True)
    if leaks:
        echo("\n".join(map(str, leaks[:20] if is_kept else leaks)), err=True)
        where = f"All findings: {log}" if is_kept else "All findings stand above"
        message = f"{edition}: hidden content was found; nothing of this edition was published. {where}"
        secho(message, fg="red", err=True)
    return not leaks


def run_format(
    site: Site, state: Path, aside: Path, edition: str, name: str, kind: str, options: Options, log: Path
) -> bool:
    """Run one builder of one edition, for PDFs perhaps of one kind; return whether it succeeded."""
    if name == "html" and options.in_parts:
        progress = options.progress(edition, "joining parts")
        succeeded = (
            run_sphinx(merge_arguments(site, state, aside, edition, options), log, progress, PROGRAM, options.programs)
            == 0
        )
        return succeeded and (edition == site.audiences.internal or not has_unsafe_marking(log))
    with_data = not kind and name == ("html" if "html" in options.formats else options.formats[0])
    arguments = format_arguments(
        site, state, aside, edition, name, kind, jobs=options.jobs, with_data=with_data, formats=options.formats
    )
    if options.fail_on_warning:
        arguments += ["-W", "--keep-going"]
    progress = options.progress(edition, log.stem)

    def run() -> int:
        return run_sphinx(arguments, log, progress, programs=options.programs)

    succeeded = with_readable_caches(run, state, log, lambda said: echo(f"{edition}: {said}", err=True)) == 0
    if succeeded and kind:
        gather_pdfs(aside / f"{name}-{kind}", aside / "pdf")
    return succeeded and (edition == site.audiences.internal or not has_unsafe_marking(log))


def look_at(edition: str, aside: Path, final: Path, options: Options) -> Written:
    """Count what was written.

    Raises:
        SiteError: a format has left no pages.
    """
    pages = len(list((aside / "html").rglob("*.html"))) if "html" in options.formats else 0
    markdown = len(list((aside / "md").rglob("*.md"))) if "md" in options.formats else 0
    pdfs = tuple(sorted((aside / "pdf").glob("*.pdf")))
    if "html" in options.formats and not pages:
        raise SiteError("no HTML page was written")
    if "pdf" in options.formats and not pdfs:
        raise SiteError("no PDF was written")
    if "md" in options.formats and not markdown:
        raise SiteError("no page was written as Markdown")
    return Written(edition, final, pages, tuple(final / pdf.relative_to(aside) for pdf in pdfs), markdown)


def move_into_place(state: Path, final: Path, edition: str) -> bool:
    """Replace the published folder by the new one; say what keeps it from that, and return False."""
    try:
        if final.exists() and any(final.iterdir()):
            refuse_foreign(final, edition)  # it may have changed since the build began
        replace_edition(state, final)
    except (FolderError, OSError) as error:
        secho(f"{edition}: {error}. The edition before it stands.", fg="red", err=True)
        return False
    try:
        remove_earlier(state)
    except OSError as error:
        echo(f"{edition}: published; the edition before it is left in {error.filename} ({error.strerror})", err=True)
    return True
