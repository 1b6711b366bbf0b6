"""The effective field of one unit in two ways, sampled as mean |g| and in closed form as √E[g²], with their sizes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ...errors import UserError
from ...exact.field import AxisField
from ..expected import Expected
from .sampling import Progress
from .sizes import erf_sizes


@dataclass(frozen=True, slots=True, eq=False)
class ErfPair:
    """The sampled and the expected map of one unit, each (height, width) or (length,) and of sum 1.

    ``sides``: for the sampled and the expected map, the side of the square about the field's centre that holds 95 % of
    it, in pixels.
    """

    sampled: np.ndarray
    expected: np.ndarray
    sides: tuple[float, float]


class ErfPairProgress(NamedTuple):
    """``done`` of ``total`` samples, the closed form counted as the last; ``pair`` is None until then."""

    done: int
    total: int
    pair: ErfPair | None


def erf_pair(
    samples: Iterator[Progress], closed_form: Callable[[], Expected], fields: Sequence[AxisField], unit: Sequence[int]
) -> Iterator[ErfPairProgress]:
    """Takes the samples, then the closed form, of ``unit``; ``fields``: of all units of its map, one for each axis.

    Raises :class:`~.errors.UserError` where the gradient is zero everywhere.
    """
    for done, total, part in samples:
        mean = part.mean
        yield ErfPairProgress(done, total + 1, None)
    root = closed_form().root
    if not mean.sum() or not root.sum():
        raise UserError("the unit's gradient is zero everywhere: its ReLUs are shut")
    maps = mean / mean.sum(), root / root.sum()
    axes = zip(fields, unit, mean.shape, strict=True)
    centre = [min(max(float(field.centre(index) or 0), 0.0), side - 1.0) for field, index, side in axes]
    sampled, expected = (erf_sizes(values, centre).square_95.side for values in maps)
    yield ErfPairProgress(total + 1, total + 1, ErfPair(*maps, (sampled, expected)))
