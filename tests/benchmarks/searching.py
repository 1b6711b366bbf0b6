"""What a search takes: designs a second, what a second process brings, and the memory of a million members."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from core.search.request import Request
from core.search.space import space_of
from core.search.workers import alone, in_processes
from tests.benchmarks.row import Row, digits

CHAINS = (
    "224x224; conv k{3,5,7} s{1,2} p{1..3} c{16,32}; conv k{3,5} s{1,2} p{1,2} c{32,64}; conv k{3,5} p{1,2} c64; "
    "conv k{3,5} s{1,2} p{1,2}; conv k{1,3} p{0,1}"
)
MILLION = "16; conv k{1..10} p{0..9}; conv k{1..10} p{0..9}; conv k{1..10} p{0..9}"


def rows() -> Iterator[Row]:
    """Every promise about searching, at the size it was made for."""
    yield from rates(CHAINS, parts=8)
    yield memory(MILLION)


def rates(text: str, parts: int) -> Iterator[Row]:
    """Designs a second by one and by two processes, once they run; all numbers are counted and written as parts."""
    request = Request(space_of(text))
    one, two = (_rate(request, processes, parts) for processes in (1, 2))
    yield Row(
        f"a search of {request.space.size:,} five-layer chains at 224x224, two processes",
        "the clock",
        f"{digits(two)} designs a second",
        "≥ 2,000 a second",
        two >= 2000,
    )
    yield Row(
        "the same",
        f"one process, {digits(one)} designs a second",
        f"{two / one:.2g} times faster",
        "≥ 1.7 times",
        two / one >= 1.7,
    )


def _rate(request: Request, processes: int, parts: int) -> float:
    """Designs a second over so many parts; each process has done one before."""
    count = alone if processes == 1 else in_processes(processes, print)
    tasks = request.tasks()[: parts + 2 * processes]
    with closing(count(request.space.text, iter(tasks))) as counted:
        for _ in islice(counted, processes):
            pass
        begun = perf_counter()
        members = sum(len(tasks[number][1]) for number, _ in islice(counted, parts))
    return members / (perf_counter() - begun)


def memory(text: str) -> Row:
    """The largest of the processes of a whole search, which are children of none other here."""
    size = space_of(text).size
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    begun = perf_counter()
    with TemporaryDirectory() as folder:
        argv = ["-m", "core", "search", text, "--workers", "2", "--out", str(Path(folder) / "found.parquet")]
        subprocess.run([sys.executable, *argv], capture_output=True, check=True)
    megabytes = max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, before) / 1000
    return Row(
        f"a search of all {size:,} members of a space, two processes, with its file",
        "the clock",
        f"{digits(perf_counter() - begun)} s; at most {digits(megabytes)} MB in a process",
        "≤ 1,000 MB",
        megabytes <= 1000,
    )
