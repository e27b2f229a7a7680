"""``python -m sphinx_postmortem``: the same as the command ``sphinx-postmortem``."""

from __future__ import annotations

from sphinx_postmortem.cli.main import main

if __name__ == "__main__":
    main(prog_name="sphinx-postmortem")
