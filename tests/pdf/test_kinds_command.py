"""``build --pdf``: where the PDFs go, and what is refused."""

from __future__ import annotations

import pypdf
import pytest

from sphinx_postmortem.core.exports.manifest import verify_folder
from tests.command import run

pytestmark = pytest.mark.usefixtures("warm_start")

pytest.importorskip("rst2pdf")

FILES = {
    "index.md": "# SEC-1: T\n\n:::{incident-summary} SEC-1\n:date: 2026-03-02\n\nText.\n:::\n\n:::{internal-only}\nsecretword\n:::\n"
}


def test_each_kind_goes_to_its_edition(site, tmp_path):
    done = run("build", site(FILES).source, tmp_path / "out", "--pdf", "leadership,audit,interview", "--format", "pdf")
    assert done.exit_code == 0, done.output
    names = {
        edition: sorted(path.name for path in (tmp_path / "out" / edition / "pdf").glob("*.pdf"))
        for edition in ("internal", "leadership", "public")
    }
    assert names == {
        "internal": ["SEC-1-audit.pdf", "SEC-1.pdf", "Test-audit.pdf", "Test.pdf"],
        "leadership": ["SEC-1-leadership.pdf", "SEC-1.pdf", "Test-leadership.pdf", "Test.pdf"],
        "public": ["SEC-1-interview.pdf", "SEC-1.pdf", "Test.pdf", "all-incidents-interview.pdf"],
    }
    for edition in names:
        assert verify_folder(tmp_path / "out" / edition) == []
    reader = pypdf.PdfReader(tmp_path / "out/internal/pdf/SEC-1-audit.pdf")
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert "What check-results.txt (SHA-256 " in text
    assert "root-cause-missing" in text.replace(" ", "")
    assert str(tmp_path) not in text.replace(" ", "")


@pytest.mark.parametrize(
    ("arguments", "conf", "says"),
    [
        (["--pdf", "board"], "", "board is no kind of PDF"),
        (["--pdf", "audit", "--edition", "public"], "", "add --edition internal"),
        (["--pdf", "leadership"], "postmortem_audiences = ['all', 'some']\n", "filtered edition called leadership"),
        (["--pdf", "interview"], "postmortem_audiences = ['all']\n", "needs a filtered edition"),
    ],
)
def test_what_cannot_be_made_is_refused(site, tmp_path, arguments, conf, says):
    done = run("build", site(FILES, conf).source, tmp_path / "out", *arguments)
    assert done.exit_code == 2
    assert says in " ".join(done.output.replace("│", " ").split())
    assert not (tmp_path / "out").exists()
