"""What the audit's own reader deletes is what the build hides: a build without it is the same, byte for byte."""

from __future__ import annotations

import shutil

from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.cli.audit import content_of, scope_of
from sphinx_postmortem.cli.site import make_site
from sphinx_postmortem.core.audit.deletion import copy_without_hidden
from sphinx_postmortem.sphinx_ext.describe import describe
from tests.noninterference.sites import Hidden, Model, models, write
from tests.noninterference.test_noninterference import SITE_CONF, Workshop, assert_same, one_date, relaxed, seeds  # noqa: F401


@relaxed
@given(models(), seeds, st.sampled_from(["html", "text", "postmortem-export"]))
def test_the_edition_is_that_of_sources_from_which_the_audit_has_deleted_the_hidden(
    model: Model, seed: int, builder: str
):
    with Workshop() as workshop:
        marked = workshop.build(write(model, Hidden(seed)), "leadership", builder)
        source = workshop.site.source
        site = make_site(source, describe(source))
        copy = workshop.folder / "copy"
        copy_without_hidden(scope_of(site, "leadership"), content_of(site, "leadership"), SITE_CONF, copy)
        files = {
            path.relative_to(copy).as_posix(): path.read_text(encoding="utf-8")
            for path in copy.rglob("*")
            if path.is_file() and path.name != "conf.py"
        }
        shutil.rmtree(copy)
        pages = [
            text for name, text in files.items() if not name.startswith("evidence/")
        ]  # no row names those any more
        assert not any("zz" in text for text in pages)
        assert_same(marked, workshop.build(files, "leadership", builder))
