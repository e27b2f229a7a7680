"""The appendix of an audit PDF: revision history, closure, checks, and the hashes of what the PDF was made from."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.exports.manifest import sha256_of
from sphinx_postmortem.core.exports.own_findings import own_findings
from sphinx_postmortem.core.git import history_of, source_state
from sphinx_postmortem.core.language.names import english_heading
from sphinx_postmortem.core.language.texts import later, said, say, say_many
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.knowledge import is_done
from sphinx_postmortem.core.records.model import (
    CONTAINMENT,
    REMEDIATION,
    Action,
    Event,
    Incident,
    PageRecords,
    Response,
)
from sphinx_postmortem.core.records.tones import status_label
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.closure_directive import judge, page_of
from sphinx_postmortem.sphinx_ext.directives.history import history_nodes
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.warnings import warn

TOOLS = ("sphinx-postmortem", "sphinx", "docutils", "myst-parser", "rst2pdf", "reportlab", "pypdf", "pymupdf-fonts")


def audit_appendix(env: BuildEnvironment, docnames: Sequence[str], tree: nodes.Element) -> nodes.section:
    """Return the appendix for the pages that are in one PDF."""
    domain = domain_of(env)
    incidents = [each for name in docnames for each in domain.records_of(name).incidents]
    parts = [
        *(_revisions(env, name) for name in docnames if domain.records_of(name).incidents),
        *(_closure(incident, domain.records_of(incident.docname).actions, tree, env) for incident in incidents),
        *(each for incident in incidents for each in _evidence(incident, domain.records_of(incident.docname))),
        _checks(env, docnames),
        _sources(env, docnames),
        _tools(env),
    ]
    section = nodes.section("", nodes.title("", say("Audit appendix")), ids=["audit-appendix"])
    section += parts
    return section


def tool_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that make the PDFs."""
    versions = {"Python": platform.python_version()}
    for name in TOOLS:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = say("not installed")
    return versions


def _revisions(env: BuildEnvironment, docname: str) -> nodes.section:
    domain = domain_of(env)
    path = Path(env.doc2path(docname))
    found = history_nodes(history_of(path), domain.settings, domain.settings.edition)
    return _section(say("Revision history of {page}", page=_below(env, path)), f"audit-revisions-{docname}", found)


def _closure(
    incident: Incident, actions: Sequence[Action], tree: nodes.Element, env: BuildEnvironment
) -> nodes.section:
    """State for each closure criterion (template section 13) whether it is met, and the evidence of it."""
    domain = domain_of(env)
    done = [action for action in actions if is_done(action, domain.settings.done_statuses)]
    page = _page(tree, incident.docname)
    rows = [
        *(
            (item.name, say("{name}: {value}", name=say(item.status), value=item.evidence))
            for item in judge(page, incident.docname, domain)
        ),
        *_responses(domain.records_of(incident.docname).responses),
        (say("Actions done"), say("{count} of {total}", count=len(done), total=len(actions)) + _named(done)),
        (say("Status of the postmortem"), status_label(incident.status) or say("not stated")),
        *(
            (say("Stated by the authors"), text)
            for text in _stated(page) or [say("nothing under a heading about closure")]
        ),
    ]
    return _section(
        say("Closure evidence: {incident}", incident=incident.id),
        f"audit-closure-{incident.anchor}",
        [_table((later("Criterion"), later("Evidence")), rows, (35, 65))],
    )


def _responses(responses: Sequence[Response]) -> Iterator[tuple[str, str]]:
    """Yield how much of the response has the evidence and the validation that the template asks for (section 7)."""
    contained = [each for each in responses if each.kind == CONTAINMENT]
    fixes = [each for each in responses if each.kind == REMEDIATION]
    if contained:
        number = sum(bool(each.evidence) for each in contained)
        yield say("Containment with evidence"), say("{count} of {total}", count=number, total=len(contained))
    if fixes:
        number = sum(bool(each.validation) for each in fixes)
        yield say("Fixes validated"), say("{count} of {total}", count=number, total=len(fixes))


def _evidence(incident: Incident, records: PageRecords) -> Iterator[nodes.section]:
    """Yield the list of the evidence that the rows of an incident name, with hashes and addresses."""
    every: list[Event | Response] = [*records.events, *records.responses]
    rows = [row for row in every if row.incident_id == incident.id]
    cells = [
        output.TableRow([[nodes.Text(text)] for text in (each.text, row.text, each.sha256 or each.url)])
        for row in rows
        for each in row.evidence
    ]
    if cells:
        table = output.table(
            (later("Evidence"), later("Named by"), later("SHA-256 or address")), cells, ["pm-audit"], (25, 30, 45)
        )
        yield _section(say("Evidence: {incident}", incident=incident.id), f"audit-evidence-{incident.anchor}", [table])


def _named(actions: Sequence[Action]) -> str:
    return f" ({', '.join(action.local_id for action in actions)})" if actions else ""


def _stated(page: nodes.Element) -> list[str]:
    sections = [
        each for each in page.findall(nodes.section) if "closure" in english_heading(each[0].astext()).casefold()
    ]
    items = [item for each in sections if page_of(each) is page for item in each.findall(nodes.list_item)]
    return [" ".join(item.astext().split()) for item in items]


def _page(tree: nodes.Element, docname: str) -> nodes.Element:
    """Return the part of a tree that is a page; in the PDF of a single page that is the whole."""
    parts = tree.findall(addnodes.start_of_file)
    return next((part for part in parts if part.get("docname") == docname), tree)


def _checks(env: BuildEnvironment, docnames: Sequence[str]) -> nodes.section:
    """Repeat what a check that ran before has said of these pages, from the file that the settings name."""
    name = settings_of(env.config).pdf_check_results
    if not name:
        text = say("No check results were given to this build (setting postmortem_pdf_check_results).")
        return _section(say("Check results"), "audit-checks", [output.paragraph(text)])
    path = Path(env.srcdir, name)
    try:
        results = path.read_text(encoding="utf-8")
        digest = sha256_of(path)
    except (OSError, ValueError) as error:
        message = f"postmortem_pdf_check_results: {name} cannot be read ({error})"
        warn(Code.PDF_CONFIG, message)
        return _section(say("Check results"), "audit-checks", [output.paragraph(message)])
    found = own_findings(results, _files_of(env, docnames), _files_of(env, sorted(env.all_docs)))
    told = say("What {file} (SHA-256 {hash}) says of the pages of this document:", file=path.name, hash=digest)
    parts: list[nodes.Node] = [output.paragraph(told)]
    text = "\n".join(found.lines) or say("(nothing: the check had nothing to report about them)")
    parts.append(nodes.literal_block(text, text, language="text"))
    if found.unknown:
        left_out = say_many(
            "{number} line of that file name no page of the site and are left out.",
            "{number} lines of that file name no page of the site and are left out.",
            found.unknown,
        )
        parts.append(output.paragraph(left_out))
    return _section(say("Check results"), "audit-checks", parts)


def _files_of(env: BuildEnvironment, docnames: Iterable[str]) -> set[str]:
    """Return the source files of some pages and what these include, from the source folder."""
    names = list(docnames)
    pages = {env.doc2path(name, base=False).as_posix() for name in names}
    return pages | {Path(each).as_posix() for name in names for each in env.dependencies.get(name, ())}


def _sources(env: BuildEnvironment, docnames: Sequence[str]) -> nodes.section:
    state = source_state(Path(env.srcdir))
    commit = said(state.gap) or say("Source commit: {commit}.", commit=state.commit)
    if state.changed and not state.gap:
        commit += say(" Files below the source folder have changes that are not in this commit.")
    sources = {Path(env.doc2path(name)) for name in docnames} | {Path(env.srcdir, "conf.py")}
    sources |= {Path(env.srcdir, each) for name in docnames for each in env.dependencies.get(name, ())}
    evidence = {Path(env.srcdir, name) for name in _attached(env, set(docnames))}
    for records in map(domain_of(env).records_of, docnames):
        rows: list[Event | Response] = [*records.events, *records.responses]
        evidence |= {Path(env.srcdir, each.file) for row in rows for each in row.evidence if each.sha256}
    below = [path for path in sources - evidence if _is_below(env, path)]
    parts: list[nodes.Node] = [output.paragraph(commit), _hashes(env, later("Source file"), below)]
    parts.append(
        _hashes(env, later("Evidence file"), evidence)
        if evidence
        else output.paragraph(say("No evidence files are attached."))
    )
    return _section(say("Sources and evidence"), "audit-sources", parts)


def _attached(env: BuildEnvironment, docnames: set[str]) -> Iterable[str]:
    """Yield the images and downloads of some pages."""
    for collected in (env.images, env.dlfiles):
        for name, (users, _target) in collected.items():
            if docnames & set(users):
                yield str(name)


def _is_below(env: BuildEnvironment, path: Path) -> bool:
    return path.is_file() and path.resolve().is_relative_to(Path(env.srcdir).resolve())


def _hashes(env: BuildEnvironment, title: str, paths: Iterable[Path]) -> nodes.table:
    rows = sorted((_below(env, path), sha256_of(path) if path.is_file() else say("missing")) for path in paths)
    table = _table((title, "SHA-256"), rows, (30, 70))
    table["classes"].append("colwidths-given")  # a hash is no text that could be broken
    return table


def _below(env: BuildEnvironment, path: Path) -> str:
    source = Path(env.srcdir).resolve()
    resolved = path.resolve()
    return resolved.relative_to(source).as_posix() if resolved.is_relative_to(source) else path.name


def _tools(env: BuildEnvironment) -> nodes.section:
    return _section(
        say("Tools"),
        "audit-tools",
        [_table((later("Tool"), later("Version")), list(tool_versions().items()), (30, 70))],
    )


def _table(titles: tuple[str, str], rows: Sequence[tuple[str, str]], widths: tuple[int, int]) -> nodes.table:
    cells = [output.TableRow([[nodes.Text(name)], [nodes.Text(text)]]) for name, text in rows]
    return output.table(titles, cells, ["pm-audit"], widths)


def _section(title: str, name: str, parts: Sequence[nodes.Node]) -> nodes.section:
    return nodes.section("", nodes.title("", title), *parts, ids=[nodes.make_id(name)])
