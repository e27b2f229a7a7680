"""The formats of an edition's data, and the names of their files: what settings and pages need to know of exports."""

from __future__ import annotations

from collections.abc import Mapping

from sphinx_postmortem.core.dataclass_on_demand import dataclass

LAYER_FILES = {domain: f"attack-layer-{domain}.json" for domain in ("enterprise", "mobile", "ics")}
"""The layer of each domain of ATT&CK."""
PAGE_LAYOUTS = ("html", "dirhtml")


@dataclass(frozen=True)
class DataFormat:
    """A format of an edition's data.

    Args:
        files: the names of the files and folders that it writes.
        writer: the module of ``core/exports`` whose function ``files`` yields them with their content. Calendars have
            none: they need a library, which ``core`` does not use.
        on_request: whether it is written only where it is asked for by name.
    """

    files: tuple[str, ...]
    writer: str = ""
    on_request: bool = False


FORMATS: Mapping[str, DataFormat] = {
    "json": DataFormat(("postmortems.json",), "edition_json"),
    "csv": DataFormat(("actions.csv", "events.csv"), "csv_tables"),
    "ics": DataFormat(("actions.ics", "reporting-clocks.ics", "calendars")),
    "atom": DataFormat(("incidents.atom",), "atom"),
    "navigator": DataFormat(tuple(LAYER_FILES.values()), "navigator_layer", on_request=True),
    "stix": DataFormat(("incidents.stix.json",), "stix_bundle", on_request=True),
    "timesketch": DataFormat(("timesketch.csv",), "timesketch_csv", on_request=True),
    "veris": DataFormat(("veris.json",), "veris_json"),
}
EXPORT_FILES = {name: each.files for name, each in FORMATS.items()}
EXPORT_FORMATS = tuple(FORMATS)
ON_REQUEST = tuple(name for name, each in FORMATS.items() if each.on_request)
DEFAULT_FORMATS = tuple(name for name in FORMATS if name not in ON_REQUEST)
CALENDARS_NEED = 'they need the library icalendar: pip install "sphinx-postmortem[ics]"'
