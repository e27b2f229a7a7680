"""The two sheets of an exercise: that of the participants, and the facilitator's with the real course."""

from __future__ import annotations

from sphinx_postmortem.core.exports.published_edition import Record
from sphinx_postmortem.core.file_stems import stem_of_id
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.sheets.incident_facts import facts_line, origin_text, point_text, titled
from sphinx_postmortem.core.sheets.sheet import Block, Grid, Items, Paragraph, Sheet, SheetBox, SheetHeading
from sphinx_postmortem.core.sheets.tabletop import AT_FIRST, AT_LAST, Drill, DrillStep

_HOW_TO = (
    later("Name somebody who writes down decisions and times. Nobody is graded."),
    later("Read one inject at a time from the participants' sheet. Give no more than it says, even when asked."),
    later("At a decision, wait for an answer and an owner. Then tell what happened, if it helps the discussion."),
    later("Keep the last fifteen minutes for the closing questions."),
)
_LISTS = (
    (later("What contributed"), "factors"),
    (later("What went well"), "went_well"),
    (later("What didn't go well"), "did_not_go_well"),
    (later("Key takeaways"), "takeaways"),
)


def drill_sheets(exercise: Drill) -> tuple[Sheet, Sheet]:
    """Return the participants' sheet, which does not name the incident, and the facilitator's."""
    name = f"drill-{stem_of_id(str(exercise.incident['id']))}"
    origin = origin_text(exercise.edition)
    closing = (SheetHeading(say("Closing questions")), Items(tuple(map(say, AT_LAST)), is_numbered=True))
    tlp = str(exercise.incident.get("tlp") or "")
    participants = Sheet(
        f"{name}-participants",
        say("Tabletop exercise"),
        say("Participants' sheet. Cover what lies ahead, and go on when the facilitator says so."),
        (*_injects(exercise), *closing),
        origin,
        tlp,
    )
    facilitator = Sheet(
        f"{name}-facilitator",
        say("Facilitator's sheet: {incident}", incident=titled(exercise.incident)),
        facts_line(exercise.incident),
        (*_real_course(exercise), *_lessons(exercise.incident), *closing),
        origin,
        tlp,
    )
    return participants, facilitator


def _injects(exercise: Drill) -> list[Block]:
    said = say(
        "You are on duty. You learn what the people on duty learned, when they learned it. Say what you would do."
    )
    boxes = [_box(step, is_first=number == 0) for number, step in enumerate(exercise.injects)]
    return [SheetHeading(say("Before you begin")), Paragraph(said), *boxes]


def _box(step: DrillStep, *, is_first: bool) -> SheetBox:
    if step.question:
        title = say("{time} \u00b7 Your decision", time=step.offset)
        return SheetBox(title, asks=(step.question,), is_decision=True)
    return SheetBox(step.offset, (step.text,), tuple(map(say, AT_FIRST)) if is_first else ())


def _real_course(exercise: Drill) -> list[Block]:
    summary = str(exercise.incident.get("summary") or "")
    titles = (say("Since detection"), say("What happened"), say("For participants"))
    texts = ("\n".join(filter(None, (step.text, step.notes))) for step in exercise.steps)
    rows = tuple((step.offset, text, _role(step)) for step, text in zip(exercise.steps, texts, strict=True))
    return [
        SheetHeading(say("How to run it")),
        Items(tuple(map(say, _HOW_TO)), is_numbered=True),
        SheetHeading(say("The real course")),
        *([Paragraph(summary)] if summary else []),
        Grid(titles, rows, (18, 50, 32)),
    ]


def _role(step: DrillStep) -> str:
    if step.before:
        return say("nobody knew yet")
    return say("decision: {question}", question=step.question) if step.question else say("inject")


def _lessons(incident: Record) -> list[Block]:
    """Return what the facilitator may ask about when the exercise is over."""
    found = [(say(heading), tuple(map(point_text, incident.get(name, ())))) for heading, name in _LISTS]
    actions = tuple(str(each.get("action", "")) for each in incident.get("actions", ()))
    found.append((say("Actions that followed"), actions))
    return [block for heading, texts in found if texts for block in (SheetHeading(heading), Items(texts))]
