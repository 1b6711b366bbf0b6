"""What every recorder of operators shares: which module runs, and gaps that say so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode


@dataclass(frozen=True, slots=True)
class Gap:
    """An operator that no rule covers, or not in this use."""

    operator: str
    path: str  # of the module in which it ran
    reason: str

    def __str__(self) -> str:
        return f"{self.operator} in {self.path or 'the model itself'}: {self.reason}"


class OperatorRecorder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Hears every operator below autograd, and knows in which module it runs.

    ``path``: that module's, empty for the model itself. ``gaps``: those that were met, in order.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.path = ""
        self.gaps: list[Gap] = []

    def gap(self, operator: str, reason: str) -> Gap:
        """A gap in the module that runs."""
        return Gap(operator, self.path, reason)

    def note(self, gap: Gap) -> Gap:
        """Lists a gap, once."""
        if gap not in self.gaps:
            self.gaps.append(gap)
        return gap

    def enter(self, path: str) -> None:
        """From now on the module at ``path`` runs."""
        self.path = path

    def finish(self, path: str, result: Any) -> None:
        """The module at ``path``, which runs still, has its result."""

    @contextmanager
    def following(self, module: nn.Module) -> Iterator[None]:
        """Keeps ``path`` up to date while ``module`` runs."""
        running: list[str] = []

        def before(path: str) -> Callable[..., None]:
            def hook(*_: Any) -> None:
                running.append(path)
                self.enter(path)

            return hook

        def after(path: str) -> Callable[..., None]:
            def hook(_module: nn.Module, _args: Any, result: Any) -> None:
                self.enter(path)
                self.finish(path, result)
                del running[running.index(path) :]  # modules inside it that raised are over too
                self.enter(running[-1] if running else "")

            return hook

        handles = []
        try:
            for path, part in module.named_modules():
                if path:
                    # Before the part's own hooks, so that the operators of these belong to the part.
                    handles.append(part.register_forward_pre_hook(before(path), prepend=True))
                    handles.append(part.register_forward_hook(after(path)))
            yield
        finally:
            for handle in handles:
                handle.remove()
