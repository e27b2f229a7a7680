"""Slips and detours by which hidden text could get out: each publishes nothing, and the full edition tells of slips."""

from __future__ import annotations

import pytest
from sphinx.errors import ExtensionError

INDEX = "# T\n\nopen\n\n```{toctree}\np\n```\n"
BLOCK = "# P\n\n:::{internal-only}\nsecretword\n:::\n"
INCIDENT = ":::{incident-summary} S-1\nx\n:::\n\n"
EVENTS = "Time,Event,Audience\n2026-01-01 00:00,secretword,internal\n2026-01-01 01:00,open,\n"
DIRTY_PART = ":::{internal-only}\n\n:::{note}\nx\n:::\n\nsecretword\n:::\n"

# What an author gets wrong in a page, so that Markdown or reStructuredText reads a marked text as text for all.
SLIPS = {
    "option on another's directive": ("p.md", "# P\n\n:::{note}\n:audience: internal\n\nsecretword\n:::\n"),
    "YAML option on another's directive": ("p.md", "# P\n\n:::{note}\n---\naudience: internal\n---\nsecretword\n:::\n"),
    "hidden columns of another's table": (
        "p.md",
        "# P\n\n```{list-table}\n:internal-columns: b\n:header-rows: 1\n* - a\n  - b\n* - x\n  - secretword\n```\n",
    ),
    "fence that is indented code": ("p.md", "# P\n\n    :::{internal-only}\n    secretword\n    :::\n"),
    "fence that is code in a list": ("p.md", "# P\n\n- a\n\n      :::{internal-only}\n      secretword\n      :::\n"),
    "fence after a no-break space": ("p.md", "# P\n\n\u00a0:::{internal-only}\nsecretword\n:::\n"),
    "list item ends the block": ("p.md", "# P\n\n- a\n\n  :::{internal-only}\n  x\n\nsecretword\n  :::\n"),
    "quote ends the block": ("p.md", "# P\n\n> :::{internal-only}\n> x\nsecretword\n> :::\n"),
    "block opened in a list marker": ("p.md", "# P\n\n- :::{internal-only}\n  x\n\nsecretword\n\n  :::\n"),
    "misspelt key": ("p.md", "---\naudiance: internal\n---\n# secretword\n"),
    "key in the plural": ("p.md", "---\naudiences: internal\n---\n# secretword\n"),
    "key of another form": ("p.md", "---\n? audience\n: internal\n---\n# secretword\n"),
    "field in Markdown": ("p.md", ":audience: internal\n\n# secretword\n"),
    "front matter in reStructuredText": ("p.rst", "---\naudience: internal\n---\n\nsecretword\n==========\n"),
    "misspelt field": ("p.rst", ":audiences: internal\n\nP\n=\n\nsecretword\n"),
    "no blank line above": ("p.rst", "P\n=\n\ntext\n.. internal-only::\n\n   secretword\n"),
    "no blank line above, body next": ("p.rst", "P\n=\n\ntext\n.. internal-only::\n   secretword\n"),
    "no blank line above in a list": ("p.rst", "P\n=\n\n- text\n  .. internal-only::\n\n     secretword\n"),
    "role that does not exist": ("p.rst", "P\n=\n\ntext :internal-only:`secretword` text\n"),
}

# Visible content that draws in, as it is, a file with marked content.
DETOURS = {
    "include with a broken fence": ("```{include} part.txt\n```", {"part.txt": DIRTY_PART}, ""),
    "include of a page's source as code": ("```{literalinclude} page.md\n```", {"page.md": BLOCK}, ""),
    "include as literal text": ("```{include} page.md\n:literal:\n```", {"page.md": BLOCK}, ""),
    "raw file": ("```{raw} html\n:file: part.txt\n```", {"part.txt": BLOCK}, ""),
    "download of a page's source": ("{download}`x <page.md>`", {"page.md": BLOCK}, ""),
    "download of a table with hidden rows": (
        INCIDENT + ":::{timeline}\n:file: a.csv\n:::\n\n{download}`x <a.csv>`",
        {"a.csv": EVENTS},
        "",
    ),
    "link to a file with a hidden block": ("[x](part.inc)", {"part.inc": BLOCK}, ""),
    "image of a page's source": ("```{image} page.md\n```", {"page.md": BLOCK}, ""),
    "extra files": ("x", {"more/page.md": BLOCK}, 'html_extra_path = ["more"]'),
    "static files": (
        "x",
        {"more/page.rst": "P\n=\n\n.. internal-only::\n\n   secretword\n"},
        'html_static_path = ["more"]',
    ),
    "logo in a hidden folder": (
        "x",
        {"hidden/a.svg": "<svg>secretword</svg>"},
        'html_logo = "hidden/a.svg"\npostmortem_audience_paths = {"hidden": "internal"}',
    ),
    "icon in a hidden folder": (
        "x",
        {"hidden/a.svg": "<svg>secretword</svg>"},
        'html_favicon = "hidden/a.svg"\npostmortem_audience_paths = {"hidden": "internal"}',
    ),
}


def published(source, builder="html") -> bytes:
    """What an edition publishes; nothing, where the build is refused."""
    try:
        return source.build("leadership", builder, warnings=True).all_bytes()
    except ExtensionError:
        return b""


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_publishes_nothing_and_is_told(site, name):
    file, text = SLIPS[name]
    source = site({"index.md": INDEX, file: text})
    assert b"secretword" not in published(source)
    told = source.build("internal", warnings=True).warnings
    assert f"{file}:" in told
    assert "[postmortem.broken-marking]" in told


@pytest.mark.parametrize("name", DETOURS)
def test_a_detour_publishes_nothing(site, name):
    text, files, conf = DETOURS[name]
    conf = f'exclude_patterns = ["page.md", "more"]\n{conf}'
    source = site({"index.md": INDEX, "p.md": f"# P\n\n{text}\n", **files}, conf)
    assert b"secretword" not in published(source)
    source.build("internal", warnings=True)


@pytest.mark.parametrize("pattern", ["/hidden", "./hidden/", "hidden\\in", "hidden/*"])
def test_any_spelling_of_a_path_hides_it(site, pattern):
    files = {"index.md": "# T\n\nopen\n", "hidden/in/p.md": "---\norphan: true\n---\n# secretword\n"}
    source = site(files, f"postmortem_audience_paths = {{{pattern!r}: 'internal'}}")
    assert b"secretword" not in published(source)


def test_a_path_that_hides_nothing_is_told_in_the_full_edition(site):
    source = site({"index.md": "# T\n", "hidden/a.txt": "x"}, 'postmortem_audience_paths = {"Hiden": "internal"}')
    assert '"Hiden"' in source.build("internal", warnings=True).warnings
    assert source.build("leadership").warnings == ""


# --- what looks like a slip and is none

SOUND = {
    "block in a list": ("p.md", "# P\n\n- a\n\n  :::{internal-only}\n  x\n  :::\n\nopenword\n"),
    "block in a wide list": ("p.md", "# P\n\n10. a\n\n    :::{internal-only}\n    x\n    :::\n\nopenword\n"),
    "block in nested lists": ("p.md", "# P\n\n- a\n  - b\n\n    :::{internal-only}\n    x\n    :::\n\nopenword\n"),
    "block in a quote": ("p.md", "# P\n\n> :::{internal-only}\n> x\n>\n> y\n> :::\n\nopenword\n"),
    "block in a footnote": ("p.md", "# P\n\na[^1]\n\n[^1]: n\n\n    :::{internal-only}\n    x\n    :::\n\nopenword\n"),
    "block in a directive": ("p.md", "# P\n\n::::{note}\n:::{internal-only}\nx\n:::\n::::\n\nopenword\n"),
    "other keys": ("p.md", "---\nauthor: a\naudience: public\nambience: x\n---\n# P\n\nopenword\n"),
    "option shown as code": ("p.md", "# P\n\n````md\n:::{note}\n:audience: internal\n:::\n````\n\nopenword\n"),
    "block after a heading": ("p.rst", "P\n=\n.. internal-only::\n\n   x\n\nopenword\n"),
    "block after a label": ("p.rst", "P\n=\n\n.. _a:\n.. internal-only::\n\n   x\n\nopenword\n"),
    "block as a definition": ("p.rst", "P\n=\n\nterm\n   .. internal-only::\n\n      x\n\nopenword\n"),
    "block after a directive": ("p.rst", "P\n=\n\n.. note:: a\n   b\n.. internal-only::\n\n   x\n\nopenword\n"),
    "role as literal": ("p.rst", "P\n=\n\nThere is no ``:internal-only:`x```. openword\n"),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_page_is_published(site, name):
    file, text = SOUND[name]
    source = site({"index.md": INDEX, file: text})
    built = source.build("leadership", warnings=True)
    assert "openword" in built.read("p.html")
    assert "broken-marking" not in built.warnings


def test_a_file_without_hidden_content_is_drawn_in(site):
    text = "# P\n\n```{literalinclude} a.md\n```\n\n{download}`x <a.csv>`\n"
    files = {"a.md": "openword\n", "a.csv": "Event,Audience\nopenrow,leadership\n"}
    built = site({"index.md": INDEX, "p.md": text, **files}, 'exclude_patterns = ["a.md"]').build("leadership")
    assert built.all_bytes().count(b"openword") > 0
    assert built.all_bytes().count(b"openrow") == 1
