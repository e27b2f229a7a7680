"""``python -m tools.extension_matrix [NAMES...]``: tries extensions and writes ``docs/reference/extensions.*``.

Each extension is tried on a small site by ``sphinx-build``: the full edition first, which leaves what it generates in
the sources, then a filtered edition. What that writes is searched for hidden words, compared byte by byte with the
edition of a site whose hidden texts are longer and were changed later, and audited. Run it in an environment that has
the extensions; one that is missing is left out, and said.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import json
import multiprocessing
import os
import re
import shutil
import signal
import sys
import tempfile
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path

from tools.extension_matrix.page import write_page
from tools.extension_matrix.site import write_site
from tools.extension_matrix.specs import Spec, read_specs

SECRET = re.compile(rb"zqsecret|oldhidden")
MINUTES = 4
WORKERS = 3
DATA = Path("docs/reference/extensions.json")


@dataclass(frozen=True)
class Outcome:
    """What became of one build: the error's sentence if it failed, and whether we have refused it."""

    error: str = ""
    refused: bool = False


@dataclass(frozen=True)
class Result:
    """One line of the table. ``verdict``: works, setting, refused, leaks, alarm, or fails (in any edition)."""

    name: str
    module: str
    version: str
    verdict: str
    note: str = ""
    setting: str = ""


def build(source: Path, output: Path, edition: str, builder: str) -> Outcome:
    """Build in a process of its own, which has loaded Sphinx already."""
    outcome = _in_process(_build, source, output, edition, builder)
    return outcome if isinstance(outcome, Outcome) else Outcome(str(outcome))


def _in_process(function: Callable[..., object], *arguments: object) -> object:
    """Return a function's result from a process of its own, or a sentence where it gives none."""
    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_answer, args=(there, function, arguments))
    process.start()
    there.close()
    try:
        result = here.recv() if here.poll(MINUTES * 60) else f"it took more than {MINUTES} minutes"
    except EOFError:
        result = "the process died"
    process.kill()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # with processes of its own, which would keep our pipes open
    process.join()
    return result


def _answer(answer: Connection, function: Callable[..., object], arguments: tuple[object, ...]) -> None:
    os.setsid()
    answer.send(function(*arguments))
    os._exit(0)  # no clean-up of what the parent has loaded


def _build(source: Path, output: Path, edition: str, builder: str) -> Outcome:
    from sphinx.application import Sphinx
    from sphinx.errors import ExtensionError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    doctrees = output.with_name(f"{output.name}-doctrees")
    chosen = {"postmortem_audience": edition}
    try:
        with patch_docutils(source), docutils_namespace():
            Sphinx(source, source, output, doctrees, builder, chosen, status=None, warning=StringIO()).build()
    except Exception as error:  # whatever an extension raises is its result
        refused = isinstance(error, ExtensionError) and "Nothing was" in str(error)
        return Outcome(str(error) or type(error).__name__, refused)
    return Outcome()


def _audit(source: Path, output: Path) -> str:
    """Return the first that the audit finds in an output; an empty text where it finds nothing."""
    from sphinx_postmortem.cli.audit import audit_folder
    from sphinx_postmortem.cli.site import make_site
    from sphinx_postmortem.sphinx_ext.describe import describe

    leaks = audit_folder(make_site(source, describe(source)), output, "leadership")
    return str(leaks[0]) if leaks else ""


def words_in(output: Path) -> list[str]:
    """Return the files of an output that hold a hidden word, in their names or bytes."""
    return [str(path.relative_to(output)) for path in sorted(output.rglob("*")) if SECRET.search(_bytes(path, output))]


def _bytes(path: Path, output: Path) -> bytes:
    name = str(path.relative_to(output)).encode()
    data = path.read_bytes() if path.is_file() else b""
    if data.startswith(b"# Sphinx inventory"):
        data += zlib.decompress(data[data.find(b"zlib.\n") + 6 :])
    return (name + b"\n" + data).lower()


def visible_words(spec: Spec) -> set[str]:
    """Return the words of the site that every edition must show."""
    return {"zqopenindex", "zqopenblock", "zqopenrows", *re.findall(r"zqopen\w+", spec.own)}


def is_in(output: Path, word: str) -> bool:
    """Say whether a file of an output has a word."""
    return any(word.encode() in _bytes(path, output) for path in output.rglob("*"))


def differing(one: Path, other: Path, noise: str) -> list[str]:
    """Return the files that differ between two outputs, apart from what ``noise`` matches in names and contents."""
    names = {str(path.relative_to(folder)) for folder in (one, other) for path in folder.rglob("*") if path.is_file()}
    names = {name for name in names if not (noise and re.search(noise, name))}
    return [name for name in sorted(names) if _content(one / name, noise) != _content(other / name, noise)]


def _content(path: Path, noise: str) -> bytes | None:
    data = path.read_bytes() if path.is_file() else None
    return re.sub(noise.encode(), b"", data) if noise and data else data


def try_extension(spec: Spec, work: Path, *, cured: bool = False) -> tuple[str, str]:
    """Return the verdict on an extension and the sentence that belongs to it."""
    # The same paths for both sites: extensions may write them into what they publish.
    source, built = work / "source", work / "built"
    outputs = [work / "first", work / "second"]
    for output, lines in zip(outputs, (0, 7), strict=True):
        shutil.rmtree(source, ignore_errors=True)
        shutil.rmtree(output, ignore_errors=True)
        write_site(source, spec, cured=cured, lines=lines)
        if lines and not cured:  # it leaves among the sources what the extension generates from hidden text
            full = build(source, work / "full", "internal", spec.builder)
            if full.error:
                return "fails", _sentence(full.error, source)
        outcome = build(source, built, "leadership", spec.builder)
        if built.exists():
            built.rename(output)
        if outcome.error:
            return ("refused" if outcome.refused else "fails"), _sentence(outcome.error, source)
        if found := words_in(output):
            return "leaks", f"hidden words in {', '.join(found[:3])}"
    if spec.builder == "html" and (lost := [word for word in visible_words(spec) if not is_in(outputs[0], word)]):
        return "fails", f"visible text is lost: {', '.join(lost)}"
    if different := differing(*outputs, spec.noise):
        return "leaks", f"differs with hidden text: {', '.join(different[:3])}"
    found = _in_process(_audit, source, outputs[1])
    return ("alarm", f"the audit says: {_sentence(str(found), source)}") if found else ("works", "")


def _sentence(error: str, source: Path) -> str:
    return re.sub(r"\s+", " ", error.replace(f"{source}/", "").replace(str(source.parent), "")).strip()[:600]


def try_with_cure(spec: Spec, work: Path) -> Result:
    """Try an extension as it is, and with its setting if it is refused."""
    version = importlib.metadata.version(spec.package or "sphinx")
    verdict, note = try_extension(spec, work)
    setting = ""
    if verdict == "refused" and spec.cure:
        cured, other = try_extension(spec, work, cured=True)
        verdict, note, setting = ("setting", note, spec.cure.strip()) if cured == "works" else (cured, other, "")
    return Result(spec.name, spec.module, version, verdict, note, setting)


def try_in_folder(spec: Spec) -> Result | None:
    """Try an extension in a temporary folder; None if it is not installed."""
    try:
        importlib.metadata.version(spec.package or "sphinx")
    except importlib.metadata.PackageNotFoundError:
        print(f"{spec.name}: not installed", flush=True)
        return None
    with tempfile.TemporaryDirectory() as folder:
        result = try_with_cure(spec, Path(folder).resolve())
    print(f"{spec.name}: {result.verdict} {result.note}", flush=True)
    return result


def _chosen(arguments: Sequence[str]) -> list[Spec]:
    """Return the extensions that are named, or all."""
    specs = read_specs()
    parser = argparse.ArgumentParser(prog="python -m tools.extension_matrix", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("names", nargs="*", metavar="NAME", help="try these alone, and keep what is known of others")
    names = parser.parse_args(arguments).names
    if unknown := sorted(set(names) - {spec.name for spec in specs}):
        parser.error(f"{', '.join(unknown)}: no such name in tools/extension_matrix/extensions.toml")
    return [spec for spec in specs if not names or spec.name in names]


def main(arguments: Sequence[str]) -> int:
    """Try the named extensions, or all, and write the page; return 1 if one leaks."""
    chosen = _chosen(arguments)
    os.environ["SOURCE_DATE_EPOCH"] = "1764547200"
    programs = Path(sys.executable).parent  # some extensions look for a program that comes with them
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
    import sphinx_postmortem.sphinx_ext.extension  # noqa: F401 - loaded once, before processes are forked

    results: dict[str, dict[str, str]] = json.loads(DATA.read_text("utf-8")) if arguments and DATA.exists() else {}
    with ThreadPoolExecutor(WORKERS) as pool:
        for result in filter(None, pool.map(try_in_folder, chosen)):
            results[result.name] = asdict(result)
    DATA.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    write_page(DATA.with_suffix(".md"), results)
    return int(any(result["verdict"] in ("leaks", "alarm") for result in results.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
