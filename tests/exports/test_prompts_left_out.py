"""A prompt of the template is shown on its page, and is in nothing that is derived from it."""

from __future__ import annotations

import json

PAGE = """# {number}

:::{{incident-summary}} SEC-{number}
:date: 2026-03-0{number}
:customer-impact: Not yet known.
:operational-impact: Releases were frozen.

The summary is being written.
:::

:::{{contributing-factors}}
- **Monitoring**: being analysed.
- **Process**: nobody compared the tags.
:::

:::{{affected-assets}}
- Hosts / Instances
- **Accounts**: the deployment identity
:::

## What went well

- Rapid alert detection
- The alert came within a minute.

## Key takeaways

- TBD

:::{{action-table}}
| Action | Owner |
|---|---|
| <action> | appsec |
| Compare tags | appsec |

:::

:::{{response-table}}
| Fix applied | Validation |
|---|---|
| Fixes applied | TBD |
| Token revoked | Login with it failed |

:::
"""
LISTS = (
    "# Lists\n\n:::{factor-list}\n:::\n\n:::{lesson-list}\n:::\n\n:::{action-list}\n:::\n\n:::{response-list}\n:::\n"
)


def test_prompts_are_no_facts(site):
    files = {"index.md": LISTS, "a.md": PAGE.format(number=1), "b.md": PAGE.format(number=2)}
    built = site(files, 'suppress_warnings = ["toc.not_included"]\n').build("internal", "html")
    lists = built.read("index.html")
    for prompt in ("Monitoring", "Rapid alert", "TBD", "&lt;action&gt;", "Fixes applied"):
        assert prompt not in lists, prompt
    for fact in ("Process", "within a minute", "Compare tags", "Token revoked"):
        assert fact in lists, fact
    page = built.read("a.html")
    for prompt in ("Not yet known.", "The summary is being written.", "being analysed."):
        assert prompt in page, prompt  # bad input loses nothing


def test_prompts_are_in_no_data_file(exported):
    data = json.loads((exported(files={"index.md": PAGE.format(number=1)}) / "postmortems.json").read_text())
    (incident,) = data["incidents"]
    assert incident["summary"] == ""
    assert incident["impacts"] == [{"kind": "operational", "text": "Releases were frozen."}]
    assert [point["kind"] for point in incident["factors"]] == ["Process"]
    assert [point["text"] for point in incident["assets"]] == ["the deployment identity"]
    assert incident["takeaways"] == []
    assert [action["action"] for action in incident["actions"]] == ["Compare tags"]
    assert [response["response"] for response in incident["responses"]] == ["Token revoked"]
    assert incident["responses"][0]["kind"] == "remediation"
