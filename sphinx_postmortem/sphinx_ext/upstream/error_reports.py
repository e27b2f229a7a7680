"""What ``sphinx-build`` says when we stop a build: our sentence, and not a report for developers.

Of each error, of users' mistakes too, Sphinx 8.2 to 9.2 prints versions, extensions and a frame of the traceback, and
asks to report it. What we raise on purpose says by itself what to mend.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from traceback import extract_tb
from typing import Any

from sphinx._cli.util import errors
from sphinx._cli.util.colour import red
from sphinx.errors import ExtensionError, SphinxParallelError

from sphinx_postmortem.core.expressions import expression

_PACKAGE = Path(__file__).parents[2]
_FRAME = expression(r'^ {2}File "([^"\n]+)"', re.MULTILINE)
_NAME = "sphinx.errors.ExtensionError: "
_sphinx_report = errors.handle_exception


def refusal_in(exception: BaseException) -> str:
    """Return what we said where we stopped the build; empty for any other error."""
    if isinstance(exception, SphinxParallelError):
        frames, message = _FRAME.findall(exception.traceback), exception.message
        if not message.startswith(_NAME):
            return ""
    elif type(exception) is ExtensionError:
        frames, message = [frame.filename for frame in extract_tb(exception.__traceback__)], str(exception)
    else:
        return ""
    return message.removeprefix(_NAME).strip() if frames and Path(frames[-1]).is_relative_to(_PACKAGE) else ""


def report(exception: BaseException, /, **options: Any) -> None:
    """Print what ended the build: of a refusal the sentence, of anything else what Sphinx prints.

    Args:
        exception: what ended the build.
        options: those of Sphinx's function. A traceback that ``-T`` or ``-v`` asks for is printed.
    """
    refusal = refusal_in(exception)
    if not refusal or options.get("use_pdb") or options.get("print_traceback"):
        _sphinx_report(exception, **options)
        return
    stderr = options.get("stderr", sys.stderr)
    print(f"\n{red('Extension error!')}\n\n{refusal}", file=stderr)


def report_refusals_in_a_sentence() -> None:
    """Have ``sphinx-build`` use our report."""
    errors.handle_exception = report
