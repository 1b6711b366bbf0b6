"""A training as a script that needs PyTorch and NumPy alone: the code that was run here, and the network written out.

Its numbers are those of the run but for the last digits: the live model pads and averages in operations of its own,
whose sums round differently from those of PyTorch's layers.
"""

import ast
import inspect
from types import ModuleType

from ..live.modules import streams, weights
from ..live.modules.model import activated
from ..network.graph import graph_of
from ..network.network import Network
from ..network.pytorch_code import classes_code, sequential_code
from . import fitting, tasks
from .recipe import FRESH_IMAGES, TrainRecipe

_ACTIVATIONS = {
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU()",
    "gelu": "nn.GELU()",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
}


def script(network: Network, recipe: TrainRecipe) -> str:
    """The text of the script; it prints losses and accuracy, and writes ``repeated.npz``."""
    headed_network = recipe.model.widened(recipe.with_head(network))
    graph = graph_of(headed_network)
    after = dict.fromkeys(activated(graph), _ACTIVATIONS[recipe.activation]) if recipe.activation != "linear" else {}
    model = sequential_code(headed_network, after, bias=True)
    task = recipe.task_of(network)
    arguments = f"trained_model, task, {recipe.steps}, batch={recipe.batch}, rate={recipe.rate}, seed={recipe.seed}"
    return "\n".join([
        '"""Repeats a training. The network, with global pooling and a linear head:', "", str(headed_network),
        '"""', "",
        "import math", "from collections.abc import Callable, Iterator", "from math import prod, sqrt",
        "from typing import Literal, get_args", "",
        "import numpy as np", "import torch", "import torch.nn.functional as F", "from torch import nn", "",
        "", _code(streams), "", "", _code(weights), "", "", _code(tasks), "", "", _code(fitting), "",
        classes_code(model), "",
        f"model = {model}", "",
        f'redraw(model, "kaiming", {recipe.activation!r}, random_stream({recipe.seed}, "weights"))',
        "for module in model.modules():", "    if isinstance(module, Convolution):",
        "        nn.init.zeros_(module.bias)",
        f"trained_model = TrainedModel(model.double(), {graph.input.channels})",
        f"task = {type(task).__name__}({network.size}, {recipe.side}, {task.contrast})", "",
        'if __name__ == "__main__":', "    losses = []",
        f"    for loss in fit({arguments}):", "        losses.append(loss)",
        "        if len(losses) % 50 == 0:", '            print(f"step {len(losses)}: loss {loss:.4f}")',
        f"    *_, (right, change) = response_maps(trained_model, task, {recipe.looks}, {recipe.seed})",
        f'    print(f"right: {{accuracy(trained_model, task, {FRESH_IMAGES}, {recipe.seed}):.3f}} of fresh images")',
        '    np.savez("repeated.npz", losses=losses, right=right, change=change)', "",
    ])  # fmt: skip


def _code(module: ModuleType) -> str:
    """A module's source without its docstring and imports."""
    text = inspect.getsource(module)
    lines, parts = text.splitlines(), []
    for node in ast.parse(text).body[1:]:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
            gap = "\n\n" if isinstance(node, ast.ClassDef | ast.FunctionDef) else ""
            parts.append(gap + "\n".join(lines[first - 1 : node.end_lineno]))
    return "\n".join(parts).strip("\n")
