"""Any module as a map of its input: the result, or that of a part of it, in evaluation, gradients of the input only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from math import prod
from typing import Any

import torch
from torch import nn

from ...errors import UserError
from ...network.graph import size_text
from ..trace import OUTPUT
from .sampling import Unit, unit_of


@dataclass(frozen=True, slots=True, eq=False)
class DifferentiableModel:
    """``module`` with an input of ``size`` (channels, then its axes), up to ``stage``.

    ``forward``: what is called instead of the module, ``model.forward_features`` say. ``stage``: a module's path, or
    ``output``; of several runs of it the last, of several tensors the last that depends on the input. ``shown``: the
    size of the map that the stage is, where that is known; a result with its channels last, or tokens, is laid out so.
    The module is as before afterwards: its training mode and which parameters take gradients.
    """

    module: nn.Module
    size: tuple[int, ...]
    forward: Callable[..., Any] | None = None
    stage: str = OUTPUT
    shown: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if self.stage != OUTPUT and self.stage not in dict(self.module.named_modules()):
            stages = [name for name, _ in self.module.named_children()]
            raise UserError(f"the model has no stage {self.stage!r}; its stages are {', '.join([*stages, OUTPUT])}")

    @property
    def weight(self) -> torch.Tensor:
        """A parameter or buffer, for its type and place; an empty tensor where there is none."""
        held = chain(self.module.parameters(), self.module.buffers())
        return next((tensor for tensor in held if tensor.is_floating_point()), torch.empty(0))

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """The result, its channels first, for an input (1, channels, height, width) that requires gradients."""
        results: list[torch.Tensor] = []

        def keep(*said: Any) -> None:
            # A copy, as later modules may work in place.
            results.extend(tensor.clone() for tensor in _tensors(said[-1:]) if tensor.requires_grad)

        hook = None if self.stage == OUTPUT else self.module.get_submodule(self.stage).register_forward_hook(keep)
        try:
            with _evaluating(self.module), torch.enable_grad():
                # Not a leaf, as the first module may work in place.
                result = (self.forward or self.module)(x.clone())
        except (RuntimeError, ValueError, TypeError, AssertionError, IndexError) as error:
            said = (str(error) or type(error).__name__).splitlines()[0]
            wanted = f"{x.shape[1]}x{size_text(tuple(x.shape[2:]))}"
            raise UserError(f"the model does not run on an input of {wanted}: {said}; try another size") from error
        finally:
            if hook:
                hook.remove()
        if self.stage == OUTPUT:
            keep(result)
        if not results:
            raise UserError(
                f"the result of {self.stage!r} does not depend on the input by any gradient; choose another"
            )
        return self.laid_out(results[-1])

    def laid_out(self, result: torch.Tensor) -> torch.Tensor:
        """A result as (1, channels, height, width) where it is the map that is shown, its class tokens left out."""
        if self.shown is None:
            last = self.stage == OUTPUT and self.forward is not None
            last = last and getattr(self.module, "output_fmt", "") == "NHWC"  # as timm's models tell
            return result.movedim(-1, 1) if last and result.dim() > 2 else result
        if tuple(result.shape[2:]) == self.shown or len(result) != 1:
            return result
        if tuple(result.shape[1:-1]) == self.shown:
            return result.movedim(-1, 1)
        before = 0 if result.dim() < 2 else result.shape[1] - prod(self.shown)
        if result.dim() == 3 and before in (0, getattr(self.module, "num_prefix_tokens", 0)):
            return result[:, before:].mT.reshape(1, -1, *self.shown)
        return result

    def unit(self, unit: Unit, shape: tuple[int, ...]) -> tuple[int, ...] | None:
        """The indices of a unit in a result of ``shape``, (1, channels, height, width); None for all outputs."""
        if unit != "all" and (shape[0] != 1 or len(shape) not in (2, len(self.size) + 1)):
            raise UserError(
                f"{self.stage!r} is a tensor of {size_text(shape)}, in which no unit has a place; "
                "choose a stage that is a map of one image, channels first, or all outputs"
            )
        return unit_of(unit, shape[2:], lambda: tuple(side // 2 for side in shape[2:]))


@contextmanager
def _evaluating(module: nn.Module) -> Iterator[None]:
    training = [part for part in module.modules() if part.training]
    taking = [parameter for parameter in module.parameters() if parameter.requires_grad]
    try:
        for part in training:
            part.training = False
        for parameter in taking:
            parameter.requires_grad_(False)
        yield
    finally:
        for part in training:
            part.training = True
        for parameter in taking:
            parameter.requires_grad_(True)


def _tensors(values: Any) -> Iterator[torch.Tensor]:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from _tensors(value)
        elif isinstance(value, dict):
            yield from _tensors(value.values())
