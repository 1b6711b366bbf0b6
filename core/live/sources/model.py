"""A model that can be traced and run: how its module is made, and the input that it is made for."""

import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from ...errors import LimitError, UserError
from ...network import limits
from ...network.axes import MOST, WRITTEN
from ..modules.streams import stream_seed
from ..patches.calls import Patch
from ..trace import OUTPUT, Traced, trace
from .numbers import NumbersOnCpu, fixed_numbers

MAX_PARAMETERS = 400_000_000  # of a model that is given numbers: 1.6 GB in float32
LAST_MAP = "last map"  # the last stage that still has more than one position


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """``make`` builds the module on whichever device is the default; on ``meta`` it has shapes and no numbers.

    ``features``: the method that gives the feature map, None for the module's own call. ``stage``: which result is
    the output.
    """

    name: str
    size: tuple[int, ...]  # channels, then the axes
    make: Callable[[], nn.Module]
    features: str | None = None
    stage: str = OUTPUT
    changes: tuple[Patch, ...] = ()  # made in order to a module once it is made
    made_for: tuple[int, ...] | None = None  # the size that a model of the zoo is usually given
    not_live: str = ""  # why it is counted and never run with numbers

    def at_input(self, size: tuple[int, ...]) -> "Model":
        """The same model on another input: one side for all axes, its axes, or its channels and axes."""
        axes = len(self.size) - 1
        if len(size) == 1:
            size = size * axes
        if not axes <= len(size) <= axes + 1:
            raise UserError(
                f"an input of {size_text(size)} does not fit {self.name}, which has {axes} axes; give {WRITTEN[axes]}"
            )
        return replace(self, size=checked_size(size if len(size) > axes else (self.size[0], *size)))

    def given(self, size: tuple[int, ...]) -> "Model":
        """The model on an input that is written short: what it leaves out its first convolution tells.

        ``256`` is a square (1-D: a line; 3-D: a cube) of as many channels as the convolution reads, ``256x192`` one of
        two sides. Without a convolution, one number is the side of an RGB image, two are channels and length. Of three
        numbers and more the first is the channels.
        """
        if len(size) > 2:
            return replace(self, size=checked_size(size))
        with torch.device("meta"), explaining(f"{self.name} cannot be made"):
            parts = self.make().modules()
        first = next((part for part in parts if isinstance(part, nn.Conv1d | nn.Conv2d | nn.Conv3d)), None)
        channels = 3 if first is None else first.in_channels
        axes = max(len(size) - 1, 1) if first is None else len(first.kernel_size)
        axes = 2 if first is None and len(size) == 1 else axes
        if len(size) == 1:
            size = size * axes
        if axes == 3 and len(size) == 2:
            raise UserError(f"an input of {size_text(size)} does not fit a 3-D convolution; give N or CxDxHxW")
        return replace(self, size=checked_size((channels, *size) if len(size) == axes else size))

    def module(self) -> nn.Module:
        """The module, in evaluation mode."""
        module = self.make().eval()
        for change in self.changes:
            change(module)
        return module

    def traced(self) -> Traced:
        """Its graph with stages and gaps.

        Raises :class:`~.errors.UserError` where the module cannot run on the input, with its own message.
        """
        module, numbers = self._without_numbers()
        usual = "" if self.made_for in (None, self.size) else f" (it is made for {size_text(self.made_for)})"
        with explaining(f"{self.name} does not run on an input of {size_text(self.size)}{usual}", module):
            told = self.features is not None and getattr(module, "output_fmt", "") == "NHWC"  # as timm's models tell
            last = told or bool(self.not_live)  # what is never run may have its channels where it likes
            return trace(module.to("meta"), self.size, self.call(module), channels_last=last, numbers=numbers)

    def _without_numbers(self) -> tuple[nn.Module, dict[str, torch.Tensor]]:
        """The module with shapes, and the numbers of its masks; none of a module that they do not fit."""
        with torch.device("meta"), explaining(f"{self.name} cannot be made"):
            try:
                with NumbersOnCpu():
                    module = self.module()
            except RuntimeError:  # numbers and shapes met in one operator
                module = self.module()
        return module, fixed_numbers(module)

    def call(self, module: nn.Module) -> Callable[..., Any]:
        """What is called with the input."""
        return module if self.features is None else getattr(module, self.features)

    def real(self, seed: int = 0) -> nn.Module:
        """The module with numbers, drawn as the model draws them, from a seed."""
        if self.not_live:
            raise UserError(self.not_live)
        with torch.device("meta"), explaining(f"{self.name} cannot be made"):
            count = sum(parameter.numel() for parameter in self.module().parameters())
        if count > MAX_PARAMETERS:
            raise LimitError(
                f"{self.name} has {count:,} parameters, more than {MAX_PARAMETERS:,}; its exact map needs no numbers, "
                "its effective field does: choose a smaller model"
            )
        with torch.random.fork_rng(devices=[]), explaining(f"{self.name} cannot be made"):
            torch.manual_seed(stream_seed(seed, "weights"))
            return self.module()


def end_of(model: Model, traced: Traced) -> str:
    """The stage that is a model's output.

    Of ``LAST_MAP``, the last part, inside no other, whose result has more than one position. Where a gap comes after
    it that is no answer: a vision transformer's is not what its first convolution says.
    """
    if model.stage != LAST_MAP:
        return model.stage
    ends = {name: end for name, end in traced.stages.items() if not _inside(name, traced)}
    maps = [name for name, end in ends.items() if not isinstance(end, int) or traced.nodes[end].positions > 1]
    return maps[-1] if maps and isinstance(ends[maps[-1]], int) else OUTPUT


def _inside(name: str, traced: Traced) -> bool:
    """Whether a part runs inside another one; parts of a list that is only gone through do not."""
    parts = name.split(".")
    return any(".".join(parts[:depth]) in traced.stages for depth in range(1, len(parts)))


def checked_size(size: tuple[int, ...]) -> tuple[int, ...]:
    """An input size within the limits."""
    if not 2 <= len(size) <= MOST + 1:
        raise UserError(
            f"an input of {size_text(size)} has {len(size)} numbers; give CxHxW, as 3x224x224, or CxL, or CxDxHxW"
        )
    if not 1 <= size[0] <= limits.MAX_CHANNELS or not all(1 <= side <= limits.MAX_SIDE for side in size[1:]):
        raise LimitError(
            f"an input of {size_text(size)} is outside 1 to {limits.MAX_CHANNELS} channels and 1 to "
            f"{limits.MAX_SIDE} positions a side"
        )
    return size


def parsed_size(text: str) -> tuple[int, ...]:
    """``3x224x224``: channels, height, width.

    >>> parsed_size("3x224x224")
    (3, 224, 224)
    """
    if not re.fullmatch(r"[0-9]{1,7}(x[0-9]{1,7}){1,3}", text.strip()):
        raise UserError(f"{text!r} is no input size; give channels and sides, as 3x224x224 (or 3x224 in 1-D)")
    return checked_size(tuple(map(int, text.strip().split("x"))))


def size_text(size: tuple[int, ...]) -> str:
    """``3x224x224``."""
    return "x".join(map(str, size))


@contextmanager
def explaining(what: str, module: nn.Module | None = None) -> Iterator[None]:
    """What own code raises is shown with its own message, in one line; it may raise anything, or end the program.

    ``module``: what runs; the part of it that raised is named, with the sizes that it was made for.
    """
    try:
        yield
    except UserError:
        raise
    except SystemExit as error:
        raise UserError(f"{what}: it ends the program; keep sys.exit for if __name__ == '__main__'") from error
    except Exception as error:
        place = _raising(error, module) if module else ""
        words = f"{type(error).__name__}: {error}".removesuffix(": ")
        raise UserError(f"{what}: {place}{_line(words, 200)}") from error


def _raising(error: Exception, module: nn.Module) -> str:
    """The innermost part of ``module`` that was running, as it describes itself."""
    running = [frame.f_locals.get("self") for frame, _ in traceback.walk_tb(error.__traceback__)]
    names = {id(part): name for name, part in module.named_modules() if name}
    inner = next((part for part in reversed(running) if id(part) in names), None)
    if inner is None:
        return ""
    described = type(inner).__name__ if list(inner.children()) else _line(str(inner), 100)
    return f"in {names[id(inner)]}, {described}: "


def _line(text: str, most: int) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else words[: most - 1] + "…"
