"""The script that repeats a training: on its own, with PyTorch and NumPy alone, it gives the same numbers."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.live.modules.model import ACTIVATIONS
from core.network import parse
from core.network.window import BORDERS
from core.training import Run, TrainRecipe, script, train

# Between them every layer, border mode, join, task and activation, in one and two axes.
CASES = (
    ("6x7; conv k3 p1:2 x2; maxpool k2", "detect", "relu"),
    ("9x8 c3; conv k3 reflect p1 c4; conv k3 s2 symmetric p1 g2", "which", "gelu"),
    ("8; conv k3 replicate p1:0; avgpool k3 circular s2 p1; blur k3 same", "where", "tanh"),
    ("5x4; tconv k3 s2 p1; upsample s2 bilinear; upsample s2; random r2 seed1", "where", "sigmoid"),
    ("6x6 c2; conv k3 p1; add(skip | conv k3 p1 x2)", "detect", "leaky_relu"),
    ("10x9; concat(conv k3 p1 c2 | maxpool k3 s1 p1); global", "shapes", "linear"),
    ("8x6; conv k3 p1 c2; add(skip | attn w3 shift1); attn near3", "detect", "relu"),
    ("12; avgpool k3 s1 d2; concat(skip | conv k1)", "detect", "relu"),
)
RUNNER = """
import os, runpy, sys, warnings
warnings.simplefilter("error")
import torch
torch.set_num_threads(1)
for folder in sys.argv[1:]:
    os.chdir(folder)
    runpy.run_path("repeat.py", run_name="__main__")
assert "core" not in sys.modules
"""


def recipe_of(task: str, activation: str) -> TrainRecipe:
    return TrainRecipe(task=task, side=2, steps=15, batch=6, width=2, activation=activation, looks=2, seed=7)


@pytest.fixture(scope="module")
def repeated(tmp_path_factory) -> tuple[list[Run], list[Path], list[str]]:
    """Each case's run, the folder that its script wrote into, and what it printed."""
    runs, folders = [], []
    for text, task, activation in CASES:
        *_, last = train(parse(text), recipe_of(task, activation))
        runs.append(last.run)
        folders.append(tmp_path_factory.mktemp("alone"))
        (folders[-1] / "repeat.py").write_text(script(last.run.network, last.run.recipe))
    process = subprocess.run([sys.executable, "-I", "-c", RUNNER, *folders], capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    return runs, folders, process.stdout.splitlines()


@pytest.mark.parametrize("case", range(len(CASES)), ids=[text for text, _, _ in CASES])
def test_the_script_alone_gives_the_same_losses_maps_and_accuracy(case, repeated):
    runs, folders, printed = repeated
    run, found = runs[case], np.load(folders[case] / "repeated.npz")
    assert np.allclose(found["losses"], run.losses, rtol=0, atol=1e-6)
    assert np.array_equal(found["right"], run.after.right)
    assert np.allclose(found["change"], run.after.change, rtol=0, atol=1e-6)
    assert printed[case] == f"right: {run.accuracy:.3f} of fresh images"
    assert len(run.losses) == 15


@pytest.mark.parametrize(("text", "task", "activation"), CASES)
def test_the_script_imports_nothing_but_pytorch_numpy_and_the_standard_library(text, task, activation):
    tree = ast.parse(script(parse(text), recipe_of(task, activation)))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= {"torch", "numpy", *sys.stdlib_module_names}


def test_the_cases_hold_every_layer_border_task_and_activation():
    words = " ".join(text for text, _, _ in CASES)
    layers = (
        "conv",
        "maxpool",
        "avgpool",
        "blur",
        "tconv",
        "upsample",
        "bilinear",
        "global",
        "random",
        "add",
        "concat",
    )
    for word in (*layers, *(border for border in BORDERS if border != "zeros")):
        assert word in words
    assert {activation for _, _, activation in CASES} == set(ACTIVATIONS)
    assert {task for _, task, _ in CASES} == {"detect", "which", "where", "shapes"}
