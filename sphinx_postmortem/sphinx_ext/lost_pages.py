"""Pages that a parallel build lost.

Sphinx 8.2 to 9.1 ends its reading processes without a word when one of them has failed while others are being started
(``sphinx.util.parallel.ParallelTasks.add_task``): the pages that they were to read are missing, and the build goes on.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from sphinx_postmortem.sphinx_ext import guest
from sphinx_postmortem.sphinx_ext.kept import IS_PART

_NAMED = 5  # pages that the sentence names


def refuse_lost_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Handle ``env-updated``: stop where a page of the site has not been read.

    Raises:
        ExtensionError: there is such a page, in a site that uses us.
    """
    lost = sorted(env.found_docs - env.all_docs.keys())
    if lost and guest.is_in_use(app) and not IS_PART.of(env):  # a part reads its share alone
        more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
        raise ExtensionError(
            f"{len(lost)} pages were not read: {', '.join(lost[:_NAMED])}{more}. A process that read pages has failed, "
            "and Sphinx does not say why: build with `-j 1`, which tells."
        )
    return []
