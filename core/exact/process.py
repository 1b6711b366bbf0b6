"""A function in a process of its own: for long counts, where others wait for this process to answer them.

Python runs one thread at a time, and adding two long numbers cannot be interrupted; another process can be ended at
any moment. Few run at once, the others wait for their turn (:mod:`.fair_queue`). Whoever iterates hears of it about
five times a second, and ends the process by closing the iterator, or by letting go of it.

The function and its arguments, and what it gives, are pickled; it is found again by its module and name.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from time import monotonic
from typing import Any, Generic, TypeVar

from ..errors import LimitError, UserError
from ..network import limits
from .fair_queue import FairQueue

if sys.platform != "win32":
    import resource

PROCESSES = max(1, min(2, (os.cpu_count() or 2) - 1))  # at once: one processor stays for answering
_TICK = 0.2  # seconds
_THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # each would reserve memory, and there is no use
_BEGIN = "import sys; sys.path[:] = {path!r}; from {module} import serve; serve()"
_REMEDY = "use a smaller input, fewer layers or smaller kernels"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Waiting:
    """``before``: how many others come first, those that run included."""

    before: int


@dataclass(frozen=True, slots=True)
class Working:
    """``seconds`` since the process was started."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Result(Generic[T]):
    """What the function gave; of a generator, the next that it gave."""

    value: T


Event = Waiting | Working | Result[T]


def run_apart(function: Callable[..., T], *arguments: object, seconds: float = limits.MAX_CLOCK) -> Iterator[Event[T]]:
    """Runs ``function``; its result comes last.

    Raises the function's own :class:`~.errors.UserError`, :class:`~.errors.LimitError` for what takes more
    than ``seconds`` or more memory than ``limits.MAX_PROCESS_BYTES``, ``UserError`` if the process was ended from
    outside, and :class:`~.errors.BusyError` where too many wait already.

    >>> *_, last = run_apart(pow, 3, 100)
    >>> last.value == 3**100
    True
    """
    return _events(function, arguments, seconds)


def steps_apart(
    function: Callable[..., Iterator[T]], *arguments: object, seconds: float = limits.MAX_CLOCK
) -> Iterator[Event[T]]:
    """Runs a generator; every part comes as a result of its own. Raises as :func:`run_apart`."""
    return _events(function, arguments, seconds)


def _events(function: Callable[..., Any], arguments: tuple[object, ...], seconds: float) -> Iterator[Event[Any]]:
    place = _QUEUE.enter()
    try:
        while before := _QUEUE.before(place):
            yield Waiting(before)
        with _process() as (process, requests, answers):
            yield from _answers(process, requests, answers, (function, arguments), seconds)
    finally:
        _QUEUE.leave(place)


def _answers(
    process: "subprocess.Popen[bytes]",
    requests: Connection,
    answers: Connection,
    request: tuple[object, ...],
    seconds: float,
) -> Iterator[Event[Any]]:
    """What the process tells, and a tick whenever it tells nothing."""
    begin = monotonic()
    try:
        requests.send(request)
        while True:
            if answers.poll(_TICK):
                kind, value = answers.recv()
                if kind == "end":
                    return
                if kind == "error":
                    raise value
                yield Result(value)
            elif monotonic() - begin > seconds:
                raise LimitError(f"this takes longer than {seconds:g} seconds; {_REMEDY}")
            else:
                yield Working(monotonic() - begin)
    except (EOFError, BrokenPipeError, ConnectionResetError) as error:
        if (status := process.wait()) < 0:
            raise UserError(
                f"the process that was counting was ended by the system (signal {-status}), perhaps for want of "
                f"memory; try again, or {_REMEDY}"
            ) from error
        raise  # our own fault: what went wrong was written to the standard error output


@contextmanager
def _process() -> Iterator[tuple["subprocess.Popen[bytes]", Connection, Connection]]:
    """A new process with a line to it and a line back; it is ended with the block, whatever it does."""
    begin = _BEGIN.format(path=sys.path, module=__name__)
    environment = {**os.environ, **_THREADS}
    with subprocess.Popen(
        [sys.executable, "-c", begin], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        requests = Connection(os.dup(process.stdin.fileno()), readable=False)
        answers = Connection(os.dup(process.stdout.fileno()), writable=False)
        with requests, answers:
            try:
                yield process, requests, answers
            finally:
                process.kill()


_QUEUE = FairQueue(PROCESSES)


def serve() -> None:
    """The other end: carries out one request and answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asked
    requests, answers = Connection(os.dup(0), writable=False), Connection(os.dup(1), readable=False)
    os.dup2(2, 1)  # what is printed must not come between the answers
    function, arguments = requests.recv()
    threading.Thread(target=_end_with, args=(requests,), daemon=True).start()
    _hold_memory()
    try:
        result = function(*arguments)
        for part in result if isinstance(result, Iterator) else (result,):
            answers.send_bytes(_pickled(part))
        answers.send(("end", None))
    except UserError as error:
        answers.send(("error", error))
    except MemoryError:
        del function, arguments
        answers.send(("error", LimitError(f"this takes more than {limits.MAX_PROCESS_BYTES / 2**30:g} GiB; {_REMEDY}")))


def _pickled(part: object) -> bytes:
    """A part as it is sent; refused where it is so long that reading it would keep the other process busy."""
    message = bytes(ForkingPickler.dumps(("part", part)))
    if len(message) > limits.MAX_RESULT_BYTES:
        raise LimitError(
            f"the result has {len(message) / 2**20:,.0f} MiB, more than {limits.MAX_RESULT_BYTES / 2**20:g}; {_REMEDY}"
        )
    return message


def _end_with(requests: Connection) -> None:
    """Ends this process when the other is gone, however it ended: nothing else is ever sent."""
    requests.poll(None)
    os._exit(1)


def _hold_memory() -> None:
    """A number that needs more memory is an error then, and not the end of other processes."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (limits.MAX_PROCESS_BYTES, limits.MAX_PROCESS_BYTES))
