"""One example of each directive, from which the gallery shows both syntaxes and the result.

A body is read by Markdown and reStructuredText alike: pipe tables, lists, bold words and prose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import dedent, indent


@dataclass(frozen=True)
class Example:
    """What an author writes after the directive's name, in its options and in its body."""

    argument: str = ""
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    body: str = ""

    def markdown(self, name: str) -> str:
        """Return the example in MyST Markdown. A blank line stands before the fence that closes a table."""
        lines = [f":::{{{name}}} {self.argument}".rstrip(), *self._options(), *self._body(name)]
        return "\n".join([*lines, *[""] * self.body.rstrip().endswith("|"), ":::"]) + "\n"

    def restructuredtext(self, name: str) -> str:
        """Return the same example in reStructuredText."""
        head = f".. {name}:: {self.argument}".rstrip()
        return "\n".join([head, *(indent(line, "   ") for line in [*self._options(), *self._body(name)])]) + "\n"

    def _options(self) -> list[str]:
        return [f":{name}: {value}".rstrip() for name, value in self.options.items()]

    def _body(self, name: str) -> list[str]:
        text = dedent(self.body).strip().splitlines()
        return ["", *text] if text else []


# In the order of the page. What follows the summary belongs to its incident; the lists list it.
EXAMPLES: dict[str, Example] = {
    "incident-summary": Example(
        "SEC-2026-040",
        {
            "date": "2026-10-05",
            "severity": "SEV-2",
            "type": "Security",
            "status": "in-review",
            "tlp": "AMBER",
            "runbooks": "../how-to/runbooks",
            "attack": "T1078.004",
            "customer-impact": "None; no customer data was read.",
            "operational-impact": "Releases were frozen for two hours.",
            "regulatory-impact": "None; no notification was due.",
        },
        """
        A key of the build service was used from an unknown network. It was revoked within the hour, and
        nothing had been published with it.
        """,
    ),
    "timeline": Example(
        body="""
        | Time (UTC)       | Event                        | Notes                             | Audience |
        |------------------|------------------------------|-----------------------------------|----------|
        | 2026-10-05 09:12 | Adverse activity started     | First use of the key              |          |
        | 2026-10-05 09:31 | Alert detected               | A login from a new network        |          |
        | 2026-10-05 09:36 | Alert validated              | Key 7 of the build service        | internal |
        | 2026-10-05 09:40 | Aware                        | Noted by the incident commander   |          |
        | 2026-10-05 10:04 | Containment executed         | The key was revoked               |          |
        | 2026-10-05 11:50 | Recovery completed           | Builds run with short-lived keys  |          |
        | 2026-10-06 08:15 | Notified: GDPR               | As a precaution                   |          |
        """
    ),
    "response-table": Example(
        options={"kind": "containment"},
        body="""
        | Time (UTC)       | Action taken    | Rationale     | Evidence preserved                       |
        |------------------|-----------------|---------------|-----------------------------------|
        | 2026-10-05 10:04 | The key revoked | It was in use | https://siem.example.com/q/4711          |
        """,
    ),
    "root-cause": Example(body="The key had no expiry, and no control asked from where it was used."),
    "contributing-factors": Example(
        body="""
        - **Monitoring**: logins of machines were not watched.
        - **Configuration**: keys of the build service did not expire.
        """
    ),
    "affected-assets": Example(
        body="""
        - **Cloud services**: the build service of the platform team.
        - **Accounts**: one machine account.
        """
    ),
    "action-table": Example(
        body="""
        | ID | Action                            | Owner         | Priority | Due date   | Status      | Addresses     |
        |----|-----------------------------------|---------------|----------|------------|-------------|---------------|
        | A1 | Alert on logins from outside      | detection-eng | P1       | 2026-11-12 | in-progress | Monitoring    |
        | A2 | Issue keys that expire in an hour | platform      | P2       | 2026-12-18 | open        | Configuration |
        | A3 | Revoke all keys older than a year | platform      | P1       | 2026-10-09 | done        | Process       |
        """
    ),
    "reporting-clocks": Example(options={"regimes": "gdpr"}),
    "veris": Example(
        body="""
        | Field                             | Value               |
        |-----------------------------------|---------------------|
        | actor.external.motive             | Unknown             |
        | action.hacking.variety            | Use of stolen creds |
        | discovery_method.internal.variety | Log review          |
        """
    ),
    "review-record": Example(
        options={"audience": "leadership"},
        body="""
        | Who           | Role            | Read on    | Agreed / state              | Audience |
        |---------------|-----------------|------------|-----------------------------|----------|
        | platform      | Service owner   | 2026-10-12 | agreed                      |          |
        | detection-eng | Incident lead   | 2026-10-13 | agreed, A1 first            | internal |
        | CISO          | Accountable     |            | asked for the costs of A2   |          |
        """,
    ),
    "closure-checklist": Example(options={"lessons": "Lessons learned: shown at the meeting of 2026-10-14"}),
    "revision-history": Example(),
    "audience": Example(
        "leadership",
        {"summary": "The full assessment is with leadership."},
        "The second key store is replaced next year, for 40,000 euros.",
    ),
    "internal-only": Example(
        options={"summary": "The technical details are kept internal."},
        body="The key lay in the log of a job that ran for outside contributions.",
    ),
    "incident-list": Example(options={"severity": "SEV-1, SEV-2", "layout": "cards"}),
    "incident-overview": Example(options={"show": "figures"}),
    "incident-navigation": Example(options={"pages": "gallery/*"}),
    "incident-metrics": Example(options={"by": "quarter", "show": "incidents"}),
    "actions-by-owner": Example(options={"open-only": ""}),
    "action-list": Example(options={"state": "overdue", "columns": "id, action, owner, due"}),
    "event-list": Example(options={"columns": "time, event", "limit": "4"}),
    "response-list": Example(options={"kind": "containment"}),
    "evidence-list": Example(),
    "clock-list": Example(),
    "lesson-list": Example(options={"what": "takeaway"}),
    "factor-list": Example(options={"what": "factors"}),
    "similar-incidents": Example(options={"for": "SEC-2026-040", "limit": "2"}),
    "technique-list": Example(),
    "runbook-incidents": Example(options={"none": "No incident has used this page."}),
    "runbook-list": Example(),
}
