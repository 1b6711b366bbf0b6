"""Who counts the parts of a search: this process, or several of this machine."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing

from ..pool import spread
from .members import counted
from .request import Request, Task
from .results import part_bytes
from .space import space_of
from .steps import Counting

ATTEMPTS = 3  # at a part whose process ends


def counted_part(space: str, task: Task) -> bytes:
    """A part of a space as a file of its own, the same whoever counts it."""
    return part_bytes(counted(space_of(space), task[1]))


def counted_apart(request: Request, first: int) -> Iterator[bytes]:
    """The parts of a request from one on, for a visitor: own code is not run."""
    for _, members in request.tasks()[first:]:
        yield part_bytes(counted(request.space, members, runs_code=False))


def alone(space: str, tasks: Iterator[Task]) -> Generator[tuple[int, bytes]]:
    """Counts in this process."""
    for task in tasks:
        yield task[0], counted_part(space, task)


def in_processes(processes: int, tell: Callable[[str], object]) -> Counting:
    """Counts in so many processes; ``tell`` hears of one that ended, and whose part is counted again."""
    if processes == 1:
        return alone

    def count(space: str, tasks: Iterator[Task]) -> Generator[tuple[int, bytes]]:
        work = ((space, task) for task in tasks)
        with closing(
            spread(_counted, work, processes, ATTEMPTS, lambda lost, attempt: tell(lost_words(attempt)))
        ) as done:
            for (_, (number, _)), content in done:
                yield number, content

    return count


def lost_words(attempt: int) -> str:
    """What is said of a part that is counted again."""
    return f"a worker ended; its members are counted again ({attempt} of {ATTEMPTS - 1} times)"


def _counted(work: tuple[str, Task]) -> bytes:
    return counted_part(*work)
