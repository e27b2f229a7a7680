"""The sections of other templates, and where they go in ours: one table.

Sources: the SRE book, PagerDuty, Howie, Atlassian, CCADB, envoy, dfds, mybinder, and the documents that were looked at.
"""

from __future__ import annotations

from enum import StrEnum

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import english_heading


class Home(StrEnum):
    """The homes that our template has for a section of another (its sections 3 to 14)."""

    SUMMARY = "summary"
    CUSTOMER_IMPACT = "customer-impact"
    OPERATIONAL_IMPACT = "operational-impact"
    REGULATORY_IMPACT = "regulatory-impact"
    TIMELINE = "timeline"
    TECHNICAL = "technical"
    DETECTION = "detection"
    ASSETS = "assets"
    ROOT_CAUSE = "root-cause"
    FACTORS = "factors"
    CONTAINMENT = "containment"
    WENT_WELL = "went-well"
    DID_NOT_GO_WELL = "did-not-go-well"
    ACTIONS = "actions"
    LEADERSHIP = "leadership"
    TAKEAWAYS = "takeaways"
    PEOPLE = "people"
    STATUS = "status"
    SEVERITY = "severity"
    DATE = "date"


HOMES = tuple(home.value for home in Home)

# Words of headings, in lower case; the first row that fits decides.
_TABLE: tuple[tuple[Home, str], ...] = (
    (
        Home.TIMELINE,
        (
            r"time ?lines?\b|chronolog|sequence of events|key events|events? log|log of events"
            r"|(?:incident|slack|chat) log"
            r"|event history|(?:order|course) of events|what happened(?:,? and)? when"
            r"|^(?:incident |status |public )?updates$"
        ),
    ),
    (Home.DID_NOT_GO_WELL, r"(?:did ?n.?t|did not) go|went (?:wrong|poorly|badly)|could have gone better|be improved"),
    (Home.WENT_WELL, r"(?:went|worked) well"),
    (
        Home.ACTIONS,
        (
            r"action ?items?|^actions?\b|follow.?up|to.?dos?$|corrective|preventative|preventive|next steps|work items"
            r"|(?:process|technical|documentation) improvements|remediation items|(?:immediate|further|future) actions"
        ),
    ),
    (Home.FACTORS, r"contributing|^causes$|trigger|blind ?spots"),
    (Home.ROOT_CAUSE, r"root.?cause|^cause\b|five why|5.?why|why (?:did )?(?:it|this) happen|^fault$"),
    (
        Home.CUSTOMER_IMPACT,
        r"(?:customer|user|external)s?.? impact|impact (?:on|to) (?:customer|user)|who (?:was|is) affected",
    ),
    (Home.REGULATORY_IMPACT, r"(?:regulat|legal|complian|reputation)\w* impact"),
    (Home.OPERATIONAL_IMPACT, r"(?:business|operation|revenue|internal)\w* impact|^impact\b|what was impacted"),
    (Home.LEADERSHIP, r"(?:executive|leadership|management) summary"),
    (Home.SUMMARY, r"summary|^overview\b|abstract|^problem statement|tl;?dr|^reported incident"),
    (Home.DETECTION, r"^detection|how (?:was|did) .* detect|^identified$"),
    (Home.ASSETS, r"affected (?:assets|systems|services|components|hosts)|services affected"),
    (
        Home.CONTAINMENT,
        r"containment|remediation|mitigation|resolution|^recovery|^response|eradication|^(?:the )?fix$|resolved$",
    ),
    (
        Home.TAKEAWAYS,
        r"takeaway|lessons?.?(?:learn|\b)|what (?:did )?we learn|what was learned|^learnings?$|^conclusions?$",
    ),
    (Home.TECHNICAL, r"technical (?:details|analysis)|^details$|threat analysis|^analysis$|^investigation|^background"),
    (Home.PEOPLE, r"^attendees|^participants|^authors?\b|^people|^responders|^owners?\b|^incident (?:commander|lead)"),
    (Home.STATUS, r"^(?:incident |current )?status$"),
    (Home.SEVERITY, r"^(?:incident )?severity|^priority$"),
    (
        Home.DATE,
        (
            r"^(?:incident )?dates?(?:\(s\)| ?\(\w{2,5})?$|^date of|^(?:incident )?date ?(?:/|and|&) ?time"
            r"|^(?:incident )?(?:start|began|started)(?:ed)?(?: (?:date|time|at))?(?: ?\(\w{2,5})?$"
        ),
    ),
)
_PATTERNS = tuple((home, expression(pattern)) for home, pattern in _TABLE)
_NUMBERING = expression(r"^[\W\d_]+|[\W_]+$")
_SHORTCODE = expression(r":[\w+-]+:")


def home_of(title: str) -> Home | None:
    """Return where a section goes in our template, by its title; None where it has no home."""
    words = " ".join(_SHORTCODE.sub(" ", title).casefold().replace("’", "'").replace("_", " ").split())
    words = english_heading(_NUMBERING.sub("", words)).casefold().replace("analysis", "").strip()
    return next((home for home, pattern in _PATTERNS if pattern.search(words)), None)
