"""Starts the programs of a test from a process that has imported them: importing Sphinx is most of what a program costs.

``warm_start`` puts a launcher in place of ``sys.executable``. The launcher hands ``-m sphinx…`` to a server that imported
everything once and has built nothing; the server forks, and the fork runs the program with the launcher's arguments,
folder, environment and streams. Everything else, and what asks for another interpreter (``PYTHONHASHSEED``, a locale),
runs as ever. Tests of processes themselves (signals, locks, determinism) do without.
"""

from __future__ import annotations

import marshal
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from typing import NamedTuple

# Modules in C alone, and marshal: those of Python's library around them cost three times what starting Python costs.
LAUNCHER = r"""#!{python} -IS
import _socket, array, marshal, os, sys
arguments, given = sys.argv[1:], {environment!r}
def asked(environment):
    prefixes = ("PYTHON", "LC_", "LANG", "TZ")
    return {{k: v for k, v in environment.items() if k.startswith(prefixes) and k != "PYTHONIOENCODING"}}
if arguments[0] != "-m" or not arguments[1].startswith("sphinx") or asked(os.environ) != asked(given):
    os.execv({python!r}, [{python!r}, *arguments])
link = _socket.socket(_socket.AF_UNIX)
link.connect({address!r})
told = marshal.dumps([arguments[1:], os.getcwd(), dict(os.environ)])
streams = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))
link.sendmsg([len(told).to_bytes(8, "big")], [streams])
link.sendall(told)
code = int(link.recv(16) or b"1")
if code < 0:
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


def serve(address: str, launcher: str) -> None:
    """Import everything, then run programs until the standard input is closed."""
    import gc
    import importlib
    import pkgutil
    from pathlib import Path

    import sphinx.application
    import sphinx.cmd.build
    import sphinx.registry
    from quick_builds import quicken  # beside this file

    import sphinx_postmortem

    for name in (*sphinx.application.builtin_extensions, "sphinx.ext.intersphinx", "myst_parser.sphinx_ext.main"):
        importlib.import_module(name)
    for found in pkgutil.walk_packages(sphinx_postmortem.__path__, "sphinx_postmortem."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    templates = Path(address).with_name("templates")
    templates.mkdir()
    quicken(setattr, templates)  # forks share what they compile through files
    wake([module for name, module in sys.modules.items() if name.startswith("sphinx_postmortem.")])
    for group in ("sphinx.html_themes", "sphinx.builders"):
        sphinx.registry.entry_points(group=group)
    sys.executable = launcher  # what a program starts starts warm, too
    gc.collect()
    gc.freeze()  # else each fork would copy what the collector touches
    with socket.socket(socket.AF_UNIX) as server, selectors.DefaultSelector() as selector:
        server.bind(address)
        server.listen(16)
        selector.register(server, selectors.EVENT_READ)
        selector.register(0, selectors.EVENT_READ)
        print("ready", flush=True)
        answer(server, selector)


def answer(server: socket.socket, selector: selectors.BaseSelector) -> None:
    """Run programs for launchers, side by side, until the standard input is closed and the last program has ended."""
    running = 0
    while running or 0 in selector.get_map():
        for key, _ in selector.select():
            if key.fileobj is server:
                if program := start(server):
                    running += 1
                    selector.register(program.ended, selectors.EVENT_READ, program)
                    selector.register(program.link, selectors.EVENT_READ, program)
            elif key.fileobj == 0:
                selector.unregister(0)  # the tests are over
            elif key.fileobj == key.data.ended:
                running -= 1
                selector.unregister(key.data.ended)
                if key.data.link.fileno() >= 0:
                    selector.unregister(key.data.link)
                finish(key.data)
            elif key.data.link.fileno() >= 0:  # its launcher is gone; events of one turn may come after its end
                selector.unregister(key.data.link)
                stop(key.data)


class Program(NamedTuple):
    """A program that runs in a fork, with what tells of its end and the link to its launcher."""

    number: int
    ended: int
    link: socket.socket


def start(server: socket.socket) -> Program | None:
    """Fork for a launcher that asks for it; the fork runs the program. None for a launcher that was killed meanwhile."""
    link, _ = server.accept()
    told, streams, _, _ = socket.recv_fds(link, 8, 3)
    with link.makefile("rb") as file:
        request = file.read(int.from_bytes(told, "big"))
    number = os.fork() if request else 0
    if request and number == 0:
        server.close()
        link.close()
        run(*marshal.loads(request), streams)
    for stream in streams:
        os.close(stream)
    return Program(number, os.pidfd_open(number), link) if number else None


def stop(program: Program) -> None:
    """End a program whose launcher was killed, and what it has started."""
    program.link.close()
    try:
        os.killpg(program.number, signal.SIGTERM)
    except ProcessLookupError:  # it has no group yet
        os.kill(program.number, signal.SIGTERM)


def finish(program: Program) -> None:
    """Tell the launcher how its program ended."""
    _, status = os.waitpid(program.number, 0)
    with suppress(OSError):  # the launcher was killed
        program.link.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    program.link.close()
    os.close(program.ended)


def wake(modules: list) -> None:
    """Do what the package does when it is first used, and what gives each program the same; so that no fork does it."""
    from sphinx_postmortem.cli.audit import PACKAGE
    from sphinx_postmortem.core.audit.allowed_texts import product_texts
    from sphinx_postmortem.core.expressions import compiled
    from sphinx_postmortem.core.language.names import english_column
    from sphinx_postmortem.sphinx_ext.pdf.fonts import available_fonts
    from sphinx_postmortem.sphinx_ext.upstream.rst2pdf import load_createpdf

    for value in [value for module in modules for value in vars(module).values()]:
        compiled(value)
        if isinstance(value, type) and getattr(value.__init__, "__name__", "") == "first_init":
            with suppress(Exception):
                value()  # makes `__init__`, which then misses its arguments
    with suppress(ImportError):
        import icalendar  # noqa: F401

        load_createpdf()
    available_fonts()
    english_column("")
    product_texts(PACKAGE)


def run(arguments: list[str], folder: str, environment: dict[str, str], streams: list[int]) -> None:
    """Run a module as ``python -m`` does, in the place of the launcher; never returns."""
    import atexit
    import io
    import runpy
    import traceback

    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), encoding)
    out, error = (io.BufferedWriter(io.FileIO(number, "w", closefd=False)) for number in (1, 2))
    sys.stdout = io.TextIOWrapper(out, encoding)
    sys.stderr = io.TextIOWrapper(error, encoding, "backslashreplace", line_buffering=True)
    sys.argv = list(arguments)
    sys.path[0] = folder
    if "." in arguments[0]:
        sys.modules.pop(arguments[0], None)  # else `runpy` warns
    code: object = 0
    try:
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
        code = 1
    if not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    serve(*sys.argv[1:])
