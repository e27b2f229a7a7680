"""Writes the reference pages of the checks: one that lists all, and one with the examples of each topic.

``python -m sphinx_postmortem.core.checks.reference docs/reference/checks.md``
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sphinx_postmortem.core.checks import Check, all_checks


class _Topic(NamedTuple):
    """A page of the reference: its file, its title, and the modules whose rules it holds."""

    page: str
    title: str
    modules: tuple[str, ...]


_TOPICS = (
    _Topic("checks/actions", "Actions and tickets", ("actions", "addressed", "tickets_followed")),
    _Topic(
        "checks/times",
        "Timeline, times and what is stated twice",
        (
            "timeline",
            "time_order",
            "time_text",
            "contradictions",
            "durations",
            "implied_days",
            "retold_facts",
            "retold_times",
            "row_spans",
        ),
    ),
    _Topic(
        "checks/causes",
        "Causes, contributing factors and blame",
        ("causes", "acts_of_persons", "language", "tagged_factors"),
    ),
    _Topic(
        "checks/summaries",
        "Summary, labels, closure and review",
        ("summary", "bad_values", "labels", "closure", "reviews_due", "repeats"),
    ),
    _Topic("checks/disclosure", "What other audiences read", ("markings", "executive", "secret")),
    _Topic("checks/responses", "Responses, evidence and reporting clocks", ("responses", "clocks")),
    _Topic("checks/names", "Owners, ATT&CK and VERIS", ("register", "techniques", "veris_names")),
)
_OTHERS = _Topic("checks/pages", "Pages, tables and comments", ())
"""What belongs to no other topic."""

_HEAD = """\
# Checks

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

Each rule stands below, with its severity and its source; the page of its topic has an example that breaks it, and
one that keeps it.
"""


def render() -> dict[str, str]:
    """Return the pages by the names of their files: ``checks.md``, which lists all, and one for each topic."""
    topics: dict[_Topic, list[Check]] = {topic: [] for topic in (*_TOPICS, _OTHERS)}
    for item in all_checks():
        topics[_topic_of(item)].append(item)
    tree = "\n".join(topic.page for topic in topics)
    lists = "\n".join(_list(topic, items) for topic, items in topics.items())
    pages = {"checks.md": f"{_HEAD}\n{lists}\n```{{toctree}}\n:hidden:\n\n{tree}\n```\n"}
    return pages | {f"{topic.page}.md": _page(topic, items) for topic, items in topics.items()}


def _topic_of(item: Check) -> _Topic:
    rule = item.page_rule or item.site_rule or item.after_rule or item.ticket_rule
    module = rule.__module__.rpartition(".")[2]
    return next((topic for topic in _TOPICS if module in topic.modules), _OTHERS)


def _list(topic: _Topic, items: Sequence[Check]) -> str:
    rows = "".join(
        f"| [`{item.code}`]({topic.page}.md#{item.code}) | {item.severity}{_marks(item)} | {item.source} |\n"
        for item in items
    )
    return f"## {topic.title}\n\n| Code | Severity | Source |\n|------|----------|--------|\n{rows}"


def _page(topic: _Topic, items: Sequence[Check]) -> str:
    is_bad = any(item.code == "secret" for item in items)
    excuse = "<!-- postmortem-check: ignore-page secret: the bad example of that rule -->\n\n" * is_bad
    about = "How checks are set, and what they look at: {doc}`/reference/checks`.\n"
    return f"# {topic.title}\n\n{excuse}{about}\n" + "\n".join(map(_section, items))


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
    folder = Path(sys.argv[1]).parent
    for name, text in render().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
