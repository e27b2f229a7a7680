project = "Tamarwick incident library"
author = "Tamarwick security operations"
copyright = "2026, Tamarwick security operations"

extensions = ["sphinx_postmortem", "sphinx_design"]
myst_enable_extensions = ["colon_fence", "deflist"]
exclude_patterns = ["ATTRIBUTION.md", "_build"]
html_theme = "furo"
html_title = project

postmortem_audience_paths = {"incidents/restricted/**": "internal"}
postmortem_runbook_paths = ["runbooks/**"]
postmortem_today = "2026-11-24"
# Time alone makes an action overdue, and the page of open actions tells its owner; that is no fault of the page.
postmortem_checks = {"action-overdue": "note"}
postmortem_owners = {
    "detection-eng": {"name": "Detection engineering", "team": "Security", "contact": "detect@example.com"},
    "appsec": {"name": "Application security", "team": "Security", "contact": "appsec@example.com"},
    "identity": {"name": "Identity and access", "team": "Security", "contact": "identity@example.com"},
    "platform": {"name": "Platform engineering", "team": "Infrastructure", "contact": "platform@example.com"},
    "sre": {"name": "Site reliability", "team": "Infrastructure", "contact": "sre@example.com"},
    "release-eng": {"name": "Release engineering", "team": "Engineering", "contact": "release@example.com"},
    "it-ops": {"name": "Workplace IT", "team": "Operations", "contact": "it-ops@example.com"},
    "finance-systems": {"name": "Finance systems", "team": "Finance", "contact": "finsys@example.com"},
    "customer-comms": {"name": "Customer communications", "team": "Support", "contact": "comms@example.com"},
}
