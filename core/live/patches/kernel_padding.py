"""Kernel padding: a zero column and row behind every strided kernel, so that its size is a multiple of the stride.

Kim et al., "Dead Pixel Test Using Effective Receptive Field" (arXiv 2108.13576): the weights gain zeros right and
below, the padding number stays, on every strided operation, max pools and 1x1 shortcuts too; a pretrained function is
kept, but for what max pools see anew.
"""

from typing import Any

from torch import nn
from torch.nn import functional

from ...errors import UserError

_CONVOLUTIONS = (nn.Conv1d, nn.Conv2d)
_POOLS = (nn.MaxPool1d, nn.MaxPool2d, nn.AvgPool1d, nn.AvgPool2d)


def pad_kernels(module: nn.Module) -> None:
    """Changes every strided window of ``module`` in place.

    Raises :class:`~core.errors.UserError` where there is none to change, or one whose own code does the padding.
    """
    changed = 0
    for name, part in module.named_modules():
        if isinstance(part, _CONVOLUTIONS):
            changed += _pad_convolution(name, part)
        elif isinstance(part, _POOLS):
            changed += _pad_pool(part)
    if not changed:
        raise UserError("kernel padding changes nothing here: every stride divides its kernel")


def _pad_convolution(name: str, part: nn.Conv1d | nn.Conv2d) -> bool:
    more = _missing(part.kernel_size, part.stride)
    if not any(more):
        return False
    if any(step > 1 for step in part.dilation):
        raise UserError(f"kernel padding does not apply to {name}: it is strided and dilated")
    plain = nn.Conv2d if isinstance(part, nn.Conv2d) else nn.Conv1d
    if type(part).forward is not plain.forward or part.padding_mode != "zeros":
        raise UserError(f"kernel padding does not apply to {name}: {type(part).__name__} pads by itself")
    # The last axis comes first in functional.pad: (0, more) for each.
    room = [each for extra in reversed(more) for each in (0, extra)]
    part.weight = nn.Parameter(functional.pad(part.weight.detach(), room))
    part.kernel_size = tuple(size + extra for size, extra in zip(part.kernel_size, more, strict=True))
    return True


def _pad_pool(part: Any) -> bool:
    """Pools hold one number for all axes, or one for each."""
    kernel, stride = part.kernel_size, part.stride
    kernels = kernel if isinstance(kernel, tuple) else (kernel,)
    strides = stride if isinstance(stride, tuple) else (stride,) * len(kernels)
    more = _missing(kernels, strides)
    if not any(more):
        return False
    padded = tuple(size + extra for size, extra in zip(kernels, more, strict=True))
    part.kernel_size = padded if isinstance(kernel, tuple) else padded[0]
    return True


def _missing(kernel: tuple[int, ...], stride: tuple[int, ...]) -> list[int]:
    """What each axis' kernel lacks to be a multiple of its stride.

    >>> _missing((3, 1), (2, 1))
    [1, 0]
    """
    return [-size % step for size, step in zip(kernel, stride, strict=True)]
