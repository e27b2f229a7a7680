"""What the search finds first, and what its results say."""

from __future__ import annotations

import re

import pytest

from tests.example_editions import EXAMPLE

INTERNAL_WORD = "harbor-live"  # stands in an internal block of INC-2026-001 only
FINISHED = "/Search finished|did not match any/i.test(document.body.textContent)"
SEARCH_AGAIN = """words => {
    document.getElementById('search-results').replaceChildren();
    Search.performSearch(words);
}"""
INCIDENTS = sorted(path.stem.upper() for path in EXAMPLE.glob("incidents/*/inc-*.md"))


PARTS = ("2026-002", "inc-2026-002", "INC 2026 002", "-2026-002")
ACTION = "INC-2026-002/A7"
FOUND = """() => [...document.querySelectorAll('#search-results li')]
    .map(item => [item.innerText, item.querySelector('a').getAttribute('href')])"""


def search_for(seen, words: str) -> None:
    seen.open(f"search.html?q={words}")
    seen.page.wait_for_function(FINISHED)


@pytest.fixture
def results_of(visit):
    """Return a function that gives the results of a search with what they quote of the pages, which comes after them."""

    def found(words: str, edition: str = "internal") -> list[str]:
        seen = visit(edition)
        search_for(seen, words)
        seen.page.wait_for_load_state("networkidle")
        return seen.page.locator("#search-results li").all_inner_texts()

    return found


def test_search_finds_an_incident_by_a_word_and_quotes_its_page(results_of):
    results = results_of("certificate")
    assert any("INC-2026-001" in result for result in results)
    check_snippets(results)


def check_snippets(results: list[str]) -> None:
    """Check that results quote neither the banner nor the breadcrumbs."""
    snippets = " ".join(results)
    assert "Edition: internal" not in snippets
    assert not re.search(r"Incidents\s+2026\s+INC", snippets)


def test_search_finds_internal_words_in_the_internal_edition_only(results_of):
    assert "INC-2026-001" in " ".join(results_of(INTERNAL_WORD))
    assert "INC-2026-001" not in " ".join(results_of(INTERNAL_WORD, "leadership"))


def test_results_say_severity_status_and_date(results_of):
    results = results_of("INC-2026-002")
    assert "SEV-1 · closed · 2026-03-02" in results[0]
    check_snippets(results)


def test_ids_and_their_parts_give_their_pages_first_and_once(visit):
    seen = visit()
    assert len(INCIDENTS) >= 12
    search_for(seen, INCIDENTS[0])
    found = {INCIDENTS[0]: seen.page.evaluate(FOUND)}
    seen.page.evaluate("DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false")  # else each result is fetched
    for words in (*INCIDENTS[1:], *PARTS, ACTION, "certificate", "2025"):
        seen.page.evaluate(SEARCH_AGAIN, words)
        seen.page.wait_for_function(FINISHED)
        found[words] = seen.page.evaluate(FOUND)
    firsts = {words: results[0] for words, results in found.items()}
    assert {name: firsts[name][0] for name in INCIDENTS if not firsts[name][0].startswith(f"{name}: ")} == {}
    for words in PARTS:
        text, href = firsts[words]
        assert (text.startswith("INC-2026-002: "), href.endswith("inc-2026-002.html")) == (True, True), words
    text, href = firsts[ACTION]
    assert text.startswith(ACTION)
    assert href.endswith("inc-2026-002.html#pm-action-inc-2026-002-a7")
    others = {href for _, href in found["INC-2026-002"][1:]}
    assert {"actions.html", "incidents/2026/inc-2026-001.html"} <= others  # pages that name the incident come after it
    for words in ("INC-2026-002", "certificate", "2025"):
        links = [href for _, href in found[words]]
        pages = [link for link in links if "#" not in link or "#pm-incident-" in link]
        assert len({link.partition("#")[0] for link in pages}) == len(pages) > 0, words


def test_a_part_of_an_id_in_the_address_gives_its_page_first(visit):
    seen = visit()
    search_for(seen, "INC 2026 002")
    assert seen.page.evaluate(FOUND)[0][0].startswith("INC-2026-002: ")


def test_a_hidden_incident_is_not_found_by_its_id(results_of, visit):
    found = results_of("INC-2025-011", "leadership")
    assert not any("INC-2025-011" in result for result in found)
    assert seen_anything_of_it(visit("leadership")) == []


def seen_anything_of_it(seen) -> list[str]:
    seen.open("searchindex.js")
    return re.findall(r"(?i)inc-2025-011", seen.page.content())
