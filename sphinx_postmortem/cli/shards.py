"""Builds in parts: ``build --shard`` reads one, ``merge`` joins and publishes them."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

import click

from sphinx_postmortem.cli import build as whole
from sphinx_postmortem.cli.pdf_kinds import split_kinds
from sphinx_postmortem.cli.site import Site, run_sphinx

PROGRAM = "sphinx_postmortem.sphinx_ext.shards"


def split_shard(value: str) -> tuple[int, int]:
    """Read ``--shard 2/4``."""
    match = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", value, re.ASCII)
    if match is None or int(match[1]) > int(match[2]):
        raise click.BadParameter(f"{value} is no part; write 2/4 for the second of four", param_hint="--shard")
    return int(match[1]), int(match[2])


def jobs_of(text: str) -> int:
    """Return the number of processes that ``-j`` asks for."""
    return int(text) if text.isdigit() and int(text) else os.cpu_count() or 1


def step(name: str, site: Site, state: Path, edition: str, **more: object) -> list[str]:
    """Return the arguments with which ``PROGRAM`` does one step."""
    given = {"source": site.source, "state": state, "edition": edition, **more}
    return [name, json.dumps(given, default=str)]


def read_shard(site: Site, output: Path, edition: str, shard: tuple[int, int], options: whole.Options) -> bool:
    """Have one part of an edition read; return whether it can be merged. One that cannot is not left behind."""
    state = output / ".state" / edition
    name = f"{shard[0]}-of-{shard[1]}"
    log = state / f"part-{name}.log"
    part = state / "parts" / name
    arguments = step("read", site, state, edition, output=part / "html", part=shard)
    click.echo(f"{edition}: reading part {shard[0]} of {shard[1]} ...", err=True)
    succeeded = run_sphinx(arguments, log, options.progress(edition, f"part {name}"), PROGRAM) == 0
    if succeeded and (edition == site.audiences.internal or not whole.has_unsafe_marking(log)):
        return True
    shutil.rmtree(part, ignore_errors=True)
    click.secho(f"{edition}: part {name} failed and cannot be merged. Log: {log}", fg="red", err=True)
    return False


def merge_arguments(site: Site, state: Path, aside: Path, edition: str, options: whole.Options) -> list[str]:
    """Return the arguments with which ``PROGRAM`` joins the parts and writes HTML."""
    how = {
        "cluster": options.cluster,
        "jobs": jobs_of(options.jobs),
        "read": options.read_parts,
        "fail_on_warning": options.fail_on_warning,
    }
    return step("merge", site, state, edition, output=aside / "html", exports=whole.export_settings(aside), how=how)


@click.command()
@click.argument("source", metavar="SRC", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("output", metavar="OUT", type=click.Path(file_okay=False, path_type=Path))
@click.option("--edition", "editions", multiple=True, metavar="NAME", help="Edition to merge; repeat. Default: all.")
@click.option("--pdf", "kinds", default="", callback=split_kinds, metavar="KINDS", help="Also PDFs, as for `build`.")
@click.option("-W", "--fail-on-warning", is_flag=True, help="Treat warnings as errors.")
@click.option("-j", "--jobs", default="auto", show_default=True, help="Number of processes that write pages.")
@click.option("--cluster", default="", metavar="WHERE", help=whole.CLUSTER_HELP)
@click.option("-v", "--verbose", is_flag=True, help="Show all that Sphinx says.")
@click.option(
    "--audit/--no-audit", default=True, show_default=True, help="Search filtered editions for hidden content."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was published as JSON.")
def merge(
    source: Path,
    output: Path,
    editions: tuple[str, ...],
    kinds: tuple[str, ...],
    fail_on_warning: bool,
    jobs: str,
    cluster: str,
    verbose: bool,
    audit: bool,
    as_json: bool,
) -> None:
    r"""Join the parts that `build --shard` has read into OUT, and publish the editions.

    The result is that of `build`: complete lists, navigation and search; filtered editions are searched for hidden
    content before they are moved into place. A part that is missing, of another edition or out of date is refused.

    \b
    Examples:
      sphinx-postmortem build . site --shard 1/2
      sphinx-postmortem build . site --shard 2/2
      sphinx-postmortem merge . site

    Exit codes: 0 published, 1 a merge failed, 2 wrong use.
    """
    options = whole.Options(
        ("html",), kinds, fail_on_warning, jobs, verbose, audit, cluster=cluster, in_parts=True, as_json=as_json
    )
    if not whole.build_editions(source, output, editions, options):
        sys.exit(1)
