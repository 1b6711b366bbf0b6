"""Code to take away: the forward pass of one network block by block, with PyTorch alone.

The state is kept at the input: so many of the last samples as the outputs to come read. That holds for any network, at
the price of computing them again with every block; what each layer would keep instead is told by the stream itself.
"""

from string import Template

from ..errors import UserError
from ..exact.tiles import known_axes, least_size
from .analysis import DesignAnalysis
from .tile_code import cut_end, refuse_fixed, status, written

_CODE = Template('''\
"""A forward pass in blocks that gives what one pass over the whole signal gives. It needs PyTorch alone.

Made for: $design
$status
"""

from collections.abc import Callable

import torch

AXIS = $axis  # of the tensor (batch, channels, then the axes), along which the signal comes
GRID = $grid  # samples of which the start of a piece must be a multiple
STRIDE = $stride  # samples per output, as numerator and denominator
LEAD = $lead  # outputs at a cut start of a piece that are not the signal's
LEAST = $least  # samples of the shortest piece that is computed
KNOWN = $known  # samples and outputs of a piece; others follow by the stride
TRAIL = $trail  # outputs at a cut end of a piece that are not the signal's


class Streamed:
    """``push`` samples as they come, of any number; each gives the outputs that follow, None where there are none.

    ``finish`` gives what is left once the signal has ended.
    """

    def __init__(self, model: Callable[[torch.Tensor], torch.Tensor]) -> None:
        self.model = model
        self.held: torch.Tensor | None = None  # the last samples, from ``begin`` on
        self.begin = 0
        self.given = 0  # outputs

    def push(self, samples: torch.Tensor) -> torch.Tensor | None:
        self.held = samples if self.held is None else torch.cat([self.held, samples], dim=AXIS)
        length = self.held.shape[AXIS] // GRID * GRID
        outputs = KNOWN[1] + (length - KNOWN[0]) * STRIDE[1] // STRIDE[0]
        if length < LEAST or self._first() + outputs - TRAIL <= self.given:
            return None
        fresh = self._fresh(self.model(self.held.narrow(AXIS, 0, length))[_before(TRAIL)])
        begin = min((self.given - LEAD) * STRIDE[0] // STRIDE[1], self.begin + length - LEAST) // GRID * GRID
        if begin > self.begin:
            self.held = self.held.narrow(AXIS, begin - self.begin, self.held.shape[AXIS] - begin + self.begin)
            self.begin = begin
        return fresh

    def finish(self) -> torch.Tensor | None:
        fresh = None if self.held is None else self._fresh(self.model(self.held))
        return fresh if fresh is not None and fresh.shape[AXIS] else None

    def _first(self) -> int:
        """The output with which the piece that is held begins."""
        return self.begin * STRIDE[1] // STRIDE[0]

    def _fresh(self, part: torch.Tensor) -> torch.Tensor:
        known = self.given - self._first()
        self.given += part.shape[AXIS] - known
        return part.narrow(AXIS, known, part.shape[AXIS] - known)


def _before(wrong: int) -> tuple[slice, ...]:
    return (slice(None),) * AXIS + (slice(-wrong or None),)
''')


def stream_code(analysis: DesignAnalysis, axis: int) -> str:
    """A module with the class ``Streamed``, along an axis of the input.

    Raises :class:`~.errors.UserError` where there is no stream, or the network does not take whole blocks.
    """
    halo = analysis.stream(axis).halo
    refuse_fixed(analysis, axis)
    grid, sides = halo.grid[axis], analysis.graph.input.size
    whole = sides[axis] + -sides[axis] % grid
    known, ends = known_axes(halo)[axis], cut_end(analysis, axis, (*sides[:axis], whole, *sides[axis + 1 :]))
    if ends is None:
        raise UserError(f"no signal of a multiple of {grid} samples fits the network; pad it within the network")
    return _CODE.substitute(
        design=written(analysis),
        status=status(halo, "Blocks"),
        axis=2 + axis,
        grid=grid,
        stride=(known.stride.numerator, known.stride.denominator),
        lead=known.lead,
        least=-(-least_size(halo)[axis] // grid) * grid,
        known=ends[:2],
        trail=ends[2],
    )
