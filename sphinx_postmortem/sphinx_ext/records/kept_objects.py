"""What others may link to, kept from one build to the next: a build that reads no page then asks for no records."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.model import Owner
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.sphinx_ext.kept import IS_PART, Kept
from sphinx_postmortem.sphinx_ext.records.domain import FOREIGN, DomainObject, domain_of
from sphinx_postmortem.sphinx_ext.records.rebuilds import have_pages_changed
from sphinx_postmortem.sphinx_ext.records.shown_owners import NAMES


@dataclass(frozen=True)
class _Basis:
    """What the objects depend on beside the pages."""

    edition: str
    owners: tuple[Owner, ...]
    hidden_reference_text: str


_OBJECTS = Kept[tuple[_Basis, tuple[DomainObject, ...]] | None]("objects", None)


def keep_objects(app: Sphinx, env: BuildEnvironment) -> None:
    """Handle ``env-updated``: keep the objects, or take those of the build before where nothing can have changed.

    They are found anew where other sites bring records, or where roles stand for names: both are read in each build.
    """
    domain = domain_of(env)
    if IS_PART.of(env) or NAMES.of(env) is not None or FOREIGN.of(env) != FOREIGN.nothing:
        _OBJECTS.exchange(env, None)
        return
    basis, before = _basis(domain.settings), _OBJECTS.of(env)
    if before is not None and before[0] == basis and not have_pages_changed(env):
        domain.take_objects(before[1])
    else:
        _OBJECTS.exchange(env, (basis, domain.objects))


def _basis(settings: Settings) -> _Basis:
    return _Basis(settings.edition.name, tuple(settings.owners), settings.hidden_reference_text)
