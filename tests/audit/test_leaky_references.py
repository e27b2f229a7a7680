"""References from visible to hidden content are listed, with file and line."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from sphinx_postmortem.cli.main import main

pytestmark = pytest.mark.usefixtures("warm_start")

HIDDEN = {
    "secret.md": "---\naudience: internal\n---\n(secret-label)=\n# S\n\n:::{incident-summary} SEC-9\nx\n:::\n",
    "folder/page.md": "# P\n",
    "folder/data.csv": "a,b\n",
}
CONF = 'postmortem_audience_paths = {"folder": "internal"}\n'


def audit(source, tmp_path):
    run = CliRunner().invoke
    built = run(main, ["build", str(source.source), str(tmp_path / "out"), "--edition", "internal"])
    assert built.exit_code == 0, built.output
    return run(main, ["audit", str(tmp_path / "out/internal"), "--source", str(source.source)])


@pytest.mark.parametrize(
    "reference",
    [
        "[x](secret.md)",
        "[x](folder/page.md)",
        "[x](folder/data.csv)",
        "{doc}`x <secret>`",
        "{ref}`secret-label`",
        "[x](#secret-label)",
        "{incident}`SEC-9`",
        "{action}`x <SEC-9/A1>`",
        "{download}`folder/data.csv`",
    ],
)
def test_a_reference_in_visible_text_is_listed(site, tmp_path, reference):
    text = f"# T\n\nplain\n\nSee {reference}.\n\n:::{{internal-only}}\nSee {reference}.\n:::\n\n```{{toctree}}\nsecret\nfolder/page\n```\n"
    source = site({"index.md": text, **HIDDEN}, CONF + 'suppress_warnings = ["postmortem.unknown-reference"]')
    done = audit(source, tmp_path)
    assert done.exit_code == 0
    assert done.output.count("index.md:5: visible text refers to hidden content") == 2  # leadership and public
    assert "index.md:8" not in done.output


def test_a_reference_to_visible_content_is_not_listed(site, tmp_path):
    text = "# T\n\n(shown)=\n## U\n\n[x](other.md) {ref}`shown` [y](https://example.com)\n\n```{toctree}\nother\nsecret\nfolder/page\n```\n"
    done = audit(site({"index.md": text, "other.md": "# O\n", **HIDDEN}, CONF), tmp_path)
    assert "refers to hidden" not in done.output
