"""Slips in the marking of blocks are found; sound markings are not complained of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.audience.block_faults import find_marking_faults

MARKDOWN_FAULTS = {
    "inner fence as long as the outer": (":::{internal-only}\n\n:::{note}\nx\n:::\n\nleaks\n:::\n", 3),
    "inner fence longer": (":::{internal-only}\n::::{note}\nx\n::::\nleaks\n:::\n", 2),
    "no braces": (":::internal-only\nleaks\n:::\n", 1),
    "text right after the name": (":::{audience}internal\nleaks\n:::\n", 1),
    "spaces in the braces": (":::{ internal-only }\nleaks\n:::\n", 1),
    "two colons": ("::{internal-only}\nleaks\n::\n", 1),
    "no fence": ("{internal-only}\nleaks\n", 1),
    "never closed": ("x\n\n:::{internal-only}\nx\n", 3),
    "back-ticks in back-ticks": ("```{internal-only}\n```{note}\nx\n```\nleaks\n```\n", 2),
    "stray end": (":::{internal-only}\nx\n:::\n\nleaks\n\n:::\n", 7),
    "code with a fence line": (":::{internal-only}\n```text\n:::\n```\nleaks\n:::\n", 3),
    "page without colon fences": ("---\nmyst:\n  enable_extensions: [deflist]\n---\n:::{internal-only}\nx\n:::\n", 3),
    "in a list": ("- a\n\n  :::{internal-only}\n  :::{note}\n  x\n  :::\n  leaks\n  :::\n", 4),
}

RST_FAULTS = {
    "no indent": (".. internal-only::\n\nleaks\n", 1),
    "indent ends too early": (".. internal-only::\n\n   hidden\nleaks\n", 4),
    "no space": ("..internal-only::\n\n   leaks\n", 1),
    "one colon": (".. internal-only:\n\n   lost\n", 1),
    "one dot": (". internal-only::\n\n   leaks\n", 1),
}

SOUND_MARKDOWN = [
    ":::{internal-only}\nx\n:::\n",
    "::::{internal-only}\n\n:::{note}\nx\n:::\n\n```python\nx = 1\n```\n::::\n",
    "::: {audience} leadership\nx\n:::\n",
    "```{internal-only}\n:::{note}\nx\n:::\n```\n",
    "````md\n:::internal-only\n:::{internal-only}\n````\n",
    ":::{postmortem:internal-only}\nx\n:::\n\n:::{timeline}\n| a |\n|---|\n:::\n",
    "::::::{grid}\n:::::{card}\n::::{internal-only}\n:::{note}\nx\n:::\n::::\n:::::\n::::::\n",
    "The directive {rst:dir}`internal-only` marks; so does `:::{internal-only}` in a line.\n\n`{audience}`\n",
]


@pytest.mark.parametrize("name", MARKDOWN_FAULTS)
def test_markdown_fault_is_found_at_its_line(name):
    text, line = MARKDOWN_FAULTS[name]
    assert [fault.line for fault in find_marking_faults(text, markdown=True)][:1] == [line]


@pytest.mark.parametrize("name", RST_FAULTS)
def test_restructuredtext_fault_is_found_at_its_line(name):
    text, line = RST_FAULTS[name]
    assert [fault.line for fault in find_marking_faults(text, markdown=False)] == [line]


@pytest.mark.parametrize("text", SOUND_MARKDOWN)
def test_sound_markdown_has_no_fault(text):
    assert find_marking_faults(text, markdown=True) == ()


@pytest.mark.parametrize(
    "text",
    [
        ".. internal-only::\n\n   x\n\n   y\n\nz\n",
        ".. audience:: leadership\n   :summary: s\n\n   x\n",
        ".. code-block:: rst\n\n   ..internal-only::\n\nx\n",
        "Write::\n\n   .. internal-only::\n\n   x\n",
    ],
)
def test_sound_restructuredtext_has_no_fault(text):
    assert find_marking_faults(text, markdown=False) == ()


@given(st.text(alphabet=":`~{} \n>-audienceinternal-only.", max_size=200), st.booleans())
def test_any_text_is_read(text, markdown):
    find_marking_faults("internal-only\n" + text, markdown=markdown)
