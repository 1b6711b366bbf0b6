"""The script that makes a design without this project: run beside PyTorch alone and compared with the design."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
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


RUNNER = """
import contextlib, io, json, sys, traceback
for line in sys.stdin:
    printed, failure = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(json.loads(line), "model.py", "exec"), {"__name__": "__main__"})
    except Exception:
        failure = traceback.format_exc()
    print(json.dumps([printed.getvalue(), failure]), flush=True)
"""
Alone = Callable[..., tuple[list[float], list[float]]]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alone]:
    """Runs scripts in a process that cannot import this project, each with names of its own; PyTorch is loaded once.

    It gives the output and the input's gradient of a script's ``model``, which is handed an input of ``size``.
    """
    command, folder = [sys.executable, "-I", "-c", RUNNER], tmp_path_factory.mktemp("alone")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        scripts, answers = process.stdin, process.stdout

        def run(code: str, size: tuple[int, ...], dtype: str = "torch.float32") -> tuple[list[float], list[float]]:
            show = SHOW.format(positions=torch.Size(size).numel(), size=", ".join(map(str, size)), dtype=dtype)
            scripts.write(json.dumps(f"import torch\ntorch.manual_seed(3)\n{code}\n{show}") + "\n")
            scripts.flush()
            printed, failure = json.loads(answers.readline())
            assert failure == ""
            modules, values, gradient = json.loads(printed.splitlines()[-1])
            assert modules == []
            return values, gradient

        yield run
        scripts.close()


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
def test_a_model_and_its_remedies_are_taken_away(text: str, alone: Alone) -> None:
    design = design_of(text)
    values, gradient = alone(design_code(design), (1, 9, 8))
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
def test_partial_padding_of_a_typed_network_is_written_out(network: str, alone: Alone) -> None:
    """With weights of one the gradient is the number of weighted paths, as the design counts them."""
    design = design_of(f"{network}+partial-padding")
    assert isinstance(design, PartialDesign)
    ones = "\nfor parameter in model.parameters():\n    torch.nn.init.ones_(parameter)\n"
    size = (1, *design.graph.input.size)
    _, gradient = alone(design_code(design) + ones, size, "torch.float64")
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
