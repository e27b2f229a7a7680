"""Secrets are found by their formats. The tokens are made up here, so that no file of ours holds one."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import Settings, check_page, run_page
from sphinx_postmortem.core.checks.secret import find_secrets

WORD = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA" * 3
HEX = "0123456789abcdef" * 3
UPPER = "ABCDEFGHIJKLMNOP"
SECRETS = {
    "Amazon key": "AKIA" + UPPER,
    "Amazon secret": "aws_secret_access_key = " + WORD[:40],
    "GitHub": "ghp_" + WORD[:36],
    "GitHub, fine-grained": "github_pat_" + WORD[:60],
    "GitLab": "glpat-" + WORD[:20],
    "Slack": "xoxb-" + "1234567890-" + WORD[:20],
    "Slack hook": "https://hooks.slack.com/services/T" + UPPER[:8] + "/B" + UPPER[:8] + "/" + WORD[:24],
    "private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "Stripe": "rk_live_" + WORD[:24],
    "Google": "AIza" + WORD[:35],
    "PyPI": "pypi-AgE" + WORD[:60],
    "npm": "npm_" + WORD[:36],
    "web token": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0." + WORD[:43],
    "SendGrid": "SG." + WORD[:22] + "." + WORD[:43],
    "Mailchimp": HEX[:32] + "-us12",
    "Telegram bot, after a word": "bot7858967142" + ":AA" + WORD[:33],
    "OpenAI": "sk-proj-" + WORD[:40],
    "Azure storage": "AccountKey=" + WORD[:86] + "==",
    "Vault": "hvs." + WORD[:24],
    "bearer": "Authorization: Bearer " + WORD[:40],
    "address": "https://deploy:" + WORD[:12] + "@git.corp.net/x.git",
    "password": "password: " + "tr0ub4dor&3",
}
NONE = [
    "The key was `AKIA...`, which is revoked.",
    "The fix is commit 38d477507dad164a3ef3e19f309e3cabc199bef3d2045212.",
    'sha256: "164a3ef3e19f309e3cabc199bef3d2045212712fefdfa25fc7f75884a5b5b205"',
    "Token `ci-pub-7` was revoked.",
    "password: <from the vault>",
    "password: changeme-123",
    "Set `API_KEY=${API_KEY_2}` first.",
    "The secret: nobody looked in 2019.",
    "curl -H 'Authorization: Bearer $TOKEN_12345678901234567890'",
    "git clone https://user:password@host.example/x.git",
    "See https://docs.example.org/a:8080@b for 2026-03-02.",
    "The key: 2026-03-02, 14:00, all keys rotated.",
]


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_found(name):
    page = check_page("p.md", f"# P\n\nThey used `{SECRETS[name]}`.\n", Settings())
    found = [finding for finding in run_page(page) if finding.code == "secret"]
    assert [finding.line for finding in found] == [3]
    assert WORD[:12] not in found[0].message


@pytest.mark.parametrize("text", NONE)
def test_what_is_none_is_not(text):
    assert not list(find_secrets([text]))


def test_secrets_are_found_in_code_blocks_and_on_pages_without_incident():
    page = check_page("p.md", f"# P\n\n```text\n{SECRETS['GitHub']}\n```\n", Settings())
    assert [finding.code for finding in run_page(page)] == ["secret"]


def test_a_line_is_reported_once():
    assert len(list(find_secrets([f"{SECRETS['GitHub']} {SECRETS['npm']}"]))) == 1
