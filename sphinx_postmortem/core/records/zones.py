"""Time zones as people write them: offsets, names of the IANA database, and abbreviations.

An abbreviation is not a zone: "CST" is used in Chicago, Havana and Shanghai. Only those with one usual meaning are
read; the others are refused with the meanings to choose from.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

UTC_NAMES = frozenset(["utc", "z", "gmt", "utc+0", "utc-0", "utc±0", "utc+00:00", "utc±00:00", "gmt+0", "zulu"])

# Abbreviation: its offset in minutes, and a place where it was in force when it was written.
_ABBREVIATIONS = {
    "cet": (60, "Europe/Berlin"),
    "cest": (120, "Europe/Berlin"),
    "eet": (120, "Europe/Helsinki"),
    "eest": (180, "Europe/Helsinki"),
    "wet": (0, "Europe/Lisbon"),
    "west": (60, "Europe/Lisbon"),
    "mez": (60, "Europe/Berlin"),  # German for CET, CEST, EET and EEST
    "mesz": (120, "Europe/Berlin"),
    "oez": (120, "Europe/Helsinki"),
    "oesz": (180, "Europe/Helsinki"),
    "msk": (180, "Europe/Moscow"),
    "est": (-300, "America/New_York"),
    "edt": (-240, "America/New_York"),
    "cdt": (-300, "America/Chicago"),
    "mst": (-420, "America/Denver"),
    "mdt": (-360, "America/Denver"),
    "pst": (-480, "America/Los_Angeles"),
    "pdt": (-420, "America/Los_Angeles"),
    "jst": (540, "Asia/Tokyo"),
    "kst": (540, "Asia/Seoul"),
    "sgt": (480, "Asia/Singapore"),
    "hkt": (480, "Asia/Hong_Kong"),
    "aest": (600, "Australia/Sydney"),
    "aedt": (660, "Australia/Sydney"),
    "nzst": (720, "Pacific/Auckland"),
    "nzdt": (780, "Pacific/Auckland"),
}
_REGIONS = {
    "pt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles",
    "mt": "America/Denver",
    "mountain": "America/Denver",
    "ct": "America/Chicago",
    "central": "America/Chicago",
    "et": "America/New_York",
    "eastern": "America/New_York",
    "pst8pdt": "America/Los_Angeles",
    "est5edt": "America/New_York",
}
_AMBIGUOUS = {
    "bst": "British Summer Time (+01:00), Bangladesh (+06:00)",
    "cst": "Chicago (-06:00), China (+08:00), Cuba (-05:00)",
    "ist": "India (+05:30), Ireland (+01:00), Israel (+02:00)",
    "gst": "the Gulf (+04:00), South Georgia (-02:00)",
    "ast": "Halifax (-04:00), Arabia (+03:00)",
    "sst": "Samoa (-11:00), Singapore (+08:00)",
    "wat": "West Africa (+01:00)",
    "local": "the clock of a place that is not named",
    "local time": "the clock of a place that is not named",
}
_OFFSET = expression(r"(?:utc|gmt)?\s?(?P<sign>[+−-])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?\Z", re.IGNORECASE)
_MINUTES_OF_ZONES = (0, 15, 30, 45)
_LONGEST_ABBREVIATION = 4
_WESTMOST, _EASTMOST = -12 * 60, 14 * 60


class BadZoneError(ValueError):
    """A text that names no zone, or more than one, with the mend in its message."""


@dataclass(frozen=True)
class Zone:
    """A zone as it was stated.

    ``written`` is the author's text; ``rules`` turns local times into instants; ``in_force`` names the IANA zone whose
    abbreviation was written, so that it can be told whether that abbreviation was in force on a day; empty for others.
    """

    written: str
    rules: tzinfo
    in_force: str = ""

    @property
    def is_utc(self) -> bool:
        """Whether the zone is UTC."""
        return self.rules is UTC


UTC_ZONE = Zone("UTC", UTC)


@lru_cache(maxsize=256)
def read_zone(text: str) -> Zone:
    """Return the zone that a text names: ``UTC``, ``+02:00``, ``+0200``, ``Europe/London``, ``CEST``.

    Raises:
        BadZoneError: it names none, or more than one.
    """
    written = " ".join(text.split())
    plain = written.casefold().removesuffix(" time").removesuffix(" standard").removesuffix(" daylight")
    if plain in UTC_NAMES:
        return Zone(written, UTC)
    if match := _OFFSET.match(written):
        return Zone(written, _fixed(match, written))
    if plain in _ABBREVIATIONS:
        minutes, place = _ABBREVIATIONS[plain]
        return Zone(written, timezone(timedelta(minutes=minutes)), place)
    if plain in _AMBIGUOUS:
        raise BadZoneError(
            f'"{written}" may mean {_AMBIGUOUS[plain]}; write the offset, or the zone as in Europe/London'
        )
    return Zone(written, _named(_REGIONS.get(plain, written), written))


def _fixed(match: re.Match[str], written: str) -> timezone:
    minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    minutes = minutes if match["sign"] == "+" else -minutes
    if abs(minutes) % 60 not in _MINUTES_OF_ZONES or not _WESTMOST <= minutes <= _EASTMOST:
        raise BadZoneError(f'"{written}" is the offset of no zone; mend it')
    return UTC if minutes == 0 else timezone(timedelta(minutes=minutes))


def _named(name: str, written: str) -> ZoneInfo:
    # zoneinfo opens files by name, so only names of the known form may reach it.
    if not re.fullmatch(r"[A-Za-z]+[/_+-][A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*", name):
        raise BadZoneError(
            f'"{written}" is no time zone; write UTC, an offset such as +02:00, or a zone as in Europe/London'
        )
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadZoneError(
            f'"{written}" is no time zone of the IANA database (package tzdata); mend its name'
        ) from None


def not_in_force(zone: Zone, local: datetime) -> str:
    """Return what was in force where a zone's abbreviation was not, such as ``PDT`` for PST in July; else empty."""
    if not zone.in_force:
        return ""
    there = local.replace(tzinfo=ZoneInfo(zone.in_force))
    return "" if there.utcoffset() == zone.rules.utcoffset(None) else (there.tzname() or "")


def clock_fault(local: datetime, rules: tzinfo) -> str:
    """Say why a local time is no single instant: the clock jumped over it, or showed it twice. Empty when it is one."""
    early, late = local.replace(tzinfo=rules, fold=0), local.replace(tzinfo=rules, fold=1)
    if early.utcoffset() == late.utcoffset():
        return ""
    back = early.astimezone(UTC).astimezone(rules).replace(tzinfo=None)
    return "the clock was set forward over it" if back != local.replace(tzinfo=None) else "the clock showed it twice"


def names_zone(word: str) -> bool:
    """Say whether a word is written as zones are, whether it names one or several: ``UTC+2``, ``CET``, ``IST``."""
    plain = word.casefold()
    if plain in UTC_NAMES or _OFFSET.match(word):
        return not plain.startswith("z") or word == "Z"
    if "/" in word:
        return _is_named(word)
    known = plain in _ABBREVIATIONS or plain in _REGIONS or plain in _AMBIGUOUS
    return known and (word.isupper() or (len(word) > _LONGEST_ABBREVIATION and word[0].isupper()))


def _is_named(word: str) -> bool:
    try:
        return bool(_named(word, word))
    except BadZoneError:
        return False
