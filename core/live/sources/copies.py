"""A module made once on the meta device and copied from then on: making it anew takes several times as long."""

from collections.abc import Callable
from copy import deepcopy
from itertools import chain

import torch
from torch import nn


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
            self._first = self._make()
        shared = {id(part): part for part in chain(self._first.parameters(), self._first.buffers())}
        return deepcopy(self._first, shared)
