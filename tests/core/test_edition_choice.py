"""Which edition a build makes, and what is too near to a choice to be passed over."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.audience.audiences import Audiences
from sphinx_postmortem.core.audience.edition_choice import choose_edition, refuse_template_variables

SITE = Audiences(("internal", "leadership", "public"))


@pytest.mark.parametrize("setting", ["leadership", " Leadership "])
def test_the_setting_names_the_edition(setting):
    assert choose_edition(SITE, setting, []).name == "leadership"


def test_a_tag_names_the_edition():
    assert choose_edition(SITE, None, ["html", "public"]).name == "public"
    assert choose_edition(SITE, "public", ["public"]).name == "public"


def test_without_a_name_it_is_the_first_unless_one_is_required():
    assert choose_edition(SITE, None, []).name == "internal"
    with pytest.raises(ValueError, match="names no edition"):
        choose_edition(SITE, None, ["draft"], is_required=True)
    assert choose_edition(SITE, None, ["internal"], is_required=True).name == "internal"


@pytest.mark.parametrize("setting", ["", " ", "\t", "leadership,public", "lead", "board", "leader\u200bship", "None"])
def test_an_empty_or_unknown_choice_is_refused(setting):
    with pytest.raises(ValueError, match="internal, leadership, public"):
        choose_edition(SITE, setting, [])


@pytest.mark.parametrize(
    "tag",
    [
        *("leader", "lead", "pub", "int", "intern", "Leadership", "PUBLIC", "publicly"),
        *("audience=leadership", "leadership,public", "internal-edition", "edition-leadership", "leadershipEdition"),
        *("audience:board", "postmortem_audience", "l-e-a-d-e-r-s-h-i-p", "leadership ", "to_leadership"),
        *(
            "le\u0430dership",
            "pub\u04cfi\u0441",
            "\uff50\uff55\uff42\uff4c\uff49\uff43",
            "pub\u200blic",
            "p\u00fablic",
            "1eadership",
            "pub1ic",
        ),
        *("ledership", "publik", "leadershp"),
    ],
)
def test_a_tag_that_holds_or_resembles_an_audience_is_refused(tag):
    with pytest.raises(ValueError, match="the tag"):
        choose_edition(SITE, None, [tag])


@pytest.mark.parametrize(
    "tag", ["html", "draft_docs", "release", "v1.2", "ci", "format_html", "builder_latex", "en", "external"]
)
def test_other_tags_are_not_ours(tag):
    assert choose_edition(SITE, "public", [tag]).name == "public"


def test_short_names_of_audiences_do_not_catch_every_word():
    site = Audiences(("it", "ops", "all"))
    assert choose_edition(site, None, ["git", "small", "opts"]).name == "it"
    with pytest.raises(ValueError, match='"ops"'):
        choose_edition(site, None, ["for-ops"])


def test_two_choices_are_refused():
    with pytest.raises(ValueError, match="leadership, public"):
        choose_edition(SITE, "leadership", ["public"])


@pytest.mark.parametrize(
    "name", ["audience", "postmortem_audience", "leadership", "Public", "postmortem_audiences", "lead"]
)
def test_a_variable_of_templates_that_speaks_of_audiences_is_refused(name):
    with pytest.raises(ValueError, match="chooses no edition"):
        refuse_template_variables({name: "1"}, SITE)


def test_a_variable_edition_is_refused_if_its_value_is_an_audience():
    refuse_template_variables({"edition": "second", "github_user": "leadership-team", "display_github": True}, SITE)
    with pytest.raises(ValueError, match="chooses no edition"):
        refuse_template_variables({"edition": "leadership"}, SITE)
