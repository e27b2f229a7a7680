"""What ``init`` and ``new`` write is in the language of the site, and is read again as it was meant."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from sphinx_postmortem.cli.init import FILES
from sphinx_postmortem.cli.site import translations
from sphinx_postmortem.cli.templates import render
from sphinx_postmortem.core.language.names import english_heading
from sphinx_postmortem.core.records.prompts import is_prompt, is_template_action
from sphinx_postmortem.html_templates import TEMPLATES
from tests.command import run
from tests.language.pseudo_language import LANGUAGE, wide, write_catalogue
from tools.catalogue import LANGUAGES

pytestmark = pytest.mark.usefixtures("warm_start")
ALL = ("en", *LANGUAGES)
AUDIENCES = ("--audiences", "internal,leadership,public")
PROMPTS = ("Not yet known.", "The summary is being written.", "The root cause is being analysed.", "being analysed.")
VALUES = {
    "name": "",
    "id": "",
    "title": "",
    "milestones": ["Alert detected"],
    **dict.fromkeys(("severity", "type", "date", "tlp", "owner", "review_date", "leadership_audience"), ""),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A German site with a postmortem in each language."""
    folder = tmp_path_factory.mktemp("new") / "kb"
    made = run("init", folder, "--language", "de", "--theme", "alabaster", *AUDIENCES)
    assert made.exit_code == 0, made.output
    for language in ALL:
        wrote = run(
            "new", folder, "--id", f"SEC-{language[:2]}", "--title", "T", "--language", language, "--date", "2026-03-02"
        )
        assert wrote.exit_code == 0, wrote.output
    return folder


def page(library: Path, language: str) -> str:
    return (library / f"incidents/2026/sec-{language[:2]}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections_are_found_in_every_language(library, language):
    written, of_english = (re.findall("^## (.*)$", page(library, each), re.MULTILINE) for each in (language, "en"))
    assert written != of_english
    assert [english_heading(heading) for heading in written] == of_english


def test_checks_find_the_same_on_a_new_postmortem_in_every_language(library):
    checked = run("check", library, "--format", "json")
    found: dict[str, Counter[str]] = {}
    for finding in json.loads(checked.stdout)["findings"]:
        if finding["code"] == "pdf-glyph":
            continue  # this machine has no font of theirs
        found.setdefault(Path(finding["file"]).stem, Counter())[finding["code"]] += 1
    assert len(found) == len(ALL)
    assert found["sec-en"]["prompt-left"]
    assert {name: codes for name, codes in found.items() if codes != found["sec-en"]} == {}


def test_a_new_site_in_another_language_builds_without_warning(library, tmp_path):
    built = run("build", library, tmp_path / "out", "--edition", "internal", "--format", "html", "--fail-on-warning")
    assert built.exit_code == 0, built.output
    html = tmp_path / "out/internal/html"
    assert '<html lang="de"' in (html / "index.html").read_text(encoding="utf-8")
    assert "Neueste Vorfälle" in (html / "index.html").read_text(encoding="utf-8")
    data = json.loads((tmp_path / "out/internal/postmortems.json").read_text(encoding="utf-8"))
    reached = {incident["id"]: [event["milestone"] for event in incident["events"]] for incident in data["incidents"]}
    assert reached == {f"SEC-{language[:2]}": reached["SEC-en"] for language in ALL}
    assert all(reached["SEC-en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_new_writes_in_place_of_facts_is_none(language):
    said = translations(language)
    assert {text: is_prompt(said[text]) for text in PROMPTS} == dict.fromkeys(PROMPTS, True)
    assert is_template_action(said["Agree on the actions at the review meeting"])
    assert not is_template_action(said["Not yet known."])


def test_a_postmortem_speaks_the_language_of_its_site_also_by_a_catalogue_of_its_own(library):
    assert run("new", library, "--title", "T", "--stdout", "--date", "2026-03-02").stdout.count("## Zeitleiste") == 1
    write_catalogue(library, "locales")
    wrote = run("new", library, "--title", "T", "--stdout", "--date", "2026-03-02", "--language", LANGUAGE)
    assert f"## {wide('Timeline')}\n" in wrote.stdout


@pytest.mark.parametrize("language", ["xx", "../de", 'de-"x'])
def test_a_language_without_texts_is_refused_with_those_that_there_are(tmp_path, language):
    refused = run("init", tmp_path / "kb", "--language", language, *AUDIENCES)
    assert refused.exit_code == 2
    assert "choose from de, en, es, fr, ja, pt_BR" in " ".join(refused.output.split())
    assert not (tmp_path / "kb").exists()


@pytest.mark.parametrize(
    "template", ["postmortem.md.j2", *(f"init/{name}" for target, name in FILES.items() if target.endswith(".md"))]
)
def test_no_word_of_a_page_is_written_past_the_catalogues(template):
    text = render(TEMPLATES / template, {**VALUES, "_": wide})
    text = re.sub(r"(?m)^(?:[:`]{3}.*|:[\w-]+:.*|[\w/]+|\s*steps/\*)$|\]\(.*?\)|\{\w+\}", "", text)
    words = {word.casefold() for word in re.findall(r"[A-Za-z]{2,}", text)}
    assert words <= {"todo", "tbd", "id", "audience", "unknown", "open"}
