"""What a unit of a trained network looks at, beside the same network before: sampled, and in closed form."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.errors import UserError
from core.exact.checks.examined import Examined
from core.exact.design import TypedDesign
from core.live.erf import ErfRecipe
from core.live.erf_size import erf_sizes
from core.live.expected import expected_field
from core.live.sampled import measure_module
from core.live.training.learner import body_of, learner
from core.live.training.run import Run


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Two maps of the unit whose field is centred nearest the middle: mean |g| and √E[g²], both of sum 1.

    ``sides``: of the squares about the field's centre that hold 95 % of each, in pixels. ``unit``: its place in the
    network's own output, before pooling and head.
    """

    sampled: np.ndarray
    expected: np.ndarray
    sides: tuple[float, float]
    unit: tuple[int, ...]
    samples: int


class LookProgress(NamedTuple):
    """``done`` of ``total`` samples; the look is there at the end."""

    done: int
    total: int
    look: Look | None


def look(run: Run, trained: bool, samples: int = 64) -> Iterator[LookProgress]:
    """Measures a finished run's network, or the same before its training, on noise images like those it was given.

    Raises :class:`~core.errors.UserError` where the gradient is zero everywhere.
    """
    module = learner(run.network, run.recipe, run.state if trained else None)
    stage = f"model.{body_of(module)[1]}"
    examined = Examined(TypedDesign(run.network))
    unit, size = examined.unit, (1, *run.network.size)
    recipe = ErfRecipe(unit, samples=samples, seed=run.recipe.seed)
    mean = np.zeros(run.network.size)
    for done, _, part in measure_module(module, size, recipe, stage=stage):
        mean = part.mean
        yield LookProgress(done, samples + 1, None)
    root = expected_field(module, size, unit, stage=stage, seed=run.recipe.seed).root
    if not mean.sum() or not root.sum():
        raise UserError("the unit's gradient is zero everywhere: its ReLUs are shut")
    maps = mean / mean.sum(), root / root.sum()
    ends = zip(examined.fields[-1], unit, run.network.size, strict=True)
    centre = [min(max(float(along.centre(at) or 0), 0.0), side - 1.0) for along, at, side in ends]
    sides = tuple(erf_sizes(values, centre).square_95.side for values in maps)
    yield LookProgress(samples + 1, samples + 1, Look(*maps, (sides[0], sides[1]), unit, samples))
