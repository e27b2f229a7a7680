"""The executive-safe scan: technical detail in the summary, the impacts and the leadership parts.

Source: template sections 3 ("Executive-Safe") and 11 ("Exclude sensitive technical detail").
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from sphinx_postmortem.core.audience.audiences import Edition, UnknownAudienceError
from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.directives import SUMMARY_TEXTS
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import english_heading
from sphinx_postmortem.core.reader import Directive, Line, Prose
from sphinx_postmortem.core.settings import Settings

_SOURCE = "template sections 3 and 11"
_MEND = "take it out, or move it into an internal block"
_DIGIT = expression(r"\d")
_TWELVE_DIGITS = expression(r"\d{12}")
_DOT_WITHIN = expression(r"\.[A-Za-z]")  # as in the names of hosts and files, and not at the end of a sentence
_TOKEN = expression(r"[A-Za-z0-9_][A-Za-z0-9_.:/\\@-]*")
_TLDS = frozenset(
    [
        "com",
        "net",
        "org",
        "io",
        "dev",
        "app",
        "cloud",
        "internal",
        "local",
        "corp",
        "lan",
        "intranet",
        "edu",
        "gov",
        "mil",
    ]
    + [
        "uk",
        "de",
        "fr",
        "nl",
        "eu",
        "ch",
        "at",
        "us",
        "ca",
        "au",
        "jp",
        "in",
        "br",
        "ru",
        "cn",
        "info",
        "biz",
        "xyz",
        "ai",
    ]
    + ["example", "test", "home", "svc", "arpa", "co"]
)
_HOST_WORDS = frozenset(
    ["srv", "host", "web", "db", "app", "node", "vm", "ip", "dc", "worker", "bastion", "vpn", "fw", "gw", "mx", "mail"]
    + [
        "ldap",
        "sql",
        "cache",
        "proxy",
        "lb",
        "ns",
        "dns",
        "build",
        "runner",
        "jump",
        "esx",
        "k8s",
        "server",
        "prod",
        "api",
    ]
)
_FILES = expression(
    r".\.(?:ya?ml|json|conf|cfg|ini|py|sh|ps1|bat|exe|dll|jar|log|sql|env|tf|so|toml|pem|key|php|rb|js|ts|xml|class|properties|war)$",
    re.IGNORECASE,
)
_PATH = expression(
    r"(?<![\w/:.])(?:~|\.{1,2})?/[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+|\b[A-Za-z]:\\[\w.\\-]+|\\\\\w[\w.-]*\\\w+"
)
_HASH = expression(
    r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{128}|[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9A-Za-z])|"
    r"(?<![0-9A-Za-z:])(?:[0-9a-fA-F]{2}:){15,63}[0-9a-fA-F]{2}(?![0-9A-Za-z:])"
)
# Addresses are often written so that no program makes a link of them.
_DEFANGED = (
    (expression(r"[\[({]\.[\])}]|\[dot\]", re.IGNORECASE), ".", ("[.", "(.", "{.", "[dot]")),
    (expression(r"\bhxxp", re.IGNORECASE), "http", ("hxxp",)),
)
# The last part is a word: `name@1.2.3` is a version of a package.
_EMAIL = expression(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,7}\.[A-Za-z]{2,24}(?![\w.-]*\d)")
_CVE = expression(r"\bCVE-\d{4}-\d{4,7}\b", re.IGNORECASE)
_ACCOUNT = expression(
    r"\barn:aws[\w-]*:[\w:/*.-]+|\b(?:i|sg|vpc|subnet|ami|vol|eni|snap|igw|rtb)-[0-9a-f]{8,17}\b|(?<![\w.-])\d{12}(?![\w.-])|"
    r"\b(?:s3|gs|abfss?|wasbs?)://[\w./-]+|\bprojects/[a-z][a-z0-9-]{5,29}\b|\b(?:svc|sa|adm)[-_][A-Za-z0-9_-]{2,}\b|"
    r"\b[A-Z][A-Z0-9-]{1,14}\\[A-Za-z][\w.-]+|\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
)
_LINK = expression(r"(?<=\])(?:\(|: *)<?(?P<target>https?://[^\s()<>]{1,2000})>?\)?")
# The target of a link or picture within the site: readers see its text, and where it leads to is built.
_SITE_LINK = expression(r"(?<=\]\()(?!\w{1,10}:|//|\\\\|~)[^\s()<>]{1,1000}(?=[\s)])")
_SITE_FILE = expression(r"\.(?:md|rst|html?|png|svg|jpe?g|gif|webp)(?:#|$)", re.IGNORECASE)
_URL = expression(r"https?://(?P<host>[A-Za-z0-9.-]{1,200})(?:/[^\s()<>]{0,2000})?")
_INTERNAL = frozenset(["internal", "local", "corp", "lan", "intranet", "home", "svc", "arpa", "private"])
# Where the public looks things up: their names tell nothing of one's own systems.
PUBLIC_REFERENCES = frozenset(
    ["github.com", "gitlab.com", "raw.githubusercontent.com", "cve.org", "www.cve.org", "cve.mitre.org"]
    + ["attack.mitre.org", "nvd.nist.gov", "osv.dev", "snyk.io", "security.snyk.io", "www.cisa.gov", "owasp.org"]
    + ["www.first.org", "datatracker.ietf.org", "www.rfc-editor.org", "en.wikipedia.org"]
)
_DOTS_OF_ADDRESS = 3
_COLONS_OF_ADDRESS = 2
_VERSION_BEFORE = expression(r"(?:\b(?:version|release|v|section|clause|chapter)|§)\.?\s*$", re.IGNORECASE)

Finder = Callable[[str], Iterator[tuple[str, int]]]


def executive_lines(page: CheckedPage) -> Iterator[tuple[Line, bool]]:
    """Yield the lines that leadership reads, and whether the public edition shows them too."""
    of_page = [mark for mark in (page.marking.name, *page.folder_audiences) if mark]
    if page.marking.broken or not _is_for_leadership(page, of_page):
        return
    for directive in page.source.named("incident-summary"):
        marks = [*of_page, *page.marks(directive)]
        for name in SUMMARY_TEXTS if _is_for_leadership(page, marks) else ():
            if name in directive.options:
                yield directive.options[name], _is_for_the_public(page, marks)
    seen: set[Line] = set()
    judged: dict[tuple[Directive | None, str], tuple[bool, bool]] = {}
    for prose in page.source.prose:
        place = prose.directive, prose.section
        if place not in judged:
            judged[place] = _judge(page, prose, of_page)
        is_read, is_public = judged[place]
        line = Line(prose.number, prose.text, prose.file) if is_read else None
        if line is not None and line not in seen:
            seen.add(line)
            yield line, is_public


def _judge(page: CheckedPage, prose: Prose, of_page: Sequence[str]) -> tuple[bool, bool]:
    """Say whether leadership reads what stands where a line stands, and whether the public edition shows it too."""
    own = page.marks(prose.directive)
    if not _is_for_leadership(page, own):
        return False, False
    blocks = (*prose.directive.within, prose.directive) if prose.directive else ()
    section = english_heading(prose.section).casefold()
    in_part = bool(own) or any(block.name == "incident-summary" for block in blocks)
    is_read = in_part or "leadership" in section or "executive" in section
    return is_read, is_read and _is_for_the_public(page, [*of_page, *own])


def _is_for_leadership(page: CheckedPage, marks: Iterable[str]) -> bool:
    """Say whether an edition below the first may show what has these marks."""
    audiences = page.settings.audiences
    try:
        return all(audiences.named(mark) != audiences.internal for mark in marks)
    except UnknownAudienceError:
        return False


def _is_for_the_public(page: CheckedPage, marks: Iterable[str]) -> bool:
    """Say whether the last edition shows what has these marks."""
    audiences = page.settings.audiences
    public = Edition(audiences, audiences.names[-1])
    return all(public.shows_known(mark) for mark in marks)


@lru_cache(maxsize=1)
def _scanned_lines(page: CheckedPage) -> tuple[tuple[Line, bool, bool], ...]:
    """Return the lines that leadership reads, ready to be scanned, with whether each is public and is changed.

    All rules of the scan read the same page one after the other.
    """
    lines: list[tuple[Line, bool, bool]] = []
    for line, is_public in executive_lines(page):
        bare = _without_public_links(line.text)
        folded = bare.lower()
        for pattern, plain, marks in _DEFANGED:
            if any(mark in folded for mark in marks):
                bare = pattern.sub(plain, bare)
        lines.append((line.with_text(bare), is_public, len(bare) != len(line.text)))
    return tuple(lines)


def _scan(page: CheckedPage, settings: Settings, find: Finder, what: str, *, public: bool = False) -> Iterator[Hit]:
    safe = {*PUBLIC_REFERENCES, *(term.casefold() for term in settings.safe_terms)}
    for line, is_public, is_changed in _scanned_lines(page):
        if public and not is_public:
            continue
        for found, column in find(line.text):
            if found.casefold() not in safe:
                place = 0 if is_changed else column
                yield Hit(line.number, f"{what} {found} in text that leadership reads; {_MEND}", place, line.file)


def _without_public_links(text: str) -> str:
    """Blank the targets of links into the public web, which readers do not see; internal ones stay to be found."""

    def blank(match: re.Match[str]) -> str:
        host = re.sub(r"^\w{0,10}://|[/:?#].*$", "", match["target"])
        is_internal = "." not in host or host.rpartition(".")[2].casefold() in _INTERNAL or host[-1:].isdigit()
        return match[0] if is_internal else " " * len(match[0])

    def blank_page(match: re.Match[str]) -> str:
        first = match[0].partition("/")[0].strip(".")
        return match[0] if "." in first and not _SITE_FILE.search(match[0]) else " " * len(match[0])

    def blank_reference(match: re.Match[str]) -> str:
        return " " * len(match[0]) if match["host"].casefold() in PUBLIC_REFERENCES else match[0]

    if "](" in text:
        text = _SITE_LINK.sub(blank_page, text)
    return _URL.sub(blank_reference, _LINK.sub(blank, text)) if "http" in text else text


def _found_by(pattern: re.Pattern[str], text: str, marks: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield what a pattern finds in a text, with its columns; each match holds one of the marks, most texts none."""
    if any(mark in text for mark in marks):
        for match in pattern.finditer(text):
            yield match[0], match.start() + 1


def _addresses(text: str) -> Iterator[tuple[str, int]]:
    if text.count(".") < _DOTS_OF_ADDRESS and text.count(":") < _COLONS_OF_ADDRESS:
        return
    for match in _TOKEN.finditer(text):
        if match[0].count(".") < _DOTS_OF_ADDRESS and match[0].count(":") < _COLONS_OF_ADDRESS:
            continue  # most words
        token = re.sub(r"^[A-Za-z]{2,8}:/+", "", match[0]).rstrip(".:-/").partition("/")[0]
        if token.count(".") == 4 and ":" in token:
            token = token.partition(":")[0]
        bare = token.partition(":")[0] if token.count(":") == 1 else token
        is_none = bare.count(".") != _DOTS_OF_ADDRESS and bare.count(":") < _COLONS_OF_ADDRESS
        if is_none or len(bare) < 6:
            continue
        try:
            ipaddress.ip_address(bare)
        except ValueError:
            continue
        if not _VERSION_BEFORE.search(text[max(0, match.start() - 12) : match.start()]):
            yield bare, match.start() + 1


def _internal_hosts(text: str) -> Iterator[tuple[str, int]]:
    for host, column in _hosts(text):
        if "." not in host or host.rpartition(".")[2].casefold() in _INTERNAL:
            yield host, column


def _public_hosts(text: str) -> Iterator[tuple[str, int]]:
    for host, column in _hosts(text):
        if "." in host and host.rpartition(".")[2].casefold() not in _INTERNAL:
            yield host, column


@lru_cache(maxsize=256)  # two rules read the lines of a page
def _hosts(text: str) -> tuple[tuple[str, int], ...]:
    return tuple(_find_hosts(text))


def _find_hosts(text: str) -> Iterator[tuple[str, int]]:
    for match in _TOKEN.finditer(text) if _DIGIT.search(text) or _DOT_WITHIN.search(text) else ():
        token = match[0].rstrip(".:-/")
        if "@" in token or text[max(0, match.start() - 1) : match.start()] == "@":
            continue
        token = re.sub(r"^[a-z]{2,8}:/+", "", token).partition("/")[0].partition(":")[0]
        labels = token.casefold().split(".")
        is_domain = len(labels) > 1 and labels[-1] in _TLDS and all(labels) and not labels[-2].isdigit()
        parts = labels[0].split("-")
        stem = parts[0].rstrip("0123456789")
        is_short = len(labels) == 1 and token[-1:].isdigit() and stem in _HOST_WORDS and token[0].islower()
        if is_domain or is_short:
            yield token, match.start() + 1


def _hashes(text: str) -> Iterator[tuple[str, int]]:
    for match in _HASH.finditer(text) if _DIGIT.search(text) else ():
        if re.search(r"\d", match[0]) and re.search(r"[A-Fa-f]", match[0]):
            yield match[0], match.start() + 1


def _paths(text: str) -> Iterator[tuple[str, int]]:
    for found, column in _found_by(_PATH, text, "/\\"):
        if not re.match(r"/[ru]/\w", found):  # a community of readers, and no folder
            yield found, column
    for match in _TOKEN.finditer(text) if _DOT_WITHIN.search(text) else ():
        token = match[0].rstrip(".:-/")
        # A first part with a dot is a host; what begins with a slash was found above.
        is_address = ":" in token or "@" in token or "." in token.partition("/")[0] * ("/" in token)
        is_after_slash = text[max(0, match.start() - 1) : match.start()] in ("/", "\\")
        if _FILES.search(token[-40:]) and not is_address and not is_after_slash and token.casefold() != "node.js":
            yield token, match.start() + 1


def _accounts(text: str) -> Iterator[tuple[str, int]]:
    if _TWELVE_DIGITS.search(text):
        yield from _found_by(_ACCOUNT, text, ("",))
    else:
        yield from _found_by(_ACCOUNT, text, "-_:/\\")


def _example(text: str) -> str:
    return f":::{{incident-summary}} SEC-1\n:customer-impact: None.\n\n{text}\n:::\n"


_CALM = _example("One server was reached by an outsider; version 1.2.3 mends it.")


@check("executive-ip", "error", source=_SOURCE, bad=_example("The attacker came from 203.0.113.7."), good=_CALM)
def executive_ip(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No IP addresses in the summary, the impacts and the leadership parts."""
    yield from _scan(page, settings, _addresses, "the IP address")


@check(
    "executive-machine",
    "error",
    source=_SOURCE,
    bad=_example("Traffic went to ci-07.corp.internal, and db-02 was copied."),
    good=_CALM,
)
def executive_machine(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No names of one's own machines there: hosts in domains such as `.internal` and `.corp`, and `db-02`."""
    yield from _scan(page, settings, _internal_hosts, "the machine name")


@check(
    "executive-host",
    "off",
    source=_SOURCE,
    bad=_example("Traffic went to ci.corp.example.com."),
    good=_CALM,
    settings={"checks": {"executive-host": "error"}},
)
def executive_host(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No public host and domain names there; names that may stand are in `postmortem_safe_terms`.

    Off until the site turns it on: without its own public names in that setting it is wrong too often.
    Targets of links into the public web, and sites where the public looks things up, such as nvd.nist.gov, may stand.
    """
    yield from _scan(page, settings, _public_hosts, "the host name")


@check("executive-hash", "error", source=_SOURCE, bad=_example("MD5 d41d8cd98f00b204e9800998ecf8427e."), good=_CALM)
def executive_hash(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No hashes there (MD5, SHA-1, SHA-256, SHA-512)."""
    yield from _scan(page, settings, _hashes, "the hash")


@check("executive-path", "error", source=_SOURCE, bad=_example("A file /etc/cron.d/x was added."), good=_CALM)
def executive_path(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No file paths and names of files there."""
    yield from _scan(page, settings, _paths, "the path")


@check("executive-cve", "error", source=_SOURCE, bad=_example("CVE-2026-12345 was used."), good=_CALM)
def executive_cve(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No CVE ids there, in what the public edition shows."""
    yield from _scan(page, settings, lambda text: _found_by(_CVE, text, "-"), "the CVE id", public=True)


@check("executive-email", "error", source=_SOURCE, bad=_example("Write to jane@example.com."), good=_CALM)
def executive_email(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No e-mail addresses there."""
    yield from _scan(page, settings, lambda text: _found_by(_EMAIL, text, "@"), "the e-mail address")


@check(
    "executive-account",
    "error",
    source=_SOURCE,
    bad=_example("Account 123456789012 and instance i-0abc1234def567890."),
    good=_CALM,
)
def executive_account(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No names of accounts and cloud resources there: ARNs, instance and account ids, buckets, service accounts."""
    yield from _scan(page, settings, _accounts, "the resource")
