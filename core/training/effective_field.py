"""The effective field of a trained network, and of the same network before its training."""

from collections.abc import Iterator
from functools import partial

from ..design.analysis import DesignAnalysis
from ..design.typed import TypedDesign
from ..live.erf.module_sampling import measure_module
from ..live.erf.pair import ErfPairProgress, erf_pair
from ..live.erf.sampling import ErfRecipe
from ..live.expected import expected_field
from .run import Run
from .trained_model import stage_before_head, trained_model


def effective_field(run: Run, trained: bool, samples: int = 64) -> Iterator[ErfPairProgress]:
    """Measures the network of a finished run, or the same before its training, on noise images like those it was given.

    The unit is the one whose field is centred nearest the middle of the input, in the network's own output, before its
    head. The noise comes from a random stream that no training step has drawn from.
    """
    module = trained_model(run.network, run.recipe, run.state if trained else None)
    stage, size, seed = stage_before_head(module), (1, *run.network.size), run.recipe.seed
    analysis = DesignAnalysis(TypedDesign(run.network))
    samples_taken = measure_module(module, size, ErfRecipe(analysis.unit, samples=samples, seed=seed), stage=stage)
    closed_form = partial(expected_field, module, size, analysis.unit, stage=stage, seed=seed)
    yield from erf_pair(samples_taken, closed_form, analysis.fields[-1], analysis.unit)
