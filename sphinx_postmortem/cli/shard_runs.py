"""Has the parts of an edition read, and joined, by a program that runs Sphinx."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import click

from sphinx_postmortem.cli.build_lock import locked
from sphinx_postmortem.cli.build_options import Options, export_settings, has_unsafe_marking
from sphinx_postmortem.cli.site import Site, SiteError, run_sphinx
from sphinx_postmortem.cli.terminal import echo, secho

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


def read_shard(site: Site, output: Path, edition: str, shard: tuple[int, int], options: Options) -> bool:
    """Have one part of an edition read; return whether it can be merged. One that cannot is not left behind."""
    state = output / ".state" / edition
    name = f"{shard[0]}-of-{shard[1]}"
    part = state / "parts" / name

    def say(text: str) -> None:
        echo(text, err=True)

    # Parts are read side by side, each once at a time, and not while others are joined.
    with locked(state.parent, edition, say, shared=True), locked(state.parent, f"{edition}-{name}", say):
        return _read_locked(site, state, edition, shard, part, options)


def _read_locked(site: Site, state: Path, edition: str, shard: tuple[int, int], part: Path, options: Options) -> bool:
    name = part.name
    log = state / f"part-{name}.log"
    for path in (part.parent, part, log):
        if path.is_symlink() or (path != log and path.exists() and not path.is_dir()):
            raise SiteError(f"{path} is a link, or no folder; what it leads to might be overwritten: remove it")
    arguments = step("read", site, state, edition, output=part / "html", part=shard)
    echo(f"{edition}: reading part {shard[0]} of {shard[1]} ...", err=True)
    succeeded = run_sphinx(arguments, log, options.progress(edition, f"part {name}"), PROGRAM) == 0
    if succeeded and (edition == site.audiences.internal or not has_unsafe_marking(log)):
        return True
    if part.exists():
        shutil.rmtree(part)
    secho(f"{edition}: part {name} failed and cannot be merged. Log: {log}", fg="red", err=True)
    return False


def merge_arguments(site: Site, state: Path, aside: Path, edition: str, options: Options) -> list[str]:
    """Return the arguments with which ``PROGRAM`` joins the parts and writes HTML."""
    how = {
        "cluster": options.cluster,
        "jobs": jobs_of(options.jobs),
        "read": options.read_parts,
        "fail_on_warning": options.fail_on_warning,
    }
    exports = export_settings(aside, options.formats, site.settings.export_formats)
    return step("merge", site, state, edition, output=aside / "html", exports=exports, how=how)
