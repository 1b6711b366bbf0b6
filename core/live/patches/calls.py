"""A change of a module as data: calls of the functions in :mod:`.live.patches.windows`, to be made or written out.

What is written out needs nothing but PyTorch: the text of that file, and the calls after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from . import windows


@dataclass(frozen=True, slots=True)
class Call:
    """One call; ``arguments`` by name, after the model."""

    function: str
    arguments: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        words = [f"{name}={value!r}" for name, value in self.arguments]
        return f"{self.function}({', '.join(['model', *words])})"


@dataclass(frozen=True, slots=True)
class Patch:
    """Calls that together carry out a remedy."""

    calls: tuple[Call, ...]

    def __call__(self, module: nn.Module) -> None:
        """Changes the module in place."""
        for call in self.calls:
            getattr(windows, call.function)(module, **dict(call.arguments))


def call(function: str, **arguments: Any) -> Call:
    """A call as one writes it.

    >>> str(call("cut", path="layer3"))
    "cut(model, path='layer3')"
    """
    return Call(function, tuple(arguments.items()))


def patch_code(patches: Iterable[Patch]) -> str:
    """A script whose function ``patch`` makes the same changes to a model, without this project.

    >>> print(patch_code([Patch((call("cut", path="layer3"),))]).split("# The changes")[1].strip())
    : patch(model) makes them.
    def patch(model: nn.Module) -> nn.Module:
        \"\"\"Changes the model in place, and returns it.\"\"\"
        cut(model, path='layer3')
        return model
    """
    lines = [str(step) for patch in patches for step in patch.calls]
    body = "\n".join(f"    {line}" for line in (*lines, "return model"))
    return (
        f"{Path(windows.__file__).read_text(encoding='utf-8')}\n\n# The changes: patch(model) makes them.\n"
        f'def patch(model: nn.Module) -> nn.Module:\n    """Changes the model in place, and returns it."""\n{body}\n'
    )
