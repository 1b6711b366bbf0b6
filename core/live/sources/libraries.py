"""timm and torchvision, loaded when first asked for: that takes seconds."""

import re
import sys
from functools import cache
from types import ModuleType

import torch

from ...program import loaded

_MISSING = re.compile(r"operator torchvision::\w+ does not exist")
_DESCRIBED = ("nms", "qnms")  # the compiled operators that torchvision describes to torch as it is imported


@cache
def timm() -> ModuleType:
    """PyTorch Image Models."""
    torchvision()
    return loaded("timm")


@cache
def torchvision() -> ModuleType:
    """torchvision, also where it was built for another torch than the one installed.

    It then lacks its compiled operators, which no model of the zoo needs, but fails to describe them; so they are
    declared first.
    """
    try:
        return loaded("torchvision")
    except RuntimeError as error:
        if not _MISSING.search(str(error)):
            raise
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    for operator in _DESCRIBED:
        torch.library.define(f"torchvision::{operator}", "(Tensor dets, Tensor scores, float threshold) -> Tensor")
    return loaded("torchvision")
