"""The baseline: findings that a site had when it began to be checked, so that only new ones count.

A finding is known by its file, its code and what its message says is wrong; not by its line, so that an edit elsewhere
does not bring it back, and not by how the message says to mend it, which may be said better in a later version.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sphinx_postmortem.core.checks.registry import Finding
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import GATES, codes_meant, former_codes
from sphinx_postmortem.core.regular_files import read_regular_text
from sphinx_postmortem.core.settings import SettingError

REASON = "in the baseline"
_LINE = expression(r"\bline \d+")
_NEVER = frozenset(code.value for code in GATES)
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Baseline:
    """The known findings: how often each is excused. ``root`` is the source folder, below which files are named.

    ``told`` says of each code that is called otherwise now what to write.
    """

    known: Mapping[Key, int]
    root: Path
    told: tuple[str, ...] = ()

    def excuse(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return all findings; the known ones are suppressed, each as often as it is known."""
        if not self.known:
            return list(findings)
        left = Counter(self.known)
        excused: list[Finding] = []
        for finding in findings:
            key = _key(finding, self.root)
            if not finding.suppressed and left[key] > 0 and finding.code not in _NEVER:
                left[key] -= 1
                excused.append(replace(finding, suppressed=REASON))
            else:
                excused.append(finding)
        return excused


def write_baseline(findings: Sequence[Finding], root: Path) -> str:
    """Return the text of a baseline that excuses these findings.

    Those that a comment excuses are left out, and what decides who may read a page, which nothing excuses.
    """
    known = [item for item in findings if not item.suppressed and item.code not in _NEVER]
    numbers = Counter((*_key(item, root)[:2], _LINE.sub("line", item.message)) for item in known)
    entries = [
        {"file": file, "code": code, "message": message, "count": numbers[file, code, message]}
        for file, code, message in sorted(numbers)
    ]
    return json.dumps({"version": 1, "findings": entries}, indent=1, ensure_ascii=False) + "\n"


def load_baseline(path: str, root: Path) -> Baseline:
    """Read the baseline that the setting names; without a path nothing is excused.

    Raises:
        SettingError: it cannot be read.
    """
    if not path:
        return Baseline({}, root)
    mend = "write it with `sphinx-postmortem check SRC --write-baseline FILE`"
    try:
        data = json.loads(read_regular_text(Path(path)))
        known: Counter[Key] = Counter()
        for key, count in _entries(data):
            known[key] += count
        said = former_codes(str(item["code"]) for item in data["findings"]).values()
        return Baseline(known, root, tuple(f"{path}: {message}" for message in said))
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
        raise SettingError(f"postmortem_check_baseline: {path} cannot be read ({reason}); {mend}") from error


def _entries(data: Any) -> Iterator[tuple[Key, int]]:
    for item in data["findings"]:
        for code in codes_meant(str(item["code"])):
            known = str(item["file"]), code, _what_is_wrong(str(item["message"]))
            yield known, int(item.get("count", 1))


def _key(finding: Finding, root: Path) -> Key:
    path = Path(finding.file)
    whole = path if path.is_absolute() else Path.cwd() / path
    base = root if root.is_absolute() else Path.cwd() / root
    below = whole.relative_to(base) if whole.is_relative_to(base) else path
    return below.as_posix(), finding.code, _what_is_wrong(_LINE.sub("line", finding.message))


def _what_is_wrong(message: str) -> str:
    return message.rpartition("; ")[0] or message
