"""The preview answers requests for its own address only."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sphinx_postmortem.cli.preview_server import OwnAddressOnly, own_names
from tests.own_thread import in_own_thread


def answer(kind: str, **headers: str) -> list[dict[str, Any]]:
    """Ask a guarded application; return what it sends."""
    sent: list[Any] = []

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "answered"})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {}

    scope = {"type": kind, "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
    in_own_thread(lambda: asyncio.run(OwnAddressOnly(application, own_names("127.0.0.1"))(scope, receive, send)))
    return sent


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]:8000", "192.168.1.2:8000"])
def test_own_hosts_are_answered(host: str) -> None:
    assert answer("http", host=host) == [{"type": "answered"}]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8000", "127.0.0.1.evil.example", "", "[::1"])
def test_other_hosts_are_refused(host: str) -> None:
    assert answer("http", host=host)[0]["status"] == 421


def test_a_request_without_host_is_refused() -> None:
    assert answer("http")[0]["status"] == 421


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "http://localhost:8000"])
def test_the_socket_answers_its_own_origin(origin: str) -> None:
    assert answer("websocket", host="127.0.0.1:8000", origin=origin) == [{"type": "answered"}]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_the_socket_refuses_other_origins(origin: str) -> None:
    assert answer("websocket", host="127.0.0.1:8000", origin=origin) == [{"type": "websocket.close", "code": 1008}]


def test_the_socket_refuses_a_program_that_states_no_origin() -> None:
    assert answer("websocket", host="127.0.0.1:8000")[0]["type"] == "websocket.close"


def test_a_server_for_all_addresses_answers_to_the_name_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "Builder")
    assert "builder" in own_names("0.0.0.0")
    assert "builder" not in own_names("127.0.0.1")
