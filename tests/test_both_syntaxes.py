"""Each directive gives the same tree in Markdown and in reStructuredText."""

from __future__ import annotations

import re

import pytest

HEAD = {
    "md": "# T\n\n:::{incident-summary} SEC-1\n:date: 2026-03-02\n:severity: SEV-1\n:tlp: AMBER\n:tlp-public: CLEAR\n:customer-impact: Some *customers*.\n\nText.\n:::\n\n",
    "rst": "T\n=\n\n.. incident-summary:: SEC-1\n   :date: 2026-03-02\n   :severity: SEV-1\n   :tlp: AMBER\n   :tlp-public: CLEAR\n   :customer-impact: Some *customers*.\n\n   Text.\n\n",
}
TIMELINE = """| Event | Time (UTC) | Notes | Audience |
|-------|------------|-------|----------|
| Alert detected | 2026-03-02 01:14 | *plain* | |
| Containment executed | 2026-03-02T04:57:00+02:00 | **x** | leadership |
| Hidden | 2026-03-02 03:00 | x | internal |"""
ACTIONS = r"""| ID | Action | Owner | Priority | Due date | Status |
|----|--------|-------|----------|----------|--------|
| A1 | Use a \| b *now* | team-b, team-a | P1 | 2026-03-20 | done |
| | Second | team-a | P2 | 2026-04-20 | open |"""

BODIES = {
    "incident-summary": ("", "", ""),
    "timeline": ("timeline", "", TIMELINE),
    "timeline with columns": ("timeline", ":internal-columns: Notes\n", TIMELINE),
    "action-table": ("action-table", "", ACTIONS),
    "actions-by-owner": ("actions-by-owner", "", ""),
    "root-cause": ("root-cause", "", "Because *this*.\n\nAnd that."),
    "contributing-factors": ("contributing-factors", "", "- **Monitoring**: nobody looked.\n- **Process**: none."),
    "audience": ("audience internal", ":summary: Short.\n", "Long *text*."),
    "internal-only": ("internal-only", ":summary: Short *text*.\n", "Long."),
    "domain name": ("postmortem:timeline", "", TIMELINE),
}


def markdown(name: str, options: str, body: str) -> str:
    directive, _, argument = name.partition(" ")
    inner = f"{options}\n{body}\n" if body else ""
    return f":::{{{directive}}} {argument}\n{inner}:::\n" if name else ""


def restructuredtext(name: str, options: str, body: str) -> str:
    directive, _, argument = name.partition(" ")
    block = "\n".join(f"   {line}".rstrip() for line in f"{options}\n{body}".split("\n"))
    return f".. {directive}:: {argument}\n{block}\n" if name else ""


def tree(built, page: str = "index") -> str:
    text = built.doctree(page).pformat()
    return re.sub(r' (source|xml:space|docname|refdoc|rawsource|translation_progress|myst_\w+)="[^"]*"', "", text)


@pytest.fixture(scope="module", params=["internal", "leadership", "public"])
def both(shared_site, request):
    """Two builds of an edition: each directive has a page, in Markdown and in reStructuredText."""
    index = "# T\n\n```{toctree}\n:glob:\n\np*\n```\n"
    builds = []
    for syntax, write in (("md", markdown), ("rst", restructuredtext)):
        texts = [HEAD[syntax].replace("SEC-1", f"SEC-{n}") + write(*body) for n, body in enumerate(BODIES.values())]
        pages = {f"p{n}.{syntax}": text for n, text in enumerate(texts)}
        builds.append(shared_site({"index.md": index, **pages}).build(request.param))
    return builds


@pytest.mark.parametrize("name", BODIES)
def test_same_tree(both, name):
    page = f"p{list(BODIES).index(name)}"
    from_markdown, from_restructuredtext = (tree(built, page) for built in both)
    assert "pm-incident" in from_markdown
    assert from_markdown == from_restructuredtext


@pytest.mark.parametrize("role", ["incident", "action", "owner", "postmortem:incident"])
def test_same_roles(site, role):
    target = {"action": "SEC-1/A1", "owner": "team-a"}.get(role, "SEC-1")
    source = site({"index.md": HEAD["md"] + markdown("action-table", "", ACTIONS) + f"\nSee {{{role}}}`{target}`.\n"})
    from_markdown = tree(source.build())
    (source.source / "index.md").unlink()
    text = HEAD["rst"] + restructuredtext("action-table", "", ACTIONS) + f"\nSee :{role}:`{target}`.\n"
    source.write({"index.rst": text})
    assert from_markdown == tree(source.build())


def test_block_after_an_include_with_another_extension_that_reads_includes(site):
    conf = "def setup(app):\n    app.connect('include-read', lambda *_: None)\n"
    page = "T\n=\n\n.. include:: part.txt\n\n.. internal-only::\n\n   One.\n\n   Two.\n\n   Three.\n"
    text = site({"index.rst": page, "part.txt": "Included.\n"}, conf).build(builder="text").read("index.txt")
    assert text.split() == ["T", "*", "Included.", "One.", "Two.", "Three."]


def lines_blamed(warnings: str, text: str) -> set[tuple[str, str]]:
    """Return what warnings say of a page, each with the text of the line that they name, without its own markup."""
    found = re.findall(r"page\.\w+:(\d+): WARNING: (.*)", warnings)
    assert len(found) == warnings.count("WARNING")
    lines = text.splitlines()
    return {(re.sub(r"^\W+|:ref:|\{ref\}", "", lines[int(line) - 1]), said) for line, said in found}


def test_warnings_name_the_same_lines(site):
    rows = [f"| Alert {{ref}}`row-{n}` | 2026-03-02 01:{n:02} | {'x' * n} | |" for n in range(3)]
    timeline = "\n".join([TIMELINE.replace("04:57", "44:57"), *rows])
    actions = ACTIONS.replace("2026-03-20", "2026-13-20").replace("Second", "Second {ref}`action`")
    bodies = [
        ("timeline", ":colour: red\n", timeline),
        ("action-table", ":colour: red\n", actions),
        ("root-cause", "", "Because.\n\nOf {ref}`cause`.\n\n- Or\n- of {ref}`item`."),
    ]
    made, blamed = site({"index.md": "# T\n\n```{toctree}\npage\n```\n"}), {}
    for syntax, write, role in (("md", markdown, "{ref}"), ("rst", restructuredtext, ":ref:")):
        head = HEAD[syntax].replace("SEV-1", "SEV-9").replace("Some *customers*", "See {ref}`impact`")
        text = (head + "\n".join(write(*body) for body in bodies)).replace("{ref}", role)
        made.write({f"page.{syntax}": text})
        blamed[syntax] = lines_blamed(made.build(warnings=True).warnings, text)
        (made.source / f"page.{syntax}").unlink()
    assert blamed["md"] == blamed["rst"]
    labels = [(line, found[1]) for line, said in blamed["md"] if (found := re.search("undefined label: '(.*?)'", said))]
    assert {label for _, label in labels} == {"row-0", "row-1", "row-2", "action", "cause", "item", "impact"}
    assert [label for line, label in labels if f"`{label}`" not in line] == []
    assert len(blamed["md"]) == len(labels) + 5
