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
postmortem_pseudonyms = {"Tamarwick": "the company"}  # in the public edition, with the teams below
postmortem_clock_zone = "Europe/Amsterdam"  # the days that reporting clocks count
postmortem_clock_calendar = "NL"
postmortem_today = "2026-11-24"
# Time alone makes an action overdue, and the page of open actions tells its owner; that is no fault of the page.
# The public reports behind these incidents do not say which factor each action answers.
postmortem_checks = {"action-overdue": "note", "factor-unaddressed": "note"}
postmortem_owners = "owners.toml"
postmortem_factors = "factors.toml"
postmortem_related_incidents = True
