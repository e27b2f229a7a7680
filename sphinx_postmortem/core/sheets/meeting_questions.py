"""What a facilitator may ask at a review, by section of the template. The questions are ours.

Where the method is from: Jeli, "Howie: The Post-Incident Guide" (ask how it made sense at the time, look for what is
not in the text); PagerDuty, "Postmortem Documentation" (a facilitator, blame-free questions beginning with "what" and
"how"); Google, "Site Reliability Workbook", chapter 10 (actions that are owned and prevent, not only repair).
"""

from __future__ import annotations

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later

SOURCES = (
    ("Howie: The Post-Incident Guide (Jeli)", "https://howie.jeli.io/"),
    ("PagerDuty, Postmortem Documentation", "https://postmortems.pagerduty.com/"),
    ("Google, SRE Workbook, chapter 10", "https://sre.google/workbook/postmortem-culture/"),
)
"""The guides on whose advice the questions rest, with their addresses."""


@dataclass(frozen=True)
class Section:
    """A part of the meeting: its heading, the lists of the record that belong to it, and what is asked."""

    heading: str
    lists: tuple[str, ...]
    questions: tuple[str, ...]


SECTIONS = (
    Section(
        later("Incident summary"),
        (),
        (
            later("Would somebody who was not there understand what happened, and whom it touched?"),
            later("Which impact do we assume, and which have we measured?"),
        ),
    ),
    Section(
        later("Timeline"),
        (),
        (
            later("What did you see at that moment, and what did you take it for?"),
            later("Where did the work wait, and for what or for whom?"),
            later("Who knew something that is not in the timeline?"),
        ),
    ),
    Section(
        later("Detection"),
        (),
        (
            later("What told us, and what could have told us earlier?"),
            later("Which signal was there and was not seen, and what made it easy to miss?"),
        ),
    ),
    Section(
        later("Root cause and contributing factors"),
        ("factors",),
        (
            later("What made each decision look right at the time?"),
            later("Which control did we count on, and how did it come to fail?"),
            later("What usually goes well here, and what was different this time?"),
        ),
    ),
    Section(
        later("Containment and remediation"),
        (),
        (
            later("What did the responders have to find out that should have been written down?"),
            later("How do we know that it is over, and who would notice if it were not?"),
        ),
    ),
    Section(
        later("What went well"),
        ("went_well",),
        (later("What here was skill, what was design, and what was luck?"),),
    ),
    Section(
        later("What didn't go well"),
        ("did_not_go_well",),
        (
            later("Which of these have we met before, and what became of the action then?"),
            later("What did people work around, and since when?"),
        ),
    ),
    Section(
        later("Preventative and corrective actions"),
        (),
        (
            later("Which factor does each action change, and how shall we know that it did?"),
            later("Which action would have changed the outcome, and is it the first?"),
            later("What do we decide not to do, and who carries that risk?"),
        ),
    ),
    Section(
        later("Key takeaways"),
        ("takeaways",),
        (later("Who else could meet this next week, and how do they hear of it?"),),
    ),
)
"""The parts of the meeting, in the order of the template."""
