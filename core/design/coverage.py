"""Which models of the zoo are exact: every name traced on the input that it is made for."""

import warnings
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

import torch

from ..errors import UserError
from ..live.sources.zoo import zoo_model
from ..live.trace import Gap
from ..pool import spread
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
    results: dict[str, Covered] = {}
    with closing(spread(_covered_beside_others, names, min(processes, len(names)))) as done:
        for name in names:
            while name not in results:
                traced, result = next(done)
                results[traced] = result
            yield results.pop(name)


def _covered_beside_others(name: str) -> Covered:
    """As ``covered``, with one thread and without the warnings of models."""
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    return covered(name)
