"""Starts the programs of a test from a process that has imported them: importing Sphinx is most of what a program costs.

``warm_start`` puts a launcher in place of ``sys.executable``. The launcher hands ``-m sphinx…`` to a server that imported
everything once and has built nothing; the server forks, and the fork runs the program with the launcher's arguments,
folder, environment and streams. Everything else, and what asks for another interpreter (``PYTHONHASHSEED``, a locale),
runs as ever. Tests of processes themselves (signals, locks, determinism) do without.
"""

from __future__ import annotations

import os
import signal
import sys

LAUNCHER = r"""#!{python} -IS
import json, os, signal, socket, sys
arguments, given = sys.argv[1:], {environment!r}
def asked(environment):
    prefixes = ("PYTHON", "LC_", "LANG", "TZ")
    return {{k: v for k, v in environment.items() if k.startswith(prefixes) and k != "PYTHONIOENCODING"}}
if arguments[0] != "-m" or not arguments[1].startswith("sphinx") or asked(os.environ) != asked(given):
    os.execv({python!r}, [{python!r}, *arguments])
with socket.socket(socket.AF_UNIX) as link:
    link.connect({address!r})
    told = json.dumps([arguments[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(link, [len(told).to_bytes(8, "big")], [0, 1, 2])
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
    import json
    import pkgutil
    import selectors
    import socket
    from functools import partialmethod
    from pathlib import Path

    import sphinx.application
    import sphinx.cmd.build
    import sphinx.registry
    from jinja2 import FileSystemBytecodeCache
    from jinja2.sandbox import SandboxedEnvironment
    from quick_builds import quicken  # beside this file

    import sphinx_postmortem

    for name in (*sphinx.application.builtin_extensions, "sphinx.ext.intersphinx", "myst_parser.sphinx_ext.main"):
        importlib.import_module(name)
    for found in pkgutil.walk_packages(sphinx_postmortem.__path__, "sphinx_postmortem."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    quicken(setattr)
    templates = FileSystemBytecodeCache(str(Path(address).parent))  # forks share what they compile through files
    SandboxedEnvironment.__init__ = partialmethod(SandboxedEnvironment.__init__, bytecode_cache=templates)
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
        running = 0
        while all(key.fileobj is server for key, _ in selector.select()):
            while running and os.waitpid(-1, os.WNOHANG)[0]:
                running -= 1
            link, _ = server.accept()
            running += 1
            if os.fork() == 0:
                server.close()
                told, streams, _, _ = socket.recv_fds(link, 8, 3)
                with link.makefile("rb") as file:
                    request = json.loads(file.read(int.from_bytes(told, "big")))
                os._exit(watch(link, request, streams))
            link.close()
        for _ in range(running):
            os.wait()


def watch(link, request: list, streams: list[int]) -> int:
    """Run a program in a fork, and tell the launcher how it ended; a launcher that is killed ends its program."""
    import select

    program = os.fork()
    if program == 0:
        link.close()
        run(*request, streams)
    ended = os.pidfd_open(program)
    for stream in streams:
        os.close(stream)
    readable, _, _ = select.select([ended, link], [], [])
    if ended not in readable:
        os.killpg(program, signal.SIGTERM)
    _, status = os.waitpid(program, 0)
    if ended in readable:
        link.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    return 0


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
