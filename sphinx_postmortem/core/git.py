"""The history of a file in Git, from the program ``git``. What Git cannot tell is said, never guessed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.exports.publication import printable
from sphinx_postmortem.core.language.texts import Message

_FIELDS = 5
_FORMAT = "%x00".join(("%H", "%h", "%at", "%an", "%s"))  # no commit can hold a NUL
# The repository's own programs are not run: it may be anybody's.
_SAFELY = (
    *("--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"),
    *("-c", "core.quotePath=false", "-c", "log.showSignature=false"),
)
# What is changed within a submodule is not asked for: git would run the filters that the submodule defines.
_STATUS = ("status", "--porcelain", "--ignore-submodules=dirty")
_NO_FILTER = (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false"))
_LOCATION_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


@dataclass(frozen=True)
class Revision:
    """One commit that changed a file: full and short hash, day of authorship (UTC, ``YYYY-MM-DD``), author, subject."""

    commit: str
    short: str
    day: str
    author: str
    subject: str


@dataclass(frozen=True)
class History:
    """The revisions of a file, the latest first. ``gap`` says in a sentence why they are not all, or empty."""

    revisions: tuple[Revision, ...] = ()
    gap: Message | str = ""
    uncommitted: bool = field(default=False)


@dataclass(frozen=True)
class SourceState:
    """The commit of a working copy, and whether it has changes that are not in it. ``gap`` says why it is unknown."""

    commit: str = ""
    changed: bool = False
    gap: Message | str = ""


class _GitError(Exception):
    """The program ``git`` is missing or refused; the reason is a sentence for readers."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def history_of(path: Path) -> History:
    """Return the history of a file, following renames."""
    try:
        _check_repository(path.parent)
        status = _git(path.parent, *_STATUS, "--ignored", "--", path.name)
        if status.startswith(("??", "!!", "A ", "AM")):
            return History(gap=Message("{file} has not been committed to Git yet.", file=path.name), uncommitted=True)
        plain = ("-z", "--no-ext-diff", "--no-textconv")
        text = _git(path.parent, "log", "--follow", *plain, f"--format={_FORMAT}", "--", path.name)
    except _GitError as error:
        return History(gap=error.reason)
    parts = text.removesuffix("\0").split("\0")
    records = [parts[start : start + _FIELDS] for start in range(0, len(parts) - _FIELDS + 1, _FIELDS)]
    revisions = tuple(map(_revision, records))
    if not revisions:
        return History(gap=Message("{file} has not been committed to Git yet.", file=path.name), uncommitted=True)
    return History(revisions, uncommitted=bool(status.strip()))


def source_state(folder: Path) -> SourceState:
    """Return the commit that is checked out in ``folder``, and whether files below it have been changed since."""
    try:
        _check_repository(folder, allow_shallow=True)
        commit = _git(folder, "rev-parse", "HEAD").strip()
        return SourceState(commit, bool(_git(folder, *_STATUS, "--", ".").strip()))
    except _GitError as error:
        return SourceState(gap=error.reason)


def head_log(folder: Path) -> Path | None:
    """Return the file that Git changes whenever another commit is checked out, if there is one."""
    try:
        name = _git(folder, "rev-parse", "--git-path", "logs/HEAD").strip()
    except _GitError:
        return None
    path = (folder / name).resolve()
    return path if path.is_file() else None


def _check_repository(folder: Path, *, allow_shallow: bool = False) -> None:
    shallow = _git(folder, "rev-parse", "--is-shallow-repository").strip() == "true"
    if shallow and not allow_shallow:
        reason = Message(
            "The repository is a shallow clone, which holds a part of the history only; "
            "fetch all of it with `git fetch --unshallow` (in CI: fetch depth 0)."
        )
        raise _GitError(reason)
    try:
        _git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    except _GitError:
        raise _GitError(Message("The Git repository has no commits yet.")) from None


def run_git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder, without the programs that its repository names, and without the network.

    Raises:
        OSError: there is no program ``git``, or no such folder.
    """
    return _run(folder, arguments, _without_filters(folder))


def _run(
    folder: Path, arguments: Sequence[str], more: Mapping[str, str] = MappingProxyType({})
) -> subprocess.CompletedProcess[bytes]:
    # A build that runs in a Git hook inherits variables that would lead git to another repository.
    environment = {name: value for name, value in os.environ.items() if name not in _LOCATION_VARIABLES}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    environment["GIT_ALLOW_PROTOCOL"] = ""  # a partial clone would fetch what it lacks, by a program of its choice
    command = ("git", *_SAFELY, *arguments)
    return subprocess.run(command, cwd=folder, env={**environment, **more}, capture_output=True, check=False)


@cache
def _without_filters(folder: Path) -> Mapping[str, str]:
    """Return variables that switch off the filters which the repository itself defines; those of the user stay.

    To say what has changed, git would run them on files that look changed (gitattributes, "filter").
    """
    done = _run(folder, ("config", "--show-scope", "-z", "--get-regexp", r"^filter\."))
    parts = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    keys = {
        key.partition("\n")[0].rpartition(".")[0]
        for scope, key in zip(parts[::2], parts[1::2], strict=False)
        if scope in ("local", "worktree")
    }
    count = os.environ.get("GIT_CONFIG_COUNT", "")
    given = int(count) if count.isdecimal() else 0
    off = [(f"{key}.{name}", value) for key in sorted(keys) for name, value in _NO_FILTER]
    variables = {"GIT_CONFIG_COUNT": str(given + len(off))} if off else {}
    for number, (key, value) in enumerate(off, given):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = run_git(folder, *arguments)
    except OSError as error:
        reason = Message("The program git could not be run ({reason}); install it.", reason=error.strerror)
        raise _GitError(reason) from error
    if done.returncode:
        raise _GitError(_reason(done.stderr.decode("utf-8", "replace")))
    return done.stdout.decode("utf-8", "replace")


def _reason(stderr: str) -> Message:
    if "not a git repository" in stderr:
        return Message("The source is not in a Git repository.")
    if "dubious ownership" in stderr:
        return Message(
            "Git refuses the repository, which belongs to another user; add it to git's setting safe.directory."
        )
    first = next((line.strip() for line in stderr.splitlines() if line.strip()), "no reason given")
    return Message("Git could not tell the history: {reason}.", reason=first)


def _revision(record: Sequence[str]) -> Revision:
    commit, short, seconds, author, subject = record
    return Revision(commit, short, _day(seconds), printable(author), printable(subject))


def _day(seconds: str) -> str:
    try:
        return datetime.fromtimestamp(int(seconds), tz=UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):  # a commit can state any number
        return ""
