"""Operators that move elements or take some of them: shapes, permutations, slices, blocks; nothing is computed."""

from math import prod

import torch

from ...layouts.layout import NotRuledError
from ..spelling import OnnxCall, axes_in, broadcast, listed, refuse_large, spelled

_LISTED = 65_536  # indices that are looked at one by one


@spelled("Reshape")
def reshape(call: OnnxCall) -> torch.Tensor:
    """0 stands for the side that was there, unless that is allowed as a side; -1 for what is left."""
    x = call[0]
    wanted = call.whole("shape", 1)
    if wanted is None:
        raise NotRuledError("a shape that is not given")
    if not call.attribute("allowzero", 0):
        if any(side == 0 and dim >= x.ndim for dim, side in enumerate(wanted)):
            raise NotRuledError(f"a shape of {wanted[:8]} for a tensor of {x.ndim} dimensions")
        wanted = [side or x.shape[dim] for dim, side in enumerate(wanted)]
    return _shaped(x, wanted)


def _shaped(x: torch.Tensor, wanted: list[int]) -> torch.Tensor:
    known = prod(side for side in wanted if side != -1)
    fits = x.numel() % known == 0 if wanted.count(-1) == 1 and known > 0 else x.numel() == known
    if wanted.count(-1) > 1 or any(side < -1 for side in wanted) or not fits:
        raise NotRuledError(f"a shape of {wanted[:8]} for {x.numel():,} elements")
    return x.reshape(wanted)


@spelled("Flatten")
def flatten(call: OnnxCall) -> torch.Tensor:
    """Two dimensions: those before an axis, and those from it on."""
    x = call[0]
    axis = int(call.attribute("axis", 1))
    if not -x.ndim <= axis <= x.ndim:
        raise NotRuledError(f"axis {axis} of a tensor of {x.ndim} dimensions")
    axis = axis if axis >= 0 else axis + x.ndim
    return x.reshape(prod(x.shape[:axis]), prod(x.shape[axis:]))


@spelled("Squeeze")
def squeeze(call: OnnxCall) -> torch.Tensor:
    """Without dimensions of size 1: those named, or all."""
    x = call[0]
    named = call.whole("axes", 1)
    axes = [dim for dim, side in enumerate(x.shape) if side == 1] if named is None else axes_in(named, x.ndim)
    if any(x.shape[axis] != 1 for axis in axes):
        raise NotRuledError(f"a shape of {tuple(x.shape)} without the axes {axes}")
    return x.reshape([side for dim, side in enumerate(x.shape) if dim not in axes])


@spelled("Unsqueeze")
def unsqueeze(call: OnnxCall) -> torch.Tensor:
    """With more dimensions of size 1; their places are those in the result."""
    x = call[0]
    named = call.whole("axes", 1)
    if named is None:
        raise NotRuledError("axes that are not given")
    axes = axes_in(named, x.ndim + len(named))
    shape = list(x.shape)
    for axis in axes:
        shape.insert(axis, 1)
    return x.reshape(shape)


@spelled("Transpose")
def transpose(call: OnnxCall) -> torch.Tensor:
    """Dimensions in another order, or turned round."""
    x = call[0]
    order = call.whole("perm", None, range(x.ndim)[::-1])
    if order is None or sorted(order) != list(range(x.ndim)):
        raise NotRuledError(f"an order of {order} for a tensor of {x.ndim} dimensions")
    return x.permute(order)


@spelled("Expand")
def expand(call: OnnxCall) -> torch.Tensor:
    """Repeated along dimensions of size 1, either way round."""
    x = call[0]
    wanted = call.whole("", 1)
    if wanted is None:
        raise NotRuledError("a shape that is not given")
    refuse_large(wanted, call.real)
    shape = broadcast(x.shape, wanted)
    refuse_large(shape, call.real)
    return x.expand(shape)


@spelled("Slice")
def slice_(call: OnnxCall) -> torch.Tensor:
    """From starts to ends along axes, every so many; a negative step goes backwards."""
    x = call[0]
    starts, ends = call.whole("starts", 1), call.whole("ends", 2)
    if starts is None or ends is None:
        raise NotRuledError("starts or ends that are not given")
    axes = call.whole("axes", 3, range(len(starts)))
    steps = call.whole("steps", 4, [1] * len(starts))
    if axes is None or steps is None or not len(starts) == len(ends) == len(axes) == len(steps) or 0 in steps:
        raise NotRuledError("starts, ends, axes and steps that do not fit each other")
    axes_in(axes, x.ndim)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        chosen = range(*slice(start, end, step).indices(x.shape[axis]))
        x = taken(x, axis % x.ndim, chosen)
    return x


def taken(x: torch.Tensor, axis: int, chosen: range) -> torch.Tensor:
    """Some entries along an axis, in order or backwards."""
    if len(chosen) == x.shape[axis] and chosen.step == 1:
        return x
    if not len(chosen):
        return x.narrow(axis, 0, 0)
    if chosen.step < 0:
        return taken(x, axis, chosen[::-1]).flip(axis)
    return x[(slice(None),) * axis + (slice(chosen[0], chosen[-1] + 1, chosen.step),)]


@spelled("Gather")
def gather(call: OnnxCall) -> torch.Tensor:
    """The entries along an axis that indices name: one, which the axis goes with, or several."""
    x, indices = call[0], call[1]
    axis = call.axis(0, x.ndim)
    n, shape = x.shape[axis], [*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :]]
    refuse_large(shape, call.real)
    if not call.is_fixed(0) and indices.numel() <= _LISTED:
        named = call.constant(1, "indices")
        assert named is not None
        places = [int(place) for place in named.reshape(-1).tolist()]
        if not all(-n <= place < n for place in places):
            raise NotRuledError(f"indices outside {n} entries")
        return _chosen(x, axis, [place % n for place in places]).reshape(shape)
    wrapped = torch.where(indices < 0, indices + n, indices)
    return x.index_select(axis, wrapped.reshape(-1)).reshape(shape)


def _chosen(x: torch.Tensor, axis: int, places: list[int]) -> torch.Tensor:
    """The entries at places, as a slice where they are one."""
    step = places[1] - places[0] if len(places) > 1 else 1
    if places and step and all(place == places[0] + step * index for index, place in enumerate(places)):
        return taken(x, axis, range(places[0], places[0] + step * len(places), step))
    return x.index_select(axis, listed(places))


@spelled("GatherElements")
def gather_elements(call: OnnxCall) -> torch.Tensor:
    """An entry for each index, along an axis."""
    axis = call.axis(0, call[0].ndim)
    return torch.gather(call[0], axis, torch.where(call[1] < 0, call[1] + call[0].shape[axis], call[1]))


@spelled("GatherND")
def gather_places(call: OnnxCall) -> torch.Tensor:
    """The entries at places."""
    if call.attribute("batch_dims", 0):
        raise NotRuledError("places of a batch")
    refuse_large([*call[1].shape[:-1], *call[0].shape[call[1].shape[-1] :]], call.real)
    return call[0][tuple(call[1].unbind(-1))]


@spelled("ScatterND")
def scatter(call: OnnxCall) -> torch.Tensor:
    """Other entries at places."""
    if call.attribute("reduction", "none") != "none":
        raise NotRuledError("entries that are added at places")
    return call[0].index_put(tuple(call[1].unbind(-1)), call[2])


@spelled("DepthToSpace")
def depth_to_space(call: OnnxCall) -> torch.Tensor:
    """Channels become a finer grid: blocks first (DCR), or channels first (CRD), as in PyTorch."""
    x, block = call[0], int(call.attribute("blocksize", 0))
    if x.ndim != 4 or block < 1 or x.shape[1] % block**2:
        raise NotRuledError(f"blocks of {block} of a shape of {tuple(x.shape)}")
    batch, channels, height, width = x.shape
    deep = channels // block**2
    if call.attribute("mode", "DCR") == "DCR":
        x = x.reshape(batch, block, block, deep, height, width).permute(0, 3, 4, 1, 5, 2)
    else:
        x = x.reshape(batch, deep, block, block, height, width).permute(0, 1, 4, 2, 5, 3)
    return x.reshape(batch, deep, height * block, width * block)


@spelled("SpaceToDepth")
def space_to_depth(call: OnnxCall) -> torch.Tensor:
    """Blocks of positions become channels."""
    x, block = call[0], int(call.attribute("blocksize", 0))
    if x.ndim != 4 or block < 1 or x.shape[2] % block or x.shape[3] % block:
        raise NotRuledError(f"blocks of {block} of a shape of {tuple(x.shape)}")
    batch, channels, height, width = x.shape
    x = x.reshape(batch, channels, height // block, block, width // block, block).permute(0, 3, 5, 1, 2, 4)
    return x.reshape(batch, channels * block**2, height // block, width // block)


@spelled("Trilu")
def triangle(call: OnnxCall) -> torch.Tensor:
    """The upper or the lower triangle; zeros elsewhere."""
    offset = call.constant(1, "a diagonal")
    return (torch.triu if call.attribute("upper", 1) else torch.tril)(
        call[0], 0 if offset is None else int(offset.item())
    )
