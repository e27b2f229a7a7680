"""A first-time reader's questions: how many clicks from the landing page to the answer, and how far down it stands.

``pytest -s tests/browser/test_questions.py`` prints what was measured.
"""

from __future__ import annotations

DESK = {"width": 1280, "height": 900}

QUESTIONS = {
    # The question: what is clicked on after the landing page, where the answer is, and by which pixel it has begun.
    "How bad was it?": (["article td.pm-col-incident a"], ".pm-impacts", 600),
    "What do I owe?": (["article td.pm-col-owner a"], ":target table.pm-actions, :target ~ * table.pm-actions", 600),
    "What happened this quarter?": ([], ".pm-figures", 450),
    "Which incidents of this quarter?": ([".pm-figures a"], ".pm-incidents tbody tr:visible", 900),
    "What did we learn of expired certificates?": (["article a:has-text('Expired or wrong cert')"], ".pm-taught", 1800),
}

# In pixels below the place to which the link leads; themes scroll there slowly.
BELOW = """node => node.getBoundingClientRect().top
    - (document.querySelector(':target') ?? document.documentElement).getBoundingClientRect().top"""


def test_a_reader_finds_answers_in_one_click(visit):
    seen = visit(viewport=DESK)
    found = {}
    for question, (clicks, answer, _most) in QUESTIONS.items():
        if not seen.page.url.endswith("/index.html"):
            seen.open("index.html")
        for selector in clicks:
            seen.page.locator(selector).first.click()
            seen.page.wait_for_load_state("load")
        found[question] = round(seen.page.locator(answer).first.evaluate(BELOW))
        print(f"{question} {len(clicks)} clicks, {found[question]} px")
    assert {question: top for question, top in found.items() if not 0 <= top <= QUESTIONS[question][2]} == {}
