"""The colours of severities and statuses in PDFs are those of pages, and their marks can be told apart."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sphinx_postmortem.core.records.tones import INKS, Tone
from sphinx_postmortem.sphinx_ext.pdf import toned_text

STYLES = yaml.safe_load((Path(toned_text.__file__).parent / "postmortem.yaml").read_text(encoding="utf-8"))["styles"]


@pytest.mark.parametrize("tone", list(Tone))
def test_styles_have_the_colours_of_the_tones(tone):
    style = STYLES[f"postmortem-{tone}"]
    assert (style["textColor"], style["backColor"]) == (INKS[tone].text, INKS[tone].soft)


def test_each_mark_is_another():
    assert len(set(toned_text.MARKS.values())) == len(toned_text.MARKS)


def test_a_style_says_no_size_where_the_text_round_it_does():
    assert not [name for name in (f"postmortem-{tone}" for tone in Tone) if "fontSize" in STYLES[name]]
