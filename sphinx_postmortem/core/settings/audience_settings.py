"""Settings of audiences, editions and releases: who may see what."""

from __future__ import annotations

from collections.abc import Mapping

from sphinx_postmortem.core.audience.audiences import DEFAULT_AUDIENCES, Audiences
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later
from sphinx_postmortem.core.settings import values as read
from sphinx_postmortem.core.settings.option import DICT, FLAG, LIST, TEXT, option

DEFAULT_EDITION_TLP = {"public": "CLEAR"}


@dataclass(frozen=True, init=False, repr=False, eq=False)  # made by `Settings` alone
class AudienceSettings:
    """Settings of audiences, editions and releases: who may see what."""

    audiences: Audiences = option(
        DEFAULT_AUDIENCES, read.audiences, LIST, "env", "The audiences, most privileged first."
    )
    audience: str = option(
        "", read.text, TEXT, "env", "The edition to build; usually given as ``-D`` or as a tag (``-t``)."
    )
    require_edition: bool = option(
        False, read.flag, FLAG, "", "Whether a build that names no edition is an error; else it is the first."
    )
    audience_paths: Mapping[str, str] = option(
        {}, read.audience_by_path, DICT, "", "Path pattern (below the source folder) to audience."
    )
    redaction_notice: str = option(
        "", read.text, TEXT, "env", "Text in place of a hidden block that has no ``:summary:``."
    )
    hidden_reference: str = option(
        later("(not in this edition)"), read.text, TEXT, "env", "Text in place of a reference to hidden content."
    )
    trusted_builders: tuple[str, ...] = option(
        (), read.texts, LIST, "", "Builders of other extensions that may make filtered editions too."
    )
    generated_pages: tuple[str, ...] = option(
        (),
        read.texts,
        LIST,
        "env",
        "Path patterns (below the source folder) of pages that other extensions write and filtered editions may show.",
    )
    shown_metadata: tuple[str, ...] = option(
        (),
        read.texts,
        LIST,
        "env",
        "More front-matter keys and docinfo fields (patterns) that filtered editions keep as metadata.",
    )
    edition_tlp: Mapping[str, str] = option(
        DEFAULT_EDITION_TLP,
        read.tlp_by_audience,
        DICT,
        "env",
        "Audience to the TLP label that its documents bear at least; no entry lowers an incident's own label.",
    )
    edition_ceilings: Mapping[str, str] = option(
        {},
        read.tlp_by_audience,
        DICT,
        "env",
        "Edition to the strictest TLP label of the incidents that it shows; by default the label of its documents, "
        "else AMBER+STRICT for the second of three or more editions and for ``leadership``, CLEAR for the last, "
        "GREEN for others.",
    )
    edition_statuses: Mapping[str, tuple[str, ...]] = option(
        {},
        read.statuses_by_audience,
        DICT,
        "env",
        "Edition to the statuses of the incidents that it shows; by default all but ``draft``. The first shows all.",
    )
    release: Mapping[str, str] = option(
        {},
        read.rule_by_audience("required", "off"),
        DICT,
        "",
        "Edition to ``required``: it shows a page only as ``approve`` has written it; the first edition has none.",
    )
    release_folder: str = option(
        "releases", read.text, TEXT, "", "Folder of what was approved, below the source folder or beside it."
    )
    release_additions: tuple[str, ...] = option(
        (),
        read.texts,
        LIST,
        "",
        "Texts (patterns) that extensions may add to approved pages when these are written, such as ``Posted on *``.",
    )
