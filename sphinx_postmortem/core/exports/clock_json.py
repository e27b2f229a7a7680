"""A reporting clock as plain JSON values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sphinx_postmortem.core.clocks.running_clocks import Bounds, Clock
from sphinx_postmortem.core.records.times import Moment


def clock_fields(clock: Clock) -> dict[str, Any]:
    """Return the fields of a clock, as ``postmortems.schema.json`` describes them."""
    return {
        "regime": clock.rule.regime,
        "rule": clock.rule.title,
        "is_proposed": clock.rule.is_proposed,
        "source": clock.rule.source,
        "stage": clock.stage.name,
        "state": clock.state.value,
        "starts_with": clock.start_name,
        **_moment("start", clock.start),
        **_bounds("due", clock.due),
        **_bounds("allowed", clock.allowed),
        **_moment("sent", clock.sent),
        "why": str(clock.why),
    }


def _moment(name: str, moment: Moment | None) -> dict[str, Any]:
    bounds = Bounds(moment.earliest, moment.latest) if moment else None
    return {f"{name}_written": moment.written if moment else "", **_bounds(name, bounds)}


def _bounds(name: str, bounds: Bounds | None) -> dict[str, Any]:
    found = bounds or Bounds(None, None)
    return {f"{name}_earliest": _instant(found.first), f"{name}_latest": _instant(found.last)}


def _instant(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None
