"""What a unit of a trained network looks at, and of the same network before."""

from collections.abc import Iterator
from functools import partial

from ..design.analysis import DesignAnalysis
from ..design.typed import TypedDesign
from ..live.erf.module_sampling import measure_module
from ..live.erf.pair import LookProgress, looked
from ..live.erf.sampling import ErfRecipe
from ..live.expected import expected_field
from .learner import body_of, learner
from .run import Run


def look(run: Run, trained: bool, samples: int = 64) -> Iterator[LookProgress]:
    """Looks at a finished run's network, or at the same before its training, on noise images like those it was given.

    The unit is the one whose field is centred nearest the middle, in the network's own output, before its head.
    """
    module = learner(run.network, run.recipe, run.state if trained else None)
    stage, size = f"model.{body_of(module)[1]}", (1, *run.network.size)
    analysis, seed = DesignAnalysis(TypedDesign(run.network)), run.recipe.seed
    taken = measure_module(module, size, ErfRecipe(analysis.unit, samples=samples, seed=seed), stage=stage)
    closed = partial(expected_field, module, size, analysis.unit, stage=stage, seed=seed)
    yield from looked(taken, closed, analysis.fields[-1], analysis.unit)
