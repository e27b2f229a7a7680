"""Stops builds at every step, fills the disk, and builds side by side; says what was published after each.

    python -m tools.fault_table [--kills 100] [--formats html,pdf] [--signals SIGKILL] [--faults stops,kills]

Two editions are built side by side. After each fault both published editions must verify: each is the one before, or
the new one. Then a build without a fault must succeed. The result is a Markdown table; the exit code is 1 where an
edition was not whole.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

EDITIONS = ("internal", "public")
EVENTS = ("config-inited", "builder-inited", "env-updated", "write-started", "build-finished")
STEPS = ("put_back", "empty_unfinished", "look_at", "write_manifest", "audit_with_reference", "replace_edition")
MOVES = ("exchange",)
FAULTS = ("stops", "disks", "together", "commands", "parts", "kills")
DISKS = (0, 500, 5_000, 20_000, 60_000, 150_000, 400_000)  # the largest file that can be written, in bytes

CONF = """
project = "Faults"
extensions = ["sphinx_postmortem"]
html_theme = "alabaster"
postmortem_audiences = ["internal", "public"]
import os, signal
def setup(app):
    asked = os.environ.get("FAULT_EVENT", " ").split(" ")
    def end(app, *_):
        if app.builder is None or asked[1] in ("", app.builder.name):
            os.kill(int(os.environ["FAULT_PARENT"]), int(asked[2]))
    if asked[0]:
        app.connect(asked[0], end)
"""
PAGE = """# SEC-{n}: Token {n}

:::{{incident-summary}} SEC-{n}
:date: 2026-03-02
:severity: SEV-2
:status: closed
:tlp: CLEAR

The token {n} was stolen.
:::

:::{{timeline}}
| Time (UTC) | Event | Audience |
|---|---|---|
| 2026-03-02 01:14 | Alert detected | |
| 2026-03-02 01:31 | Hidden words {n} | internal |

:::
"""
SLACK = '[{"type": "message", "user": "U1", "ts": "1772414040.000100", "text": "Token revoked."}]'
# Runs the command line, and ends it before or after a step: the name of a function, `before` or `after`, a signal.
PROGRAM = """
import os, resource, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets programs in the background ignore it
if limit := int(os.environ.get("FAULT_LIMIT", "-1")) + 1:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit - 1, limit - 1))
os.environ["FAULT_PARENT"] = str(os.getpid())
from sphinx_postmortem.cli import build, edition_folder, main
step = os.environ.get("FAULT_STEP", "")
if step:
    name, when, number = step.split(" ")
    owner = edition_folder if name == "exchange" else build
    original = getattr(owner, name)
    def ending(*arguments, **more):
        if when == "before": os.kill(os.getpid(), int(number))
        made = original(*arguments, **more)
        if when == "after": os.kill(os.getpid(), int(number))
        return made
    setattr(owner, name, ending)
main.main()
"""


class Faults:
    """One site and one output folder, and what happened to it."""

    def __init__(self, work: Path, formats: str) -> None:
        self.source, self.output, self.formats = work / "source", work / "out", formats
        self.rows: list[tuple[str, str, str]] = []
        self.bad = 0
        (self.source / "pages").mkdir(parents=True)
        (self.source / "conf.py").write_text(CONF)
        (self.source / "index.md").write_text("# Site\n\n```{toctree}\n:glob:\n\npages/*\n```\n")
        for number in range(6):
            (self.source / f"pages/sec-{number}.md").write_text(PAGE.format(n=number))

    def start(self, *command: str, **fault: str) -> subprocess.Popen[str]:
        """Start a command with a fault: a build of all, unless another is given."""
        command = command or self.command("build", "--format", self.formats, "-j", "2")
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *command],
            env={**os.environ, **fault},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def command(self, name: str, *more: str) -> tuple[str, ...]:
        """Return the words of a command that reads the site and writes into the output folder."""
        return (name, str(self.source), str(self.output), *more)

    def edit(self) -> None:
        """Change a page, so that the next build publishes another edition."""
        (self.source / "pages/sec-0.md").write_text(PAGE.format(n=0) + f"\nAt {time.time_ns()}.\n")

    def judge(self, fault: str, said: str, code: int | str, *, rebuild: bool = True) -> None:
        """Note what is published, and whether a build without a fault succeeds afterwards."""
        before = self.state()
        after = "not tried"
        if rebuild:
            process = self.start()
            error = process.communicate()[1]
            after = "builds" if process.returncode == 0 else f"FAILS: {error[-300:]}"
            after += "" if self.state() == "whole" else f", {self.state()}"
        if before != "whole" or after not in ("builds", "not tried"):
            self.bad += 1
            print(said[-1500:], file=sys.stderr)
        self.rows.append((fault, f"exit {code}", f"{before}; afterwards {after}"))
        print("|", " | ".join(self.rows[-1]), "|", flush=True)

    def state(self) -> str:
        """Return `whole` where each published edition is what its manifest states."""
        for edition in EDITIONS:
            command = [sys.executable, "-m", "sphinx_postmortem.cli", "verify", str(self.output / edition)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                return f"{edition} NOT WHOLE ({done.stderr.strip()[-200:]})"
        return "whole"

    def stop(self, what: str, number: signal.Signals, **fault: str) -> None:
        """Build with a stop at one place, and judge."""
        self.edit()
        process = self.start(**fault)
        said = process.communicate()[1]
        self.judge(f"{number.name} {what}", said, process.returncode)


def stops(faults: Faults, signals: list[signal.Signals]) -> None:
    """Stop the command at each of its own steps, and at each step of Sphinx in each format."""
    for number in signals:
        for name in STEPS:
            faults.stop(f"before {name}", number, FAULT_STEP=f"{name} before {int(number)}")
        for name in MOVES:
            for when in ("before", "after"):
                faults.stop(f"{when} {name}", number, FAULT_STEP=f"{name} {when} {int(number)}")
        for name in faults.formats.split(","):
            for event in EVENTS[1:]:
                faults.stop(f"at {event} of {name}", number, FAULT_EVENT=f"{event} {name} {int(number)}")


def full_disks(faults: Faults) -> None:
    """Let no file grow beyond a limit, so that writing fails in another step each time."""
    for what, command in (("build", ()), ("merge", faults.command("merge", "-j", "2"))):
        for size in DISKS:
            faults.edit()
            if what == "merge":
                read_parts(faults)
            process = faults.start(*command, FAULT_LIMIT=str(size))
            said = process.communicate()[1]
            faults.judge(f"{what}: no file over {size} bytes", said, process.returncode)


def side_by_side(faults: Faults) -> None:
    """Start several builds or merges at once: each waits for those before it, and all succeed."""
    for what, number, command in (("builds", 2, ()), ("builds", 5, ()), ("merges", 3, faults.command("merge"))):
        faults.edit()
        if what == "merges":
            read_parts(faults)
        processes = [faults.start(*command) for _ in range(number)]
        said = [process.communicate()[1] for process in processes]
        codes = ", ".join(str(process.returncode) for process in processes)
        faults.judge(f"{number} {what} at once", "\n".join(said), codes)


def commands_at_once(faults: Faults) -> None:
    """Start all commands that write into one OUT or change the sources: none breaks, and editions are whole."""
    slack = faults.source.parent / "slack.json"
    slack.write_text(SLACK)
    page = str(faults.source / "pages/sec-1.md")
    started = {
        "build": faults.start(),
        "build of one edition": faults.start(*faults.command("build", "--edition", "public", "--format", "html")),
        "build of the other": faults.start(*faults.command("build", "--edition", "internal", "--format", "html")),
        "export": faults.start(*faults.command("export")),
        "merge": faults.start(*faults.command("merge")),
        "a part": faults.start(*faults.command("build", "--shard", "1/2")),
        "check --fix": faults.start("check", "--fix", str(faults.source)),
        "import --into": faults.start(
            "import",
            str(slack),
            "--from",
            "slack",
            "--site",
            str(faults.source),
            "--into",
            page,
            "--zone",
            "UTC",
            "--everything",
        ),
        "approve": faults.start("approve", str(faults.source), "--edition", "public"),
        "serve": faults.start("serve", str(faults.source), "--port", "8907"),
    }
    said = {name: process.communicate()[1] for name, process in started.items() if name != "serve"}
    started["serve"].terminate()
    said["serve"] = started["serve"].communicate()[1]
    codes = ", ".join(f"{name} {process.returncode}" for name, process in started.items())
    told = "\n".join(said.values())
    broken = [name for name, text in said.items() if "Traceback" in text or "defect of" in text or "threw an" in text]
    faults.bad += len(broken)
    faults.judge(f"commands at once{f' ({broken} BREAK)' if broken else ''}", told, codes)


def killed_parts(faults: Faults, number: int) -> None:
    """Kill what reads and joins parts at random moments; the parts are read and joined afterwards."""
    choose = random.Random(17)
    works = {
        "build --shard": [faults.command("build", "--shard", "1/2")],
        "merge": [faults.command("merge", "-j", "2")],
        "build --cluster": [faults.command("build", "--cluster", "2")],
    }
    for name, (command,) in works.items():
        for signal_number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
            for _ in range(number):
                faults.edit()
                if name == "merge":
                    read_parts(faults)
                process = faults.start(*command)
                try:
                    process.communicate(timeout=choose.uniform(0.5, 8))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal_number)
                    process.communicate()
                if (state := faults.state()) != "whole":
                    faults.bad += 1
                    print(name, signal_number, state, flush=True)
            said = read_parts(faults)
            joined = faults.start(*faults.command("merge"))
            said += joined.communicate()[1]
            faults.judge(
                f"{number} times {signal_number.name} of {name}; then parts and merge", said, joined.returncode
            )


def read_parts(faults: Faults) -> str:
    """Read both parts anew; return what was said."""
    return "".join(faults.start(*faults.command("build", "--shard", part)).communicate()[1] for part in ("1/2", "2/2"))


def random_kills(faults: Faults, number: int) -> None:
    """Kill builds at random moments; count what was published after each."""
    choose = random.Random(16)
    began = time.monotonic()
    faults.start().communicate()
    longest = time.monotonic() - began
    states: Counter[str] = Counter()
    for _ in range(number):
        faults.edit()
        process = faults.start()
        try:
            process.communicate(timeout=choose.uniform(0, longest))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        states[faults.state()] += 1
    faults.judge(f"{number} random kills: {dict(states)}", "", "killed")
    faults.bad += sum(count for state, count in states.items() if state != "whole")


def working_folder() -> Iterator[Path]:
    """Give a folder, and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="postmortem-faults-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def main() -> int:
    """Try all faults; return 1 where an edition was not whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100, help="number of random kills (default 100)")
    parser.add_argument("--formats", default="html,pdf", help="formats to build (default html,pdf)")
    parser.add_argument("--signals", default="SIGTERM,SIGINT,SIGHUP,SIGKILL", help="signals at each step (default all)")
    parser.add_argument("--faults", default=",".join(FAULTS), help="which faults (default all)")
    options = parser.parse_args()
    chosen = options.faults.split(",")
    for folder in working_folder():
        faults = Faults(folder, options.formats)
        faults.start().communicate()
        print("| Fault | Command | Published edition |\n|---|---|---|", flush=True)
        if "stops" in chosen:
            stops(faults, [signal.Signals[name] for name in options.signals.split(",")])
        if "disks" in chosen:
            full_disks(faults)
        if "together" in chosen:
            side_by_side(faults)
        if "commands" in chosen:
            commands_at_once(faults)
        if "parts" in chosen:
            killed_parts(faults, max(1, options.kills // 25))
        if "kills" in chosen:
            random_kills(faults, options.kills)
        return 1 if faults.bad else 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
