"""One network, typed and as own code, gives one document from every command, but for the names of its layers."""

import json
import re
import sys

import pytest

from core.__main__ import main
from core.network import parse
from core.network.pytorch_code import pytorch_code
from core.remedies import REMEDIES

TWINS = {
    "chain": "24x20 c3; conv k3 s2 p1 c4; conv k3 p1; conv k5 p2",
    "global": "32x32 c1; conv k3 p1 x4; global",
    "residual": "20x20 c2; conv k3 p1 c4; add(skip | conv k3 p1 x2) x2; maxpool k2; conv k3 p2 d2",
    "decoder": "16x16 c2; conv k3 p1; concat(skip | maxpool k2; conv k3 p1; tconv k2 s2); conv k3 p1 c2",
    "line": "40 c2; conv k4 s2 p1 c3; avgpool k3 s1; conv k9 p4; conv k9 p4; conv k9 p4",
}
NAMES = {"design", "network", "model", "stage", "layer"}
# Of what is offered, what only a typed network can take: remedies that add layers, and convolutions put after the last.
TYPED_ONLY = {remedy.does for remedy in REMEDIES.values() if remedy.not_for_models}
APPENDED = re.compile(r"append .* convolutions? of 3 ")
OFFERED = {"fix", "others", "reason"}  # compared by itself below; a reason names what a network or a model lacks


@pytest.fixture
def twins(tmp_path, monkeypatch):
    """The folder of a file of own code with every network in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    for name, text in TWINS.items():
        (tmp_path / f"twin_{name}.py").write_text(pytorch_code(parse(text)))
    yield
    for name in TWINS:
        sys.modules.pop(f"twin_{name}", None)


def documents(capsys, command: str, name: str, *options: str) -> tuple[dict, dict]:
    """What the command answers about the typed network, and about the module."""
    network = parse(TWINS[name])
    size = "x".join(map(str, (network.channels, *network.size)))
    answers = []
    for design in (TWINS[name], f"twin_{name}.py:model@{size}"):
        assert main([command, design, *options, "--json"]) in (0, 1)
        answers.append(json.loads(capsys.readouterr().out))
    return answers[0], answers[1]


def unnamed(answer: object) -> object:
    """The answer without the names of layers and of the design itself."""
    if isinstance(answer, dict):
        return {key: unnamed(value) for key, value in answer.items() if key not in NAMES | OFFERED}
    if isinstance(answer, list):
        return list(map(unnamed, answer))
    return re.sub(r"layer (\d+) \((?:[^()]|\([^()]*\))*\)", r"layer \1", answer) if isinstance(answer, str) else answer


@pytest.mark.usefixtures("twins")
@pytest.mark.parametrize("name", TWINS)
@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("paths", []),
        ("paths", ["--channels"]),
        ("paths", ["--pixel", "3"]),
        ("field", []),
        ("check", ["--object", "9"]),
        ("remedies", ["--remedy", "kernel-padding", "--remedy", "even-input"]),
    ],
)
def test_every_exact_command_says_the_same_of_both(command, options, name, capsys):
    if options[:1] == ["--pixel"] and len(parse(TWINS[name]).size) == 2:
        options = ["--pixel", "3,2"]
    typed, module = documents(capsys, command, name, *options)
    assert unnamed(typed) == unnamed(module)


def fixes(finding: dict) -> list[dict]:
    """What is offered against a finding that both can take, the best first."""
    offered = [fix for fix in (finding["fix"], *finding["others"]) if fix is not None]
    both = [fix for fix in offered if fix["words"] not in TYPED_ONLY and not APPENDED.match(fix["words"])]
    return [unnamed(fix) for fix in both]


@pytest.mark.usefixtures("twins")
@pytest.mark.parametrize("name", TWINS)
def test_the_same_fixes_are_offered_to_both_with_the_same_effect_and_cost(name, capsys):
    typed, module = documents(capsys, "check", name)
    offers = 0
    for one, other in zip(typed["findings"], module["findings"], strict=True):
        ours, theirs = fixes(one), fixes(other)
        assert theirs[: len(ours)] == ours  # five at most are told: more of a model's are what both can take
        offers += len(ours)
    assert offers


@pytest.mark.usefixtures("twins")
@pytest.mark.parametrize("name", TWINS)
@pytest.mark.parametrize("method", ["sampled", "expected"])
def test_the_effective_field_of_both_is_that_of_one_unit(method, name, capsys):
    options = ["--samples", "2", "--reduce", "square"] if method == "sampled" else []
    typed, module = documents(capsys, "erf", name, "--method", method, *options)
    assert typed.keys() - module.keys() == {"network"}
    assert typed["recipe"]["unit"] == module["recipe"]["unit"]
    assert typed["recipe"]["channels"] == module["recipe"]["channels"]
    assert typed["reasons"] == module["reasons"] == {}
    squares = [document["sizes"]["square_95"] for document in (typed, module)]
    fields = [square["side"] / square["ratio"] for square in squares]
    assert fields[0] == pytest.approx(fields[1])


@pytest.mark.parametrize("design", ["32x32; conv k3 p1 x4; global", "32x32; conv k3 p1 x4"])
def test_a_global_layer_leaves_no_parity(design, twins, capsys):
    """Review: the typed network had a parity of 5.36 at its last layer, the same module 1."""
    assert main(["paths", design, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["imbalance"]["parity"] == 1
    layers = ", ".join(["nn.Conv2d(1, 1, 3, padding=1)"] * 4 + ["nn.AdaptiveAvgPool2d(1)"] * design.endswith("global"))
    assert main(["paths", f"nn.Sequential({layers})", "--input", "1x32x32", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["imbalance"]["parity"] == 1
