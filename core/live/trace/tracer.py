"""Any PyTorch module as a graph, from the operators of one forward pass on the meta device: shapes, no numbers.

Every operator is *ruled*, *pointwise with a reason*, or a *gap*. A gap spreads to all that depends on it; what does
not depend on it, an earlier stage say, stays exact.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from ...errors import UserError
from ...network.graph import Graph, Node
from ...network.operations import SQUASH
from ..layouts.builder import GraphBuilder
from ..operators.recorder import Gap
from .fused import fused
from .recorder import Call, GraphRecorder

OUTPUT = "output"  # the stage that is what the module returns


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """What tracing found: the nodes, the gaps in order, and which node each module's result is."""

    nodes: tuple[Node, ...]
    gaps: tuple[Gap, ...]
    stages: dict[str, int | Gap]  # by module path, in the order in which they ended; ``output`` last
    calls: tuple[Call, ...] = ()  # the operators in the order of the pass; layouts name nodes as they were made
    places: tuple[int, ...] = ()  # of every node as it was made: the one of ``nodes`` that shows the same

    def graph(self, stage: str = OUTPUT) -> Graph:
        """The graph that ends at a stage.

        Raises :class:`~.errors.UserError` for a stage that there is not, or that depends on a gap.
        """
        if stage not in self.stages:
            raise UserError(f"the model has no stage {stage!r}; its stages are {', '.join(self.stages)}")
        end = self.stages[stage]
        if isinstance(end, Gap):
            raise UserError(f"nothing exact can be said of stage {stage!r}: it depends on {end}")
        place = self.numbering(end)
        return Graph(tuple(_renumbered(self.nodes[old], place) for old in place))

    def numbering(self, end: int) -> dict[int, int]:
        """The nodes that lead to ``end`` and the input, in order, and where each is in a graph of these alone."""
        needed = {0, end}
        for index in range(end, 0, -1):
            if index in needed:
                needed.update((*self.nodes[index].inputs, *self.nodes[index].gates))
        return {old: new for new, old in enumerate(sorted(needed))}


def trace(
    module: nn.Module,
    size: tuple[int, ...],
    forward: Callable[..., Any] | None = None,
    channels_last: bool = False,
    numbers: Mapping[str, torch.Tensor] | None = None,
) -> Traced:
    """Runs ``module`` (on the meta device, in evaluation mode) on an input of ``size`` (channels, then its axes).

    ``forward``: what is called instead of the module, ``model.forward_features`` say. ``channels_last``: whether the
    module gives its maps with the channels last; otherwise unit (R, C) of a stage is ``result[..., R, C]``, and a
    result that is no map with its axes last is a gap. ``numbers``: of buffers and of parameters that are not learned,
    by name, for the masks of attention.
    """
    recorder = GraphRecorder(GraphBuilder(), channels_last)
    with torch.no_grad(), torch.device("meta"):
        kinds = (parameter.dtype for parameter in module.parameters() if parameter.is_floating_point())
        example = torch.empty(1, *size, dtype=next(kinds, None))
        for name, parameter in module.named_parameters():
            recorder.constants.know(parameter, (numbers or {}).get(name))
        for name, buffer in module.named_buffers():
            if numbers and name in numbers:
                recorder.constants.know(buffer, numbers[name])
        recorder.learn(example, recorder.builder.begun(size[0], tuple(size[1:])))
        with recorder.following(module), recorder:
            result = (forward or module)(example)
    recorder.finish(OUTPUT, result)
    if OUTPUT not in recorder.stages:
        recorder.stages[OUTPUT] = Gap("the result", "", "it does not depend on the input")
    elif isinstance(end := recorder.stages[OUTPUT], Gap):
        recorder.note(end)
    plain, unmarked = _without_marks(recorder.builder.nodes)
    nodes, place = fused(plain)
    stages = {name: end if isinstance(end, Gap) else place[unmarked[end]] for name, end in recorder.stages.items()}
    shown = tuple(place[new] for new in unmarked)
    return Traced(tuple(nodes), tuple(recorder.gaps), stages, tuple(recorder.calls), shown)


def _without_marks(nodes: Sequence[Node]) -> tuple[tuple[Node, ...], list[int]]:
    """The nodes but those that mark what was squashed, which are what they read; and where each node is now."""
    kept: list[Node] = []
    place: list[int] = []
    for node in nodes:
        if node.op == SQUASH:
            place.append(place[node.inputs[0]])
        else:
            kept.append(_renumbered(node, place))
            place.append(len(kept) - 1)
    return tuple(kept), place


def _renumbered(node: Node, place: Mapping[int, int] | Sequence[int]) -> Node:
    inputs, gates = (tuple(place[source] for source in sources) for sources in (node.inputs, node.gates))
    return replace(node, inputs=inputs, gates=gates)
