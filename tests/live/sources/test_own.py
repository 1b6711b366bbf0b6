"""Own code: what it gives is the model, and whatever it does wrong is told in one line."""

import sys
import textwrap

import pytest
import torch
from torch import nn

from core.errors import LimitError, UserError
from core.live.sources import model as model_module
from core.live.sources.model import Model, checked_size, parsed_size
from core.live.sources.own import own_model

CODE = """
    import torch
    from dataclasses import dataclass
    from torch import nn

    @dataclass
    class Options:
        width: int = 8

    class Net(nn.Sequential):
        def __init__(self, width=Options().width):
            super().__init__(nn.Conv2d(3, width, 3, padding=1), nn.ReLU())

    def build():
        return Net(4)

    model = Net(2)
    number = 3

    def needs_numbers():
        weight = torch.ones(3)
        return Net(int(weight.sum()))

    def needs_an_argument(width):
        return Net(width)

    def broken():
        raise RuntimeError("no GPU\\nin this machine")

    def leaving():
        raise SystemExit(3)

    class Falling(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(4, 8, 3))

        def forward(self, x):
            return self.body(x)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder that is the current one, with code in it; what is loaded from it is forgotten afterwards."""
    (tmp_path / "mine.py").write_text(textwrap.dedent(CODE))
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "nets.py").write_text(textwrap.dedent(CODE))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if "mine" in name or "pack" in name:
            del sys.modules[name]


@pytest.mark.parametrize(
    ("spec", "channels"),
    [
        ("mine.py:build", 4),
        ("mine.py:Net", 8),
        ("mine.py:model", 2),
        ("mine.py:needs_numbers", 3),
        ("./mine.py:build", 4),
        ("pack/nets.py:build", 4),
        ("pack.nets:build", 4),
        ("mine:Net", 8),
    ],
)
def test_a_function_a_class_or_a_module_is_the_model(spec, channels, folder):
    model = own_model(spec, (3, 6, 5))
    graph = model.traced().graph()
    assert (graph.output.size, graph.output.channels, model.name) == ((6, 5), channels, spec)
    assert model.real()(torch.zeros(1, 3, 6, 5)).shape == (1, channels, 6, 5)


def test_a_module_that_exists_keeps_its_numbers(folder):
    model = own_model("mine.py:model", (3, 6, 5))
    before = model.real()[0].weight.clone()
    model.traced()
    assert model.real()[0].weight.device.type == "cpu"
    assert torch.equal(model.real()[0].weight, before)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("mine.py", "names no code; give file.py:factory"),
        ("missing.py:build", "there is no file missing.py; give its path from /"),
        ("missing:build", "missing cannot be loaded: ModuleNotFoundError: No module named 'missing'"),
        ("tim:resnet50", "there is no module 'tim'; did you mean timm:"),
        ("mine.py:bild", "mine.py has no 'bild'; did you mean build"),
        ("mine.py:zzz", "mine.py has no 'zzz'; give a function without arguments that returns the model"),
        ("mine.py:number", "gives int, not a torch.nn.Module"),
        ("mine.py:Options", "gives Options, not a torch.nn.Module"),
        ("mine.py:broken", "mine.py:broken cannot be made: RuntimeError: no GPU in this machine"),
        ("mine.py:needs_an_argument", "cannot be made: TypeError: needs_an_argument.. missing 1 required"),
        ("mine.py:leaving", "mine.py:leaving cannot be made: it ends the program"),
        ("mine.py:Falling", r"does not run on an input of 3x6x5: in body.1, Conv2d\(4, 8, .*\): RuntimeError: "),
    ],
)
def test_what_is_wrong_is_told_in_one_line(spec, message, folder):
    with pytest.raises(UserError, match=message) as raised:
        own_model(spec, (3, 6, 5)).traced()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import sys; sys.exit(0)", "ends the program; keep sys.exit for if __name__"),
        ("def f(:", "SyntaxError: invalid syntax"),
        ("raise ValueError('" + "long " * 100 + "')", "ValueError: long .*…$"),
        ("import does_not_exist", "No module named 'does_not_exist'"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_told_with_its_own_words(code, message, folder):
    (folder / "mine.py").write_text(code)
    with pytest.raises(UserError, match=r"mine.py cannot be loaded: .*" + message):
        own_model("mine.py:build", (3, 6, 5))


def test_a_file_named_like_a_module_in_use_takes_nothing_from_it(folder):
    (folder / "json.py").write_text("from torch import nn\ndef build():\n    return nn.Conv2d(3, 8, 3)\n")
    import_json = sys.modules["json"]
    assert own_model("json.py:build", (3, 6, 5)).traced().graph().output.size == (4, 3)
    assert sys.modules["json"] is import_json


def test_a_file_that_changed_is_read_anew(folder):
    first = own_model("mine.py:build", (3, 6, 5))
    (folder / "mine.py").write_text("from torch import nn\ndef build():\n    return nn.Conv2d(3, 8, 3)\n")
    assert own_model("mine.py:build", (3, 6, 5)).traced().graph().output.size == (4, 3)
    assert first.traced().graph().output.size == (6, 5)


def test_numbers_are_drawn_from_the_seed_and_leave_the_generator_alone():
    model = Model("a layer", (3, 6, 5), lambda: nn.Conv2d(3, 8, 3))
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    one, same, other = (model.real(seed).weight for seed in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert not model.real().training


def test_a_model_with_too_many_numbers_is_refused_before_it_is_made(monkeypatch):
    monkeypatch.setattr(model_module, "MAX_PARAMETERS", 100)
    model = Model("a layer", (3, 6, 5), lambda: nn.Conv2d(3, 8, 3))
    with pytest.raises(LimitError, match="a layer has 224 parameters, more than 100; its exact map needs no numbers"):
        model.real()
    assert model.traced().graph().output.size == (4, 3)


@pytest.mark.parametrize(("text", "size"), [("3x224x200", (3, 224, 200)), (" 1x64 ", (1, 64)), ("64x32", (64, 32))])
def test_a_size_is_channels_and_sides(text, size):
    assert parsed_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "3", "3x", "3x4x5x6x7", "3x-4x5", "3x4x5000000000", "axb", "0x4x4", "3x0x4", "3x2000000x4"]
)
def test_other_sizes_are_refused(text):
    with pytest.raises(UserError, match=r"is no input size|is outside"):
        parsed_size(text)


def test_a_model_takes_sides_alone_or_channels_too():
    model = Model("a layer", (3, 6, 5), lambda: nn.Conv2d(3, 8, 3))
    assert model.at_input((9, 8)).size == (3, 9, 8)
    assert model.at_input((1, 9, 8)).size == (1, 9, 8)
    volume = Model("a layer", (3, 4, 6, 5), lambda: nn.Conv3d(3, 8, 3))
    assert volume.at_input((9,)).size == (3, 9, 9, 9)
    assert volume.at_input((8, 9, 8)).size == (3, 8, 9, 8)
    assert volume.at_input((1, 8, 9, 8)).size == (1, 8, 9, 8)
    for asked, size, message in (
        (model, (1, 2, 3, 4), "an input of 1x2x3x4 does not fit a layer, which has 2 axes; give N, HxW or CxHxW"),
        (volume, (9, 8), "an input of 9x8 does not fit a layer, which has 3 axes; give N, DxHxW or CxDxHxW"),
    ):
        with pytest.raises(UserError, match=message):
            asked.at_input(size)
    with pytest.raises(UserError, match="has 5 numbers"):
        checked_size((1, 2, 3, 4, 5))


def test_one_number_is_a_cube_before_a_convolution_of_three_axes():
    model = Model("a layer", (), lambda: nn.Conv3d(2, 8, 3))
    assert model.given((7,)).size == (2, 7, 7, 7)
    assert model.given((1, 2, 3, 4)).size == (1, 2, 3, 4)
    with pytest.raises(UserError, match="an input of 7x8 does not fit a 3-D convolution; give N or CxDxHxW"):
        model.given((7, 8))
