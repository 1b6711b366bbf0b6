"""What a unit looks at, both ways: sampled, mean |g|, and expected in closed form, √E[g²]; how large each is."""

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
class Look:
    """Both maps of one unit, (height, width) or (length,), of sum 1.

    ``sides``: of the squares about the field's centre that hold 95 % of each, in pixels.
    """

    sampled: np.ndarray
    expected: np.ndarray
    sides: tuple[float, float]


class LookProgress(NamedTuple):
    """``done`` of ``total``, the closed form being the last; the look is there at the end."""

    done: int
    total: int
    look: Look | None


def looked(
    samples: Iterator[Progress], closed: Callable[[], Expected], fields: Sequence[AxisField], unit: Sequence[int]
) -> Iterator[LookProgress]:
    """Takes the samples, then the closed form, of the ``unit`` that has these ``fields`` along the axes.

    Raises :class:`~core.errors.UserError` where the gradient is zero everywhere.
    """
    for done, total, part in samples:
        mean = part.mean
        yield LookProgress(done, total + 1, None)
    root = closed().root
    if not mean.sum() or not root.sum():
        raise UserError("the unit's gradient is zero everywhere: its ReLUs are shut")
    maps = mean / mean.sum(), root / root.sum()
    ends = zip(fields, unit, mean.shape, strict=True)
    centre = [min(max(float(along.centre(at) or 0), 0.0), side - 1.0) for along, at, side in ends]
    sampled, expected = (erf_sizes(values, centre).square_95.side for values in maps)
    yield LookProgress(total + 1, total + 1, Look(*maps, (sampled, expected)))
