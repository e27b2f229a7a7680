"""Writes the reference page of the checks.

``python -m sphinx_postmortem.core.checks.reference docs/reference/checks.md``
"""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx_postmortem.core.checks import Check, all_checks

MEASURED_ON = "2026-11-24"
# Findings on 255 published postmortems, each read by hand: right, all. The rules that are not named found none, or need
# our directives, which these documents do not have.
PRECISION = {
    "time-impossible": (6, 6),
    "time-slip": (4, 4),
    "timeline-order": (7, 7),
    "human-error": (1, 1),
    "blame-person": (1, 1),
    "blame-hindsight": (2, 2),
    "prompt-left": (7, 7),
    "duplicate-heading": (4, 4),
}

_HEAD = """\
# Checks

`sphinx-postmortem check SRC` applies these rules to the sources, without a build. So does the builder
`postmortem-check`; and with `postmortem_check_builds = True` builds of the internal edition warn of each error
as `postmortem.<code>`.

The severity of a check is set for the site, and for a page in its front matter:

```python
postmortem_checks = {"event-evidence": "off", "action-overdue": "note"}
```

```yaml
postmortem-checks:
  time-estimate: note
postmortem-waived: [Technical details]
```

A comment excuses the findings of the block that follows, and says why. `ignore-page` excuses those of the page.
The reason is kept in the JSON and SARIF reports.

```text
<!-- postmortem-check: ignore time-estimate: the log of that hour was lost -->
.. postmortem-check: ignore time-estimate: the log of that hour was lost
```

What is not written yet is a note as long as the incident has `:status: draft`; such checks are marked *draft*.

## Rules

| Code | Severity | Source |
|------|----------|--------|
"""


def render() -> str:
    """Return the page."""
    items = list(all_checks())
    rows = "".join(
        f"| `{item.code}` | {item.severity}{', *draft*' if item.incomplete else ''} | {item.source} |\n"
        for item in items
    )
    return _HEAD + rows + "\n" + "\n".join(map(_section, items)) + "\n" + _precision()


def _section(item: Check) -> str:
    settings = ", ".join(f"`postmortem_{name} = {value!r}`" for name, value in item.example_settings.items())
    with_settings = f" (with {settings})" if settings else ""
    bad = item.bad if len(item.bad) < 2000 else f"{item.bad[:40]}... ({len(item.bad)} characters)\n"
    return (
        f"## {item.code}\n\n{item.rule}\n\nBreaks it{with_settings}:\n\n`````text\n{bad}`````\n\n"
        f"Keeps it:\n\n`````text\n{item.good}`````\n"
    )


def _precision() -> str:
    rows = "".join(f"| `{code}` | {every} | {right} |\n" for code, (right, every) in PRECISION.items())
    return (
        "## Precision\n\n"
        f"Measured on {MEASURED_ON} on 255 published postmortems with `benchmarks/text_rules.py`; "
        "every finding was read.\n"
        "The numbers are small: they show that these rules are quiet, not that they find all. "
        "Rules that are not named\n"
        "here found nothing, or need the directives, which these documents do not have.\n\n"
        f"| Rule | Findings | Right |\n|------|----------|-------|\n{rows}"
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render(), encoding="utf-8")
