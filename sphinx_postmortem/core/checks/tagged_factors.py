"""Rules for the tags of contributing factors (the setting `postmortem_factors`)."""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.core.settings import Settings

_SOURCE = "template section 6"
_FACTORS = {
    "factors": {
        "no-expiry-alert": {
            "kind": "Monitoring",
            "words": "No alert before an expiry date",
            "definition": "Nothing told of a certificate before it expired.",
            "formerly": ["cert-alert"],
        }
    }
}


def _page(*items: str) -> str:
    return ":::{contributing-factors}\n" + "\n".join(f"- {item}" for item in items) + "\n:::\n"


@check(
    "factor-unknown",
    "warning",
    source=_SOURCE,
    settings=_FACTORS,
    bad=_page("**Monitoring** [no-expiry-alerts]: nobody watched the date."),
    good=_page("**Monitoring** [cert-alert]: nobody watched the date."),
)
def factor_unknown(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The tag of a factor is one of `postmortem_factors`, or was one formerly."""
    for line in page.written_factors:
        for name in settings.factors.read_item(line.text)[1].unknown:
            near = settings.factors.near(name)
            hint = f'did you mean "{near}"?' if near else "add it to postmortem_factors, or take it out"
            yield Hit(line.number, f'there is no factor "{name}"; {hint}', file=line.file)


@check(
    "factor-twice",
    "warning",
    source=_SOURCE,
    settings=_FACTORS,
    bad=_page("**Monitoring** [no-expiry-alert]: no alert.", "**Monitoring** [cert-alert]: nobody watched the date."),
    good=_page("**Monitoring** [no-expiry-alert]: no alert, and nobody watched the date."),
)
def factor_twice(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A page names each factor once: what it says of one factor stands together."""
    seen: set[str] = set()
    for line in page.written_factors:
        for tag in settings.factors.read_item(line.text)[1].ids:
            if tag in seen:
                message = f'the factor "{tag}" stands twice on the page; put what it says of it together'
                yield Hit(line.number, message, file=line.file)
            seen.add(tag)


@check(
    "factor-untagged",
    "note",
    source=_SOURCE,
    settings=_FACTORS,
    bad=_page("**Monitoring**: no alert came before the certificate expired."),
    good=_page("**Monitoring** [no-expiry-alert]: no alert came before the certificate expired."),
)
def factor_untagged(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A factor without a tag has one where its text resembles a factor of `postmortem_factors`."""
    for line in page.written_factors:
        kind, tags = settings.factors.read_item(line.text)
        if tags.ids or tags.unknown or is_prompt(tags.rest.lstrip(" :")):
            continue
        for factor in settings.factors.suggest(tags.rest, kind.strip(" *_:"), most=1):
            message = f'the factor has no tag; "{factor.label}" is near: write {kind or "**Kind**"} [{factor.id}]'
            yield Hit(line.number, message, file=line.file)
