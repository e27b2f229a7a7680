"""Templates of others: rendered in a program of its own, which may take so much time and memory and no more.

Jinja's sandbox keeps a template from running programs. It does not keep it from loops and texts without end.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from sphinx_postmortem.cli.site import SiteError
from sphinx_postmortem.cli.templates import render
from sphinx_postmortem.html_templates import TEMPLATES

_MEMORY = 1024**3  # bytes


def render_any(template: Path, values: dict[str, object]) -> str:
    """Return a template's text with its values; one that is not of this project within bounds.

    Raises:
        SiteError: the template cannot be read or used, or takes more time or memory than it may.
    """
    return render(template, values) if template.is_relative_to(TEMPLATES) else render_bounded(template, values)


def render_bounded(template: Path, values: dict[str, object], seconds: int = 10) -> str:
    """Return a template's text with its values, rendered within bounds.

    Args:
        template: the file.
        values: what it may name; each can be pickled.
        seconds: how long it may compute.

    Raises:
        SiteError: the template cannot be read or used, or takes more time or memory than it may.
    """
    command = [sys.executable, "-m", "sphinx_postmortem.cli.bounded_templates", str(seconds)]
    done = subprocess.run(command, input=pickle.dumps((template, values)), capture_output=True, check=False)
    if done.returncode:
        raise SiteError(
            f"{template}: the template cannot be used: it took more than {seconds} seconds of computing, or more than "
            f"{_MEMORY // 1024**2} MiB; look for a loop without end"
        )
    said = json.loads(done.stdout)
    if "error" in said:
        raise SiteError(said["error"])
    return str(said["text"])


def _limit(seconds: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    with suppress(ValueError, OSError):  # macOS does not limit memory
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def main() -> None:
    """Render what standard input names; the result goes to standard output as JSON."""
    template, values = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the command that runs this program
    _limit(int(sys.argv[1]))
    try:
        said = {"text": render(template, values)}
    except SiteError as error:
        said = {"error": str(error)}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
