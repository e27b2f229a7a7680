"""What an edition shows, read by the builder that `review` and `approve` use."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

Shown = dict[str, list[str]]


@pytest.fixture
def shown() -> Callable[..., Shown]:
    """Return a function that gives the lines of each page of a site's edition."""

    def ask(site, edition: str = "public", **settings: object) -> Shown:
        data = json.loads(site.build(edition, "postmortem-release", **settings).read("shown.json"))
        return {
            page: [f"{kind}: {text}" for kind, text, _line in entry["statements"]]
            for page, entry in data["pages"].items()
        }

    return ask
