"""Every rule: its bad example is found, its good one is not."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import (
    all_checks,
    check_page,
    compare,
    read_settings,
    run_page,
    run_site,
    run_tickets,
)
from sphinx_postmortem.core.reader.includes import SiteFiles

CHECKS = {check.code: check for check in all_checks()}


def codes(text, check, tmp_path):
    values = dict(check.example_settings)
    if check.ticket_rule:
        page = check_page("page.md", text, read_settings(values))
        compared = compare([page], [("export.json", check.example_tickets)])
        return {finding.code for finding in run_tickets([page], compared, read_settings(values))}
    if check.site_rule and not check.code.startswith("register"):
        page = check_page("page.md", text, read_settings(values))
        return {finding.code for finding in run_site([page], read_settings(values))}
    if check.site_rule:
        register = tmp_path / "register.csv"
        register.write_text(text)
        settings = read_settings({**values, "register": str(register)})
        page = check_page("page.md", ":::{incident-summary} SEC-1\n\nText.\n:::\n", settings)
        return {finding.code for finding in run_site([page], settings)}
    page = check_page("page.md", text, read_settings(values), open_file=SiteFiles(tmp_path / "page.md", tmp_path).open)
    page.forced = True
    return {finding.code for finding in run_page(page)}


@pytest.mark.parametrize("code", CHECKS)
def test_the_bad_example_is_found(code, tmp_path):
    assert code in codes(CHECKS[code].bad, CHECKS[code], tmp_path)


@pytest.mark.parametrize("code", CHECKS)
def test_the_good_example_is_not_found(code, tmp_path):
    assert code not in codes(CHECKS[code].good, CHECKS[code], tmp_path)
