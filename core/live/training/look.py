"""What a unit of a trained network looks at, and of the same network before."""

from collections.abc import Iterator
from functools import partial

from core.exact.checks.examined import Examined
from core.exact.design import TypedDesign
from core.live.erf import ErfRecipe
from core.live.expected import expected_field
from core.live.looking import LookProgress, looked
from core.live.sampled import measure_module
from core.live.training.learner import body_of, learner
from core.live.training.run import Run


def look(run: Run, trained: bool, samples: int = 64) -> Iterator[LookProgress]:
    """Looks at a finished run's network, or at the same before its training, on noise images like those it was given.

    The unit is the one whose field is centred nearest the middle, in the network's own output, before its head.
    """
    module = learner(run.network, run.recipe, run.state if trained else None)
    stage, size = f"model.{body_of(module)[1]}", (1, *run.network.size)
    examined, seed = Examined(TypedDesign(run.network)), run.recipe.seed
    taken = measure_module(module, size, ErfRecipe(examined.unit, samples=samples, seed=seed), stage=stage)
    closed = partial(expected_field, module, size, examined.unit, stage=stage, seed=seed)
    yield from looked(taken, closed, examined.fields[-1], examined.unit)
