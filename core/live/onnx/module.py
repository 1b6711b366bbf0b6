"""The network of a file as a module of PyTorch that runs on the meta device: shapes, and no numbers but constants'."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import torch
from torch import nn

from ..layouts.layout import NotRuledError
from ..operators.recorder import Gap
from . import operators
from .feeding import Feeding
from .file import OnnxFile, OnnxNode, uses_of
from .layers import layer_of
from .spelling import MAX_WORKED_OUT, SHAPES, SPELLINGS, UNWORKED, OnnxCall, Value

__all__ = ["OnnxModule", "operators"]  # importing these registers the spellings

MAX_TOGETHER = 2**25  # elements of all constants that are worked out
_FAILURES = (NotRuledError, RuntimeError, ValueError, TypeError, IndexError, ArithmeticError, NotImplementedError)


class OnnxModule(nn.Module):
    """A file's nodes, each a module under its path; what they give is kept by name while they run."""

    def __init__(self, file: OnnxFile, feeding: Feeding) -> None:
        super().__init__()
        self.file = file
        self.feeding = feeding
        fixed = {name: Value(numbers.empty(), fixed=True) for name, numbers in file.numbers.items()}
        layers = [layer_of(node, [fixed.get(name) for name in node.inputs], file.opset) for node in file.nodes]
        self._constants = _Constants(file, [node for node, layer in zip(file.nodes, layers, strict=True) if not layer])
        self._steps = [
            (node, _placed(self, node.path, layer or Operator(node, file.opset)))
            for node, layer in zip(file.nodes, layers, strict=True)
        ]
        self._scopes = _scopes(self, [node.path for node in file.nodes])
        several = file.outputs if len(file.outputs) > 1 else ()
        self._ends = [(name, _placed(self, _free(self, name), Scope())) for name in several]

    def forward(self, x: torch.Tensor) -> Any:
        """What the network gives; a :class:`Gap` where that depends on a node that is none of the known ones."""
        work = Work()
        known: dict[str, Value | Gap] = self._constants.values_of(self.file)
        known[self.file.input.name] = Value(self.feeding.fed(x))
        latest: dict[str, Any] = {}
        for index, (node, part) in enumerate(self._steps):
            given = [known.get(name) if name else None for name in node.inputs]
            outcome = _run(part, given)
            fixed = not isinstance(outcome, Gap) and _is_fixed(node, given)
            for place, name in enumerate(node.outputs):
                known[name] = work.result(node, part, given, outcome, place, fixed)
            for scope in self._scopes.enclosing(node.path) if not fixed else ():
                latest[scope] = outcome
            for scope, module in self._scopes.ending(index):
                if scope in latest:
                    module(latest[scope])
        for name, module in self._ends:
            module(_shown(known[name]))
        return tuple(_shown(known[name]) for name in self.file.outputs)


def _shown(value: Value | Gap) -> torch.Tensor | Gap:
    return value if isinstance(value, Gap) else value.meta


def _run(part: nn.Module, given: Sequence[Value | Gap | None]) -> Any:
    """What a part gives: a tensor or several, or a gap."""
    if isinstance(part, Operator):
        return part(given)
    gap = next((one for one in given if isinstance(one, Gap)), None)
    first = given[0]
    return gap or part(first.meta if isinstance(first, Value) else first)


def _is_fixed(node: OnnxNode, given: Sequence[Value | Gap | None]) -> bool:
    return node.operator in SHAPES or all(isinstance(one, Value) and one.fixed for one in given if one is not None)


class Operator(nn.Module):
    """One node, by its spelling."""

    def __init__(self, node: OnnxNode, opset: int) -> None:
        super().__init__()
        self.node = node
        self.opset = opset

    def extra_repr(self) -> str:
        return self.node.operator

    def forward(self, given: Sequence[Value | Gap | None]) -> Any:
        """A tensor or several; a gap where the node depends on one, or is none of the known ones."""
        if gap := next((one for one in given if isinstance(one, Gap)), None):
            return gap
        spelling = SPELLINGS.get(self.node.operator)
        if spelling is None:
            return self._gap(_unruled(self.node))
        values = [one for one in given if not isinstance(one, Gap)]
        try:
            if self.node.operator in SHAPES:
                with torch.device("cpu"):
                    return spelling(OnnxCall(self.node, values, self.opset))
            return spelling(OnnxCall(self.node, values, self.opset))
        except NotRuledError as reason:
            return self._gap(str(reason))

    def _gap(self, reason: str) -> Gap:
        return Gap(self.node.operator, self.node.path, reason)


def _unruled(node: OnnxNode) -> str:
    return "loops and branches are not followed" if node.has_graphs else "no rule covers it"


class Scope(nn.Module):
    """A part that ends with what it is given: a module that the nodes were exported from, or an output."""

    def forward(self, result: Any) -> Any:
        return result


class Work:
    """Constants worked out from others, as far as that is little work."""

    def __init__(self) -> None:
        self.left = MAX_TOGETHER

    def result(
        self,
        node: OnnxNode,
        part: nn.Module,
        given: Sequence[Value | Gap | None],
        outcome: Any,
        place: int,
        fixed: bool,
    ) -> Value | Gap:
        """One of a node's results."""
        if isinstance(outcome, Gap):
            return outcome
        results = [outcome] if isinstance(outcome, torch.Tensor) else list(outcome)
        if place >= len(results):
            return Gap(node.operator, node.path, "a result that no rule covers")
        tensor = results[place]
        if not fixed:
            return Value(tensor)
        if node.operator in SHAPES:
            return Value(tensor.to("meta"), True, tensor)
        values = [one for one in given if not isinstance(one, Gap)]
        if not isinstance(part, Operator) or node.operator in UNWORKED:
            return Value(tensor, True)
        again = partial(self._numbers, OnnxCall(node, values, part.opset, real=True), tensor.numel(), place)
        return Value(tensor, True, None, again, tuple(one for one in values if one is not None))

    def _numbers(self, call: OnnxCall, elements: int, place: int) -> torch.Tensor | None:
        """A constant's numbers; None where they cannot be had, or only with much work."""
        self.left -= elements + sum(value.meta.numel() for value in call.values if value is not None)
        if elements > MAX_WORKED_OUT or self.left < 0:
            return None
        try:
            with torch.device("cpu"):
                outcome = SPELLINGS[call.node.operator](call)
        except _FAILURES:
            return None
        return outcome if isinstance(outcome, torch.Tensor) else outcome[place]


class _Constants(nn.Module):
    """The numbers of a file: parameters where they are weights, which nothing reads, else buffers with numbers."""

    def __init__(self, file: OnnxFile, nodes: Iterable[OnnxNode]) -> None:
        super().__init__()
        self.names: dict[str, str] = {}
        uses = Counter(use for node in nodes for use in uses_of(node))
        for index, (name, numbers) in enumerate(file.numbers.items()):
            if not uses[name, True] and not uses[name, False]:
                continue
            own = f"constant{index}"
            read = numbers.read() if uses[name, False] else None
            if not uses[name, False]:
                self.register_parameter(own, nn.Parameter(numbers.empty(), requires_grad=False))
            else:
                self.register_buffer(own, numbers.empty() if read is None else read)
            self.names[name] = own

    def values_of(self, file: OnnxFile) -> dict[str, Value | Gap]:
        """Every constant by its name in the file."""
        result: dict[str, Value | Gap] = {}
        for name, numbers in file.numbers.items():
            meta = getattr(self, self.names[name]) if name in self.names else numbers.empty()
            result[name] = Value(meta, True, None, numbers.read)
        return result


class _Scopes:
    """Which modules the nodes were in, and which of them end with which node."""

    def __init__(self, modules: dict[str, nn.Module], last: dict[str, int]) -> None:
        self.modules = modules
        self._ending: dict[int, list[str]] = {}
        for path, index in last.items():
            self._ending.setdefault(index, []).append(path)

    def enclosing(self, path: str) -> Iterator[str]:
        """The modules around a node, the innermost first."""
        while "." in path:
            path = path.rpartition(".")[0]
            yield path

    def ending(self, index: int) -> Iterator[tuple[str, nn.Module]]:
        """The modules of which a node is the last, the innermost first."""
        for path in sorted(self._ending.get(index, ()), key=lambda path: -path.count(".")):
            yield path, self.modules[path]


def _scopes(root: nn.Module, paths: Sequence[str]) -> _Scopes:
    last: dict[str, int] = {}
    for index, path in enumerate(paths):
        while "." in path:
            path = path.rpartition(".")[0]
            last[path] = index
    return _Scopes({path: root.get_submodule(path) for path in last}, last)


def _placed(root: nn.Module, path: str, part: nn.Module) -> nn.Module:
    """Puts a part into a module, in parts of parts as its path says."""
    *outer, own = path.split(".")
    here = root
    for name in outer:
        if name not in here._modules:
            here.add_module(name, Scope())
        here = here.get_submodule(name)
    here.add_module(own, part)
    return part


def _free(root: nn.Module, name: str) -> str:
    """A name for an output under which nothing is."""
    plain = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in name[:60]).strip("_")
    word = plain or "output"
    while hasattr(root, word):
        word = f"{word}_"
    return word
