"""The network as a PyTorch script: readable, stand-alone, its layers in the order of the text (needs no torch itself).

PyTorch's own modules wherever they read the same positions; small classes, written out only where one is used, for the
rest. Unless asked for, convolutions have no bias, and no activation is put in: they change no path. An input whose text
states no channels has one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from .graph import Graph, Node, graph_of
from .layers import Item, Join, Site
from .network import Network
from .pytorch_classes import CLASSES

Block = list[str]  # the lines of the modules of one layer or join


def pytorch_code(network: Network, partial_padding: bool = False) -> str:
    """A script that defines ``model``, the network's ``nn.Sequential``, and prints the size of its output when run.

    ``partial_padding``: every zero-padded convolution divides by the share of its window that lies on samples.
    Raises :class:`~.errors.NetworkError` where the layers do not fit each other.

    >>> print(pytorch_code(parse("9; conv k3 x4")).split("model = ")[1].split("if __name__")[0].strip())
    nn.Sequential(
        *(nn.Conv1d(1, 1, 3, bias=False) for _ in range(4)),
    )
    """
    graph = graph_of(network)
    model = sequential_code(network, partial_padding=partial_padding)
    imports = ["import math\n"] if "math." in model else []
    imports += ["import numpy as np"] if "RandomConnections(" in model else []
    imports += ["import torch"]
    imports += ["import torch.nn.functional as F"] if "F." in classes_code(model) else []
    shape = ", ".join(map(str, (1, graph.input.channels, *graph.input.size)))
    result = ", ".join(map(str, (1, graph.output.channels, *graph.output.size)))
    return "\n".join([
        '"""A convolutional network, written out from its text:', "", *_wrapped(str(network)), "",
        "No activations and no normalisation: put them after the convolutions.", '"""', "",
        *imports, "from torch import nn", "", classes_code(model), "", f"model = {model}", "",
        'if __name__ == "__main__":', f"    print(model(torch.zeros({shape})).shape)  # ({result})", "",
    ]).replace("\n\n\n\n", "\n\n\n")  # fmt: skip


def sequential_code(
    network: Network, after: Mapping[int, str] | None = None, bias: bool = False, partial_padding: bool = False
) -> str:
    """The expression that makes the network's ``nn.Sequential``; ``after``: modules put after nodes of its graph.

    >>> print(sequential_code(parse("9; conv k3; conv k1"), {1: "nn.ReLU()"}, bias=True))
    nn.Sequential(
        nn.Conv1d(1, 1, 3),
        nn.ReLU(),
        nn.Conv1d(1, 1, 1),
    )
    """
    graph = graph_of(network)
    written = _Written(graph, after or {}, bias, partial_padding)
    lines = _grouped(_blocks(network.layers, written, 0, iter(range(1, len(graph.nodes)))))
    body = "\n".join(f"    {line}" for line in lines)
    return f"nn.Sequential(\n{body}\n)" if lines else "nn.Sequential()"


def classes_code(model: str) -> str:
    """The classes that an expression of :func:`sequential_code` names beside PyTorch's."""
    return "\n".join(text for name, text in CLASSES.items() if f"{name}(" in model)


@dataclass(frozen=True, slots=True)
class _Written:
    """What modules are written from."""

    graph: Graph
    after: Mapping[int, str]
    bias: bool
    partial_padding: bool

    def site(self, source: Node, node: Node) -> Site:
        """Where the layer of ``node`` stands, which reads ``source``."""
        channels = source.channels, node.channels
        return Site(len(source.size), source.positions, *channels, self.bias, self.partial_padding)

    def follows(self, index: int) -> Block:
        """What is put after a node."""
        return [f"{self.after[index]},"] if index in self.after else []


def _blocks(items: tuple[Item, ...], written: _Written, source: int, indices: Iterator[int]) -> list[Block]:
    """One block per item, read from node ``source``; ``indices`` runs over the nodes as the graph was made."""
    blocks: list[Block] = []
    for item in items:
        if isinstance(item, Join):
            lines = [f"{item.op.name.capitalize()}("]
            for branch in item.branches:
                inner = _grouped(_blocks(branch, written, source, indices))
                lines += [f"    {line}" for line in _branch(inner)]
            source = next(indices)
            blocks.append([*lines, "),", *written.follows(source)])
        else:
            index = next(indices)
            nodes = written.graph.nodes
            modules = item.op.code(item, written.site(nodes[source], nodes[index]))
            blocks.append([*(f"{module}," for module in modules), *written.follows(index)])
            source = index
    return blocks


def _branch(lines: list[str]) -> list[str]:
    if not lines:
        return ["nn.Identity(),"]
    if len(lines) == 1 and not lines[0].startswith("*"):
        return lines
    return ["nn.Sequential(", *(f"    {line}" for line in lines), "),"]


def _grouped(blocks: list[Block]) -> list[str]:
    """The blocks' lines, neighbours that are alike written once with a repeat."""
    lines: list[str] = []
    for block, run in groupby(blocks):
        times = len(list(run))
        if times == 1 or (times == 2 and len(block) == 1):
            lines += block * times
        elif len(block) == 1:
            lines.append(f"*({block[0][:-1]} for _ in range({times})),")
        elif block[0].endswith("(") and block[-1] == "),":
            lines += [f"*({block[0]}", *block[1:-1], f") for _ in range({times})),"]
        else:
            inner = [f"    {line}" for line in block]
            lines += ["*(nn.Sequential(", *inner, f") for _ in range({times})),"]
    return lines


def _wrapped(text: str, width: int = 100) -> list[str]:
    """The network's text over lines broken after ``;``."""
    lines = [""]
    for part in text.split("; "):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += f"{part}; "
    lines[-1] = lines[-1].removesuffix("; ")
    return [line.rstrip() for line in lines]
