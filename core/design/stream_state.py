"""A live model that is fed block by block with the state that its stream tells: that of every layer, and the delays.

Any module is followed operator by operator (:mod:`.live.trace.blocks`); a typed network is the module that it builds.
PyTorch is loaded here.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch.utils._python_dispatch import _disable_current_modes

from ..errors import UserError
from ..exact.streams import Stream, stream
from ..live.erf.differentiable import DifferentiableModel
from ..live.modules.model import build
from ..live.modules.streams import random_stream
from ..live.operators.arguments import tensors
from ..live.trace import OUTPUT
from ..live.trace.blocks import BlockFeeder, MapTime, NotFedError, steps
from ..network.operations import PAD
from ..network.window import Window
from .design import Design
from .tile_proof import live_recipe
from .traced import TracedDesign, module_design


def fed_with_state(
    design: Design, found: Stream, signal: torch.Tensor, starts: Sequence[int], seed: int
) -> Iterator[torch.Tensor]:
    """What each block brings, the blocks beginning at ``starts``; ``signal``: (batch, channels, its axes), float64.

    Raises :class:`~.live.trace.blocks.NotFedError` where the state cannot be laid into the model.
    """
    try:
        followed = _followed(design, tuple(signal.shape[2:]), seed)
        own = stream(followed.graph, found.axis)
    except UserError as error:
        raise NotFedError(str(error)) from error
    if [one.samples for one in (*own.kept, *own.delays)] != [one.samples for one in (*found.kept, *found.delays)]:
        raise NotFedError("the model of the network has other layers than the text")
    told = found if isinstance(design, TracedDesign) else own
    times = _times(told, own)
    model = _Model(followed, seed, tuple(signal.shape))
    path = steps(followed.traced, followed.stage, found.axis, times)
    noise = random_stream(seed, "evaluation")
    feeders = (  # each alone: a batch may be laid between the positions
        BlockFeeder(model, path, times, 2 + found.axis, noise).outputs(image, told.halo.end, starts)
        for image in torch.split(signal, 1)
    )
    for parts in zip(*feeders, strict=True):
        yield torch.cat(parts)


def _followed(design: Design, size: tuple[int, ...], seed: int) -> TracedDesign:
    """The design on an input of ``size``, traced."""
    if isinstance(design, TracedDesign):
        return design.at_input(size)
    network = design.at_input(size).network
    assert network is not None
    recipe = live_recipe(seed)
    channels = recipe.widened(network).channels
    assert channels is not None
    return module_design(build(network, recipe), (channels, *size))


def _times(told: Stream, own: Stream) -> dict[int, MapTime]:
    """Where every map stands, as it is told, on the input of the signal."""
    nodes = own.halo.graph.nodes
    if [node.op for node in nodes] != [node.op for node in told.halo.graph.nodes]:
        raise NotFedError("the model has other layers on an input of another length")
    times: dict[int, MapTime] = {}
    for index, here in told.moments.items():
        kept, node = here.ready - here.held, nodes[index]
        if node.op == PAD and isinstance(window := node.maps[told.axis], Window):
            # A window that reads padding keeps what is padded; its tensor is the padded one, with the same samples.
            kept = min(kept, times[node.inputs[0]].kept + window.pad[0])
        times[index] = MapTime(node.size[told.axis], here.ready, kept, here.stride)
    return times


class _Model:
    """A design's live model in float64, whose result is that of its stage; a part that runs several times ends last."""

    def __init__(self, design: TracedDesign, seed: int, shape: tuple[int, ...]) -> None:
        self.module = design.model.real(seed).double()
        self.call = design.model.call(self.module)
        self.stage = design.stage
        self.lay_out = DifferentiableModel(self.module, shape[1:], self.call, self.stage).laid_out

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        kept: list[torch.Tensor] = []

        def keep(_module: Any, _args: Any, result: Any) -> None:
            with _disable_current_modes():  # later parts may work in place
                kept[:] = [tensor.clone() for tensor in tensors((result,))]

        hook = None if self.stage == OUTPUT else self.module.get_submodule(self.stage).register_forward_hook(keep)
        try:
            result = self.call(x)
        finally:
            if hook:
                hook.remove()
        return self.lay_out((kept or list(tensors((result,))))[-1])
