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


def search_for(seen, words: str) -> None:
    seen.open(f"search.html?q={words}")
    seen.page.wait_for_function(FINISHED)


def results_of(seen, words: str) -> list[str]:
    """Return the results with what they quote of the pages, which comes after them."""
    search_for(seen, words)
    seen.page.wait_for_load_state("networkidle")
    return seen.page.locator("#search-results li").all_inner_texts()


def first_of(seen, words: str) -> str:
    search_for(seen, words)
    return seen.page.locator("#search-results li").first.inner_text()


def test_search_finds_an_incident_by_a_word(visit):
    assert any("INC-2026-001" in result for result in results_of(visit(), "certificate"))


def test_search_finds_internal_words_in_the_internal_edition_only(visit):
    assert "INC-2026-001" in " ".join(results_of(visit("internal"), INTERNAL_WORD))
    assert "INC-2026-001" not in " ".join(results_of(visit("leadership"), INTERNAL_WORD))


def test_the_id_of_every_incident_gives_its_page_first(visit):
    seen = visit()
    assert len(INCIDENTS) >= 12
    assert first_of(seen, INCIDENTS[0]).startswith(f"{INCIDENTS[0]}: ")
    seen.page.evaluate("DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false")  # else each result is fetched
    for name in INCIDENTS[1:]:
        seen.page.evaluate(SEARCH_AGAIN, name)
        seen.page.wait_for_function(FINISHED)
        first = seen.page.locator("#search-results li").first.inner_text()
        assert first.startswith(f"{name}: "), first


@pytest.mark.parametrize("words", ["2026-002", "inc-2026-002", "INC 2026 002", "-2026-002"])
def test_a_part_of_an_id_gives_the_page_first(visit, words):
    seen = visit()
    assert first_of(seen, words).startswith("INC-2026-002: ")
    href = seen.page.locator("#search-results li a").first.get_attribute("href")
    assert href.endswith("inc-2026-002.html")


def test_the_id_of_an_action_gives_its_row_first(visit):
    seen = visit()
    assert first_of(seen, "INC-2026-002/A7").startswith("INC-2026-002/A7")
    href = seen.page.locator("#search-results li a").first.get_attribute("href")
    assert href.endswith("inc-2026-002.html#pm-action-inc-2026-002-a7")


def test_no_result_stands_twice(visit):
    seen = visit()
    for words in ("INC-2026-002", "certificate", "2025"):
        search_for(seen, words)
        links = [link.get_attribute("href") for link in seen.page.locator("#search-results li > a").all()]
        pages = [link for link in links if "#" not in link or "#pm-incident-" in link]
        assert len({link.partition("#")[0] for link in pages}) == len(pages)


def test_results_say_severity_status_and_date(visit):
    first = results_of(visit(), "INC-2026-002")[0]
    assert "SEV-1 · closed · 2026-03-02" in first


def test_snippets_hold_neither_banner_nor_breadcrumbs(visit):
    seen = visit()
    results = results_of(seen, "INC-2026-002") + results_of(seen, "certificate")
    snippets = " ".join(results)
    assert "Edition: internal" not in snippets
    assert not re.search(r"Incidents\s+2026\s+INC", snippets)


def test_a_hidden_incident_is_not_found_by_its_id(visit):
    found = results_of(visit("leadership"), "INC-2025-011")
    assert not any("INC-2025-011" in result for result in found)
    assert seen_anything_of_it(visit("leadership")) == []


def seen_anything_of_it(seen) -> list[str]:
    seen.open("searchindex.js")
    return re.findall(r"(?i)inc-2025-011", seen.page.content())
