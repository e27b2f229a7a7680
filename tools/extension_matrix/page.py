"""The page of the documentation that shows the results."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

HEAD = """# Extensions of others

`python -m tools.extension_matrix` writes this page. It tries each extension with `sphinx-build` on a small site that
hides a page, a block, a row, a column, and a block within the extension's own directive. The full edition is built
first: it leaves among the sources what the extension generates. What the edition `leadership` holds is then searched
for hidden words, compared byte by byte with the edition of a site whose hidden texts are longer and were changed in a
later commit, and audited.

An extension that is not listed here is judged by what it does:

- An extension that writes or changes pages in the source folder is refused. If all that it writes may be shown, name
  the pages in `postmortem_generated_pages`; if not, hide their folder with `postmortem_audience_paths`.
- A directive of another extension gets its text without what the edition hides.
- A notebook is shown or hidden as a whole: front matter in its first cell or `postmortem_audience_paths` hides it; a
  marked block in one is refused. Code in its cells is a sample, whatever words it holds.
- A command of another extension that runs Sphinx builds the edition that it is told:
  `sphinx-multiversion docs out -D postmortem_audience=leadership` (that command itself needs Sphinx 8.2).
- A builder of another extension is refused unless `postmortem_trusted_builders` names it.
- `sphinx-postmortem build` audits whatever an extension writes into the output. After a plain `sphinx-build`, run
  `sphinx-postmortem audit`.
"""
SECTIONS = {
    "works": "## Work in every edition\n",
    "setting": "## Need a setting\n\nWithout it the filtered edition is refused; nothing is published.\n",
    "refused": "## Refused in filtered editions\n\nUse them with the full edition only.\n",
    "leaks": "## Leak\n",
    "alarm": "## Published, but the audit refuses them\n",
    "fails": "## Could not be tried\n\nThese fail with the versions that were tried.\n",
}


def write_page(path: Path, results: Mapping[str, Mapping[str, str]]) -> None:
    """Write the page."""
    parts = [HEAD]
    for verdict, section in SECTIONS.items():
        rows = [result for _, result in sorted(results.items()) if result["verdict"] == verdict]
        if rows:
            parts.append(f"{section}\n{_table(verdict, rows)}\n")
    path.write_text("\n".join(parts), encoding="utf-8")


def _table(verdict: str, rows: list[Mapping[str, str]]) -> str:
    if verdict == "works":
        return "\n".join(f"- `{row['name']}` {row['version']}" for row in rows)
    more = {"setting": "Setting"}.get(verdict, "Why")
    lines = [f"| Extension | Version | {more} |", "|---|---|---|"]
    for row in rows:
        text = row["setting"] if verdict == "setting" else row["note"]
        shown = f"`{text}`" if verdict == "setting" else _short(text)
        lines.append(f"| `{row['name']}` | {row['version']} | {shown} |")
    return "\n".join(lines)


def _short(note: str) -> str:
    """Return the part of a sentence that says why, as text of a table's cell."""
    why = re.split(r"[.:;] (?:Nothing|write it|See)", note)[0]
    return re.sub(r"([|<>{}`])", r"\\\1", re.sub(r" at 0x\w+", "", why))
