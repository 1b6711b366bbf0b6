"""The network as a PyTorch script: readable, stand-alone, its layers in the order of the text (needs no torch itself).

PyTorch's own modules wherever they read the same positions; small classes, written out only where one is used, for the
rest. Unless asked for, convolutions have no bias, and no activation is put in: they change no path. An input whose text
states no channels has one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from .graph import Graph, Node, graph_of
from .layers import Item, Join, Layer, binomial
from .network import Network
from .pytorch_classes import CLASSES

_PADS = {"zeros": "Zero", "reflect": "Reflection", "replicate": "Replication", "circular": "Circular"}

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

    def follows(self, index: int) -> Block:
        """What is put after a node."""
        return [f"{self.after[index]},"] if index in self.after else []


def _blocks(items: tuple[Item, ...], written: _Written, source: int, indices: Iterator[int]) -> list[Block]:
    """One block per item, read from node ``source``; ``indices`` runs over the nodes as the graph was made."""
    blocks: list[Block] = []
    for item in items:
        if isinstance(item, Join):
            lines = [f"{item.op.capitalize()}("]
            for branch in item.branches:
                inner = _grouped(_blocks(branch, written, source, indices))
                lines += [f"    {line}" for line in _branch(inner)]
            source = next(indices)
            blocks.append([*lines, "),", *written.follows(source)])
        else:
            index = next(indices)
            nodes = written.graph.nodes
            modules = _modules(item, nodes[source], nodes[index], written)
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


def _modules(layer: Layer, source: Node, node: Node, written: _Written) -> list[str]:
    """The modules of one layer: its padding first, where PyTorch's layer cannot do it itself."""
    axes, bias = len(source.size), written.bias
    if layer.op == "global":
        return [f"nn.AdaptiveAvgPool{axes}d(1)"]
    if layer.op == "random":
        return [f"RandomConnections({source.positions}, {layer.connections}, seed={layer.seed})"]
    if layer.op == "upsample":
        mode = ("bilinear" if axes == 2 else "linear") if layer.bilinear else "nearest-exact"
        return [f'nn.Upsample(scale_factor={_value(layer.stride)}, mode="{mode}")']
    if layer.op == "tconv":
        return _transposed(layer, source, node, bias)
    if written.partial_padding and layer.op == "conv" and layer.border == "zeros" and _is_padded(layer):
        pads = ", ".join(map(str, layer.pads()))
        return [f"PartialPadding({_window(layer, source, node, '', bias)}, {pads})"]
    own = _own_padding(layer)
    before = [] if own is not None or not _is_padded(layer) else [_padding(layer)]
    if layer.op == "blur" and set(layer.dilation) == {1}:
        return [*before, *_means(layer)]
    return [*before, _window(layer, source, node, own or "", bias)]


def _window(layer: Layer, source: Node, node: Node, padding: str, bias: bool) -> str:
    axes, kernel = len(source.size), _value(layer.kernel)
    moves = f"{_option('stride', layer.stride, 1)}{padding}{_option('dilation', layer.dilation, 1)}"
    if layer.op == "conv":
        groups = f", groups={layer.groups}" if layer.groups != 1 else ""
        return f"nn.Conv{axes}d({source.channels}, {node.channels}, {kernel}{moves}{groups}{_bias(bias)})"
    if layer.op == "maxpool":
        return f"nn.MaxPool{axes}d({kernel}, stride={_value(layer.stride)}{padding}{_dilation(layer)})"
    if layer.op == "avgpool" and set(layer.dilation) == {1}:
        return f"nn.AvgPool{axes}d({kernel}, stride={_value(layer.stride)}{padding})"
    weights = [_binomial(k) if layer.op == "blur" else f"[1] * {k}" for k in layer.kernel]
    return f"WeightedPool({', '.join(weights)}, stride={_value(layer.stride)}, dilation={_value(layer.dilation)})"


def _means(layer: Layer) -> list[str]:
    """A binomial blur as means of two neighbours, one after the other, of which the last strides."""
    axes, times = len(layer.kernel), max(max(layer.kernel) - 1, 1)
    modules = []
    for left in range(times, 0, -1):
        pairs = _value(tuple(2 if taps > left else 1 for taps in layer.kernel))
        modules.append(f"nn.AvgPool{axes}d({pairs}, stride={_value(layer.stride) if left == 1 else 1})")
    return modules


def _binomial(taps: int) -> str:
    return str(list(binomial(taps))) if taps <= 9 else f"[math.comb({taps - 1}, tap) for tap in range({taps})]"


def _own_padding(layer: Layer) -> str | None:
    """The padding as an option of PyTorch's layer; None where there is no padding or the layer cannot do it."""
    pads = layer.pads()
    even = all(before == after for before, after in pads)
    if not even or not _is_padded(layer):
        return None
    value = _value(tuple(before for before, _ in pads))
    if layer.op == "conv" and layer.border != "symmetric":
        mode = "" if layer.border == "zeros" else f', padding_mode="{layer.border}"'
        return f", padding={value}{mode}"
    plain = layer.op == "maxpool" or (layer.op == "avgpool" and set(layer.dilation) == {1})
    # PyTorch's pools refuse to pad by more than half a kernel
    narrow = all(before <= kernel // 2 for (before, _), kernel in zip(pads, layer.kernel, strict=True))
    return f", padding={value}" if plain and narrow and layer.border == "zeros" else None


def _padding(layer: Layer) -> str:
    """A padding module; PyTorch lists the sides of the last axis first."""
    pads, axes = layer.pads(), len(layer.kernel)
    if layer.border == "symmetric":
        return f"SymmetricPad({', '.join(map(str, pads))})"
    sides = tuple(side for before_after in reversed(pads) for side in before_after)
    if layer.op == "maxpool" and layer.border == "zeros":
        return f'nn.ConstantPad{axes}d({sides}, float("-inf"))'
    return f"nn.{_PADS[layer.border]}Pad{axes}d({sides})"


def _transposed(layer: Layer, source: Node, node: Node, bias: bool) -> list[str]:
    """PyTorch pads both sides alike and adds output after the end; what it cannot express is cropped afterwards."""
    axes, pads = len(source.size), layer.pads()
    extra = tuple(before - after for before, after in pads)
    limits = [max(stride, dilation) for stride, dilation in zip(layer.stride, layer.dilation, strict=True)]
    own = all(0 <= more < limit for more, limit in zip(extra, limits, strict=True))
    padding = output = ""
    if own:
        padding = _option("padding", tuple(before for before, _ in pads), 0)
        output = _option("output_padding", extra, 0)
    groups = f", groups={layer.groups}" if layer.groups != 1 else ""
    options = f"{_option('stride', layer.stride, 1)}{padding}{output}{groups}{_dilation(layer)}"
    conv = f"nn.ConvTranspose{axes}d({source.channels}, {node.channels}, {_value(layer.kernel)}{options}{_bias(bias)})"
    crop = tuple(-side for before_after in reversed(pads) for side in before_after)
    return [conv] if own else [conv, f"nn.ZeroPad{axes}d({crop})"]


def _bias(bias: bool) -> str:
    return "" if bias else ", bias=False"


def _is_padded(layer: Layer) -> bool:
    return any(side for sides in layer.pads() for side in sides)


def _dilation(layer: Layer) -> str:
    return _option("dilation", layer.dilation, 1)


def _option(name: str, values: tuple[int, ...], default: int) -> str:
    return "" if set(values) == {default} else f", {name}={_value(values)}"


def _value(values: tuple[int, ...]) -> str:
    """One number for all axes where they agree, else a tuple."""
    return str(values[0]) if len(set(values)) == 1 else str(values)


def _wrapped(text: str, width: int = 100) -> list[str]:
    """The network's text over lines broken after ``;``."""
    lines = [""]
    for part in text.split("; "):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += f"{part}; "
    lines[-1] = lines[-1].removesuffix("; ")
    return [line.rstrip() for line in lines]
