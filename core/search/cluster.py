"""Counting on a Dask cluster that is there already: parts travel to its workers, and come back as files of their own.

A worker needs the installed package with its extra ``cluster``, and no files. What a worker that dies was counting is
given to another by the scheduler; a scheduler that goes away is waited for, and what it had is given out again. Both
are bounded, and told; as a part is the same whoever counts it, the results are.
"""

import logging
from collections.abc import Callable, Generator, Iterator
from itertools import islice
from time import monotonic, sleep
from typing import Any

from distributed import CancelledError, Client, Future, KilledWorker, as_completed

from ..errors import UserError
from .request import Task
from .steps import Counting
from .workers import ATTEMPTS, counted_part

_AHEAD = 2  # parts that wait at each thread of a worker
_ANSWERS_WITHIN = 10.0  # seconds, a scheduler
_RETURNS_WITHIN = 60.0  # seconds, one that went away

_GONE = (CancelledError, TimeoutError, OSError)


def on_cluster(address: str, tell: Callable[[str], object]) -> Counting:
    """Counts on the cluster whose scheduler is at ``address``, as in ``tcp://127.0.0.1:8786``.

    ``tell`` hears of workers and of a scheduler that went away. Raises :class:`~.errors.UserError` where no scheduler
    answers, and after ``ATTEMPTS`` at a part or at a scheduler.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is told in a line

    def count(space: str, tasks: Iterator[Task]) -> Generator[tuple[int, bytes]]:
        begun: dict[int, Task] = {}  # given out, and not yet counted
        for attempt in range(1, ATTEMPTS + 1):
            client = _client(address, _ANSWERS_WITHIN if attempt == 1 else _RETURNS_WITHIN)
            try:
                yield from _counted(client, space, tasks, begun, tell)
                return
            except (*_GONE, RuntimeError) as error:
                if isinstance(error, RuntimeError) and client.status == "running":
                    raise  # else it is how a client that has lost its scheduler answers
                if attempt == ATTEMPTS:
                    raise UserError(
                        f"the scheduler at {address} went away {ATTEMPTS} times; start it again, and the same command: "
                        "what was counted is kept with --out"
                    ) from error
                again = f"{attempt} of {ATTEMPTS - 1} times"
                tell(f"the scheduler went away; {len(begun)} parts are given out again ({again})")
            finally:
                client.close(timeout=1)

    return count


def _client(address: str, seconds: float) -> Client:
    """A line to the scheduler, once it answers."""
    until = monotonic() + seconds
    while True:
        try:
            return Client(address, timeout=max(until - monotonic(), 1.0), set_as_default=False)
        except ValueError as error:
            raise UserError(f"{address!r} is no address of a scheduler; give one as in tcp://127.0.0.1:8786") from error
        except _GONE as error:
            if monotonic() >= until:
                raise UserError(f"no scheduler answers at {address}; start one, as in: dask scheduler") from error
            sleep(0.5)


def _counted(
    client: Client, space: str, tasks: Iterator[Task], begun: dict[int, Task], tell: Callable[[str], object]
) -> Generator[tuple[int, bytes]]:
    """Gives out what was begun and then the other tasks, a few for each thread, and hands on what comes back."""
    workers = _Workers(client, tell)
    numbers: dict[Future[Any], int] = {}

    def give(task: Task) -> Future[Any]:
        begun[task[0]] = task
        future = client.submit(counted_part, space, task, retries=ATTEMPTS - 1, pure=False)
        numbers[future] = task[0]
        return future

    coming = as_completed([give(task) for task in [*begun.values()]], loop=client.loop)
    for task in islice(tasks, max(_AHEAD * workers.threads - len(begun), 0)):
        coming.add(give(task))
    while numbers:
        future = next(coming)
        number = numbers.pop(future)
        content = _content(future)
        del begun[number]
        workers.look()
        for task in islice(tasks, max(_AHEAD * workers.threads - len(numbers), 1)):
            coming.add(give(task))
        yield number, content


def _content(future: "Future[Any]") -> bytes:
    """A part that was counted. Raises as :func:`on_cluster`."""
    try:
        content: bytes = future.result()
    except KilledWorker as error:
        raise UserError(
            "every worker that was given some part ended, for want of memory perhaps; start workers with more"
        ) from error
    return content


class _Workers:
    """Those that the scheduler knows."""

    def __init__(self, client: Client, tell: Callable[[str], object]) -> None:
        self._client = client
        self._tell = tell
        self._known = self._now()
        if not self._known:
            tell("the scheduler has no workers yet; start some, as in: dask worker ADDRESS")

    @property
    def threads(self) -> int:
        return max(sum(self._known.values()), 1)

    def look(self) -> None:
        """Tells of workers that have gone since."""
        now = self._now()
        if gone := len(self._known.keys() - now.keys()):
            self._tell(f"{gone} of {len(self._known)} workers went away; what they had is counted again by others")
        self._known = now

    def _now(self) -> dict[str, int]:
        known = self._client.scheduler_info(n_workers=-1)["workers"]
        return {address: int(worker["nthreads"]) for address, worker in known.items()}
