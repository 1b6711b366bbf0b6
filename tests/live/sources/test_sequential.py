"""A pasted network is read, whatever it says, and never evaluated."""

import ast
import builtins
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from core.errors import LimitError, UserError
from core.live.sources import sequential as source
from core.live.sources.sequential import sequential
from core.network import parse
from core.network.graph import graph_of

SIZE = (3, 16, 16)


def assert_is(text: str, expected: nn.Module) -> None:
    """The module of the paste is built like ``expected``."""
    assert repr(sequential(text, SIZE).module()) == repr(expected.eval())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nn.Sequential(nn.Conv2d(3, 8, 3))", nn.Sequential(nn.Conv2d(3, 8, 3))),
        ("Sequential(Conv2d(3, 8, 3))", nn.Sequential(nn.Conv2d(3, 8, 3))),
        ("torch.nn.Sequential(torch.nn.ReLU())", nn.Sequential(nn.ReLU())),
        ("import torch\nfrom torch import nn\nmodel = nn.Sequential(nn.ReLU())", nn.Sequential(nn.ReLU())),
        ("  nn.Sequential(\n  nn.ReLU(),  # a comment\n)\n", nn.Sequential(nn.ReLU())),
        (
            "nn.Sequential(nn.Conv2d(3, 8, (3, 5), stride=[2, 1], padding='same', padding_mode='circular', bias=False))"
            .replace("stride=[2, 1]", "stride=1"),
            nn.Sequential(nn.Conv2d(3, 8, (3, 5), padding="same", padding_mode="circular", bias=False)),
        ),
        ("nn.Sequential(nn.Conv2d(3, 2 * 8 - 1 + 9 // 2, -(-3)))", nn.Sequential(nn.Conv2d(3, 19, 3))),
        (
            "nn.Sequential(nn.Sequential(nn.ReLU(), nn.Sequential()), nn.Tanh())",
            nn.Sequential(nn.Sequential(nn.ReLU(), nn.Sequential()), nn.Tanh()),
        ),
    ],
)  # fmt: skip
def test_accepted_forms_build_what_pytorch_would(text, expected):
    assert_is(text, expected)


def test_the_names_of_an_ordered_dict_become_stages():
    model = sequential("nn.Sequential(OrderedDict([('a', nn.Conv2d(3, 4, 3)), ('b', nn.ReLU())]))", SIZE)
    assert [name for name, _ in model.module().named_children()] == ["a", "b"]
    assert list(model.traced().stages) == ["a", "b", "output"]


def test_a_paste_is_counted_like_the_network_typed():
    text = "nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2))"
    sizes = [node.size for node in sequential(text, SIZE).traced().graph().nodes]
    assert sizes == [node.size for node in graph_of(parse("16x16 c3; conv k3 s2 p1 c8; maxpool k2")).nodes]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "paste one nn.Sequential"),
        ("nn.Sequential(", "is no Python expression in line 1"),
        ("nn.Sequential(nn.ReLU()); nn.Sequential()", "paste one nn.Sequential"),
        ("class Net(nn.Module):\n  pass", "Net is code, which is run from a file only; save it as my.py and ask"),
        ("nn.Conv2d(3, 8, 3)", "the pasted text begins with nn.Conv2d\\(3, 8, 3\\)"),
        ("__import__('os').system('id')", "the pasted text begins with|is not allowed"),
        ("nn.Sequential(__import__('os').system('id'))", "system is not allowed in a pasted network"),
        ("nn.Sequential(nn.ReLU().__class__())", "__class__ is not allowed"),
        ("nn.Sequential(nn.__dict__)", "nn.__dict__ is no module"),
        ("nn.Sequential(eval('1'))", "eval is not allowed"),
        ("nn.Sequential(lambda: 1)", "is no module"),
        ("nn.Sequential((lambda: nn.ReLU())())", "is not allowed"),
        ("nn.Sequential(*[nn.ReLU() for _ in range(3)])", "is no module"),
        ("nn.Sequential([nn.ReLU() for _ in range(3)])", "is no module"),
        ("nn.Sequential(nn.Conv2d(*(3, 8, 3)))", "not allowed as an argument"),
        ("nn.Sequential(nn.Conv2d(**{'in_channels': 3}))", "\\*\\* is not allowed"),
        ("nn.Sequential(nn.Conv2d(3, 8, 3, device='cuda'))", "device is not allowed"),
        ("nn.Sequential(nn.Conv2d(3, open('/etc/passwd'), 3))", "not allowed as an argument"),
        ("nn.Sequential(nn.Conv2d(3, 8 ** 8 ** 8, 3))", "not allowed as an argument"),
        ("nn.Sequential(nn.Conv2d(3, 1 << 40, 3))", "not allowed as an argument"),
        ("nn.Sequential(nn.Conv2d(3, 10000001, 3))", "is beyond 10,000,000"),
        ("nn.Sequential(nn.Conv2d(3, 9999999 * 9999999, 3))", "is beyond 10,000,000"),
        ("nn.Sequential(nn.Conv2d(3, 8 // 0, 3))", "not allowed as an argument"),
        ("nn.Sequential(nn.Conv2d(3, b'8', 3))", "not allowed as an argument"),
        ("nn.Sequential(nn.Conv2d(3, x, 3))", "x is not allowed as an argument"),
        ("nn.Sequential(nn.Conv4d(3, 8, 3))", "did you mean nn.Conv3d|did you mean nn.Conv2d|did you mean nn.Conv1d"),
        ("nn.Sequential(torch.hub.load('a', 'b'))", "torch.hub.load is not allowed"),
        ("nn.Sequential(nn.Sequential)", "nn.Sequential is no module"),
        ("nn.Sequential(a=nn.ReLU())", "takes modules, not named arguments"),
        ("nn.Sequential(OrderedDict([('a.b', nn.ReLU())]))", "'a.b' cannot name a module"),
        ("nn.Sequential(OrderedDict([('a', nn.ReLU()), ('a', nn.ReLU())]))", "'a' cannot name a module"),
        ("nn.Sequential(OrderedDict(a=nn.ReLU()))", "OrderedDict needs a list"),
        ("nn.Sequential(" * 40 + ")" * 40, "more than 24 inside each other"),
        ("(" * 5000 + ")" * 5000, "is no Python expression"),
        ("nn.Sequential(" + "nn.ReLU(), " * 1999 + ")", "characters, more than 20000"),
        ("nn.Sequential(" + "ReLU()," * 2001 + ")", "more than 2000 modules"),
        ("nn.Sequential(\x00)", "is no Python expression"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_by_name(text, message):
    with pytest.raises(UserError, match=message):
        sequential(text, SIZE)


@pytest.mark.parametrize("text", ["nn.Sequential(nn.Conv2d(3))", "nn.Sequential(nn.Conv2d(3, 8, 3, colour=1))"])
def test_arguments_that_a_module_does_not_take_are_told_by_the_module(text):
    with pytest.raises(UserError, match=r"nn\.Sequential cannot be made: TypeError: "):
        sequential(text, SIZE).traced()


def test_a_text_beyond_the_limit_is_not_even_parsed(monkeypatch):
    monkeypatch.setattr(ast, "parse", None)
    with pytest.raises(LimitError, match="20001 characters, more than 20000"):
        sequential("x" * 20_001, SIZE)


PIECES = st.sampled_from(
    ["nn.Sequential(", "nn.Conv2d(3, 8, 3)", "nn.ReLU()", ")", "(", "[", "]", ",", "*", "**", "lambda: ", "__import__",
     "('os')", ".system('id')", "eval(", "exec(", "for x in y", "if 1 else 2", "OrderedDict([", "('a', ", "=", "-", "9",
     "1e999", "'", '"', "\n", " ", "f'{1}'", "...", "None", "True", "10**9", "nn.", "torch.nn.", ":=", "await ", "{}"]
)  # fmt: skip


WATCHED = ("exec", "os.system", "os.exec", "subprocess.Popen", "socket.connect")
happened: list[str] = []
sys.addaudithook(lambda event, _: happened.append(event) if event in WATCHED else None)


@given(st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=200)))
def test_nothing_comes_of_what_is_no_network_but_a_refusal(text):
    happened.clear()
    with suppress(UserError):
        sequential("nn.Sequential(" + text + ")", SIZE)
    with suppress(UserError):
        sequential(text, SIZE)
    assert not happened


@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_is_read_can_be_traced_or_is_refused(text):
    with suppress(UserError):
        sequential("nn.Sequential(nn.ReLU(), " + text + ")", SIZE).traced()


def test_reading_a_paste_calls_no_module(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("called")

    monkeypatch.setattr(nn, "Conv2d", refuse)
    monkeypatch.setattr(builtins, "eval", refuse)
    monkeypatch.setattr(builtins, "exec", refuse)
    model = sequential("nn.Sequential(nn.Conv2d(3, 8, 3))", SIZE)
    with pytest.raises(AssertionError, match="called"):
        model.make()


@pytest.mark.parametrize("name", source._MODULES)
def test_every_listed_module_is_one_of_pytorch(name):
    assert issubclass(getattr(nn, name), nn.Module)
