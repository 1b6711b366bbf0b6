"""How the input of a file stands to the map that a design is given: channels, then axes."""

from dataclasses import dataclass

import torch

from ...errors import UserError
from .file import OnnxFile

_NAMES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


@dataclass(frozen=True, slots=True)
class Feeding:
    """``sides``: channels, then the axes; None for what the file leaves open.

    ``last``: whether the channels come last, as the file says by moving them first; along one axis the same order
    could move them last. ``silent``: whether it has no
    dimension of channels, as a sound of one.
    """

    sides: tuple[int | None, ...]
    last: bool = False
    silent: bool = False

    @classmethod
    def of(cls, file: OnnxFile) -> "Feeding":
        """Raises :class:`~.errors.UserError` for an input that is no map of one image or signal."""
        batch, *sides = file.input.sides or (None,)
        if not 1 <= len(sides) <= 4:
            raise UserError(
                f"its input has {len(sides) + 1} dimensions; a batch, channels and up to three axes are read"
            )
        if batch not in (None, 1):
            raise UserError(f"its batch is fixed at {batch}; export it with a batch of 1, or one that is left open")
        if len(sides) == 1:
            return cls((1, *sides), silent=True)
        first = [0, len(sides), *range(1, len(sides))]
        readers = [node for node in file.nodes if file.input.name in node.inputs]
        if (
            len(sides) > 2
            and readers
            and all(n.operator == "Transpose" and n.attributes.get("perm") == first for n in readers)
        ):
            return cls((sides[-1], *sides[:-1]), last=True)
        return cls(tuple(sides))

    def bound(self, given: tuple[int, ...]) -> tuple[int, ...]:
        """The whole input, of which ``given`` may leave out the channels, or all that the file fixes.

        Raises :class:`~.errors.UserError` for what contradicts the file or leaves something open.
        """
        axes = len(self.sides) - 1
        wanted = given
        if len(given) == 1 and axes > 1:
            wanted = given * axes
        if len(wanted) == axes:
            wanted = (self.sides[0] or 0, *wanted)
        if not given:
            wanted = tuple(side or 0 for side in self.sides)
        if len(wanted) != axes + 1:
            raise UserError(
                f"an input of {_text(given)} does not fit; give channels and {axes} sides, as {self._example}"
            )
        if any(side not in (None, own) for side, own in zip(self.sides, wanted, strict=True)):
            raise UserError(
                f"the file fixes its input at {self._stated}, and cannot be asked about {_text(given)}; export it with "
                "dynamic axes"
            )
        if 0 in wanted:
            names = ("channels", *_NAMES[axes])
            free = [name for name, side in zip(names, wanted, strict=True) if not side]
            raise UserError(f"the file leaves {' and '.join(free)} open; give them, as in @{self._example}")
        return wanted

    def fed(self, x: torch.Tensor) -> torch.Tensor:
        """A map (1, channels, axes) as the file takes it."""
        self.bound(tuple(x.shape[1:]))
        if self.silent:
            return x.reshape(1, x.shape[-1])
        return x.permute(0, *range(2, x.ndim), 1) if self.last else x

    @property
    def _stated(self) -> str:
        return "x".join(str(side) if side else "?" for side in self.sides)

    @property
    def _example(self) -> str:
        usual = (3, *[224] * (len(self.sides) - 1)) if len(self.sides) > 2 else (1, 16000)
        return "x".join(str(side or other) for side, other in zip(self.sides, usual, strict=True))


def _text(size: tuple[int, ...]) -> str:
    return "x".join(map(str, size))
