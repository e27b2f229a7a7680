"""Writes the reference page of the checks.

``python -m sphinx_postmortem.core.checks.reference docs/reference/checks.md``
"""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx_postmortem.core.checks import Check, all_checks

_HEAD = """\
# Checks

<!-- postmortem-check: ignore-page secret: the bad example of that rule -->

`sphinx-postmortem check SRC` applies these rules to the sources, without a build. So does the builder
`postmortem-check`. How often the rules are right: {doc}`/explanation/check-precision`.

## What belongs to a page

A page is read as MyST and docutils read it, with the `myst_enable_extensions` of the site. Files that it includes are
part of it, if they lie below the source folder; a finding names the file and line where it stands. What stands in
`eval-rst` is part of it, too. Comments, indented samples and code are not. In a build, the directives of a page are
those that ran, also where another extension has written them.

## In builds

Any build warns of the errors on the pages that it reads, as `postmortem.<code>`, so that `suppress_warnings` and `-W`
work. Warnings and notes are left to `check`, unless `postmortem_check_builds` asks for them (`"warning"`, `"note"`);
`"off"` turns checks in builds off.

- Only pages with a directive of ours are judged, and what Sphinx itself has said is not said again.
- What is not written yet is a note as long as the incident has `:status: draft`, or none; such checks are marked
  *draft*. So a page that has just been begun builds with `-W`, and a page in review does not while an error is left.
- A filtered edition is judged by what it shows, and only by the rules about what a text says: it cannot tell what is
  missing from what is hidden. Its warnings tell nothing of hidden content, and a comment in a hidden block excuses
  nothing.

Checks that are marked *English* look for English words. They are quiet where `postmortem_written_language`, or else
the site's `language`, is another one.

How to begin with a site that has many findings: {doc}`/how-to/adopt-checks`.

## Settings and comments

The severity of a check is set for the site, and for a page in its front matter:

```python
postmortem_checks = {"event-evidence": "off", "action-overdue": "note"}
```

```yaml
postmortem-checks:
  time-estimate: note
postmortem-waived: [Technical details]
```

In reStructuredText these are fields at the top of the file, above the title: `:postmortem-checks: time-estimate: note`,
`:postmortem-waived: Technical details`.

A comment excuses the findings of the block that follows, and says why. `ignore-page` excuses those of the page.
The reason is kept in the JSON and SARIF reports. In a code block it is no comment.

```text
<!-- postmortem-check: ignore time-estimate: the log of that hour was lost -->
.. postmortem-check: ignore time-estimate: the log of that hour was lost
```

## Rules

| Code | Severity | Source |
|------|----------|--------|
"""


def render() -> str:
    """Return the page."""
    items = list(all_checks())
    rows = "".join(f"| `{item.code}` | {item.severity}{_marks(item)} | {item.source} |\n" for item in items)
    return _HEAD + rows + "\n" + "\n".join(map(_section, items))


def _marks(item: Check) -> str:
    return ", *draft*" * item.incomplete + ", *English*" * item.english


def _section(item: Check) -> str:
    settings = ", ".join(f"`postmortem_{name} = {value!r}`" for name, value in item.example_settings.items())
    with_settings = f" (with {settings})" if settings else ""
    bad = item.bad if len(item.bad) < 2000 else f"{item.bad[:40]}... ({len(item.bad)} characters)\n"
    return (
        f"## {item.code}\n\n{item.rule}\n\nBreaks it{with_settings}:\n\n`````text\n{bad}`````\n\n"
        f"Keeps it:\n\n`````text\n{item.good}`````\n"
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render(), encoding="utf-8")
