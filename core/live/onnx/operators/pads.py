"""Padding by itself."""

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses

from ...layouts.layout import NotRuledError
from ..spelling import OnnxCall, refuse_large, spelled

_MODES = {"constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}


@spelled("Pad")
def pad(call: OnnxCall) -> torch.Tensor:
    """With a number, mirrored, with the last sample, or around; less than nothing cuts off."""
    x, mode = call[0], _MODES.get(call.attribute("mode", "constant"))
    axes = call.whole("", 3, range(x.ndim))
    pads = call.whole("pads", 1)
    if mode is None or pads is None or axes is None or len(pads) != 2 * len(axes):
        raise NotRuledError("a mode or pads that do not fit")
    sides = [(0, 0)] * x.ndim
    for axis, before, after in zip(axes, pads[: len(axes)], pads[len(axes) :], strict=True):
        if not -x.ndim <= axis < x.ndim:
            raise NotRuledError(f"axis {axis} of a tensor of {x.ndim} dimensions")
        sides[axis] = (before, after)
    refuse_large([n + before + after for n, (before, after) in zip(x.shape, sides, strict=True)], call.real)
    if not any(map(any, sides)):
        return x
    if mode == "constant":
        value = call.constant(2, "a value")
        if value is not None and value.numel() != 1:
            raise NotRuledError("a value that is no single number")
        number = 0 if value is None else value.item()
        return F.pad(x, [side for pair in reversed(sides) for side in pair], value=number)
    if any(map(any, sides[:2])) or any(side < 0 for pair in sides for side in pair):
        raise NotRuledError(f"channels padded in mode {mode}, or less than nothing")
    return F.pad(x, [side for pair in reversed(sides[2:]) for side in pair], mode)
