"""Forms of STIX 2.1: ids, timestamps and TLP 2.0 markings.

Sources: STIX 2.1 (https://docs.oasis-open.org/cti/stix/v2.1/stix-v2.1.html), and the marking objects that OASIS
publishes for TLP 2.0 (https://github.com/oasis-open/cti-stix-common-objects, objects/marking-definition).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.records.times import Moment, Precision

TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_MARKINGS = {
    "CLEAR": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "GREEN": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "AMBER": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "AMBER+STRICT": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "RED": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
_MARKED_SINCE = "2022-10-01T00:00:00.000Z"
# The periods that begin with a timestamp of each fidelity, at their longest.
_PERIODS = {
    Precision.SECOND: timedelta(seconds=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.HOUR: timedelta(hours=1),
    Precision.DAY: timedelta(days=1),
    Precision.MONTH: timedelta(days=31),
    Precision.YEAR: timedelta(days=366),
}


def stix_id(kind: str, key: str, publication: Publication) -> str:
    """Return an object's id, the same in every build: a UUID (version 5) of the record's lasting name.

    Editions say different things of one record, and two objects with one id would contradict each other: so the edition
    is a part of the name.
    """
    return f"{kind}--{uuid5(NAMESPACE_URL, f'{publication.tag(kind, key)}#{publication.edition}')}"


def marking(label: str) -> dict[str, Any] | None:
    """Return the marking object of a TLP 2.0 label, as OASIS publishes it; None where there is no such label."""
    if label not in _MARKINGS:
        return None
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": _MARKINGS[label],
        "created": _MARKED_SINCE,
        "name": f"TLP:{label}",
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": label.casefold()}},
    }


def timestamp(instant: datetime) -> str:
    """Return an instant as STIX writes it: in UTC, with milliseconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def midnight(day: date) -> str:
    """Return the beginning of a day in UTC."""
    return timestamp(datetime.combine(day, time(), UTC))


def start_fields(moment: Moment | None) -> dict[str, str]:
    """Return the start time of an event or task and its fidelity, the finest whose period holds all that is known.

    Nothing is returned of a time without both bounds, or of one that is known to no year.
    """
    if moment is None or moment.earliest is None or moment.latest is None:
        return {}
    units = list(_PERIODS)
    finest = units.index(moment.unit) if moment.unit in units else 0
    for unit in units[finest:]:
        if moment.latest - moment.earliest < _PERIODS[unit]:
            return {"start_time": timestamp(moment.earliest), "start_time_fidelity": unit.value}
    return {}
