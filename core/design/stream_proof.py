"""A stream proved on the live model, in float64: fed in blocks, and its samples changed one by one.

Blocks go through the model with the state that every layer is said to keep: a typed network of one axis layer by layer
(:mod:`.live.modules.blockwise`), any other model operator by operator (:mod:`.design.stream_state`). Where that cannot
be done, which is told with its reason, the state is kept at the input: for every block all samples but its own and
those before and after that are said to matter are replaced by noise. All is compared with one pass. Then, for outputs
of every phase, all that they do not read is replaced, and the first and the last sample that they read are changed
alone. PyTorch is loaded here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, inf

import torch

from ..errors import LimitError, UserError
from ..exact.cost import cost
from ..exact.streams import Stream
from ..live.modules.blockwise import Blockwise
from ..live.modules.model import build
from ..live.modules.streams import random_stream
from ..live.trace.blocks import NotFedError
from ..network.window import Window
from .design import Design
from .stream_state import fed_with_state
from .tile_proof import MAX_MULTIPLY_ADDS, ROUNDING, Forward, live_forward, live_model, live_recipe, slopes

_BLOCKS = 8
_PHASES = 4  # of which outputs are looked at
_IMAGES = 3  # where that is cheap: a maximum may hide a sample of one
_CHEAP = 10_000_000_000  # multiply-adds
_AMPLE, _SHORT = 4, 512  # a typed network is fed no more than so many times the least length, or so many samples
_CHANGE = 8.0  # standard deviations by which a sample is changed

Progress = tuple[int, int, "StreamProof | None"]


@dataclass(frozen=True, slots=True)
class StreamProof:
    """Differences in standard deviations of the outputs.

    ``samples`` of the signal, fed in ``blocks`` with the state of every layer; ``at_input``: why the state is that of
    the input instead, None where it is not. ``outside``: the largest change of an output by all that it does not read;
    ``past_inside``, ``future_inside``: the smallest by the first and the last sample that it reads.
    """

    samples: int
    blocks: int
    at_input: str | None
    difference: float
    outside: float
    past_inside: float
    future_inside: float


def prove(design: Design, found: Stream, seed: int = 0) -> StreamProof:
    """Feeds blocks, and changes samples.

    Raises :class:`~.errors.UserError` where no stream gives what the design gives, or no model computes it, and
    :class:`~.errors.LimitError` where that takes too long.
    """
    *_, (_, _, proof) = proving(design, found, seed)
    assert proof is not None
    return proof


def proving(design: Design, found: Stream, seed: int = 0) -> Iterator[Progress]:
    """The same step by step: passes done, all of them, and the proof with the last. Raises as :func:`prove`."""
    length, images = _size(design, found)
    forward, channels = live_forward(design, seed)
    model, _ = live_model(design, seed)
    size = (*found.graph.input.size[: found.axis], length, *found.graph.input.size[found.axis + 1 :])
    signal = torch.randn(images, channels, *size, dtype=torch.float64, generator=random_stream(seed, "noise"))
    noise = torch.randn(signal.shape, dtype=torch.float64, generator=random_stream(seed, "evaluation"))
    units = _units(found, length)
    total = 1 + _BLOCKS + len(units)
    yield 0, total, None
    whole = _along(forward(signal), found)
    scale = float(whole.std()) or 1.0
    parts: list[torch.Tensor] = []
    at_input = None
    try:
        for part in _fed_by_layers(design, found, signal, seed):
            yield min(1 + len(parts), total - 1), total, None
            parts.append(part)
    except NotFedError as reason:
        at_input, parts = str(reason), []
        for part in _fed(forward, found, signal, noise):
            yield min(1 + len(parts), total - 1), total, None
            parts.append(part)
    fed = torch.cat(parts, dim=-1)
    if fed.shape != whole.shape:
        raise UserError(f"blocks give {fed.shape[-1]:,} outputs, one pass {whole.shape[-1]:,}; use another input")
    changes: list[tuple[float, float, float]] = []
    for unit in units:
        yield 1 + _BLOCKS + len(changes), total, None
        changes.append(_changes(forward, model, found, signal, noise, whole, unit))
    outside, past, future = (list(part) for part in zip(*changes, strict=True)) if changes else ([0.0], [inf], [inf])
    yield (
        total,
        total,
        StreamProof(
            length,
            len(parts),
            at_input,
            float((fed - whole)[..., _compared(design, found, whole.shape[-1], length)].abs().max()) / scale,
            max(outside) / scale,
            min(past) / scale,
            min(future) / scale,
        ),
    )


def proof_cost(design: Design, found: Stream) -> int:
    """Multiply-adds of a proof of one signal."""
    per_sample = Fraction(cost(found.graph).multiply_adds, found.graph.input.size[found.axis])
    return ceil(per_sample * _length(design, found) * (2 + 3 * min(len(found.phases), _PHASES) + _BLOCKS))


def _size(design: Design, found: Stream) -> tuple[int, int]:
    """Samples of the signal, and how many signals. Raises as :func:`prove`."""
    if found.reasons:
        reason = found.reasons[0]
        raise UserError(f"{found.halo.graph.name(reason.node)} {reason.text}, and no blocks can; name an earlier stage")
    length, multiply_adds = _length(design, found), proof_cost(design, found)
    if multiply_adds > MAX_MULTIPLY_ADDS:
        raise LimitError(
            f"proving a stream of {length:,} samples would take {multiply_adds:.1e} multiply-adds, more than "
            f"{MAX_MULTIPLY_ADDS:.1e}; use an earlier stage or fewer channels"
        )
    return length, _IMAGES if multiply_adds <= _CHEAP else 1


def _length(design: Design, found: Stream) -> int:
    """Samples of the signal: so many blocks that some output reads nothing beyond its ends.

    It is the design's own length where that is not much more. A model is fed no less than its own.
    """
    own = found.graph.input.size[found.axis]
    least = found.past + found.future + 3 * max(found.block, ceil(found.hop * len(found.phases)))
    wanted = least if own < least else own if design.network is None else min(own, max(_AMPLE * least, _SHORT))
    return own + ceil(Fraction(wanted - own, found.block)) * found.block


def _along(values: torch.Tensor, found: Stream) -> torch.Tensor:
    """With time as the last axis."""
    return values.movedim(2 + found.axis, -1)


def _starts(found: Stream, length: int) -> range:
    """Where blocks begin, at most ``_BLOCKS`` of them."""
    return range(0, length, found.block * max(1, ceil(Fraction(length, _BLOCKS * found.block))))


def _fed_by_layers(design: Design, found: Stream, signal: torch.Tensor, seed: int) -> Iterator[torch.Tensor]:
    """The outputs of every block that goes through layers with state. Raises as :func:`fed_with_state`."""
    starts = _starts(found, signal.shape[2 + found.axis])
    if not _is_typed(design, found):
        for part in fed_with_state(design, found, signal, starts, seed):
            yield _along(part, found)
        return
    network = design.at_input(tuple(signal.shape[2:])).network
    assert network is not None
    model = Blockwise(build(network, live_recipe(seed)).double())
    for start in starts:
        with torch.no_grad():  # not while others go on
            outputs = model.block(signal[..., start : start + starts.step])
        yield outputs


def _is_typed(design: Design, found: Stream) -> bool:
    """Whether every layer of the live model is one of a text, and time the only axis."""
    return design.network is not None and len(found.graph.input.size) == 1


def _compared(design: Design, found: Stream, units: int, length: int) -> list[int]:
    """The outputs that are compared: of a module whose padding shows samples, only those that read none of it."""
    nodes = (found.halo.graph.nodes[index] for index in found.halo.graph.ancestors)
    maps = [node.maps[found.axis] for node in nodes if node.maps]
    shows = any(isinstance(one, Window) and one.border != "zeros" and any(one.pad) for one in maps)
    if _is_typed(design, found) or not shows:
        return list(range(units))
    spans = ((unit, found.field.span(unit)) for unit in range(units))
    return [unit for unit, span in spans if span is None or (span[0] >= 0 and span[1] < length)]


def _fed(forward: Forward, found: Stream, signal: torch.Tensor, noise: torch.Tensor) -> Iterator[torch.Tensor]:
    """The outputs of every block, with what is said to matter around it and noise beyond."""
    length = signal.shape[2 + found.axis]
    starts = _starts(found, length)
    step = starts.step
    for start in starts:
        part = _along(signal, found).clone()
        before, after = max(start - found.past, 0), start + step + found.future
        part[..., :before] = _along(noise, found)[..., :before]
        part[..., after:] = _along(noise, found)[..., after:]
        given = _along(forward(part.movedim(-1, 2 + found.axis)), found)
        first, end = (int(place / found.hop) for place in (start, start + step))
        yield given[..., first : given.shape[-1] if start == starts[-1] else end]


def _units(found: Stream, length: int) -> list[int]:
    """Outputs near the middle, one of each phase, whose fields lie inside the signal."""
    middle = floor(Fraction(length + found.past - found.future, 2) / found.hop)
    phases = len(found.phases)
    units = range(middle, middle + phases, max(1, phases // _PHASES))
    spans = ((unit, found.field.span(unit)) for unit in units)
    return [unit for unit, span in spans if span is not None and span[0] >= 0 and span[1] < length]


def _changes(
    forward: Forward,
    model: Forward,
    found: Stream,
    signal: torch.Tensor,
    noise: torch.Tensor,
    whole: torch.Tensor,
    unit: int,
) -> tuple[float, float, float]:
    """How much a unit changes by all outside its field, and by the first and last sample inside.

    Where rounding hides the latter, as much as their gradient says.
    """
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
    least = ROUNDING * float(whole.std())
    if min(b, c) > least:
        return a, b, c
    index = (slice(None),) * (2 + found.axis) + (slice(unit, unit + 1),)
    by_gradient = _CHANGE * _along(slopes(model, signal, index, 0), found)
    past, future = (float(by_gradient[..., place].max()) for place in (first, last))
    return a, b if b > least else past, c if c > least else future
