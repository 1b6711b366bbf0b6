"""The script that makes a design without this project: run beside PyTorch alone and compared with the design."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import torch
from torch import nn

from core.design.code import design_code
from core.design.opening import design_of
from core.design.partial import PartialDesign
from core.design.traced import TracedDesign, module_design
from core.errors import UserError
from core.exact.paths import path_counts

SEQUENTIAL = "nn.Sequential(nn.Conv2d(1, 2, 3, 2, 1), nn.ReLU(), nn.Conv2d(2, 2, 3, padding=1))@1x9x8"
SHOW = """
import json, sys
x = torch.linspace(-1, 1, {positions}).view(1, {size}).to({dtype}).requires_grad_()
result = model.to({dtype})(x)
result.backward(torch.ones_like(result))
modules = [name for name in sys.modules if name.split(".")[0] in ("core", "receptive_fields", "timm")]
print(json.dumps([modules, result.flatten().tolist(), x.grad.flatten().tolist()]))
"""


def run_alone(code: str, size: tuple[int, ...], folder: Path, dtype: str = "torch.float32") -> tuple[list, list]:
    """The output and the input's gradient of a script's ``model``, in a process that cannot import this project."""
    positions = torch.Size(size).numel()
    show = SHOW.format(positions=positions, size=", ".join(map(str, size)), dtype=dtype)
    path = folder / "model.py"
    path.write_text(f"import torch\ntorch.manual_seed(3)\n{code}\n{show}")
    done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    modules, values, gradient = json.loads(done.stdout.splitlines()[-1])
    assert modules == []
    return values, gradient


@pytest.mark.parametrize(
    "text",
    [
        SEQUENTIAL,
        f"{SEQUENTIAL}+kernel-padding+border-circular",
        f"{SEQUENTIAL}+blur-before-stride",
        f"{SEQUENTIAL}+partial-padding",
        f"{SEQUENTIAL}+kernel-padding+partial-padding",
    ],
)
def test_a_model_and_its_remedies_are_taken_away(text: str, tmp_path: Path) -> None:
    design = design_of(text)
    values, gradient = run_alone(design_code(design), (1, 9, 8), tmp_path)
    traced = design.base if isinstance(design, PartialDesign) else design
    assert isinstance(traced, TracedDesign)
    torch.manual_seed(3)
    module = traced.model.module()
    x = torch.linspace(-1, 1, 72).view(1, 1, 9, 8).requires_grad_()
    result = module(x)
    assert result.shape[2:] == design.graph.output.size
    result.sum().backward()
    torch.testing.assert_close(torch.tensor(values), result.detach().flatten())
    torch.testing.assert_close(torch.tensor(gradient), x.grad.flatten())


@pytest.mark.parametrize(
    "network",
    ["7x6; conv k3 p1 x2", "9; conv k5 p2:1 s2; conv k3", "6x6; add(skip | conv k3 p1); conv k2 p1:0"],
)
def test_partial_padding_of_a_typed_network_is_written_out(network: str, tmp_path: Path) -> None:
    """With weights of one the gradient is the number of weighted paths, as the design counts them."""
    design = design_of(f"{network}+partial-padding")
    assert isinstance(design, PartialDesign)
    ones = "\nfor parameter in model.parameters():\n    torch.nn.init.ones_(parameter)\n"
    size = (1, *design.graph.input.size)
    _, gradient = run_alone(design_code(design) + ones, size, tmp_path, "torch.float64")
    graph, scale = design.weighed
    counts = path_counts(graph).array().ravel()
    assert gradient == pytest.approx([float(Fraction(count, scale)) for count in counts], rel=1e-6)


def test_a_module_at_hand_has_no_script_and_says_why() -> None:
    with pytest.raises(UserError, match="Conv1d was given as a module, which no script makes again; name its code"):
        design_code(module_design(nn.Conv1d(1, 1, 3), (1, 9)))


@pytest.mark.parametrize("factory", ["def build():\n    return nn.Conv1d(1, 1, 3)", "build = nn.Conv1d(1, 1, 3)"])
def test_own_code_is_imported_from_its_file(factory: str, tmp_path: Path) -> None:
    own = tmp_path / "my_network.py"
    own.write_text(f"from torch import nn\n{factory}\n")
    code = design_code(design_of(f"{own}:build@1x9"))
    assert "from my_network import build" in code
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 (our own)
    assert isinstance(names["model"], nn.Conv1d)


@pytest.mark.parametrize("text", ["9; conv k3 p1", f"{SEQUENTIAL}"])
def test_partial_padding_is_not_applied_twice(text: str) -> None:
    with pytest.raises(UserError, match="applied already"):
        design_of(f"{text}+partial-padding+partial-padding")
