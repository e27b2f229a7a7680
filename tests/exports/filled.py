"""Records in which every field holds a value of its own, so that one which gets lost is noticed."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from sphinx_postmortem.core.exports.edition_json import POINT_LISTS
from sphinx_postmortem.core.records.model import (
    Action,
    Event,
    Evidence,
    Incident,
    Owner,
    PageRecords,
    Point,
    Response,
    Review,
)
from sphinx_postmortem.core.records.time_reading import parse_moment

# Lines tell of hidden text, and records of other sites are not exported.
NOT_EXPORTED = {"line", "site", "url", "clock_milestone"}  # clocks are data of their own
WRITTEN = "2026-02-03T04:05:06+02:00"


def filled(record: type, /, **given: Any) -> Any:
    """Return a record whose other fields are made up from their names."""
    made = {
        field.name: made_up(field.name, str(field.type)) for field in fields(record) if field.name not in NOT_EXPORTED
    }
    return record(**{**made, **given})


def made_up(name: str, kind: str) -> Any:
    values = {
        "str": f"value of {name}",
        "date | None": date(2026, 1, len(name)),
        "Moment | None": parse_moment(WRITTEN),
        "tuple[str, ...]": (f"first of {name}", f"second of {name}"),
        "tuple[Evidence, ...]": (Evidence(f"text of {name}", f"url of {name}", f"file of {name}", f"hash of {name}"),),
        "tuple[tuple[str, str], ...]": ((f"key of {name}", f"text of {name}"),),
    }
    if name == "techniques":
        return ("T1078", "T1110.003")
    return values[kind]  # a field of another type needs a value here


def filled_page(incident_id: str = "SEC-1", docname: str = "folder/page") -> PageRecords:
    place = {"incident_id": incident_id, "docname": docname}
    return PageRecords(
        (filled(Incident, id=incident_id, docname=docname),),
        (filled(Event, **place),),
        (filled(Action, **place),),
        tuple(filled(Point, **place, role=role, kind=f"kind {role}", text=f"text {role}") for role in POINT_LISTS),
        (filled(Response, **place, kind="containment"),),
        reviews=(filled(Review, **place),),
    )


def filled_owner() -> Owner:
    return filled(Owner)
