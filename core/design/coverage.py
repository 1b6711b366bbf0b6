"""Which models of the zoo are exact: every name traced on the input that it is made for."""

import signal
import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait

import torch

from ..errors import UserError
from ..live.sources.zoo import zoo_model
from ..live.trace import Gap
from .traced import TracedDesign


@dataclass(frozen=True, slots=True)
class Covered:
    """What is known of one name; exact where both ``gap`` and ``failure`` are None."""

    name: str
    gap: Gap | None = None  # the first on which its output depends
    failure: str | None = None  # why it cannot be made or traced

    @property
    def exact(self) -> bool:
        return self.gap is None and self.failure is None


def covered(name: str) -> Covered:
    """Traces one model, without numbers."""
    try:
        design = TracedDesign(zoo_model(name))
        end = design.traced.stages[design.stage]
    except UserError as error:
        return Covered(name, failure=str(error))
    return Covered(name, end if isinstance(end, Gap) else None)


def coverage(names: Sequence[str], processes: int) -> Generator[Covered]:
    """Every name in order, traced by so many processes; stopped or closed, it ends them at once."""
    if processes < 2 or len(names) < 2:
        yield from map(covered, names)
        return
    with ExitStack() as ending:
        with _holding_ctrl_c():
            workers = [_started(ending) for _ in range(min(processes, len(names)))]
        left, results = iter(names), dict[str, Covered]()
        for worker, name in zip(workers, left, strict=False):
            with _alive():
                worker.send(name)
        for name in names:
            while name not in results:
                with _alive():
                    for ready in wait(workers):
                        assert isinstance(ready, Connection)
                        result = ready.recv()
                        results[result.name] = result
                        if (following := next(left, None)) is not None:
                            ready.send(following)
            yield results.pop(name)


def _started(ending: ExitStack) -> Connection:
    """A process to which names are sent, ended with ``ending``."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(there,), daemon=True)
    process.start()
    there.close()
    ending.callback(process.join)
    ending.callback(process.terminate)
    return here


@contextmanager
def _holding_ctrl_c() -> Iterator[None]:
    """Ctrl-C goes to all processes of a terminal: those started here never hear it, this one afterwards."""
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


def _work(names: Connection) -> None:
    """Answers names one by one: with one thread, as others run beside it, and without the warnings of models."""
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    while True:
        names.send(covered(names.recv()))


@contextmanager
def _alive() -> Iterator[None]:
    """Tells of a process that is no longer there to talk to."""
    try:
        yield
    except (EOFError, ConnectionError) as error:
        raise UserError("a process was ended from outside, for want of memory perhaps; close other programs") from error
