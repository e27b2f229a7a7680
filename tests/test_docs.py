"""The documentation builds without a warning, and every snippet in it works in every edition."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import textwrap
import tomllib
import zlib
from pathlib import Path

import pytest
import yaml

from docs._ext.ci_workflow import VALUES
from sphinx_postmortem.cli.templates import render
from sphinx_postmortem.core.exports.edition_json import export_edition, json_text
from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.html_templates import TEMPLATES
from sphinx_postmortem.sphinx_ext.html.static_files import STATIC
from sphinx_postmortem.sphinx_ext.pdf.fonts import CJK_HINT
from tests.conftest import Site

pytestmark = pytest.mark.usefixtures("warm_start")

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<language>\w+)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)

# Incidents that snippets refer to.
FIXTURE = """\
# Fixture

:::{incident-summary} SEC-2026-099
An incident.
:::
"""
OWNERS = 'postmortem_owners = {"detection-eng": {"name": "Detection engineering"}, "appsec": {"name": "Application security"}}\n'


IN_THE_INVENTORY = {
    ("std:confval", "postmortem_audiences"),
    ("rst:directive", "incident-summary"),
    ("rst:directive:option", "timeline:internal-columns"),
    ("rst:role", "incident"),
    ("std:cmdoption", "sphinx-postmortem build.--edition"),
    ("std:pm-command", "sphinx-postmortem check"),
    ("std:pm-check", "action-owner"),
    ("std:pm-warning", "postmortem.bad-value"),
}
"""One name of each kind, by which other sites refer to our reference."""


def names_in(inventory: Path) -> set[tuple[str, str]]:
    """Return the objects of an inventory: kind and name. Its first four lines are in plain text."""
    lines = zlib.decompress(inventory.read_bytes().split(b"\n", 4)[4]).decode().splitlines()
    found = (re.match(r"(.+?)\s+(\S+)\s+-?\d+\s+\S+\s", line) for line in lines)
    return {(match[2], match[1]) for match in found if match}


def snippets(language: str) -> list[pytest.ParameterSet]:
    found = []
    for page in PAGES:
        name = page.relative_to(ROOT).as_posix()
        for match in _FENCE.finditer(page.read_text(encoding="utf-8")):
            if match["language"] == language:
                line = page.read_text(encoding="utf-8")[: match.start()].count("\n") + 1
                found.append(pytest.param(textwrap.dedent(match["text"]), id=f"{name}:{line}"))
    return found


def test_documentation_builds_without_warning(tmp_path):
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "-d", str(tmp_path / "d")]
    done = subprocess.run(
        [*command, str(ROOT / "docs"), str(tmp_path / "html")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    settings = (tmp_path / "html/reference/settings.html").read_text(encoding="utf-8")
    assert "postmortem_phases" in settings
    assert "postmortem.bad-value" in (tmp_path / "html/reference/warnings.html").read_text(encoding="utf-8")
    assert "sphinx-postmortem new" in (tmp_path / "html/reference/commands.html").read_text(encoding="utf-8")
    assert 'id="action-owner"' in (tmp_path / "html/reference/checks.html").read_text(encoding="utf-8")
    assert names_in(tmp_path / "html/objects.inv") >= IN_THE_INVENTORY


def test_links_of_the_readme_work_on_pypi_too():
    targets = re.findall(r"\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert targets
    assert [target for target in targets if not target.startswith("https://")] == []


def test_documentation_has_snippets_to_check():
    assert len(snippets("md")) >= 8


@pytest.mark.parametrize("text", snippets("md"))
def test_markdown_snippet_builds_in_every_edition(site, text):
    front, _, body = text.rpartition("---\n") if text.startswith("---\n") else ("", "", text)
    front = f"{front}---\n" if front else ""
    if "{timeline}" in text and "{incident-summary}" not in text:
        body = f":::{{incident-summary}} SEC-2026-100\n:status: draft\n\nThe summary.\n:::\n\n{body}"
    page = text if body.lstrip().startswith("# ") else f"{front}# Snippet\n\n{body}"
    files = {"index.md": f"{FIXTURE}\n```{{toctree}}\n:glob:\n\nsnip*\n```\n", "snippet.md": page}
    built = site(files, OWNERS)
    assert_full_edition_keeps_the_default_checks(built)
    for edition in ("leadership", "public"):
        hidden = "\naudience: internal" in front or is_held_back(page, edition)
        result = built.build(edition, "dummy", warnings=hidden)
        assert ("snippet" in result.app.env.all_docs) is not hidden


def assert_full_edition_keeps_the_default_checks(built: Site) -> None:
    """Build a snippet with the checks that a site has by default, which complain of the fixture's incident alone."""
    internal = built.build("internal", warnings=True, postmortem_check_builds="error")
    assert [line for line in internal.warnings.splitlines() if "/index.md" not in line] == []
    assert (internal.outdir / "snippet.html").exists()


def is_held_back(text: str, edition: str) -> bool:
    """Say whether an incident's own status or label keeps it out of a filtered edition."""
    options = dict(re.findall(r"^\s*:([\w-]+):\s*(\S+)", text, re.MULTILINE))
    label = options.get(f"tlp-{edition}") or options.get("tlp", "")
    return options.get("status") == "draft" or label == "RED" or (edition == "public" and label not in ("", "CLEAR"))


def files_of_hidden_paths(text: str) -> dict[str, str]:
    """Return a file for each pattern of a folder, since one that matches nothing is reported."""
    patterns = re.search(r"postmortem_audience_paths = \{([^}]*)\}", text)
    names = re.findall(r'"([^"]+)":', patterns[1]) if patterns else []
    return {f"{name.removesuffix('/**').removesuffix('/*')}/note.txt": "A note.\n" for name in names}


def files_of_other_sites(text: str) -> dict[str, str]:
    """Return the files that a snippet about other sites needs: data and inventories of empty sites."""
    inventories = re.findall(r'"([^"]+\.inv)"', text)
    empty = export_edition(KnowledgeBase({}), Publication("internal", url="https://idp.example.com/"))
    names = re.findall(r'"file": "([^"]+)"', text) if "postmortem_sources" in text else []
    return {
        **dict.fromkeys(inventories, "# Sphinx inventory version 1\n# Project: kb\n# Version: 1\n"),
        **{name.replace("{edition}", "internal"): json_text(empty) for name in names},
    }


@pytest.mark.parametrize("text", snippets("rst"))
def test_restructuredtext_snippet_builds_in_every_edition(site, text):
    if ".. timeline::" in text and ".. incident-summary::" not in text:
        text = f".. incident-summary:: SEC-2026-100\n   :status: draft\n\n   The summary.\n\n{text}"
    page = text if "\n=====" in text else f"Snippet\n=======\n\n{text}"
    built = site({"index.md": f"{FIXTURE}\n```{{toctree}}\n:glob:\n\nsnip*\n```\n", "snippet.rst": page}, OWNERS)
    assert_full_edition_keeps_the_default_checks(built)
    for edition in ("leadership", "public"):
        hidden = text.startswith(":audience: internal") or is_held_back(text, edition)
        result = built.build(edition, "dummy", warnings=hidden)
        assert ("snippet" in result.app.env.all_docs) is not hidden


@pytest.mark.parametrize("text", snippets("python"))
def test_configuration_snippet_is_accepted(site, text):
    files = {"index.md": "# Page\n", **files_of_other_sites(text), **files_of_hidden_paths(text)}
    built = site(files, conf=text)
    names = re.findall(r"^postmortem_\w+", text, re.MULTILINE)
    audiences = re.search(r"^postmortem_audiences = \[\"(\w+)", text, re.MULTILINE)
    app = built.build(audiences[1] if audiences else "internal").app
    assert all(name in app.config for name in names)


@pytest.mark.parametrize("text", snippets("yaml"))
def test_yaml_snippet_can_be_read(text):
    assert isinstance(yaml.safe_load(text), dict)


INIT = ("init", "--theme", "alabaster", "--audiences", "internal,leadership,public")


def test_the_tutorial_leads_to_a_published_leadership_edition(tmp_path):
    """Its commands are run, and each of its snippets put in the place of what `new` has written there."""
    page = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
    run = [sys.executable, "-m", "sphinx_postmortem.cli"]
    subprocess.run([*run, *INIT, str(tmp_path)], check=True, capture_output=True)
    (new,) = re.findall(r"\$ sphinx-postmortem (new .*)", page)
    subprocess.run([*run, *shlex.split(new)], cwd=tmp_path, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    (postmortem,) = tmp_path.glob("incidents/2026/*.md")
    text = postmortem.read_text(encoding="utf-8")
    snippets = [match["text"] for match in _FENCE.finditer(page) if match["language"] == "md"]
    assert len(snippets) == 3
    for snippet in snippets:
        first = snippet.splitlines()[0]
        fence = first.partition("{")[0]
        text, count = re.subn(
            rf"^{re.escape(first)}$.*?^{fence}$\n", lambda _, new=snippet: new, text, flags=re.MULTILINE | re.DOTALL
        )
        assert count == 1, first
    assert ":status: in-review" in page
    text = text.replace(":status: draft", ":status: in-review")
    (impact,) = re.findall(r"^:customer-impact:.*\n", text, re.MULTILINE)
    for written, errors in ((text.replace(impact, ""), 1), (text, 0)):  # a gap of the record; prompts alone
        postmortem.write_text(written, encoding="utf-8")
        checked = subprocess.run([*run, "check", str(tmp_path)], check=False, capture_output=True, text=True)
        assert checked.returncode == 1
        assert f" {errors} error" in checked.stdout.splitlines()[-1]
        assert "[prompt-left]" in checked.stdout
    (build,) = re.findall(r"\$ sphinx-postmortem (build .*)", page)
    words = build.replace("html,pdf", "html").replace("../site", "site").split()
    done = subprocess.run([*run, *words], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    shown = (tmp_path / "site/leadership/html/incidents/2026/sec-2026-001.html").read_text(encoding="utf-8")
    assert "The technical details are kept internal" in shown
    assert "outside contributions" not in shown


COMMANDS = re.compile(r"sphinx-postmortem build \.[^\n]*")
ARTIFACTS = re.compile(r"build/site/\w+")


def test_workflows_build_what_they_hand_on(tmp_path):
    """Each build command of init's workflows, which the guide shows, is run; each folder that is handed on is then there."""
    page = (ROOT / "docs/how-to/continuous-integration.md").read_text(encoding="utf-8")
    assert re.findall(r":::{ci-workflow} (\w+)", page) == ["github", "gitlab"]
    workflows = [render(TEMPLATES / "init" / name, VALUES) for name in ("postmortems.yml.j2", "gitlab-ci.yml.j2")]
    commands = sorted({command for text in workflows for command in COMMANDS.findall(text)})
    assert len(commands) == 3
    run = [sys.executable, "-m", "sphinx_postmortem.cli"]
    subprocess.run([*run, *INIT, str(tmp_path)], check=True, capture_output=True)
    for command in commands:
        shutil.rmtree(tmp_path / "build", ignore_errors=True)
        words = command.replace("html,pdf", "html").split()[1:]
        subprocess.run([*run, *words], cwd=tmp_path, check=True, capture_output=True)
        made = {f"build/site/{path.name}" for path in (tmp_path / "build/site").iterdir() if path.name != ".state"}
        assert made & set(ARTIFACTS.findall("".join(workflows)))


def test_each_edition_is_an_artifact_of_its_own():
    jobs = yaml.safe_load(render(TEMPLATES / "init/gitlab-ci.yml.j2", VALUES))
    handed = [job["artifacts"]["paths"] for job in jobs.values() if "artifacts" in job]
    assert handed == [["build/site/internal"], ["build/site/leadership"]]


def test_the_first_sample_of_the_readme_builds_without_a_warning(site):
    (sample,) = [text for text in snippets("md") if str(text.id).startswith("README.md:")]
    site({"index.md": f"# Stolen token\n\n{sample.values[0]}"}, 'postmortem_check_builds = "error"\n').build("internal")


def test_the_documentation_holds_the_editions_of_the_example_site(tmp_path):
    """Two small folders stand for the finished editions."""
    for name in ("internal", "leadership", "public"):
        for file in ("html/index.html", "pdf/INC-2026-002.pdf"):
            path = tmp_path / "site" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name, encoding="utf-8")
    names = ("agenda-a", "drill-a-facilitator", "drill-a-participants")
    (tmp_path / "sheets").mkdir()
    for name in (f"{name}.{form}" for name in names for form in ("html", "pdf")):
        (tmp_path / "sheets" / name).write_text(name, encoding="utf-8")
    source = tmp_path / "docs"
    source.mkdir()
    (source / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT / 'docs/_ext')!r})\n"
        "extensions = ['myst_parser', 'example_site']\nmyst_enable_extensions = ['colon_fence']\n",
        encoding="utf-8",
    )
    shutil.copy(ROOT / "docs/example.md", source / "index.md")
    (source / "how-to").mkdir()
    for name in re.findall(r"\]\((how-to/[\w-]+\.md)\)", (source / "index.md").read_text(encoding="utf-8")):
        (source / name).write_text("---\norphan: true\n---\n# A guide\n", encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-D", f"example_editions={tmp_path / 'site'}"]
    command += ["-D", f"example_sheets={tmp_path / 'sheets'}"]
    subprocess.run([*command, str(source), str(tmp_path / "out")], check=True)
    links = re.findall(r'href="(example(?:-sheets)?/[^"]+)"', (tmp_path / "out/index.html").read_text(encoding="utf-8"))
    assert len(links) == 12
    assert all((tmp_path / "out" / link).is_file() for link in links)


def test_the_guide_on_pdfs_gives_the_advice_of_the_program():
    guide = (ROOT / "docs/how-to/pdf-editions.md").read_text(encoding="utf-8")
    named = re.findall(r"sphinx-postmortem\[cjk\]|postmortem_\w+", CJK_HINT)
    assert len(named) == 2
    assert all(name in guide for name in named)


def test_what_a_site_sets_in_its_style_sheet_wins():
    """The guide on themes has variables set on ``body``: ours must stand on no selector that counts for as much."""
    guide = (ROOT / "docs/how-to/own-theme.md").read_text(encoding="utf-8")
    (sheet,) = [match["text"] for match in _FENCE.finditer(guide) if match["language"] == "css"]
    own = set(re.findall(r"(--pm-[\w-]+):", re.search(r"^body \{(.*?)^\}", sheet, re.MULTILINE | re.DOTALL)[1]))
    assert own
    ours = re.sub(r"/\*.*?\*/", "", (STATIC / "postmortem.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    rules = re.findall(r"([^{}]*)\{([^{}]*)\}", ours)
    setting = {selector.strip() for selector, body in rules if any(f"{name}:" in body for name in own)}
    assert setting
    assert all(selector.startswith((":where(", "html", ":root")) for selector in setting), setting


def test_the_readme_names_every_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    install = (ROOT / "README.md").read_text(encoding="utf-8").split("## Install")[1].split("\n## ")[0]
    assert {name for name in project["optional-dependencies"] if f"`{name}`" not in install} == set()
