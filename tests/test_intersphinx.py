"""Other sites reach incidents, actions and owners through intersphinx."""

from __future__ import annotations

import zlib

KB = {
    "index.md": "# T\n\n:::{incident-summary} SEC-1\nText.\n:::\n\n:::{action-table}\n| ID | Action | Owner | Audience |\n"
    "|--|--|--|--|\n| A1 | Do it | team | |\n| A2 | Hidden | ghosts | internal |\n:::\n\n:::{actions-by-owner}\n:::\n"
}
LINKS = """# R

{external+kb:postmortem:incident}`SEC-1` {external+kb:postmortem:action}`SEC-1/A1`
{external+kb:postmortem:owner}`words <team>` {incident}`SEC-1`
"""


def inventory(built) -> bytes:
    data = (built.outdir / "objects.inv").read_bytes()
    return zlib.decompress(data.split(b"\n", 4)[4])


def test_the_inventory_holds_what_the_edition_sees(site):
    source = site(KB)
    assert b"SEC-1/A2 postmortem:action" in inventory(source.build())
    lines = inventory(source.build("leadership"))
    for name in (b"SEC-1 postmortem:incident", b"SEC-1/A1 postmortem:action", b"team postmortem:owner"):
        assert name in lines
    assert b"A2" not in lines
    assert b"ghosts" not in lines


def test_another_project_links_to_its_records(site):
    built = site(KB).build()
    inv = built.outdir / "objects.inv"
    conf = f'extensions.append("sphinx.ext.intersphinx")\nintersphinx_mapping = {{"kb": ("https://kb.example.com/", {str(inv)!r})}}'
    runbooks = site({"index.md": LINKS}, conf, "runbooks")
    page = runbooks.build().read("index.html")
    assert page.count('href="https://kb.example.com/index.html#pm-incident-sec-1"') == 2
    assert 'href="https://kb.example.com/index.html#pm-action-sec-1-a1"' in page
    assert 'href="https://kb.example.com/index.html#pm-owner-team"' in page
