"""Ways of blaming people that name no fault in one word: what they are said to have left, known, or been.

"Sat on the ticket", "could not be bothered", "cut corners", "it was their job to know", "the mistake lies with".
"""

from __future__ import annotations

import re

from sphinx_postmortem.core.checks.word_places import words
from sphinx_postmortem.core.expressions import expression

_THEM = r"(?:he|she|they|him|her|them|his|their)"
_SOMEBODY = (
    r"(?:engineers?|developers?|operators?|admins?|administrators?|analysts?|responders?|reviewers?|maintainers?|"
    r"managers?|contractors?|vendors?|suppliers?|consultants?|interns?|agents?|employees?|DBAs?|SREs?|staff|teams?|"
    r"shift|on-?call|lead|helpdesk|people|department|support|operations|security|management|somebody|someone|everybody|everyone|he|she|they|we)"
)
SAYINGS = expression(
    rf"\b{_SOMEBODY} (?:in [a-z]+ )?(?:had |have |has |then |simply |just ){{0,2}}(?:"
    r"(?:was|were)(?: \w+){0,3} and sat on|sat on (?:it|the|this|that|our|their)|chose to do nothing|did nothing|"
    r"knew [^.;]{1,60} and (?:chose|did nothing|said nothing)|"
    r"refused to (?:help|answer|cooperate|respond|listen|act|join|follow|escalate)|cut corners|"
    r"(?:clicked|waved) (?:\w+ ){0,5}?through|kept quiet about|(?:was|were) (?:simply |just )?not up to|"
    r"let (?:itself|himself|herself|themselves) be|(?:did not|didn[’']t) think before|knew full well|"
    r"(?:not )?done (?:his|her|their) homework|wasted \w+ (?:minutes|hours?|days?)|wasted an hour|"
    r"a history of (?:such |similar )?mistakes|"
    r"blindly \w+|panicked|lied (?:about|to)|(?:was|were) (?:fast |sound )?asleep|dozed off|"
    r"lost (?:his|her|their) (?:head|nerve)|"
    r"(?:was|were) in a hurry and|(?:was|were) (?:out of|beyond) (?:his|her|their) depth|"
    r"could(?: not|n[’']t) be bothered"
    r")(?!\w)|"
    r"\bsat on (?:it|the (?:ticket|report|warning|request|alert|mail)) (?:for|until|and|[.])|"
    rf"\bno (?:idea|clue) what {_THEM} (?:was|were) doing\b|"
    r"\bit (?:was|is) (?:the |our |an? )?(?:[\w-]+[’']s?|their|his|her) (?:job|duty) to\b|"
    r"\bwithout (?:so much as|even|bothering to|ever) (?:open|look|read|check|test|ask|think|try|see|run)\w*|"
    rf"\bdid (?:it|so) anyway\b|\bover {_THEM} head\b|\blike (?:a|an) (?:beginner|amateur|novice)s?\b|\bamateurish\b|"
    r"\b(?:person|people|one|those) (?:who (?:is|are) )?responsible (?:has|have|will|must)\b|"
    r"\b(?:nobody|no one|none of them)(?: on [\w ]{3,20}| in [\w ]{3,20})? (?:felt|took) (?:any )?responsib\w+|"
    r"\b(?:mistake|fault|blame|error|responsibility) (?:lies|lay|rests|rested)(?: \w+)? with "
    r"(?:the|our|an?|his|her|their)\b|"
    r"\b(?:hard|difficult|impossible) to (?:understand|believe|see|explain|imagine) how "
    r"(?:any\w*|some\w*|they|the (?:team|engineer)s?)\b|"
    rf"\balthough {_THEM} knew\b|\bdespite (?:being|having been) (?:told|warned)\b|"
    r"\b(?:had|have|has) (?:only )?(?:themselves|himself|herself) to blame\b|\bunforced error\b|"
    r"\black of professionalism\b|\ba (?:little|bit of) common sense\b|\bcommon sense would\b",
    re.IGNORECASE,
)
OF_SAYINGS = (
    words("sat", "on"),
    words("nothing", "chose did knew"),
    words("refused corners blindly panicked lied asleep dozed hurry bothered amateurish"),
    words("idea clue", "doing"),
    words("job duty", "to"),
    words("without", "so even bothering ever"),
    words("anyway head beginner beginners amateur amateurs novice depth professionalism sense"),
    words("responsible responsibility mistake fault blame error", "has have will must with felt took"),
    words("how", "understand believe see explain imagine"),
    words("although despite", "knew told warned"),
    words("lost", "head nerve"),
    words("themselves himself herself itself", "blame be"),
    words("through", "clicked waved"),
    words("quiet full unforced homework wasted history task", "about well error done an mistakes not"),
    words("think", "before"),
)
LATE_WISDOM = expression(
    r"\bhad (?:the |our |an? )?(?:[\w-]{2,20} ){0,2}\w+ (?:only |just )?(?:bothered|cared|taken the trouble)\b|"
    r"\bif (?:someone|somebody|anyone|anybody) had (?:only |just |simply )?\w+|"
    r"\ban? (?:more|better|less) (?:experienced|careful|attentive|competent|qualified) \w+ would\b|"
    r"\b(?:one|a)(?: single)? (?:look|glance|call|question) [^.;]{1,40} would have been enough\b|"
    r"\bwould have (?:saved|spared) (?:us|them|everyone|the)\b|\bcould (?:all )?have been (?:avoided|prevented)\b",
    re.IGNORECASE,
)
OF_LATE_WISDOM = (
    words("had", "bothered cared trouble"),
    words("if", "someone somebody anyone anybody"),
    words("experienced careful attentive competent qualified", "would"),
    words("have", "saved spared avoided prevented"),
    words("enough", "look glance call question"),
)
