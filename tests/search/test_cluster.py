"""A cluster gives the same file as one process: a real scheduler and workers, some killed in the middle."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from time import monotonic, sleep

import pytest
from distributed import Client

from core.__main__ import main
from core.errors import UserError
from core.search import request, workers
from core.search.cluster import on_cluster
from core.search.found import Found
from core.search.questions import question_of
from core.search.request import Request
from core.search.space import space_of
from core.search.steps import search

ROOT = Path(__file__).parents[2]
SPACE = "24x24; conv k{3,5} p{0..2} x{1,2}; add(skip | conv k{1,3} same); conv k{1..5} s{1,2}"
QUESTION = question_of("field > 4", "parity,multiply_adds")
QUIET = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "2s", "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "0"}


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, ending: ExitStack) -> None:
        self._ending = ending
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.schedule()

    def schedule(self) -> None:
        self.scheduler = self._started("scheduler", "--host", "127.0.0.1", "--port", str(self.port))
        until = monotonic() + 60
        while monotonic() < until:
            with closing(socket.socket()) as line:
                if not line.connect_ex(("127.0.0.1", self.port)):
                    return
            sleep(0.1)
        raise AssertionError("the scheduler does not answer")

    def worker(self) -> subprocess.Popen[bytes]:
        return self._started("worker", self.address, "--nthreads", "1", "--no-nanny", "--memory-limit", "0")

    def _started(self, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments, "--no-dashboard"],
            cwd=ROOT,
            env={**os.environ, **QUIET, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._ending.callback(process.wait)
        self._ending.callback(process.kill)
        return process


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    monkeypatch.setattr(request, "part_size", lambda space: 6)
    with ExitStack() as ending:
        yield Cluster(ending)


def searched(out: Path, count: request.Task | object, until: int = 10**9) -> Iterator[Found]:
    return search(Request(space_of(SPACE)), QUESTION, count, out)


def whole(folder: Path) -> bytes:
    for _ in searched(folder / "alone.parquet", workers.alone):
        pass
    return (folder / "alone.parquet").read_bytes()


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(cluster: Cluster, tmp_path: Path) -> None:
    told: list[str] = []
    killed, other = cluster.worker(), cluster.worker()
    with Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    out = tmp_path / "found.parquet"
    for step, _ in enumerate(searched(out, on_cluster(cluster.address, told.append))):
        if step == 3:
            killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    assert other.poll() is None
    assert out.read_bytes() == whole(tmp_path)
    assert all("went away; what they had is counted again by others" in words for words in told)


def test_a_scheduler_that_starts_again_is_given_the_rest(cluster: Cluster, tmp_path: Path) -> None:
    told: list[str] = []
    cluster.worker()
    out = tmp_path / "found.parquet"
    for step, _ in enumerate(searched(out, on_cluster(cluster.address, told.append))):
        if step == 2:
            cluster.scheduler.kill()
            cluster.scheduler.wait()
            cluster.schedule()
            cluster.worker()
    assert out.read_bytes() == whole(tmp_path)
    assert any("the scheduler went away; " in words for words in told)


def test_where_no_scheduler_answers_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("core.search.cluster._ANSWERS_WITHIN", 1.0)
    assert main(["search", "9; conv k{3,5}", "--cluster", "tcp://127.0.0.1:9"]) == 2
    assert capsys.readouterr().err == (
        "2 members\nno scheduler answers at tcp://127.0.0.1:9; start one, as in: dask scheduler\n"
    )


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(UserError, match="'nowhere://x' is no address of a scheduler"):
        next(on_cluster("nowhere://x", print)("9", iter([(0, [0])])))


def test_a_cluster_has_workers_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "9; conv k{3,5}", "--cluster", "tcp://127.0.0.1:9", "--workers", "2"]) == 2
    assert "leave one of them out" in capsys.readouterr().err
