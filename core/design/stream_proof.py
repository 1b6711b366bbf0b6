"""A stream proved on the live model, in float64: fed in blocks, and its samples changed one by one.

Blocks go through the model of a typed network of one axis with the state that every layer is said to keep
(:mod:`.live.modules.blockwise`). Of other designs the state is kept at the input: for every block all samples but its
own and those before and after that are said to matter are replaced by noise. Both are compared with one pass. Then, for
outputs of every phase, all that they do not read is replaced, and the first and the last sample that they read are
changed alone. PyTorch is loaded here.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, inf

import torch

from ..errors import LimitError, UserError
from ..exact.cost import cost
from ..exact.streams import Stream
from ..live.modules.blockwise import Blockwise
from ..live.modules.model import ModelRecipe, build
from ..live.modules.streams import random_stream
from .design import Design
from .tile_proof import MAX_MULTIPLY_ADDS, Forward, live_forward

_BLOCKS = 8
_PHASES = 4  # of which outputs are looked at
_IMAGES = 3  # where that is cheap: a maximum may hide a sample of one
_CHEAP = 10_000_000_000  # multiply-adds
_CHANGE = 8.0  # standard deviations by which a sample is changed


@dataclass(frozen=True, slots=True)
class StreamProof:
    """Differences in standard deviations of the outputs.

    ``samples`` of the signal, fed in ``blocks``; ``per_layer``: with the state of every layer. ``outside``: the largest
    change of an output by all that it does not read; ``past_inside``, ``future_inside``: the smallest by the first and
    the last sample that it reads.
    """

    samples: int
    blocks: int
    per_layer: bool
    difference: float
    outside: float
    past_inside: float
    future_inside: float


def prove(design: Design, found: Stream, seed: int = 0) -> StreamProof:
    """Feeds blocks, and changes samples.

    Raises :class:`~.errors.UserError` where no stream gives what the design gives, or no model computes it, and
    :class:`~.errors.LimitError` where that takes too long.
    """
    graph = found.halo.graph
    if found.reasons:
        reason = found.reasons[0]
        raise UserError(f"{graph.name(reason.node)} {reason.text}, and no blocks can; name an earlier stage")
    length = _length(found)
    multiply_adds = cost(found.graph).multiply_adds * length // found.graph.input.size[found.axis]
    passes = 2 + 3 * min(len(found.phases), _PHASES) + _BLOCKS
    images = _IMAGES if multiply_adds * passes <= _CHEAP else 1
    if multiply_adds * passes > MAX_MULTIPLY_ADDS:
        raise LimitError(
            f"proving a stream of {length:,} samples would take {multiply_adds * passes:.1e} multiply-adds, more than "
            f"{MAX_MULTIPLY_ADDS:.1e}; use an earlier stage or fewer channels"
        )
    forward, channels = live_forward(design, seed)
    size = (*found.graph.input.size[: found.axis], length, *found.graph.input.size[found.axis + 1 :])
    signal = torch.randn(images, channels, *size, dtype=torch.float64, generator=random_stream(seed, "noise"))
    noise = torch.randn(signal.shape, dtype=torch.float64, generator=random_stream(seed, "evaluation"))
    whole = _along(forward(signal), found)
    scale = float(whole.std()) or 1.0
    per_layer = design.network is not None and len(size) == 1
    fed, blocks = _fed_by_layers(design, found, signal, seed) if per_layer else _fed(forward, found, signal, noise)
    if fed.shape != whole.shape:
        raise UserError(f"blocks give {fed.shape[-1]:,} outputs, one pass {whole.shape[-1]:,}; use another input")
    changes = [_changes(forward, found, signal, noise, whole, unit) for unit in _units(found, length)]
    outside, past, future = (list(part) for part in zip(*changes, strict=True)) if changes else ([0.0], [inf], [inf])
    return StreamProof(
        length,
        blocks,
        per_layer,
        float((fed - whole).abs().max()) / scale,
        max(outside) / scale,
        min(past) / scale,
        min(future) / scale,
    )


def _length(found: Stream) -> int:
    """Samples of the signal: the design's own, or more blocks, so that some output reads nothing beyond its ends."""
    own = found.graph.input.size[found.axis]
    least = found.past + found.future + 3 * max(found.block, ceil(found.hop * len(found.phases)))
    return own + max(ceil(Fraction(least - own, found.block)), 0) * found.block


def _along(values: torch.Tensor, found: Stream) -> torch.Tensor:
    """With time as the last axis."""
    return values.movedim(2 + found.axis, -1)


def _fed_by_layers(design: Design, found: Stream, signal: torch.Tensor, seed: int) -> tuple[torch.Tensor, int]:
    """The outputs of blocks that go through layers with state; and how many blocks."""
    network = design.at_input(tuple(signal.shape[2:])).network
    assert network is not None
    recipe = ModelRecipe("leaky_relu", width=signal.shape[1], seed=seed)
    model = Blockwise(build(network, recipe).double())
    step = found.block * max(1, ceil(Fraction(signal.shape[-1], _BLOCKS * found.block)))
    with torch.no_grad():
        starts = range(0, signal.shape[-1], step)
        parts = [model.block(signal[..., start : start + step]) for start in starts]
    return torch.cat(parts, dim=-1), len(parts)


def _fed(forward: Forward, found: Stream, signal: torch.Tensor, noise: torch.Tensor) -> tuple[torch.Tensor, int]:
    """The outputs of blocks, each with what is said to matter around it and noise beyond; and how many blocks."""
    length = signal.shape[2 + found.axis]
    step = found.block * max(1, ceil(Fraction(length, _BLOCKS * found.block)))
    parts, starts = [], range(0, length, step)
    for start in starts:
        part = _along(signal, found).clone()
        before, after = max(start - found.past, 0), start + step + found.future
        part[..., :before] = _along(noise, found)[..., :before]
        part[..., after:] = _along(noise, found)[..., after:]
        given = _along(forward(part.movedim(-1, 2 + found.axis)), found)
        first, end = (int(place / found.hop) for place in (start, start + step))
        parts.append(given[..., first : given.shape[-1] if start == starts[-1] else end])
    return torch.cat(parts, dim=-1), len(parts)


def _units(found: Stream, length: int) -> list[int]:
    """Outputs near the middle, one of each phase, whose fields lie inside the signal."""
    middle = floor(Fraction(length + found.past - found.future, 2) / found.hop)
    phases = len(found.field.periodic_spans[0].spans)
    units = range(middle, middle + phases, max(1, phases // _PHASES))
    spans = ((unit, found.field.span(unit)) for unit in units)
    return [unit for unit, span in spans if span is not None and span[0] >= 0 and span[1] < length]


def _changes(
    forward: Forward, found: Stream, signal: torch.Tensor, noise: torch.Tensor, whole: torch.Tensor, unit: int
) -> tuple[float, float, float]:
    """How much a unit changes by all outside its field, and by the first and last sample inside."""
    span = found.field.span(unit)
    assert span is not None
    first, last = span
    outside = _along(signal, found).clone()
    outside[..., :first], outside[..., last + 1 :] = (
        _along(noise, found)[..., :first],
        _along(noise, found)[..., last + 1 :],
    )
    changed = [outside]
    for place in (first, last):
        one = _along(signal, found).clone()
        one[..., place] += _CHANGE * (1 + _along(noise, found)[..., place].abs())
        changed.append(one)
    given = [_along(forward(part.movedim(-1, 2 + found.axis)), found) for part in changed]
    a, b, c = (float((part[..., unit] - whole[..., unit]).abs().max()) for part in given)
    return a, b, c
