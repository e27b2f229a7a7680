"""What a page says of all its times in one sentence or title: their zone, or that they are estimates."""

from __future__ import annotations

import re

from sphinx_postmortem.core.expressions import expression

ZONES = expression(
    r"\b(?:BST|CET|CEST|MEZ|MESZ|EET|EEST|MSK|IST|SGT|JST|KST|AEST|AEDT|NZST|NZDT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|PST8PDT|"
    r"PT|ET|CT|MT|WAT|local(?: time)?|(?:UTC|GMT)\s?[+-]\s?[1-9]\d?|"
    r"(?:Africa|America|Asia|Australia|Europe|US)/[A-Z]\w+|"
    r"(?:Eastern|Pacific|Mountain|Central)(?: European)?(?: Standard| Daylight| Summer)?(?: [Tt]ime)?)\b"
)
# A sentence or title that gives the zone of all times of a page, or says that all are estimates.
ALL_TIMES = expression(
    r"(?<!at )\b(?:all (?:the |of the )?(?:dates and )?time(?:s|stamps)|alle (?:zeit(?:en|angaben|stempel)|uhrzeiten)|"
    r"toutes les heures|tous les (?:horaires|horodatages)|todas l?as horas|todos (?:los horarios|os horários))"
    r"\b[^.;|\n]{0,60}",
    re.IGNORECASE,
)
WORDS_OF_ALL_TIMES = ("all ", "alle ", "toutes ", "tous ", "todas ", "todos ")
"""A text without any of them says nothing of all times."""
TIMES_IN = expression(r"\btimes? (?:are in|are|in)\b[^.;|\n]{0,40}", re.IGNORECASE)
APPROXIMATE = expression(r"\b(?:approximat\w*|approx\.?|estimate[sd]?|rough(?:ly)?)\b", re.IGNORECASE)
