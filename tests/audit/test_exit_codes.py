"""A finding has the exit code 1, and nothing else has: what fails ends with 2 and a sentence. No control character gets out."""

from __future__ import annotations

import json
import os

import pytest

from sphinx_postmortem.cli import audit, verify
from sphinx_postmortem.core.audit.leaky_references import LeakyReference
from sphinx_postmortem.core.audit.search import Leak
from sphinx_postmortem.core.exports.manifest import MANIFEST, SUMS, verify_folder, write_manifest
from tests.command import run

pytestmark = pytest.mark.usefixtures("warm_start")


def failing(_error):
    def fail(*_arguments, **_more):
        raise _error

    return fail


@pytest.mark.parametrize("error", [KeyError("x"), RecursionError("deep"), MemoryError()])
def test_a_fault_of_audit_is_no_finding(tmp_path, monkeypatch, error):
    monkeypatch.setattr(audit, "read_site", failing(error))
    done = run("audit", tmp_path, "--source", tmp_path)
    assert (done.exit_code, done.output.startswith("could not audit: ")) == (2, True)


@pytest.mark.parametrize("error", [KeyError("x"), RecursionError("deep"), MemoryError()])
def test_a_fault_of_verify_is_no_finding(tmp_path, monkeypatch, error):
    monkeypatch.setattr(verify, "verify_folder", failing(error))
    done = run("verify", tmp_path)
    assert (done.exit_code, done.output.startswith("could not verify: ")) == (2, True)


def test_an_interruption_is_no_finding(tmp_path, monkeypatch):
    monkeypatch.setattr(audit, "read_site", failing(KeyboardInterrupt()))
    assert run("audit", tmp_path, "--source", tmp_path).exit_code == 130


def test_a_deep_manifest_is_damaged(tmp_path):
    (tmp_path / MANIFEST).write_text("[" * 100_000)
    (tmp_path / SUMS).write_text("")
    done = run("verify", tmp_path)
    assert (done.exit_code, "is damaged" in done.output) == (2, True)


def test_a_pipe_is_named_and_not_read(tmp_path):
    write_manifest(tmp_path, "public", {})
    os.mkfifo(tmp_path / "pipe")
    assert verify_folder(tmp_path) == ["not in the manifest: pipe"]


def test_no_control_character_reaches_a_terminal():
    leak = Leak("a\x1b[2J.html", "", "word", "red\x07\u202e", "p\n.md:1")
    assert str(leak) == 'a\\x1b[2J.html: word "red\\x07\\u202e", hidden in p\\n.md:1'
    assert str(LeakyReference("p\x1b.md", 1, "x")).isprintable()
    assert json.loads(audit.report([leak], "json"))["leaks"][0]["file"] == leak.file
