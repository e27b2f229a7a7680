"""A build in a language that is none shows no English of ours, and is else the same as the English one."""

from __future__ import annotations

import re

from docutils import nodes

from docs._ext.gallery_examples import EXAMPLES
from sphinx_postmortem.core.attack.site_table import table_of
from sphinx_postmortem.core.clocks.clock_rules import our_rules
from tests.language.pseudo_language import LANGUAGE, write_catalogue
from tests.test_gallery import SECOND

PAGE = "reference/gallery"
NOT_OURS = {
    "utc",
    "tlp",
    "att",
    "ck",
    "pm",
    "csv",
    "json",
    "pdf",
    "ics",
    "sha",
    "veris",
    "amber",
    "clear",
    "green",
    "red",
    "strict",
}


def words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[A-Za-z]{2,}", text)}


def gallery(site, folder: str):
    gallery_page = "\n".join(["# Gallery", "", *(example.markdown(name) for name, example in EXAMPLES.items())])
    files = {
        "index.md": f"# Site\n\n```{{toctree}}\n{PAGE}\nhow-to/runbooks\n```\n",
        "how-to/runbooks.md": "# Runbooks\n",
        "reference/gallery/sec-2026-041.md": SECOND.read_text(encoding="utf-8").replace("{doc}`", "`"),
        f"{PAGE}.md": gallery_page,
    }
    settings = 'postmortem_today = "2026-11-24"\npostmortem_runbook_paths = ["how-to/*"]\nlocale_dirs = ["locale"]\n'
    return site(files, settings, folder=folder), words(" ".join(files.values()))


def names_of_others() -> set[str]:
    """The names that MITRE and laws have given."""
    table = table_of("")
    tactics = (tactic.name for tactic in table.tactics)
    techniques = (technique.name for technique in table.techniques.values())
    return words(" ".join([*tactics, *techniques, *(rule.title for rule in our_rules().rules)]))


def test_no_word_of_ours_is_left_in_english(site):
    made, written = gallery(site, "pseudo")
    write_catalogue(made.source)
    built = made.build("internal", warnings=True, language=LANGUAGE)
    known = written | names_of_others() | NOT_OURS
    texts = [
        text for page in (PAGE, "reference/gallery/sec-2026-041", "how-to/runbooks") for text in shown(built, page)
    ]
    assert "Ａｌｌ" in " ".join(texts)
    assert {text: left for text in texts if (left := words(text) - known)} == {}


def shown(built, page: str) -> list[str]:
    tree = built.doctree(page)
    plain = [text.astext() for text in tree.findall(nodes.Text) if not isinstance(text.parent, nodes.raw)]
    html = " ".join(raw.astext() for raw in tree.findall(nodes.raw))
    html = re.sub(
        r"<style>.*?</style>|(?:href|class|id|name|style|action|method|type|role|aria-hidden|aria-labelledby)"
        r"=\"[^\"]*\"|</?\w+",
        " ",
        html,
    )
    return [*plain, re.sub(r"&\w+;|\b(?:title|aria-label|placeholder|value)=", " ", html)]


def test_what_programs_read_is_the_same_in_every_language(site):
    english, _ = gallery(site, "english")
    pseudo, _ = gallery(site, "pseudo")
    write_catalogue(pseudo.source)
    settings = {"postmortem_export_formats": ["json", "csv", "stix", "timesketch"]}
    one = english.build("internal", warnings=True, **settings)
    other = pseudo.build("internal", warnings=True, language=LANGUAGE, **settings)
    assert marks(one) == marks(other)
    for path in one.outdir.glob("*.*"):
        if path.suffix in (".json", ".csv") and path.name.startswith(
            ("postmortem", "actions", "events", "stix", "time")
        ):
            assert other.read(path.name) == path.read_text(encoding="utf-8"), path.name


def marks(built) -> list[tuple[list[str], list[str]]]:
    return [
        (list(node["ids"]), [name for name in node["classes"] if name != "headerlink"])
        for page in (PAGE, "reference/gallery/sec-2026-041", "how-to/runbooks")
        for node in built.doctree(page).findall(nodes.Element)
    ]
