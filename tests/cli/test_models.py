"""Every command takes a model where it takes a network; what is told is the same."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.__main__ import main
from core.design.text import kind_of
from core.network import PRESETS

ROOT = Path(__file__).parents[2]


def _document(capsys, *argv):
    assert main([*argv, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_own_code_is_counted_like_the_network_typed(mine, capsys):
    document = _document(capsys, "paths", "mine.py:build", "--input", "3x16x12")
    typed = _document(capsys, "paths", "16x12 c3; conv k3 s2 p1 c8; conv k3 p1")
    keys = ["design", "model", "stage", "gates", "input", "output", "counts", "imbalance"]
    assert list(document) == [*keys, "shares", "padding", "lengths", "aliasing", "live"]
    head = [document[key] for key in ("design", "model", "stage")]
    assert head == ["mine.py:build@3x16x12", "mine.py:build", "output"]
    for answer in (document, typed):
        for entry in answer["aliasing"]:
            entry["layer"] = ""  # a module has a path of its own
    shared = list(typed)[2:]
    assert {key: document[key] for key in shared} == {key: typed[key] for key in shared}
    assert main(["paths", "mine.py:build", "--input", "3x16x12"]) == 0
    out, err = capsys.readouterr()
    head = "design  mine.py:build@3x16x12\nmodel   mine.py:build\nstage   output\ninput   16x12\noutput  8x6\n"
    assert out.startswith(head)
    assert set(err.split()) == {"built"}  # what own code prints is no part of the answer


@pytest.mark.parametrize("option", [["--unit", "2,3"], ["--pixel", "0,0"], ["--channels"]])
def test_the_options_of_paths_hold_for_models(option, mine, capsys):
    document = _document(capsys, "paths", "mine.py:build", "--input", "3x16x12", *option)
    typed = _document(capsys, "paths", "16x12 c3; conv k3 s2 p1 c8; conv k3 p1", *option)
    assert document["counts"] == typed["counts"]


@pytest.mark.usefixtures("zoo")
@pytest.mark.parametrize(
    ("model", "preset"),
    [("timm:resnet18", "ResNet-18"), ("torchvision:vgg16", "VGG-16"), ("timm:resnet50", "ResNet-50")],
)
def test_a_model_of_the_zoo_counts_like_its_preset(model, preset, capsys):
    document, typed = (_document(capsys, "paths", name) for name in (model, preset))
    assert document["counts"] == typed["counts"]
    assert document["imbalance"] == typed["imbalance"]


@pytest.mark.usefixtures("zoo")
def test_the_last_layer_of_a_model_sees_what_that_of_its_preset_sees(capsys):
    last, typed = (_document(capsys, "field", name)["layers"][-1] for name in ("timm:resnet18", "ResNet-18"))
    assert last["layer"] == "layer4.1: add"
    assert {key: last[key] for key in typed if key != "layer"} == {key: typed[key] for key in typed if key != "layer"}


@pytest.mark.parametrize(("given", "size"), [("3x64x32", [64, 32]), ("64x32", [64, 32]), (None, [224, 224])])
@pytest.mark.usefixtures("zoo")
def test_a_model_of_the_zoo_has_an_input_of_its_own(given, size, capsys):
    document = _document(capsys, "paths", "timm:resnet18", *(["--input", given] if given else []))
    assert document["input"] == size


def test_a_stage_is_the_output(mine, capsys):
    document = _document(capsys, "paths", "mine.py:build", "--input", "3x16x16", "--stage", "stem.0")
    assert (document["stage"], document["counts"]) == (
        "stem.0",
        _document(capsys, "paths", "16x16; conv k3 s2 p1")["counts"],
    )


def test_the_stages_are_listed(mine, capsys):
    argv = ["field", "mine.py:attentive", "--input", "3x16x12", "--stage", "list"]
    assert main(argv) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[:2] == [["stage", "map", "channels"], ["0", "16x12", "8"]]
    assert lines[-1][:3] == ["output", "-", "-"]
    document = _document(capsys, *argv)
    assert document["model"] == "mine.py:attentive"
    assert document["stages"][0] == {"stage": "0", "output": [16, 12], "channels": 8, "gap": None}
    assert document["stages"][-1]["gap"].startswith("bmm in 1: ")
    assert main(["paths", "mine.py:build", "--input", "3x16x12", "--stage", "list"]) == 0
    assert "output  8x6         8  the default" in capsys.readouterr().out


def test_the_fields_of_a_model_are_those_without_its_gates(mine, capsys):
    argv = ["field", "mine.py:gated", "--input", "3x16x16"]
    layers = _document(capsys, *argv)["layers"]
    assert [layer["size"][0] for layer in layers if not layer["gate"]] == [3, 3, 5]
    assert any(layer["gate"] for layer in layers)
    assert main(argv) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.endswith("in a gate") for line in lines) == sum(layer["gate"] for layer in layers)
    assert sum(line.endswith("without its gate") for line in lines) == 1


def test_gates_are_left_out_and_named_unless_they_are_asked_for(mine, capsys):
    argv = ["paths", "mine.py:gated@3x16x16", "--unit", "8,8"]
    without, gates = _document(capsys, *argv), _document(capsys, *argv, "--gates")
    typed = _document(capsys, "paths", "16x16; conv k3 p1 x2", "--unit", "8,8")
    assert without["counts"] == typed["counts"]
    (name,) = without["gates"]["layers"]
    assert without["gates"] == {"read": False, "layers": [name], "statistics": []}
    assert gates["gates"] == {"read": True, "layers": [name], "statistics": []}
    assert int(gates["counts"][0][0]) > int(without["counts"][0][0]) == 0
    assert main(argv) == 0
    assert f"gates left out  {name} (--gates counts what passes through them too)\n" in capsys.readouterr().out
    assert main([*argv, "--gates"]) == 0
    assert f"gates read  {name}\n" in capsys.readouterr().out


@pytest.mark.usefixtures("zoo")
def test_of_many_gates_three_are_named(capsys):
    assert main(["check", "timm:seresnet18@64"]) in (0, 1)
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("gates left out"))
    assert line.count("layer1") == 2
    assert line.endswith(", and 5 more (--gates counts what passes through them too)")


@pytest.mark.parametrize("command", ["field", "check", "remedies", "erf"])
def test_every_exact_answer_says_whether_gates_were_read(command, mine, capsys):
    argv = [command, "mine.py:normed@3x16x16", *(["--samples", "1"] if command == "erf" else []), "--json"]
    for option in ([], ["--gates"]):
        assert main([*argv, *option]) in (0, 1)
        gates = json.loads(capsys.readouterr().out)["gates"]
        assert gates["read"] is bool(option)
        assert gates["statistics"] == gates["layers"] != []


def test_a_pasted_network_is_read(capsys):
    document = _document(capsys, "paths", "model = nn.Sequential(nn.Conv1d(1, 1, 3), nn.ReLU())", "--input", "1x5")
    assert document["counts"] == ["1", "2", "3", "2", "1"]


GAP = (
    "nothing exact can be said of 'output' of mine.py:attentive, "
    "it depends on bmm in 1: attention weights whose dimensions were exchanged"
)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (
            ["mine.py:build"],
            "mine.py:build does not tell its input; give it, channels first, as in @3x96x96 or",
        ),
        (["nn.Sequential(nn.ReLU())"], "a pasted network does not tell its input"),
        (["mine.py:build", "--input", "3x"], "'3x' is no input size; give a side, or sides, or channels before them"),
        (["mine.py:build", "--input", "3x2000000x9"], "an input of 3x2000000x9 is outside 1 to"),
        (["mine.py:build", "--input", "4x16x16"], "does not run on an input of 4x16x16: in stem.0, Conv2d(3, 8,"),
        (["mine.py:bild", "--input", "3x16x16"], "mine.py has no 'bild'; did you mean build?"),
        (["mine.py:broken", "--input", "3x16x16"], "cannot be made: RuntimeError: no GPU in this machine"),
        (["mine.py:wrong", "--input", "3x16x16"], "mine.py:wrong gives dict, not a torch.nn.Module"),
        (["missing.py:build", "--input", "3x16x16"], "there is no file missing.py; give its path from"),
        (["missing:build", "--input", "3x16x16"], "missing cannot be loaded: ModuleNotFoundError"),
        (["mine.py"], "mine.py is a file; name what makes the model in it, as in mine.py:build"),
        (["mine.py:attentive", "--input", "3x16x16"], GAP),
        (["mine.py:attentive", "--input", "3x16x16"], "; #0 ends before it"),
        (["mine.py:build", "--input", "3x16x16", "--stage", "sten"], "has no stage 'sten'; the nearest are stem"),
        (["mine.py:build", "--input", "3x16x16", "--stage", "zz"], "has no stage 'zz'; it has stem, body, output"),
        (["9; conv k3", "--input", "3x9x9"], "an input of 3x9x9 does not fit a network of 1 axes; give L or CxL"),
        (["VGG-16", "--stage", "body"], "#body is no stage of 'VGG-16'; give how many of its 18 layers"),
        (["mine.py:build@3x16x16", "--stage", "a b"], "'a b' is no stage; give a module's path, or a number of layers"),
        (["timm:resnet5"], "the zoo has no model 'timm:resnet5'; the nearest are timm:resnet50"),
        (["timm:"], "timm: is followed by the name of a model, as in timm:resnet50"),
        (["tim:resnet50", "--input", "3x9x9"], "there is no module 'tim'; did you mean timm:"),
        (["resnet50"], "there is no preset 'resnet50'; did you mean 'ResNet-50'? (models: timm:NAME)"),
        (["densenot"], "models are written timm:NAME, torchvision:NAME or file.py:NAME"),
    ],
)
@pytest.mark.parametrize("command", ["paths", "field", "check"])
def test_a_mistake_is_told_in_one_line_with_status_2(command, argv, message, mine, zoo, capsys):
    assert main([command, *argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    told = err.removeprefix("built\n")
    assert message in told
    assert (told.count("\n"), told[-1]) == (1, "\n")


def test_own_code_that_ends_the_program_does_not_end_this_one_silently(mine, capsys):
    mine.write_text("import sys\nsys.exit(0)\n")
    assert main(["check", "mine.py:build", "--input", "3x16x16"]) == 2
    assert "mine.py cannot be loaded: it ends the program" in capsys.readouterr().err


def test_a_network_is_never_taken_for_a_model():
    assert {kind_of(str(network)) for network in PRESETS.values()} == {"typed"}
    assert {kind_of(name) for name in PRESETS} == {"preset"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("9", "typed"),
        ("9 c3; conv k3 p1:2", "typed"),
        ("9X9; conv k3", "typed"),
        ("timm:resnet50", "zoo"),
        ("timm:", "zoo"),
        ("torchvision:vgg16", "zoo"),
        ("my.py:build", "own"),
        ("/a folder/my.py:build", "own"),
        ("3d/net.py:Net", "own"),
        ("package.module:Net", "own"),
        ("nn.Sequential()", "pasted"),
        ("import torch\nmodel = torch.nn.Sequential(\n)", "pasted"),
    ],
)
def test_a_network_is_told_from_a_model_by_its_form(text, kind):
    assert kind_of(text) == kind


def test_typed_networks_load_no_torch_for_any_exact_command():
    script = (
        "import sys; from core.__main__ import main; "
        "statuses = [main([command, 'VGG-16', '--json']) for command in ('paths', 'field', 'check')]; "
        "sys.exit(str(statuses) if any(statuses) or 'torch' in sys.modules else 0)"
    )
    finished = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True)
    assert (finished.returncode, finished.stderr) == (0, b"")
