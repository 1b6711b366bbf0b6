"""Which models of the zoo are exact: every name traced on the input that it is made for."""

import signal
import warnings
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

import torch

from core.errors import UserError
from core.live.design import ModelDesign
from core.live.sources.zoo import zoo_model
from core.live.trace import Gap


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
        design = ModelDesign(zoo_model(name))
        end = design.traced.stages[design.stage]
    except UserError as error:
        return Covered(name, failure=str(error))
    return Covered(name, end if isinstance(end, Gap) else None)


def coverage(names: Sequence[str], processes: int) -> Generator[Covered]:
    """Every name in order, traced by so many processes.

    Stopped or closed, it lets each process finish the model it is at, and no more.
    """
    if processes < 2 or len(names) < 2:
        yield from map(covered, names)
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin) as pool:
        # Ctrl-C goes to all processes of a terminal; only this one shall answer it, also while the others start.
        answering = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            found = pool.map(covered, names)
        finally:
            signal.signal(signal.SIGINT, answering)
        try:
            yield from found
        except BrokenProcessPool as error:
            raise UserError("a process was ended from outside, for want of memory perhaps; close others") from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """Begins a process: one thread, as many run side by side, and no warnings of models that are not the user's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
