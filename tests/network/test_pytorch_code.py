"""The generated script is the network: run it, and compare with the live model."""

import subprocess
import sys

import pytest
import torch

from core.errors import NetworkError
from core.live import ModelRecipe, build
from core.network import PRESETS, graph_of, parse
from core.network.pytorch_code import pytorch_code
from tests.live.cases import CASES


def script_model(network):
    names = {"__name__": "script"}
    exec(compile(pytorch_code(network), "script.py", "exec"), names)  # noqa: S102  # it is what a reader would run
    return names["model"]


@pytest.mark.parametrize(
    "text",
    [
        *CASES,
        "9x9 c2; maxpool k3 s1 d2 p3",
        "12; blur k12 p3",
        "5x5; tconv k3 s1 p0:1",
        "5x6; conv k3 p1 reflect x3; maxpool k2 p1 s1 circular x3",
        "9x9; add(add(skip | conv k1) | conv k3 p1 x3) x3",
    ],
)
def test_a_script_computes_what_the_live_model_computes(text):
    network = parse(text)
    live = build(network, ModelRecipe("linear", width=1, seed=3))
    model = script_model(network)
    for mine, theirs in zip(model.parameters(), live.parameters(), strict=True):
        mine.data.copy_(theirs)
    start = live.graph.input
    x = torch.randn(2, start.channels, *start.size, generator=torch.Generator().manual_seed(2))
    torch.testing.assert_close(model(x), live(x), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_have_the_sizes_and_weights_of_their_graphs(name):
    network = PRESETS[name]
    graph = graph_of(network)
    with torch.device("meta"):
        model = script_model(network)
        output = model(torch.zeros(1, graph.input.channels, *graph.input.size))
    assert tuple(output.shape) == (1, graph.output.channels, *graph.output.size)


def test_a_script_runs_by_itself_and_prints_its_output_size(tmp_path):
    text = "6x7; conv k3 same symmetric x3; random r2 seed0; blur k2; concat(skip | conv k1)"
    path = tmp_path / "network.py"
    path.write_text(pytorch_code(parse(text)))
    result = subprocess.run([sys.executable, "-W", "error", str(path)], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "torch.Size([1, 2, 5, 6])"
    assert "# (1, 2, 5, 6)" in path.read_text()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("9x9; conv k3 same reflect", '    nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect", bias=False),'),
        ("9x9 c4; conv k3x5 s2 c8 g2", "    nn.Conv2d(4, 8, (3, 5), stride=2, groups=2, bias=False),"),
        ("9x9; maxpool k3 s2 p1", "    nn.MaxPool2d(3, stride=2, padding=1),"),
        ("8; conv k2 p1:0", "    nn.ZeroPad1d((1, 0)),"),
        ("8; tconv k3 s2 p1:0", "    nn.ConvTranspose1d(1, 1, 3, stride=2, padding=1, output_padding=1, bias=False),"),
        ("8; upsample s2 bilinear", '    nn.Upsample(scale_factor=2, mode="linear"),'),
        ("8x8; global", "    nn.AdaptiveAvgPool2d(1),"),
        ("8; conv k3 x3", "    *(nn.Conv1d(1, 1, 3, bias=False) for _ in range(3)),"),
    ],
)  # fmt: skip
def test_pytorchs_own_layers_are_used_where_they_fit(text, line):
    code = pytorch_code(parse(text))
    assert line in code.splitlines()
    assert "class " not in code


def test_only_the_classes_that_are_needed_are_written():
    code = pytorch_code(parse("9x9; conv k3 p1 symmetric; avgpool k2 s1 d2"))
    assert [line for line in code.splitlines() if line.startswith("class")] == [
        "class SymmetricPad(nn.Module):",
        "class WeightedPool(nn.Module):",
    ]


def test_layers_that_do_not_fit_are_refused():
    with pytest.raises(NetworkError, match=r"layer 1 \(conv k9\)"):
        pytorch_code(parse("5; conv k9"))
