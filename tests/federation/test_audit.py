"""The audit of a site that takes in others: their words are no leak, those that are hidden here still are."""

from __future__ import annotations

import pytest

from sphinx_postmortem.cli.audit import audit_folder
from sphinx_postmortem.cli.site import make_site
from sphinx_postmortem.core.audit.unpacking import AuditError
from sphinx_postmortem.sphinx_ext.describe import describe
from tests.conftest import Site


def audited(hub: Site, folder, edition: str = "public"):
    found = make_site(hub.source, describe(hub.source))
    return [leak.found for leak in audit_folder(found, folder, edition)]


def test_words_of_other_sites_are_no_leak(hub: Site):
    own = (hub.source / "own.md").read_text() + "\n:::{internal-only}\nThe client was pinned: seldomword.\n:::\n"
    built = hub.write({"own.md": own}).build("public")
    assert audited(hub, built.outdir) == []
    (built.outdir / "actions.csv").write_text('"ID"\r\n"seldomword"\r\n')
    assert audited(hub, built.outdir) == ["seldomword"]


def test_a_file_for_another_audience_is_no_excuse(hub: Site):
    built = hub.build("public")
    data = hub.source.parent / "data"
    (data / "payments-public.json").write_bytes((data / "payments-internal.json").read_bytes())
    with pytest.raises(AuditError, match='is for the audience "internal", not for public'):
        audited(hub, built.outdir)
