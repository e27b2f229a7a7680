"""The formats of an edition's data, and the names of their files: what settings and pages need to know of exports."""

from __future__ import annotations

STIX_FILE = "incidents.stix.json"
LAYER_FILES = {domain: f"attack-layer-{domain}.json" for domain in ("enterprise", "mobile", "ics")}
"""The layer of each domain of ATT&CK."""
PAGE_LAYOUTS = ("html", "dirhtml")

EXPORT_FILES: dict[str, tuple[str, ...]] = {
    "json": ("postmortems.json",),
    "csv": ("actions.csv", "events.csv"),
    "ics": ("actions.ics", "reporting-clocks.ics", "calendars"),
    "atom": ("incidents.atom",),
    "navigator": tuple(LAYER_FILES.values()),
    "stix": (STIX_FILE,),
    "timesketch": ("timesketch.csv",),
    "veris": ("veris.json",),
}
"""The formats of an edition's data, with the files and folders that each writes."""
EXPORT_FORMATS = tuple(EXPORT_FILES)
ON_REQUEST = ("navigator", "stix", "timesketch")
"""The formats that are written only where they are asked for by name."""
DEFAULT_FORMATS = tuple(name for name in EXPORT_FORMATS if name not in ON_REQUEST)
CALENDARS_NEED = 'they need the library icalendar: pip install "sphinx-postmortem[ics]"'
