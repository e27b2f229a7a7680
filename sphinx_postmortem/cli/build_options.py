"""The choices of ``build`` and ``merge``, and what all ways to build an edition have in common."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import field
from pathlib import Path

from sphinx_postmortem.cli.pdf_runs import settings_of_kind
from sphinx_postmortem.cli.programs import Programs
from sphinx_postmortem.cli.results import possible_formats
from sphinx_postmortem.cli.site import Site
from sphinx_postmortem.cli.terminal import Progress, Told
from sphinx_postmortem.core.dataclass_on_demand import dataclass

BUILDERS = {"md": "postmortem-markdown"}
"""Sphinx's builder of a format, where it has another name."""

CLUSTER_HELP = "Work in parts on a Dask cluster: a number of workers on this machine, or a scheduler's address."

# Sphinx goes on after a marking that cannot be trusted; what it then makes is not published.
UNSAFE_MARKINGS = ("[postmortem.unknown-audience]", "[postmortem.broken-marking]", "[postmortem.pseudonym-left]")


@dataclass(frozen=True)
class Options:
    """The choices that hold for all editions of one command."""

    formats: tuple[str, ...]
    kinds: tuple[str, ...]
    fail_on_warning: bool
    jobs: str
    verbose: bool
    audit: bool
    cluster: str = ""
    in_parts: bool = False  # join parts in place of a build by one Sphinx
    read_parts: bool = False  # and read them first
    as_json: bool = False
    told: Told = field(default_factory=Told)
    programs: Programs = field(default_factory=Programs)

    def progress(self, edition: str, what: str) -> Progress:
        """Return how a part of an edition's build is shown."""
        return Progress(f"{edition}: {what}", verbose=self.verbose, told=self.told, edition=edition)


def has_unsafe_marking(log: Path) -> bool:
    """Say whether a build has met a marking that it could not trust."""
    with log.open(encoding="utf-8") as lines:
        return any(code in line for line in lines for code in UNSAFE_MARKINGS)


def export_settings(folder: Path, formats: Collection[str], asked: Collection[str]) -> dict[str, str]:
    """Return the settings with which a build writes the edition's data files, and links its PDFs and Markdown."""
    possible = ",".join(possible_formats(asked))
    return {
        "postmortem_export_folder": str(folder),
        **({"postmortem_export_formats": possible} if possible else {}),
        **({"postmortem_pdf_folder": str(folder / "pdf")} if "pdf" in formats else {}),
        **({"postmortem_markdown_folder": str(folder / "md")} if "md" in formats else {}),
    }


def format_arguments(
    site: Site,
    state: Path,
    aside: Path,
    edition: str,
    name: str,
    kind: str,
    *,
    jobs: str = "auto",
    with_data: bool,
    formats: Collection[str],
) -> list[str]:
    """Return the arguments of ``sphinx-build`` for one builder, of a kind if one is named.

    ``formats`` are all that the edition is built in: its pages link what the others write.
    """
    made = aside / (f"{name}-{kind}" if kind else name)
    builder = BUILDERS.get(name, name)
    arguments = ["-b", builder, "-d", str(state / "doctrees"), "-D", f"postmortem_audience={edition}", "-j", jobs]
    if with_data:
        for setting, value in export_settings(aside, formats, site.settings.export_formats).items():
            arguments += ["-D", f"{setting}={value}"]
    return [*arguments, *settings_of_kind(kind, site.source, state), str(site.source), str(made)]


def prepared(aside: Path) -> Path:
    """Take what is not to be published out of a finished folder, and return the folder."""
    for junk in (*aside.rglob(".buildinfo"), *aside.rglob(".doctrees")):
        shutil.rmtree(junk) if junk.is_dir() else junk.unlink()
    return aside
