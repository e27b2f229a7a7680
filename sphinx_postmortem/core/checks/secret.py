"""The rule about secrets anywhere on a page, by the published formats of keys and tokens.

Formats only: words that merely look random are hashes in these texts, far more often than secrets.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.checks.word_places import possible_phrases, text_of_file
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.settings import Settings

# What stands for a secret that was left out.
_LEFT_OUT = r"(?:\*{3}|x{4}|redacted|example|placeholder|changeme|\.\.\.|…|[<>${(\[])"
# The texts of which one stands in each secret of a format, so that most pages need no search; and the format.
_FORMATS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (("AKIA", "ASIA"), expression(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),  # Amazon
    (
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        expression(r"\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{40}"),
    ),
    (
        ("glpat-", "glrt-", "gldt-", "glcbt-", "glptt-", "glagent-"),
        expression(r"\bgl(?:pat|rt|dt|cbt|ptt|agent)-[\w-]{20}"),
    ),
    (
        ("xox", "xapp-", "hooks.slack"),
        expression(
            r"\bxox[abeprs]-[A-Za-z0-9-]{10}|\bxapp-\d-[A-Z0-9]{8}|"
            r"hooks\.slack\.com/services/T\w{6,12}/B\w{6,12}/\w{20}"
        ),
    ),
    (("PRIVATE KEY",), expression(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----")),
    (
        ("k_live_", "k_test_", "sq0"),
        expression(r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16}|\bsq0(?:atp|csp)-[\w-]{22}"),  # Stripe, Square
    ),
    (
        ("AIza", "GOCSPX-", "ya29."),
        expression(r"\bAIza[\w-]{35}|\bGOCSPX-[\w-]{28}|\bya29\.[\w-]{30}"),  # Google
    ),
    (
        ("pypi-", "npm_", "rubygems_", "dckr_"),
        expression(r"\bpypi-AgE[\w-]{40}|\bnpm_[A-Za-z0-9]{36}|\brubygems_[0-9a-f]{48}|\bdckr_pat_[\w-]{27}"),
    ),
    (("eyJ",), expression(r"\beyJ[\w-]{10,2000}\.eyJ[\w-]{10}")),  # JSON web tokens
    (
        ("SG.", "-us", "SK"),
        expression(
            r"\bSG\.[\w-]{22}\.[\w-]{43}|(?<![0-9A-Za-z])[0-9a-f]{32}-us\d{1,2}\b|\bSK[0-9a-f]{32}\b"
        ),  # SendGrid, Mailchimp, Twilio
    ),
    ((":AA",), expression(r"(?<!\d)\d{8,10}:AA[\w-]{33}(?![\w-])")),  # Telegram bots
    (
        ("sk-", "hf_"),
        expression(r"\bsk-(?:proj-|ant-|svcacct-)[\w-]{20}|\bsk-\w{20}T3BlbkFJ\w{20}|\bhf_[A-Za-z]{34}\b"),
    ),
    (
        ("AccountKey=", "dop_v1_", "hvs.", "hvb.", "ATATT3"),
        expression(
            r"\bAccountKey=[A-Za-z0-9+/]{86}==|\bdop_v1_[0-9a-f]{64}|\bhv[sb]\.[\w-]{24}|\bATATT3[\w-]{20}"
        ),  # Azure storage, DigitalOcean, Vault, Atlassian
    ),
    (
        ("Bearer ", "bearer "),
        expression(rf"\b[Bb]earer (?!\S{{0,60}}{_LEFT_OUT})(?=\S{{0,60}}\d)[A-Za-z0-9._~+/-]{{20}}"),
    ),
    (
        ("://",),  # a password within an address
        expression(
            rf"(?<=://)(?![^\s@]{{0,100}}{_LEFT_OUT})[^\s/:@]{{1,60}}:(?!(?:pass(?:word)?|pwd|secret|token)@)"
            r"[^\s/:@]{4,100}@(?=[\w-]{1,63}[.:/])"
        ),
    ),
)
_NAMES = ("password", "passwd", "pwd", "secret", "key", "token")
_WRITTEN = tuple(mark for marks, _ in _FORMATS for mark in marks)
_MARKS = (*_NAMES, *(mark.lower() for mark in _WRITTEN))
_GIVES = expression(r"[\"'`]?\s{0,3}[:=]")
_NAMED = expression(
    r"(?<![A-Za-z0-9])(?:password|passwd|pwd|secret(?:_access)?(?:[_-]?key)?|api[_-]?key|access[_-]?(?:token|key)|"
    r"auth[_-]?token)\b[\"'`]?\s{0,3}[:=]\s{0,3}[\"'`]?"
    rf"(?=[^\s\"'`]{{0,60}}\d)(?![^\s]{{0,60}}{_LEFT_OUT})[^\s\"'`|,;]{{8,}}",
    re.IGNORECASE,
)


def _ends(text: str, name: str) -> Iterator[int]:
    """Yield where a text goes on behind each place of a name."""
    place = text.find(name)
    while place >= 0:
        yield place + len(name)
        place = text.find(name, place + len(name))


def find_secrets(
    lines: Sequence[str], text: str = "", possible: Collection[str] | None = None
) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the first secret of each line that holds one, with the line's 1-based number.

    Args:
        lines: the lines.
        text: the same as one text, where it is at hand.
        possible: those of ``_MARKS`` that the text may hold, where that is known.
    """
    text = text or "\n".join(lines)
    present = {mark for mark in _WRITTEN if (possible is None or mark.lower() in possible) and mark in text}
    formats = [(marks, pattern) for marks, pattern in _FORMATS if not present.isdisjoint(marks)]
    names = [name for name in _NAMES if possible is None or name in possible]
    folded = text.casefold() if names else ""
    has_name = any(_GIVES.match(folded, end) for name in names for end in _ends(folded, name))
    if not formats and not has_name:
        return
    near = {number for mark in present for number, line in enumerate(lines) if mark in line}
    if has_name:
        near.update(number for number, line in enumerate(lines) if "=" in line or ":" in line)
    for number, line in ((number + 1, lines[number]) for number in sorted(near)):
        found = [pattern.search(line) for marks, pattern in formats if any(mark in line for mark in marks)]
        if has_name and ("=" in line or ":" in line) and any(name in line.casefold() for name in _NAMES):
            found.append(_NAMED.search(line))
        first = min((match for match in found if match), key=lambda match: match.start(), default=None)
        if first:
            yield number, first


@check(
    "secret",
    "error",
    source="template section 11",
    any_page=True,
    bad="The key was `AKIA" + "ABCDEFGHIJKLMNOP`.\n",
    good="The key was `AKIA...`, which is revoked.\n",
)
def secret(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No secrets anywhere on the page: keys of cloud services, tokens, private keys, passwords, by their formats."""
    possible = possible_phrases(page, _MARKS)
    for file, lines in page.source.files.items():
        for number, match in find_secrets(lines, text_of_file(page, file), possible):
            if match[0] not in settings.safe_terms:
                message = f'this looks like a secret ("{match[0][:6]}…"); revoke it and take it out'
                yield Hit(number, message, match.start() + 1, file)
