"""``sphinx-postmortem merge``: joins the parts that ``build --shard`` has read, and publishes the editions."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sphinx_postmortem.cli.build import build_editions, split_formats
from sphinx_postmortem.cli.build_options import CLUSTER_HELP, Options
from sphinx_postmortem.cli.pdf_runs import split_kinds


@click.command()
@click.argument("source", metavar="SRC", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("output", metavar="OUT", type=click.Path(file_okay=False, path_type=Path))
@click.option("--edition", "editions", multiple=True, metavar="NAME", help="Edition to merge; repeat. Default: all.")
@click.option(
    "--format", "formats", default="html", show_default=True, callback=split_formats, help="As for `build`; with html."
)
@click.option("--pdf", "kinds", default="", callback=split_kinds, metavar="KINDS", help="Also PDFs, as for `build`.")
@click.option("-W", "--fail-on-warning", is_flag=True, help="Treat warnings as errors.")
@click.option("-j", "--jobs", default="auto", show_default=True, help="Number of processes that write pages.")
@click.option("--cluster", default="", metavar="WHERE", help=CLUSTER_HELP)
@click.option("-v", "--verbose", is_flag=True, help="Show all that Sphinx says.")
@click.option(
    "--audit/--no-audit", default=True, show_default=True, help="Search filtered editions for hidden content."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was published as JSON.")
def merge(
    source: Path,
    output: Path,
    editions: tuple[str, ...],
    formats: tuple[str, ...],
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
    if "html" not in formats:
        raise click.UsageError("parts are joined as html; write `--format html,...`")
    options = Options(
        formats, kinds, fail_on_warning, jobs, verbose, audit, cluster=cluster, in_parts=True, as_json=as_json
    )
    if not build_editions(source, output, editions, options):
        sys.exit(1)
