"""Patterns that hide: taken in the widest sense, refused where they mean nothing here, and compared with what is near."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sphinx.util.matching import Matcher

from sphinx_postmortem.core.audience.path_patterns import fault_of, hides, literal_pattern, near_paths, sphinx_patterns

HIDING = [
    *("secret", "secret/", "/secret", "./secret", "secret/**", "secret/*", "Secret/**", "SECRET", "secret\\in"),
    *("**/secret", "**/in", "secret/**/p.md", "secret/*/P.MD", "s?cret", "[A-Z]ecret/**", "**/*.md", "secret//in/"),
]


@pytest.mark.parametrize("pattern", HIDING)
def test_a_pattern_hides_whatever_its_spelling(pattern):
    assert hides(pattern, "secret/in/p.md")
    assert Matcher(sphinx_patterns(pattern))("secret/in/p.md")


@pytest.mark.parametrize("pattern", ["secret", "secret/**", "**/secret", "se*t/in"])
def test_a_pattern_hides_nothing_else(pattern):
    for path in ("secrets/in/p.md", "open/p.md", "p.md"):
        assert not hides(pattern, path)
        assert not Matcher(sphinx_patterns(pattern))(path)


@given(
    st.text(st.characters(whitelist_categories=["Lu", "Ll"], max_codepoint=0x17F), min_size=1, max_size=6),
    st.booleans(),
)
def test_accents_and_case_do_not_count(name, decomposed):
    path = unicodedata.normalize("NFD" if decomposed else "NFC", name)
    for pattern in (unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)):
        assert hides(pattern, f"{path}/p.md")
        assert Matcher(sphinx_patterns(pattern))(f"{path}/p.md")
    assert hides(name.swapcase(), path) or name.swapcase().casefold() != name.casefold()


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "",
            " ",
            "/",
            ".",
            " secret",
            "secret ",
            "secret\u00a0",
            "sec\u200bret",
            "secret\n",
            "~/secret",
            "~jo/secret",
        ),
        *("/home/jo/site/secret", "C:\\site\\secret", "file:///secret", "../secret", "secret/../x", "{a,b}/**", "a, b"),
        *("!secret", "^secret", "secret$", "secret/.*", "$HOME/secret"),
    ],
)
def test_a_pattern_that_cannot_mean_what_it_says_has_a_fault(pattern):
    assert "write" in fault_of(pattern)


@pytest.mark.parametrize("pattern", [*HIDING, "2026/sec-2026-01*", "a b/c", "\u00fcber/**", ".hidden"])
def test_others_have_none(pattern):
    assert fault_of(pattern) == ""


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        *(("secrets/**", "secret/p.md"), ("secret", "secrets/p.md"), ("secret/page", "secret/page.md")),
        *(("runbook/restricted/**", "runbooks/restricted/a.md"), ("a/*/restrictd", "a/b/restricted/p.md")),
    ],
)
def test_what_is_nearly_named_is_near(pattern, path):
    assert path.startswith(near_paths([pattern], ["index.md", path])[pattern])


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        *(("incidents/2025/**", "incidents/2026/p.md"), ("internal/**", "external/p.md"), ("secret/**", "secret/p.md")),
        *(("sec-2026-014.md", "sec-2026-015.md"), ("restricted", "index.md"), ("a/secret", "b/open/p.md")),
    ],
)
def test_other_names_are_not_near(pattern, path):
    assert near_paths([pattern], [path]) == {}


def test_many_folders_in_a_row_are_one_and_more_than_a_few_are_refused():
    assert hides("**/" * 60 + "secret", "a/secret/p.md")
    assert len(sphinx_patterns("**/" * 60 + "secret")) == len(sphinx_patterns("**/secret"))
    assert fault_of("**/" * 60 + "secret") == fault_of("**/a/" * 5) == ""
    assert "more than 5 times" in fault_of("**/a/" * 6)


@given(st.text(alphabet="[]!^-&|~*?\\ab/Z", min_size=1, max_size=8))
@pytest.mark.filterwarnings("error")
def test_a_literal_pattern_matches_its_path_alone(path):
    matches = Matcher([literal_pattern(path)])
    assert matches(path)
    for place in range(len(path)):
        assert not any(
            matches(path[:place] + other + path[place + 1 :]) for other in "[]\\Zbx\u00e4" if other != path[place]
        )
