"""Each supported theme: a filtered edition is built, audited and published, though themes bring files of their own."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from sphinx_postmortem.cli.main import main

pytestmark = pytest.mark.usefixtures("warm_start")

# Words that the files of some theme hold too: in their names (vendor), or in their scripts (notify, plane).
PAGE = """\
# SEC-1: A stolen token

Words for all.

:::{internal-only}
The vendor did notify us that the plane carried a username, swap and vault of the secretword.
:::
"""


@pytest.mark.parametrize("theme", ["furo", "pydata_sphinx_theme", "sphinx_book_theme", "sphinx_rtd_theme", "alabaster"])
def test_filtered_edition_is_published_in_every_supported_theme(site, tmp_path, theme):
    source = site({"index.md": PAGE}, f'html_theme = "{theme}"').source
    done = CliRunner().invoke(main, ["build", str(source), str(tmp_path / "out"), "--edition", "leadership", "-W"])
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out/leadership/html/index.html").read_text(encoding="utf-8")
    assert "Words for all." in page
    assert "Edition: leadership" in page
