"""Words and colours that stand once: who needs them takes them from the vocabulary, and style sheets have the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sphinx_postmortem
from sphinx_postmortem.core.attack.table import shipped_table
from sphinx_postmortem.core.attack.technique_ids import read_techniques
from sphinx_postmortem.core.records.model import is_owner
from sphinx_postmortem.core.records.time_reading import parse_moment
from sphinx_postmortem.core.records.vocabulary import DASHES, TLP_INKS, TLP_LABELS, UNSTATED

PACKAGE = Path(sphinx_postmortem.__file__).parent


@pytest.mark.parametrize("label", [label for label in TLP_LABELS if "+" not in label])
def test_style_sheets_have_the_colours_of_tlp(label: str) -> None:
    css = (PACKAGE / "static" / "postmortem.css").read_text("utf-8")
    yaml = (PACKAGE / "sphinx_ext" / "pdf" / "postmortem.yaml").read_text("utf-8")
    name, ink = label.casefold(), TLP_INKS[label]
    printed = re.findall(rf"postmortem-(?:tlp|label)-{name}: .*textColor: '(#\w+)'", yaml)
    assert printed
    assert {colour.replace("#ffffff", "#fff") for colour in printed} == {ink}
    shown = re.search(rf'\.pm-tlp(?:-{name}|\[class\*="pm-tlp-{name}"\]) {{ color: (#\w+); }}', css)
    plain = re.search(r"\.pm-tlp {.*? color: (#\w+); }", css)  # of a label without a colour of its own
    found = shown or plain
    assert found
    assert found[1] == ink


@pytest.mark.parametrize("word", sorted(UNSTATED | {word.upper() for word in UNSTATED}))
def test_every_reader_knows_the_words_that_state_nothing(word: str) -> None:
    assert not is_owner(word)
    assert not parse_moment(word).is_known
    assert read_techniques(word, shipped_table()).loose == ()


@pytest.mark.parametrize("dash", sorted(DASHES))
def test_a_dash_names_nobody_and_no_technique(dash: str) -> None:
    assert not is_owner(dash)
    assert read_techniques(dash, shipped_table()).loose == ()
