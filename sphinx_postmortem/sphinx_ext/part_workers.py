"""What runs the processes of parts side by side: this machine, or a Dask cluster, whose workers can be lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from sphinx.errors import ExtensionError

from sphinx_postmortem.core.dataclass_on_demand import dataclass

Result = tuple[int, str]


@dataclass(frozen=True)
class Workers:
    """Several workers: how many, and how many of them are left now."""

    executor: Executor
    count: int
    left: Callable[[], int]
    every: float = 10.0  # seconds between two looks at those that are left
    patience: int = 12  # looks that may find none: a cluster may start workers when there is work

    def run_all(self, commands: Sequence[Sequence[str]]) -> None:
        """Run commands side by side and say what they said.

        Raises:
            ExtensionError: one has failed, or no worker is left.
        """
        try:
            results = self._results([self.executor.submit(run_worker, command) for command in commands])
        except ExtensionError:
            raise
        except Exception as error:  # Dask has kinds of its own, such as a worker that was killed
            raise ExtensionError(f"a worker was lost ({type(error).__name__}: {error}); build again") from error
        for _code, said in results:
            sys.stderr.write(said)
        if killed := [-code for code, _said in results if code < 0]:
            raise ExtensionError(f"the process of a part was ended by signal {killed[0]}; build again")
        if any(code for code, _said in results):
            raise ExtensionError("a part failed; what it said stands above")

    def _results(self, futures: Sequence[Future[Result]]) -> list[Result]:
        looks = 0
        while wait(futures, timeout=self.every).not_done:
            looks = 0 if self.left() else looks + 1
            if looks == 1:
                sys.stderr.write("the cluster has no worker; waiting for one\n")
            if looks >= self.patience:
                for future in futures:
                    future.cancel()
                raise ExtensionError("the cluster has had no worker for too long; start one, and build again")
        return [future.result() for future in futures]


def run_worker(arguments: Sequence[str]) -> Result:
    """Do one step of a job in a process of its own; return its exit code and what it said."""
    command = [sys.executable, "-m", "sphinx_postmortem.sphinx_ext.shards", *arguments]
    # The lock of the build is inherited: nobody else may write here while this process lives.
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, close_fds=False
    )
    return done.returncode, done.stdout


@contextmanager
def open_workers(cluster: str, jobs: int) -> Generator[Workers]:
    """Open what runs processes.

    Args:
        cluster: number of workers of a local Dask cluster, the address of a Dask scheduler, or nothing.
        jobs: number of processes where no cluster is named.

    Raises:
        ExtensionError: Dask is not installed, or its scheduler does not answer.
    """
    if not cluster:
        with ThreadPoolExecutor(jobs) as pool:
            yield Workers(pool, jobs, lambda: jobs)
        return
    try:
        dask: Any = import_module("distributed")
    except ImportError as error:
        message = "--cluster needs Dask's scheduler; install it with: pip install 'sphinx-postmortem[cluster]'"
        raise ExtensionError(message) from error
    if not cluster.isdigit():
        try:
            remote = dask.Client(cluster)
        except (OSError, ValueError) as error:
            message = (
                f"no Dask scheduler answers at {cluster} ({error}); start one, or give --cluster a number of workers"
            )
            raise ExtensionError(message) from error
        with remote as client:

            def left() -> int:
                return len(client.scheduler_info()["workers"])

            yield Workers(client.get_executor(pure=False), max(1, left()), left)
        return
    # A worker only waits for the process that it has started: threads will do, and nothing listens on the network.
    local = dask.LocalCluster(n_workers=int(cluster), threads_per_worker=1, processes=False, dashboard_address=None)
    with local, dask.Client(local) as client:
        yield Workers(client.get_executor(pure=False), int(cluster), lambda: int(cluster))
