"""Workers of a cluster can be lost: a build says so, and does not wait for ever."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from typing import Any

import pytest
from sphinx.errors import ExtensionError

from sphinx_postmortem.sphinx_ext.part_workers import Workers


class Cluster(Executor):
    """One whose tasks end when a test says so."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, *_task: Any, **_more: Any) -> Future[Any]:
        self.futures.append(Future())
        return self.futures[-1]


def test_a_cluster_without_workers_is_waited_for_and_then_refused(capsys: pytest.CaptureFixture[str]) -> None:
    looked: list[int] = []
    workers = Workers(cluster := Cluster(), 1, lambda: looked.append(0) or 0, every=0, patience=3)
    with pytest.raises(ExtensionError, match="no worker for too long"):
        workers.run_all([["read"]])
    assert (len(looked), cluster.futures[0].cancelled()) == (3, True)
    assert capsys.readouterr().err == "the cluster has no worker; waiting for one\n"


def test_a_worker_that_comes_late_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    cluster = Cluster()
    left = iter([0, 1, 1])

    def come() -> int:
        if (count := next(left, None)) is None:
            cluster.futures[0].set_result((0, "read\n"))
            return 1
        return count

    Workers(cluster, 1, come, every=0, patience=2).run_all([["read"]])
    assert capsys.readouterr().err.endswith("read\n")


@pytest.mark.parametrize(
    ("result", "message"), [((-9, ""), "ended by signal 9"), ((2, "why"), "a part failed"), (KeyError("w"), "was lost")]
)
def test_what_happened_to_a_part_is_told(result: tuple[int, str] | Exception, message: str) -> None:
    cluster = Cluster()

    def end() -> int:
        future = cluster.futures[0]
        future.set_exception(result) if isinstance(result, Exception) else future.set_result(result)
        return 1

    with pytest.raises(ExtensionError, match=message):
        Workers(cluster, 1, end, every=0).run_all([["read"]])
