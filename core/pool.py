"""Work spread over processes of this machine: one that is ended from outside is replaced, and its task done again.

Processes are started anew, not forked: none inherits a lock that another thread holds. They never hear Ctrl-C, and end
with the generator that gives their results, whatever ends it.
"""

import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from typing import TypeVar

from .errors import UserError

Task = TypeVar("Task")
Done = TypeVar("Done")


def spread(
    work: Callable[[Task], Done],
    tasks: Iterable[Task],
    processes: int,
    attempts: int = 1,
    lost: Callable[[Task, int], object] = lambda task, attempt: None,
) -> Generator[tuple[Task, Done]]:
    """Every task with what ``work`` makes of it, in the order in which they are done.

    ``work`` is found again by its module and name. A task whose process ends is done at most ``attempts`` times, and
    ``lost`` hears of each time. Raises :class:`~.errors.UserError` after the last, and what ``work`` raises of that
    family.

    >>> sorted(done for _, done in spread(abs, [-3, 2], processes=2))
    [2, 3]
    """
    left = iter(tasks)
    with ExitStack() as ending:
        busy: dict[Connection, tuple[Task, int]] = {}

        def begin(task: Task, attempt: int) -> None:
            line = _started(ending, work)
            busy[line] = task, attempt
            _send(line, task)

        for task in islice(left, processes):
            begin(task, 1)
        while busy:
            made: list[tuple[Task, Done]] = []
            for line in wait(list(busy)):
                assert isinstance(line, Connection)
                task, attempt = busy[line]
                try:
                    error, done = line.recv()
                except (EOFError, ConnectionError) as ended:
                    del busy[line]
                    if attempt == attempts:
                        raise _ended(attempts) from ended
                    lost(task, attempt)
                    begin(task, attempt + 1)
                    continue
                if error is not None:
                    raise error
                made.append((task, done))
                del busy[line]
                for following in islice(left, 1):
                    busy[line] = following, 1
                    _send(line, following)
            yield from made  # while whoever asked is at work on these, the processes are, too


def _send(line: Connection, task: object) -> None:
    """Gives a process its task; of one that is gone the answer, which never comes, tells."""
    try:
        line.send(task)
    except (BrokenPipeError, ConnectionError):
        return


def _ended(attempts: int) -> UserError:
    times = f" {attempts} times" if attempts > 1 else ""
    return UserError(
        f"a process was ended from outside{times}, for want of memory perhaps; close other programs, or use fewer "
        "processes"
    )


def _started(ending: ExitStack, work: Callable[[Task], Done]) -> Connection:
    """A line to a new process, which is ended with ``ending``."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, work), daemon=True)
    with _holding_ctrl_c():
        process.start()
    there.close()
    ending.callback(here.close)
    ending.callback(process.join)
    ending.callback(process.kill)
    return here


@contextmanager
def _holding_ctrl_c() -> Iterator[None]:
    """Ctrl-C goes to all processes of a terminal: those started here never hear it, this one afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears it
        return
    held: list[int] = []
    resource_tracker.ensure_running()  # starting it later would undo the mask
    answering = signal.signal(signal.SIGINT, lambda number, _: held.append(number))  # other threads are not masked
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # which the started ones inherit
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, answering)
    if held:
        signal.raise_signal(signal.SIGINT)


def _serve(line: Connection, work: Callable[[Task], Done]) -> None:
    """Does tasks one by one, until nobody gives any."""
    while True:
        try:
            task = line.recv()
        except (EOFError, ConnectionError):
            return
        try:
            line.send((None, work(task)))
        except UserError as error:
            line.send((error, None))
