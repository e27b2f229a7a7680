"""Settings of what a build writes: pages, PDFs, data files, records of other sites."""

from __future__ import annotations

from collections.abc import Mapping

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.exports.export_files import DEFAULT_FORMATS, EXPORT_FORMATS, PAGE_LAYOUTS
from sphinx_postmortem.core.language.texts import later
from sphinx_postmortem.core.records.foreign_site import ForeignSource
from sphinx_postmortem.core.records.vocabulary import PdfKind
from sphinx_postmortem.core.settings import values as read
from sphinx_postmortem.core.settings.option import DICT, FLAG, LIST, TEXT, option
from sphinx_postmortem.core.source_links import SourceLinks

DEFAULT_LEADERSHIP_SECTIONS = ("Executive summary", "Business impact", "Leadership summary", "Assurance of follow-up")


@dataclass(frozen=True, init=False, repr=False, eq=False)  # made by `Settings` alone
class OutputSettings:
    """Settings of what a build writes: pages, PDFs, data files, records of other sites."""

    edition_banner: str = option(
        later("Edition: {edition}"),
        read.text,
        TEXT,
        "html",
        "Text at the head of every HTML page; ``{edition}`` is the audience's name, an empty text means no banner.",
    )
    related_incidents: bool = option(
        False,
        read.flag,
        FLAG,
        "env",
        "Whether each incident's page ends with at most three that resemble it, as ``similar-incidents`` shows them.",
    )
    revisions_in_filtered_editions: bool = option(
        False,
        read.flag,
        FLAG,
        "env",
        "Whether ``revision-history`` shows days and hashes in filtered editions too; never authors and subjects.",
    )
    author_roles: Mapping[str, str] = option(
        {},
        read.text_by_text,
        DICT,
        "env",
        "Author name in Git to the role shown instead; ``*`` stands for the others.",
    )
    pdf_kind: str = option(
        "",
        read.choice("", *PdfKind),
        TEXT,
        "",
        "The kind of PDFs to write: ``leadership``, ``audit``, ``interview``, or none.",
    )
    pdf_leadership_sections: tuple[str, ...] = option(
        DEFAULT_LEADERSHIP_SECTIONS,
        read.texts,
        LIST,
        "",
        "Headings of the sections that the kind ``leadership`` shows whole.",
    )
    pdf_offsets: bool = option(
        False, read.flag, FLAG, "", "Show dates as offsets from the first event in the kind ``interview``."
    )
    pdf_check_results: str = option(
        "", read.text, TEXT, "", "Text file with results of a check, for the audit appendix."
    )
    pdf_page_size: str = option("A4", read.choice("A4", "Letter"), TEXT, "", "``A4`` or ``Letter``.")
    pdf_fonts: tuple[str, ...] = option(
        (), read.sequence, LIST, "", "TrueType font files for what the fonts of PDFs lack, such as Chinese."
    )
    pdf_folder: str = option(
        "", read.text, TEXT, "html", "Folder into which the edition's PDFs are written, so that its pages link them."
    )
    markdown_folder: str = option(
        "",
        read.text,
        TEXT,
        "html",
        "Folder into which the edition's pages are written as Markdown, so that HTML pages link them.",
    )
    source_links: SourceLinks = option(
        {},
        read.source_links,
        DICT,
        "html",
        "Where pages of incidents lead to their source: ``edit`` and ``history``, addresses with ``{path}`` for the "
        "file, and ``editions``, names between commas (default: the first). Without addresses, those of the theme's "
        "repository. Other filtered editions go without the theme's own buttons to the source, too.",
    )
    export_folder: str = option(
        "", read.text, TEXT, "html", "Folder into which the edition's data files are written after any build."
    )
    export_formats: tuple[str, ...] = option(
        list(DEFAULT_FORMATS),
        read.choices(*EXPORT_FORMATS),
        LIST,
        "",
        "Which: ``json``, ``csv``, ``ics``, ``atom``; where they are named, ``navigator``, ``stix``, ``timesketch``.",
    )
    export_pages: str = option(
        "",
        read.choice("", *PAGE_LAYOUTS),
        TEXT,
        "",
        "How the addresses in data files are made: ``html`` or ``dirhtml``; by default as the builder's.",
    )
    sources: tuple[ForeignSource, ...] = option(
        {}, read.sources, DICT, "env", "Other sites: name to ``file`` (their ``postmortems.json``) and ``url``."
    )
