"""The server of ``serve``: sphinx-autobuild, which answers requests for its own address only, and ends with its parent.

A page of another site may lead a reader's browser to this server, by a name of its own that it lets point here. Such a
request names that other host, and the socket that announces changes is asked for by another origin.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from importlib import import_module
from ipaddress import ip_address
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_MISDIRECTED = 421  # RFC 9110, section 15.5.20
_POLICY = 1008  # RFC 6455, section 7.4.1
_ALL_ADDRESSES = ("0.0.0.0", "::")  # noqa: S104


def own_names(host: str) -> frozenset[str]:
    """Return the names by which a server that listens on ``host`` may be asked for, besides addresses in numbers."""
    names = {host.casefold(), "localhost"}
    if host in _ALL_ADDRESSES:
        names |= {socket.gethostname().casefold(), socket.getfqdn().casefold()}
    return frozenset(names)


class OwnAddressOnly:
    """Lets an application answer requests that name one of its own hosts; a socket also needs an origin of these."""

    def __init__(self, application: Application, names: Collection[str]) -> None:
        """Guard an ASGI application.

        Args:
            application: what answers.
            names: its hosts, without a port. Addresses in numbers are always its own: nobody can let them point here.
        """
        self._application, self._names = application, names

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan" or self._is_own(scope):
            await self._application(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY})
        else:
            head = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": _MISDIRECTED, "headers": head})
            await send({"type": "http.response.body", "body": b"This preview answers to its own address only.\n"})

    def _is_own(self, scope: Message) -> bool:
        given = [(name.lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        hosts = [f"//{value}" for name, value in given if name == b"host"]
        origins = [value for name, value in given if name == b"origin"]
        asked = [*hosts, *origins] if scope["type"] == "websocket" else hosts
        is_complete = len(hosts) == 1 and (scope["type"] != "websocket" or len(origins) == 1)
        return is_complete and all(self._is_own_host(each) for each in asked)

    def _is_own_host(self, address: str) -> bool:
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            return False
        try:
            ip_address(host)
        except ValueError:
            return host in self._names
        return True


def end_with_parent() -> None:
    """End this program and all that it has started when its standard input is closed: its parent is gone."""

    def wait() -> None:
        while os.read(0, 1):
            pass
        os.killpg(os.getpgrp(), signal.SIGKILL)

    Thread(target=wait, daemon=True).start()


def main() -> None:
    """Run sphinx-autobuild with the arguments after the first, which is the host."""
    uvicorn: Any = import_module("uvicorn")
    names, run = own_names(sys.argv[1]), uvicorn.run

    def run_guarded(application: Any, **options: Any) -> None:
        run(OwnAddressOnly(application, names), **options)

    uvicorn.run = run_guarded  # sphinx-autobuild asks the module for it
    if "NO_COLOR" in os.environ or not sys.stdout.isatty():
        colorama: Any = import_module("colorama")
        colorama.init(strip=True)  # sphinx-autobuild colours what it says in files, too
    end_with_parent()
    import_module("sphinx_autobuild.__main__").main(sys.argv[2:])


if __name__ == "__main__":
    main()
