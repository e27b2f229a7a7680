"""The milestones that single words of a sentence name, for the rules that compare sentences with the timeline."""

STARTED, DETECTED, VALIDATED = "Adverse activity started", "Alert detected", "Alert validated"
DECLARED, CONTAINED = "Severity declared", "Containment executed"
NEUTRALIZED, RECOVERED = "Threat neutralized", "Recovery completed"

DONE = {
    "detected": DETECTED,
    "discovered": DETECTED,
    "noticed": DETECTED,
    "validated": VALIDATED,
    "confirmed": VALIDATED,
    "acknowledged": VALIDATED,
    "declared": DECLARED,
    "contained": CONTAINED,
    "neutralized": NEUTRALIZED,
    "neutralised": NEUTRALIZED,
    "eradicated": NEUTRALIZED,
    "recovered": RECOVERED,
    "restored": RECOVERED,
    "resolved": RECOVERED,
}
"""What was done: "the incident was *contained*"."""

EVENTS = {
    "start": STARTED,
    "beginning": STARTED,
    "onset": STARTED,
    "compromise": STARTED,
    "intrusion": STARTED,
    "detection": DETECTED,
    "alert": DETECTED,
    "validation": VALIDATED,
    "confirmation": VALIDATED,
    "acknowledgement": VALIDATED,
    "acknowledgment": VALIDATED,
    "declaration": DECLARED,
    "containment": CONTAINED,
    "neutralization": NEUTRALIZED,
    "eradication": NEUTRALIZED,
    "recovery": RECOVERED,
    "resolution": RECOVERED,
    "restoration": RECOVERED,
}
"""What took place: "from *detection* to *recovery*"."""
