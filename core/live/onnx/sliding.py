"""What the attributes of a convolution or a pool say of its window."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses

from ..layouts.layout import NotRuledError
from .spelling import OnnxCall

MOST = 1_000_000  # of any number of a window


class Sliding:
    """What a window's attributes say, for each axis. ``kernel``: that of the weights, empty where there are none."""

    def __init__(self, call: OnnxCall, kernel: Sequence[int], axes: int) -> None:
        self.call = call
        self.axes = axes
        if not 1 <= self.axes <= 3:
            raise NotRuledError(f"a window over {self.axes} axes")
        self.kernel = self._each("kernel_shape", kernel)
        if list(kernel) != self.kernel and len(kernel):
            raise NotRuledError(f"a kernel_shape of {self.kernel}, and weights of {list(kernel)}")
        self.stride = self._each("strides", [1] * self.axes)
        self.dilation = self._each("dilations", [1] * self.axes)
        pads = call.whole("pads", None, [0] * 2 * self.axes)
        assert pads is not None
        if len(pads) != 2 * self.axes or not all(0 <= side <= MOST for side in pads):
            raise NotRuledError(f"pads {pads[:8]} of a window over {self.axes} axes")
        self.pads = list(zip(pads[: self.axes], pads[self.axes :], strict=True))
        self.auto = call.attribute("auto_pad", "NOTSET")
        if self.auto not in ("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"):
            raise NotRuledError(f"auto_pad {self.auto}")
        if self.auto != "NOTSET" and any(pads):
            raise NotRuledError(f"both pads and auto_pad {self.auto}")
        self.spans = [(k - 1) * d + 1 for k, d in zip(self.kernel, self.dilation, strict=True)]

    def _each(self, name: str, usual: Sequence[int]) -> list[int]:
        values = self.call.whole(name, None, usual)
        assert values is not None
        if len(values) != self.axes or not all(1 <= value <= MOST for value in values):
            raise NotRuledError(f"{name} {values[:8]} of a window over {self.axes} axes")
        return values

    def fit(self, size: Sequence[int]) -> None:
        """Replaces auto_pad by what it pads: as many windows as strides fit, an odd sample after or before."""
        if self.auto.startswith("SAME"):
            for axis, (n, span, stride) in enumerate(zip(size, self.spans, self.stride, strict=True)):
                total = max((-(-n // stride) - 1) * stride + span - n, 0)
                less, more = total // 2, total - total // 2
                self.pads[axis] = (less, more) if self.auto == "SAME_UPPER" else (more, less)

    @property
    def around(self) -> tuple[int, ...] | None:
        """The padding of both sides; None where it is not the same."""
        return tuple(before for before, _ in self.pads) if all(one == two for one, two in self.pads) else None

    def padded(self, x: torch.Tensor, fill: float = 0.0) -> torch.Tensor:
        """Padded by itself; no padding is none."""
        if not any(map(any, self.pads)):
            return x
        return F.pad(x, [side for sides in reversed(self.pads) for side in sides], value=fill)
