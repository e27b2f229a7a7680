"""Every code exists once: a check has its own in its declaration, and shares one with other code by ``Code``."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

from sphinx_postmortem.core import checks
from sphinx_postmortem.core.check_codes import check_codes
from sphinx_postmortem.core.checks import all_checks
from sphinx_postmortem.core.problems import Code


def test_the_codes_that_are_read_from_the_sources_are_those_of_the_checks() -> None:
    for module in pkgutil.iter_modules(checks.__path__, f"{checks.__name__}."):
        importlib.import_module(module.name)
    assert [*check_codes()] == [check.code for check in all_checks()]
    assert len(check_codes()) > 100


def test_a_code_is_written_once() -> None:
    assert len({code.value for code in Code}) == len(Code.__members__)
    sources = "".join(file.read_text("utf-8") for folder in checks.__path__ for file in Path(folder).glob("*.py"))
    written = re.findall(r'check\(\s*"([\w-]+)"', sources)
    assert len(written) > 70
    assert len(written) == len(set(written))
    assert {code.value for code in Code} & set(written) == set()
