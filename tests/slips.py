"""Pages with slips in their markings, and pages that draw in marked files; ``secretword`` is hidden in each."""

from __future__ import annotations

INDEX = "# T\n\nopen\n\n```{toctree}\np\n```\n"
BLOCK = "# P\n\n:::{internal-only}\nsecretword\n:::\n"
INCIDENT = ":::{incident-summary} S-1\nx\n:::\n\n"
EVENTS = "Time,Event,Audience\n2026-01-01 00:00,secretword,internal\n2026-01-01 01:00,open,\n"
NOTES = "Time,Event,Notes\n2026-01-01 00:00,open,secretword\n"
COLUMNS = INCIDENT + ":::{timeline}\n:file: more/a.csv\n:internal-columns: Notes\n:::\n\n"
SLIP = ":::{internal only}\nsecretword\n:::\n"
HTML = "<p>x</p>\n<div class='internal-only'>secretword</div>\n"
RST_BLOCK = ".. internal-only::\n\n   secretword\n"
STAMP_OF_INTERNAL = '{"edition": "internal", "holds": "html"}'
HERE = "from pathlib import Path\nhere = Path(__file__).parent\n"
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

FENCE = ":::{internal-only}\nsecretword\n:::\n"

# Markings that a parser takes for something else; only the parsed page shows it.
UNREAD = {
    **{
        f"fence within {name}": ("p.md", f"# P\n\n{text}")
        for name, text in {
            "HTML": f"<div>\n{FENCE}</div>\n",
            "details": f"<details><summary>x</summary>\n{FENCE}</details>\n",
            "an element of its own": f"<x-note>\n{FENCE}</x-note>\n",
            "preformatted HTML": f"<pre>\n\n{FENCE}\n</pre>\n",
            "a list's HTML": "- a\n\n  <div>\n  :::{internal-only}\n  secretword\n  :::\n  </div>\n",
            "a formula": f"$$\na\n\n{FENCE}\n$$\n",
            "an equation": f"\\begin{{equation}}\n{FENCE}\\end{{equation}}\n",
            "a line of text": f"text {FENCE}",
            "a line with an odd line break": f"text\u0085{FENCE}",
        }.items()
    },
    "slip in a plain column of audiences": ("p.md", "# P\n\n| a | Audience |\n|-|-|\n| secretword | internl |\n"),
    "Markdown fence in reStructuredText": ("p.rst", "P\n=\n\n```{internal-only}\nsecretword\n```\n"),
    "front matter below a heading": ("p.md", "# P\n\n---\naudience: internal\n---\nsecretword\n"),
    "front matter below a comment": ("p.md", "<!-- c -->\n---\naudience: internal\n---\n# secretword\n"),
    "second front matter": ("p.md", "---\n---\naudience: internal\n---\n# secretword\n"),
    "TOML": ("p.md", '+++\naudience = "internal"\n+++\n# secretword\n'),
    "key with escapes": ("p.md", '---\n"\\u0061udience": internal\n---\n# secretword\n'),
    "indented field": ("p.rst", " :audience: internal\n\nsecretword\n==========\n"),
    "field below a title": ("p.md", "# P\n\n:audience: internal\n\nsecretword\n"),
    "directive within a line": ("p.rst", "P\n=\n\ntext .. internal-only::\n\n   secretword\n"),
    "directive below an example of Python": ("p.rst", "P\n=\n\n>>> x\n.. internal-only::\n\n   secretword\n"),
    "directive in a line block": ("p.rst", "P\n=\n\n| a\n| .. internal-only::\n|    secretword\n"),
    "class of a container": ("p.rst", "P\n=\n\n.. container:: internal-only\n\n   secretword\n"),
    "class of a paragraph": ("p.md", "# P\n\n{.internal-only}\nsecretword\n"),
    "class of an admonition": ("p.md", "# P\n\n:::{admonition} x\n:class: internal-only\nsecretword\n:::\n"),
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
    **{
        f"table with hidden columns as {name}": (COLUMNS + text, {"more/a.csv": NOTES}, conf)
        for name, (text, conf) in {
            "download": ("{download}`x <more/a.csv>`", ""),
            "link": ("[x](more/a.csv)", ""),
            "code": ("```{literalinclude} more/a.csv\n```", ""),
            "text": ("```{include} more/a.csv\n```", ""),
            "literal text": ("```{include} more/a.csv\n:literal:\n```", ""),
            "table": ("```{csv-table}\n:file: more/a.csv\n```", ""),
            "raw text": ("```{raw} html\n:file: more/a.csv\n```", ""),
            "image": ("![x](more/a.csv)", ""),
            "include in another syntax": ("```{eval-rst}\n.. include:: more/a.csv\n```", ""),
            "extra file": ("x", 'html_extra_path = ["more"]'),
            "extra file by name": ("x", 'html_extra_path = ["more/a.csv"]'),
            "static file": ("x", 'html_static_path = ["more"]'),
        }.items()
    },
    "page's source for LaTeX": ("x", {"page.md": BLOCK}, 'latex_additional_files = ["page.md"]'),
    "part of a marked file": ("```{include} page.md\n:start-line: 3\n```", {"page.md": BLOCK}, ""),
    "part of a marked file, by its text": (
        "```{include} more/whole.txt\n```",
        {"more/whole.txt": "```{include} page.md\n:start-after: only}\n```\n", "page.md": BLOCK},
        "",
    ),
    "file in the other syntax": (
        "```{include} part.inc\n```",
        {"part.inc": ".. internal-only::\n\n   secretword\n"},
        "",
    ),
    "hidden file for LaTeX": (
        "x",
        {"hidden/a.txt": "secretword"},
        'latex_additional_files = ["hidden/a.txt"]\npostmortem_audience_paths = {"hidden": "internal"}',
    ),
    "table with hidden columns on another page": (
        COLUMNS,
        {"more/a.csv": NOTES, "a.md": "---\norphan: true\n---\n# A\n\n{download}`x <more/a.csv>`\n"},
        "",
    ),
    "plain table of a file with hidden rows": (
        "```{csv-table}\n:file: a.csv\n:header-rows: 1\n```",
        {"a.csv": EVENTS},
        "",
    ),
    "file whose Audience column is misspelt": (
        "{download}`x <a.csv>`",
        {"a.csv": EVENTS.replace("Audience", "Audince")},
        "",
    ),
    "file in the encoding of a spreadsheet": (
        "{download}`x <a.csv>`",
        {"a.csv": EVENTS.encode("utf-16")},
        "",
    ),
    "file in two bytes a letter": ("{download}`x <a.csv>`", {"a.csv": EVENTS.encode("utf-16-le")}, ""),
    "file with a byte of zero": ("[x](a.csv)", {"a.csv": EVENTS.replace("open", "o\0pen")}, ""),
    "file with other ends of lines": ("[x](a.csv)", {"a.csv": EVENTS.replace("\n", "\u2028")}, ""),
    "table whose header is missing": (
        INCIDENT + ":::{timeline}\n:file: a.csv\n:::",
        {"a.csv": EVENTS.split("\n", 1)[1]},
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

# Detours that only the build sees: what it refuses is no marking to the audit, which reads for itself.
REFUSED_DETOURS = {
    "raw file with a class": ("```{raw} html\n:file: part.html\n```", {"part.html": HTML}, ""),
    "download of a file with a class": ("{download}`x <part.html>`", {"part.html": HTML}, ""),
    "code of a file with a slip": ("```{literalinclude} part.txt\n```", {"part.txt": SLIP}, ""),
    "table of a file whose name tells of none": ("```{csv-table}\n:file: a.txt\n```", {"a.txt": EVENTS}, ""),
    "table of a file without a column Audience": (
        "```{csv-table}\n:file: a.csv\n```",
        {"a.csv": EVENTS.replace("Audience", "Seen by")},
        "",
    ),
    "include that another parser reads": (
        "```{eval-rst}\n.. include:: part.txt\n   :parser: myst\n```",
        {"part.txt": SLIP},
        "",
    ),
    "extra file that is named": ("x", {"page.md": BLOCK}, 'html_extra_path = ["page.md"]'),
    "data file with a marking": ("[x](a.json)", {"a.json": '[{"Audience": "internal", "Event": "secretword"}]'}, ""),
    "data of another edition": (
        "x",
        {"more/postmortems.json": '{"schema_version": 2, "edition": "internal", "x": "secretword"}'},
        'html_extra_path = ["more"]',
    ),
    "file of another edition": (
        "![x](built/in/a.png)",
        {"built/.postmortem-edition": STAMP_OF_INTERNAL, "built/in/a.png": b"\x89PNG secretword"},
        "",
    ),
    "text of another edition": (
        "```{include} built/a.txt\n```",
        {"built/.postmortem-edition": STAMP_OF_INTERNAL, "built/a.txt": "secretword"},
        "",
    ),
    "data of the build before": (
        "x",
        {"more/actions.csv": "secretword"},
        f'html_extra_path = ["more"]\n{HERE}postmortem_export_folder = str(here / "more")',
    ),
    **{
        f"incident that is held back, as {name}": (
            text,
            {"more/a.md": f"# P\n\n{summary}", "more/b.txt": summary},
            conf,
        )
        for name, summary, text, conf in (
            ("download", ":::{incident-summary} S-1\n:status: draft\n\nsecretword\n:::\n", "[x](more/a.md)", ""),
            ("text", ".. incident-summary:: S-1\n   :tlp: RED\n\n   secretword\n", "{download}`x <more/b.txt>`", ""),
            (
                "extra file",
                "---\ntlp: RED\n---\n:::{incident-summary} S-1\nsecretword\n:::\n",
                "x",
                'html_extra_path = ["more/b.txt"]',
            ),
        )
    },
    "repository": ("x", {"more/.git/objects/ab": "secretword"}, 'html_extra_path = ["more"]'),
    "substitution of the settings": (
        "{{ outer }}",
        {},
        f'myst_enable_extensions = ["substitution"]\nmyst_substitutions = {{"outer": "{{{{ s }}}}", "s": {SLIP!r}}}',
    ),
    "comment of HTML over several texts": (
        "```{raw} html\n<!--\n```\n\nsecretword\n\n```{raw} html\n-->\n```",
        {},
        "",
    ),
    "image of a language": (
        "![x](a.png)",
        {"a.png": b"\x89PNG", "a.de.png": b"\x89PNG secretword"},
        'language = "de"\npostmortem_audience_paths = {"a.de.png": "internal"}',
    ),
    "substitution of all pages": (
        "x",
        {"r.rst": ":orphan:\n\nR\n=\n\n.. internal-only::\n\n   |s|\n"},
        'rst_epilog = ".. |s| replace:: secretword"',
    ),
    **{
        f"{directive} in another language": (
            f"```{{eval-rst}}\n{text}\n```",
            {"part.txt": RST_BLOCK, "a.txt": EVENTS},
            f'language = "{language}"',
        )
        for language, directive, text in (
            ("de", "include", ".. einfügen:: part.txt\n   :start-after: only::"),
            ("fr", "include", ".. inclure:: part.txt\n   :start-after: only::"),
            ("es", "raw text", ".. sin-analisis:: html\n   :file: part.txt"),
            ("ja", "table", ".. csv表::\n   :file: a.txt"),
        )
    },
}
