"""Changed modules: what they compute, against the same by hand; and their code, run without this project."""

import json
import subprocess
import sys

import pytest
import torch
from torch import nn
from torch.nn import functional

from core.live.patches.calls import Patch, call, patch_code
from core.live.patches.windows import blurred, cut, padded, set_blurs, set_partial, set_window
from core.live.trace import trace

BORDERS = ["zeros", "reflect", "symmetric", "replicate", "circular"]


def shown(border: str, row: list[float], before: int, after: int) -> list[float]:
    """A padded row, sample by sample."""
    n = len(row)
    places = {
        "replicate": lambda at: min(max(at, 0), n - 1),
        "circular": lambda at: at % n,
        "reflect": lambda at: -at if at < 0 else 2 * (n - 1) - at,
        "symmetric": lambda at: -at - 1 if at < 0 else 2 * n - 1 - at,
    }
    inside = [
        (at if 0 <= at < n else places[border](at)) if border != "zeros" else at for at in range(-before, n + after)
    ]
    return [row[at] if 0 <= at < n else 0.0 for at in inside]


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("sides", [(1, 2), (2, 0), (3, 3)])
def test_padding_shows_what_its_border_says(border: str, sides: tuple[int, int]) -> None:
    row = [1.0, 2.0, 3.0, 5.0, 8.0]
    x = torch.tensor(row).view(1, 1, 5)
    assert padded(x, (sides,), border).flatten().tolist() == shown(border, row, *sides)
    wide = padded(x.unsqueeze(2).expand(1, 1, 4, 5), ((0, 0), sides), border)
    assert wide[0, 0, 2].tolist() == shown(border, row, *sides)


@pytest.mark.parametrize(
    ("layer", "kernel"),
    [
        (nn.Conv1d(2, 4, 3, 2, 1), (4,)),
        (nn.Conv2d(2, 4, 3, 2, 1, groups=2), (4, 4)),
        (nn.Conv2d(2, 4, (3, 1), (2, 1), (1, 0), bias=False), (4, 1)),
        (nn.ConvTranspose2d(2, 4, 3, 2, 1), (4, 4)),
    ],
)
def test_a_kernel_grown_by_zeros_keeps_what_was_trained(layer: nn.Module, kernel: tuple[int, ...]) -> None:
    model = nn.Sequential(layer, nn.PReLU(4))
    x = torch.randn(2, 2, *(17, 13)[: len(kernel)])
    before, names = model(x), list(model.state_dict())
    grown = tuple((0, new - old) for new, old in zip(kernel, layer.kernel_size, strict=True))
    pads = tuple((side, side + more) for side, (_, more) in zip(layer.padding, grown, strict=True))
    set_window(model, "0", kernel, tuple(layer.stride), tuple(layer.dilation), pads, grown=grown)
    torch.testing.assert_close(model(x), before)
    assert list(model.state_dict()) == names
    assert tuple(model[0].weight.shape[2:]) == kernel


@pytest.mark.parametrize("border", BORDERS)
def test_a_layer_slides_the_window_it_is_given(border: str) -> None:
    model, x = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.MaxPool2d(3, 2, 1)), torch.randn(1, 1, 9, 8)
    weight, bias = model[0].weight, model[0].bias
    set_window(model, "0", (3, 3), (2, 1), (1, 2), ((1, 0), (2, 3)), border)
    wanted = functional.conv2d(padded(x, ((1, 0), (2, 3)), border), weight, bias, (2, 1), 0, (1, 2))
    torch.testing.assert_close(model[0](x), wanted)
    set_window(model, "0", (3, 3), (1, 1), (1, 1), ((1, 1), (1, 1)))  # and back
    torch.testing.assert_close(model[0](x), functional.conv2d(x, weight, bias, padding=1))
    set_window(model, "1", (2, 2), (2, 2), (1, 1), ((1, 0), (0, 1)), border)
    wanted = functional.max_pool2d(padded(x, ((1, 0), (0, 1)), border, -torch.inf), 2)
    torch.testing.assert_close(model[1](x), wanted)


def test_what_another_layer_pads_is_cropped_first() -> None:
    model, x = nn.Sequential(nn.ReflectionPad1d((2, 1)), nn.Conv1d(1, 1, 4)), torch.randn(1, 1, 9)
    set_window(model, "1", (4,), (1,), (1,), ((1, 2),), "circular", cropped=((2, 1),))
    wanted = functional.conv1d(padded(x, ((1, 2),), "circular"), model[1].weight, model[1].bias)
    torch.testing.assert_close(model(x), wanted)


def test_blurs_are_binomial_and_stride_last() -> None:
    x = torch.randn(1, 2, 9, 8)
    taps = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
    kernel = (taps[:, None] * torch.tensor([0.5, 0.5])).expand(2, 1, 4, 2)
    wanted = functional.conv2d(x, kernel, stride=(2, 3), groups=2)
    torch.testing.assert_close(blurred(x, (4, 2), (2, 3)), wanted)
    assert torch.equal(blurred(x, (1, 1), (2, 1)), x[:, :, ::2])
    model = nn.Sequential(nn.Identity())
    set_blurs(model, "0", (((4, 2), (2, 3), ((0, 0), (0, 0)), "zeros"),))
    torch.testing.assert_close(model(x), wanted)


@pytest.mark.parametrize("bias", [True, False])
def test_partial_padding_divides_by_the_share_of_samples(bias: bool) -> None:
    conv = nn.Conv1d(1, 1, 3, padding=1, bias=bias)
    nn.init.ones_(conv.weight)
    model = nn.Sequential(conv)
    set_partial(model, "0")
    offset = conv.bias.item() if bias else 0.0
    row = (model(torch.tensor([[[2.0, 4.0, 6.0]]])) - offset).flatten()
    torch.testing.assert_close(row, torch.tensor([6 * 3 / 2, 12.0, 10 * 3 / 2]))
    set_window(model, "0", (3,), (1,), (1,), ((2, 0),))  # uneven zeros are padded before the layer
    row = (model(torch.tensor([[[2.0, 4.0, 6.0]]])) - offset).flatten()
    torch.testing.assert_close(row, torch.tensor([2.0 * 3, 6 * 3 / 2, 12.0]))


def test_a_model_is_cut_after_a_layer_and_pooled() -> None:
    model, x = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Linear(99, 1)), torch.randn(1, 1, 9, 8)
    wanted = functional.relu(model[0](x))
    cut(model, "1", pooled=True)
    torch.testing.assert_close(model(x), wanted.mean((2, 3), keepdim=True))
    assert trace(model.to("meta"), (1, 9, 8)).graph().output.op.whole


PATCHES = [
    Patch((
        call("set_window", path="0", kernel=(4, 4), stride=(2, 2), dilation=(1, 1), padding=((1, 2), (2, 1)),
             border="symmetric", grown=((0, 1), (1, 0))),
        call("set_blurs", path="0", blurs=(((3, 3), (2, 2), ((1, 1), (1, 1)), "circular"),)),
    )),
    Patch((call("set_partial", path="2"), call("cut", path="2", pooled=False, method="forward"))),
]  # fmt: skip
MODEL = "nn.Sequential(nn.Conv2d(1, 2, 3, 2, 1), nn.ReLU(), nn.Conv2d(2, 2, 3, padding=1), nn.Flatten())"
SHOW = """
import json, sys
torch.manual_seed(0)
model = patch({model})
x = torch.linspace(-1, 1, 21 * 18).view(1, 1, 21, 18).requires_grad_()
result = model(x)
result.square().sum().backward()
print(json.dumps([sorted(name for name in sys.modules if name.startswith("core")), result.flatten().tolist(),
                  x.grad.flatten().tolist()]))
"""


def test_what_is_taken_away_does_the_same_without_this_project(tmp_path) -> None:
    path = tmp_path / "patched.py"
    path.write_text(patch_code(PATCHES) + SHOW.replace("{model}", MODEL))
    done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, check=True, cwd=tmp_path)
    torch.manual_seed(0)
    model = eval(MODEL)  # noqa: S307  # the text that the script has too
    for patch in PATCHES:
        patch(model)
    x = torch.linspace(-1, 1, 21 * 18).view(1, 1, 21, 18).requires_grad_()
    result = model(x)
    result.square().sum().backward()
    modules, values, gradient = json.loads(done.stdout)
    assert modules == []
    assert tuple(result.shape) == (1, 2, 6, 5)
    torch.testing.assert_close(torch.tensor(values), result.detach().flatten())
    torch.testing.assert_close(torch.tensor(gradient), x.grad.flatten())
