"""The documentation, built with the extension itself."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "sphinx-postmortem"
author = "The sphinx-postmortem developers"
extensions = ["sphinx_postmortem", "sphinx_design"]
extensions += ["generated_reference", "directive_gallery", "example_site", "ci_workflow"]  # in _ext
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "_ext"]
html_theme = "furo"
html_title = project
# These pages are for everyone; the banner would only puzzle.
postmortem_edition_banner = ""
suppress_warnings = ["postmortem.no-history"]  # the gallery is built from an unpacked sdist too
postmortem_today = "2026-11-24"
