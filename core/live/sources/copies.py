"""A module made once on the meta device and copied from then on: making it anew takes several times as long."""

from collections.abc import Callable
from copy import deepcopy
from itertools import chain
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

_Tensor = torch.Tensor
_FILLS = {
    *(_Tensor.normal_, _Tensor.uniform_, _Tensor.fill_, _Tensor.zero_),
    *(nn.init.normal_, nn.init.uniform_, nn.init.kaiming_uniform_, nn.init.constant_),
}


class Copies:
    """Makes what ``make`` makes; on the meta device each module is a copy of the first.

    Copies share their parameters and buffers, which have shapes and no numbers there. Only for modules that Python
    can copy: those of the zoo and of pasted texts, not whatever own code makes.
    """

    def __init__(self, make: Callable[[], nn.Module]) -> None:
        self._make = make
        self._first: nn.Module | None = None

    def __call__(self) -> nn.Module:
        if torch.get_default_device().type != "meta":
            return self._make()
        if self._first is None:
            with _WithoutNumbers():
                self._first = self._make()
        shared = {id(part): part for part in chain(self._first.parameters(), self._first.buffers())}
        return deepcopy(self._first, shared)


class _WithoutNumbers(TorchFunctionMode):
    """Fills no tensor of the meta device: it holds no numbers, and half of the time to make a module would go there."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        options = kwargs or {}
        if func in _FILLS:
            filled = args[0] if args else options["tensor"]
            if filled.is_meta:
                return filled
        return func(*args, **options)
