"""Two ways to an effective field, of typed networks and of models: sampled gradients, and E[g²] in closed form."""

from dataclasses import dataclass

import numpy as np

from ..design.design import Design
from ..design.effective import EffectiveField
from ..live import ErfRecipe, Measurement
from .designs import prints_aside
from .progress import last

METHODS = ("sampled", "expected")


@dataclass(frozen=True, slots=True, eq=False)
class EffectiveMap:
    """A map of the input's size; of samples their mean, in closed form √E[g²]."""

    values: np.ndarray
    unit: tuple[int, ...] | None  # None: all outputs
    output: tuple[int, ...]  # its size
    channels: int  # of the input
    measurement: Measurement | None = None  # of samples
    assumes: tuple[str, ...] = ()  # in closed form

    @property
    def size(self) -> tuple[int, ...]:
        """That of the input."""
        return self.values.shape


def effective_map(method: str, design: Design, recipe: ErfRecipe) -> EffectiveMap:
    """The effective field of a design on a live model; raises :class:`~.errors.UserError` where it has none."""
    field = EffectiveField(design, recipe)
    with prints_aside():
        if method == "expected":
            expected = field.closed_form()
            return EffectiveMap(expected.root, expected.unit, expected.size, field.input[0], assumes=expected.assumes)
        unit, output = field.unit_and_output()
        steps = field.samples()
    measurement = last(steps).measurement
    return EffectiveMap(measurement.mean, unit, output, field.input[0], measurement)
