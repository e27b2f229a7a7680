"""Random sites with hidden places, written with any hidden content, or with the hidden content deleted by hand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import indent
from typing import TypeVar

from hypothesis import strategies as st

from tests.noninterference.positions import MYST, RST

TABLES = {
    "timeline": ("timeline", ["Time", "Event", "Evidence", "ATT&CK", "Notes", "Audience"]),
    "actions": ("action-table", ["ID", "Action", "Owner", "ATT&CK", "Notes", "Audience"]),
    "responses": ("response-table", ["Kind", "Response", "Evidence", "Notes", "Audience"]),
    "reviews": ("review-record", ["Who", "Read on", "Agreed", "Notes", "Audience"]),
    "veris": ("veris", ["Field", "Value", "Notes", "Audience"]),
}
TECHNIQUES = ("T1078", "T1078.004", "T1566.002", "TA0001")
HIDDEN_TECHNIQUES = (*TECHNIQUES, "T1486", "T1195.002", "T0883", "T1400", "T9999")
EVENTS = ("Aware of it", "Alert detected", "Notified: GDPR", "Containment executed")
HIDDEN_EVENTS = (*EVENTS, "Aware: GDPR", "Notified: NIS2", "Ransom paid", "Alert validated", "Recovery completed")
VERIS_ROWS = (
    ("actor.external.variety", "Organized crime"),
    ("action.hacking.variety", "Use of stolen creds"),
    ("attribute.confidentiality.data_disclosure", "Yes"),
    ("asset.assets", "S - Database"),
)
HIDDEN_VERIS_ROWS = (
    ("action.malware.variety", "Ransomware"),
    ("attribute.confidentiality.data_disclosure", "No"),
    ("asset.assets", "P - Finance"),
    ("timeline.incident.year", "2019"),
    ("action.hacking.variety", "no such name"),
    ("no.such.field", "x"),
)
T = TypeVar("T")
SHOWN_FILE, HIDDEN_FILE = "evidence/shown.log", "secret/kept.log"


@dataclass(frozen=True)
class Item:
    """One thing on a page: shown text, a hidden block at some place, or a table with hidden rows and columns."""

    kind: str
    number: int
    place: str = "top"
    marking: str = "internal-only"
    summary: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_column: bool = False


@dataclass(frozen=True)
class Model:
    """What stays the same over all mutations of a site."""

    markdown: tuple[bool, ...]
    pages: tuple[tuple[Item, ...], ...]
    links_to_hidden: bool

    @property
    def hidden_places(self) -> int:
        """How many places hold hidden content: each is mutated, filled or emptied at once."""
        blocks = sum(item.kind == "block" for page in self.pages for item in page)
        rows = sum(len(item.hidden_rows) + item.hidden_column for page in self.pages for item in page)
        return blocks + rows + 1  # and the hidden pages


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Draw a site."""
    count = draw(st.integers(1, 3))
    pages = []
    number = 0
    for _ in range(count):
        items = []
        for kind in draw(
            st.lists(st.sampled_from(["text", "heading", "block", "block", "clocks", *TABLES]), min_size=2, max_size=8)
        ):
            number += 1
            items.append(
                Item(
                    kind,
                    number,
                    draw(st.sampled_from(["top", "top", "list", "quote", "leadership"])),
                    draw(st.sampled_from(["internal-only", "audience internal", "root-cause"])),
                    draw(st.booleans()),
                    frozenset(draw(st.sets(st.integers(0, 3), max_size=3))),
                    draw(st.booleans()),
                )
            )
        pages.append(tuple(items))
    markdown = tuple(draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    return Model(markdown, tuple(pages), draw(st.booleans()))


@dataclass
class Hidden:
    """A source of hidden content; without seed there is none: it has been deleted by hand."""

    seed: int | None
    words: int = field(default=0)
    files: dict[str, str] = field(default_factory=dict)  # evidence that only hidden rows name

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    @property
    def deleted(self) -> bool:
        return self.seed is None

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[self.random.randrange(len(choices))]

    def word(self) -> str:
        self.words += 1
        return f"zz{self.random.randrange(16**8):08x}"

    def body(self, markdown: bool) -> str:
        """Return the inside of a hidden block: nothing, or some of every position there is."""
        snippets = list((MYST if markdown else RST).values())
        chosen = self.random.sample(snippets, self.random.randint(0, 4))
        parts = [
            s.replace("{n}", f"{self.random.randrange(10**6)}").replace("{kind}", "x").replace("CANARY", self.word())
            for s in chosen
        ]
        return "\n\n".join(parts) or "x"


LISTS = """\
:::{incident-overview}
:::

:::{actions-by-owner}
:overdue:
:::

:::{actions-by-owner}
:::

:::{actions-by-owner}
:overview:
:::

:::{action-list}
:group-by: owner
:::

:::{incident-list}
:layout: cards
:::

:::{event-list}
:::

:::{response-list}
:::

:::{evidence-list}
:::

:::{lesson-list}
:::

:::{incident-list}
:columns: name, open-actions, severity
:facets:
:::

:::{factor-list}
:::

:::{factor-list}
:layout: texts
:::

:::{similar-incidents}
:for: SEC-0
:limit: 10
:::

:::{technique-list}
:::

:::{runbook-list}
:columns: runbook, incidents, which, last, unhelpful, open-actions
:::

:::{incident-list}
:runbook: none
:::

:::{technique-list}
:layout: matrix
:::

:::{technique-list}
:layout: by-tactic
:none: No technique.
:::

:::{incident-list}
:technique: T1486
:::

:::{clock-list}
:none: No clock.
:::

:::{incident-metrics}
:no-chart:
:::

:::{incident-metrics}
:by: year
:show: ageing, closing, factors, detection
:::

:::{action-list}
:since: this year
:::

"""


def write(model: Model, hidden: Hidden) -> dict[str, str]:
    """Return the files of a site with this hidden content."""
    files: dict[str, str] = {}
    entries: list[str] = []
    for index, items in enumerate(model.pages):
        markdown = model.markdown[index]
        text = f"# Page {index}\n\n" if markdown else f"Page {index}\n======\n\n"
        head = "incident-summary"
        options = (
            f":date: 2026-01-0{index + 1}\n:attack: {TECHNIQUES[index]}\n:severity: SEV-2\n:status: closed\n:tlp: CLEAR"
        )
        options += f"\n:runbooks: page{index - 1}\n:detected-by: Customer" if index else ""
        text += block(markdown, f"{head} SEC-{index}", options, "Text.")
        text += "".join(write_item(item, markdown, hidden) for item in items)
        files[f"page{index}.{'md' if markdown else 'rst'}"] = text + "\nThe end.\n"
        entries.append(f"page{index}")
    if not hidden.deleted:
        for _ in range(hidden.random.randint(0, 3)):
            name = hidden.word()
            files[f"secret/{name}.md"] = f"# {hidden.word()}\n\n({hidden.word()})=\n## x\n\n{hidden.body(True)}\n"
            entries.append(f"secret/{name}")
        files[f"{hidden.word()}.md"] = f"---\naudience: internal\n---\n# {hidden.word()}\n\n{hidden_incident(hidden)}"
        files[HIDDEN_FILE] = hidden.word()
        files |= hidden.files
        files["secret/target.md"] = f"(target)=\n# {hidden.word()}\n"
    link = (
        "[the words](secret/target.md) {ref}`more words <target>` {doc}`secret/target`\n\n"
        if model.links_to_hidden
        else ""
    )
    files[SHOWN_FILE] = "01:14 upload\n"
    files["index.md"] = "# Site\n\n" + link + LISTS + "```{toctree}\n" + "\n".join(entries) + "\n```\n"
    return files


def block(markdown: bool, name: str, options: str, body: str) -> str:
    """Return a directive."""
    directive, _, argument = name.partition(" ")
    if markdown:
        return f"``````{{{directive}}} {argument}\n{options}\n{body}\n``````\n\n"
    return f".. {directive}:: {argument}\n{indent(options.strip(), '   ')}\n\n{indent(body, '   ')}\n\n"


def write_item(item: Item, markdown: bool, hidden: Hidden) -> str:
    """Return one item as source."""
    if item.kind == "text":
        return f"shown {item.number} <https://example.com/{item.number}>\n\n"
    if item.kind == "heading":
        return f"## Heading {item.number}\n\n" if markdown else f"Heading {item.number}\n{'-' * 12}\n\n"
    if item.kind == "clocks":
        return write_clocks(item, markdown, hidden)
    if item.kind in TABLES:
        return write_table(item, markdown, hidden)
    return write_block(item, markdown, hidden)


def write_clocks(item: Item, markdown: bool, hidden: Hidden) -> str:
    """Return reporting clocks for the readers, or for the first edition alone."""
    if not item.hidden_column:
        return block(markdown, "reporting-clocks", ":audience: public\n:regimes: gdpr, dora", "")
    if hidden.deleted:
        return ""
    regimes = hidden.one_of(["nis2", "gdpr, cra", "circia", "nonsuch"])
    return block(markdown, "reporting-clocks", f":regimes: {regimes}\n:name: {hidden.word()}", "")


def hidden_incident(hidden: Hidden) -> str:
    """Return an incident with all that lists, clocks and data could show of it."""
    options = (
        f":date: 2025-0{hidden.random.randint(1, 9)}-02\n:attack: {hidden.one_of(HIDDEN_TECHNIQUES)}\n:severity: SEV-1"
    )
    row = f"| 2025-01-01 01:00 | {hidden.one_of(HIDDEN_EVENTS)} {hidden.word()} | {hidden.one_of(HIDDEN_TECHNIQUES)} |"
    field, value = hidden.one_of(HIDDEN_VERIS_ROWS)
    return "".join(
        [
            block(
                True,
                f"incident-summary {hidden.word()}",
                f"{options}\n:runbooks: index, page0\n:detected-by: {hidden.word()}",
                hidden.word(),
            ),
            f"## What didn't go well\n\n- {hidden.word()} {{doc}}`/index` {{doc}}`/page0`\n\n",
            block(True, "reporting-clocks", ":regimes: gdpr, nis2, sec", ""),
            block(True, "timeline", "", f"| Time | Event | ATT&CK |\n|--|--|--|\n{row}"),
            block(
                True,
                "action-table",
                "",
                f"| Action | Owner | Status | Closed |\n|--|--|--|--|\n| {hidden.word()} | x | done | 2026-01-09 |",
            ),
            block(True, "review-record", "", f"| Who | Read on | Agreed |\n|--|--|--|\n| {hidden.word()} | | |"),
            block(True, "veris", "", f"| Field | Value |\n|--|--|\n| {field} | {value} |\n| notes | {hidden.word()} |"),
        ]
    )


def write_block(item: Item, markdown: bool, hidden: Hidden) -> str:
    summary = f"Short {item.number}." if item.summary and item.marking != "root-cause" else ""
    if hidden.deleted:
        inner = summary
    else:
        options = f":summary: {summary}\n" if summary else ""
        options += ":audience: internal\n" if item.marking == "root-cause" else ""
        inner = block(markdown, item.marking, options, hidden.body(markdown)).rstrip("\n")
    before = f"shown {item.number}"
    place = item.place
    if place == "list":
        return f"- {before}\n\n" + (indent(inner, "  ") + "\n\n" if inner else "") + f"- after {item.number}\n\n"
    if place == "quote" and markdown:
        parts = "\n\n".join(part for part in (before, inner, f"after {item.number}") if part)
        return indent(parts, "> ", lambda _line: True) + "\n\n"
    if place == "leadership":
        body = f"{before}\n\n{inner}\n\nafter {item.number}"
        if markdown:
            return f"```````{{audience}} leadership\n\n{body}\n```````\n\n"
        return block(markdown, "audience leadership", "", body)
    return f"{before}\n\n{inner}\n\nafter {item.number}\n\n"


def write_table(item: Item, markdown: bool, hidden: Hidden) -> str:
    name, titles = TABLES[item.kind]
    note = titles.index("Notes")
    rows = []
    for index in range(4):
        secret = index in item.hidden_rows
        if secret and hidden.deleted:
            continue
        text = f"{hidden.word()} `{hidden.word()}`" if secret else f"shown {item.number} {index}"
        if item.kind == "timeline":
            text = f"{hidden.one_of(HIDDEN_EVENTS) if secret else EVENTS[index]}: {text}"
        technique = hidden.one_of(HIDDEN_TECHNIQUES) if secret else TECHNIQUES[index]
        note_text = ("" if hidden.deleted else hidden.word()) if item.hidden_column else f"note {index}"
        if item.kind == "veris":
            cells = [*(hidden.one_of(HIDDEN_VERIS_ROWS) if secret else VERIS_ROWS[index]), note_text]
        elif item.kind == "reviews":
            cells = [text, f"2026-01-0{index + 1}", hidden.word() if secret else "agreed", note_text]
        elif item.kind != "actions":
            time = f"2026-01-0{index + 1} 0{hidden.random.randrange(10) if secret else 1}:00"
            first = time if item.kind == "timeline" else ("fix", "containment")[index % 2]
            evidence = write_evidence(index, secret, markdown, hidden)
            cells = [first, text, evidence, *([technique] if item.kind == "timeline" else []), note_text]
        else:
            cells = [
                hidden.word() if secret else f"A{item.number}{index}",
                text,
                hidden.word() if secret else "team",
                technique,
                note_text,
            ]
        rows.append([*cells, "internal" if secret else ""])
    options = ":internal-columns: Notes\n" if item.hidden_column else ""
    if item.hidden_column and hidden.deleted:
        titles = [title for title in titles if title != "Notes"]
        rows = [[cell for index, cell in enumerate(row) if index != note] for row in rows]
        options = ""
    options += ":audience: public" if item.kind == "reviews" else ""
    lines = [titles, ["--"] * len(titles), *rows]
    body = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return block(markdown, name, options, body)


def write_evidence(index: int, secret: bool, markdown: bool, hidden: Hidden) -> str:
    """Return a cell of evidence: a shown row names a file that is shown, one that is hidden, or a ticket."""
    role = "{download}" if markdown else ":download:"
    code = "`" if markdown else "``"
    if secret:
        file = f"evidence/{hidden.word()}.log"
        hidden.files[file] = hidden.word()
        return f"{role}`{file}`, {code}{file}{code}, {hidden.word()}"
    shown = (f"{role}`{SHOWN_FILE}`", f"{code}{HIDDEN_FILE}{code}", "siem:4711", f"{code}{SHOWN_FILE}{code}")
    return shown[index]
