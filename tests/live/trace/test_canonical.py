"""A typed network and the same network as a module give the same graph, however padding and blurs are written."""

import pytest
import torch
from torch import nn

from core.exact import path_counts
from core.network import graph_of, parse
from core.network.graph import Graph
from core.network.window import Window
from tests.live.trace.building import net
from tests.live.trace.comparing import assert_exact, traced


class SymmetricPad(nn.Module):
    """Mirrors the border, the outermost sample included: (before, after) per axis."""

    def __init__(self, *pads: tuple[int, int]) -> None:
        super().__init__()
        self.pads = pads

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for axis, (before, after) in enumerate(self.pads, start=2):
            first, last = x.narrow(axis, 0, before), x.narrow(axis, x.shape[axis] - after, after)
            x = torch.cat([first.flip(axis), x, last.flip(axis)], dim=axis)
        return x


def conv(kernel: int = 3, **options: object) -> nn.Module:
    return nn.Conv2d(1, 1, kernel, **options)


def pools(count: int, stride: int) -> list[nn.Module]:
    return [nn.AvgPool2d(2, stride=1) for _ in range(count - 1)] + [nn.AvgPool2d(2, stride=stride)]


def sequence(*layers: nn.Module) -> nn.Module:
    return nn.Sequential(*layers)


SAME = {
    "9x8; conv k3 p1:2x0:1": sequence(nn.ZeroPad2d((0, 1, 1, 2)), conv()),
    "9x8; conv k3 p2": sequence(nn.ZeroPad2d(1), conv(padding=1)),
    "9x8; conv k3 s2 p1; conv k3": sequence(nn.ConstantPad2d(1, 0.0), conv(stride=2), conv()),
    "9x8; conv k5 p2 reflect": sequence(nn.ReflectionPad2d(2), conv(5)),
    "9x8; conv k3 p1 replicate": sequence(nn.ReplicationPad2d(1), conv()),
    "9x8; conv k3 d2 p2 circular": conv(dilation=2, padding=2, padding_mode="circular"),
    "9x8; conv k3 p1 symmetric": sequence(SymmetricPad((1, 1), (1, 1)), conv()),
    "9x8; conv k5 p2:1x1:2 symmetric": sequence(SymmetricPad((2, 1), (1, 2)), conv(5)),
    "9x8; maxpool k3 s2 p1:0 symmetric": sequence(SymmetricPad((1, 0), (1, 0)), nn.MaxPool2d(3, 2)),
    "9x8; avgpool k3 s2 p1 reflect": sequence(nn.ReflectionPad2d(1), nn.AvgPool2d(3, 2)),
    "9x8; blur k3": sequence(*pools(2, 1)),
    "9x8; blur k4 s2 p1:2": sequence(nn.ZeroPad2d((1, 2, 1, 2)), *pools(3, 2)),
    "9x8; blur k5 s3 p2 reflect; conv k1": sequence(nn.ReflectionPad2d(2), *pools(4, 3), conv(1)),
    "9x8; conv k1; blur k3x2 s2x1": sequence(conv(1), nn.AvgPool2d((2, 1), 1), nn.AvgPool2d(2, (2, 1))),
    "9x8; blur k3; avgpool k2": sequence(sequence(*pools(2, 1)), nn.AvgPool2d(2)),
    "9x8; avgpool k2; avgpool k2 s1": sequence(nn.AvgPool2d(2), nn.AvgPool2d(2, 1)),
    "9x8; avgpool k2 s1; avgpool k2 s1 p1": sequence(nn.AvgPool2d(2, 1), nn.AvgPool2d(2, 1, 1)),
    "9x8; maxpool k2 s1; maxpool k2 s1": sequence(nn.MaxPool2d(2, 1), nn.MaxPool2d(2, 1)),
    "9x8; conv k3 p1; global": sequence(conv(padding=1), nn.AdaptiveAvgPool2d(1)),
    "9x8; add(skip | conv k3 p1 reflect)": net(lambda m, x: x + m.c(m.p(x)), c=conv(), p=nn.ReflectionPad2d(1)),
}


def described(graph: Graph) -> list[tuple]:
    """What every node does and reads; windows in one of several spellings."""
    return [
        (
            node.op.name,
            sorted(node.inputs),
            node.size,
            [axis_map.plain() if isinstance(axis_map, Window) else axis_map for axis_map in node.maps],
        )
        for node in graph.nodes
    ]


@pytest.mark.parametrize("text", SAME)
def test_a_module_gives_the_graph_of_its_text(text: str) -> None:
    graph, typed = traced(SAME[text], (1, 9, 8)).graph(), graph_of(parse(text))
    assert described(graph) == described(typed)
    if "add" not in text:
        assert [node.text for node in graph.nodes[1:]] == [
            "mean" if node.op.name == "global" else node.text for node in typed.nodes[1:]
        ]
    assert_exact(SAME[text], (1, 9, 8))


@pytest.mark.parametrize("border", ["zeros", "reflect", "symmetric", "replicate"])
def test_a_line_is_padded_as_its_text_says(border: str) -> None:
    pads = {
        "zeros": nn.ZeroPad1d(2),
        "reflect": nn.ReflectionPad1d(2),
        "symmetric": SymmetricPad((2, 2)),
        "replicate": nn.ReplicationPad1d(2),
    }
    graph = traced(nn.Sequential(pads[border], nn.Conv1d(1, 1, 3, 2)), (1, 9)).graph()
    assert described(graph) == described(graph_of(parse(f"9; conv k3 s2 p2 {border if border != 'zeros' else ''}")))


SEPARATE = {
    "two borders": (["input", "pad", "conv"], sequence(nn.ReflectionPad2d(1), conv(padding=1))),
    "padding before a transposed convolution": (
        ["input", "pad", "tconv"],
        sequence(nn.ZeroPad2d(1), nn.ConvTranspose2d(1, 1, 3)),
    ),
    "a crop": (["input", "pad", "conv"], sequence(nn.ZeroPad2d(-1), conv())),
    "a pool of two and one of three": (
        ["input", "avgpool", "avgpool"],
        sequence(nn.AvgPool2d(2, 1), nn.AvgPool2d(3, 1)),
    ),
}


@pytest.mark.parametrize("name", SEPARATE)
def test_what_no_one_window_says_stays_as_it_is_written(name: str) -> None:
    operations, module = SEPARATE[name]
    graph = traced(module, (1, 9, 8)).graph()
    assert [node.op.name for node in graph.nodes] == operations
    assert_exact(module, (1, 9, 8), graph)


READ_TWICE = {
    "padding": net(lambda m, x: m.c(y := m.p(x)) + m.c(y), c=conv(), p=nn.ZeroPad2d(1)),
    "padding of which one reader is a gate": net(
        lambda m, x: m.c(y := m.p(x)) * m.c(y).sigmoid(), c=conv(), p=nn.ReflectionPad2d(1)
    ),
    "padding that is returned": net(lambda m, x: m.c(y := m.p(x)) + y[..., 1:-1, 1:-1], c=conv(), p=nn.ZeroPad2d(1)),
    "a pool": net(lambda m, x: m.p(y := m.p(x)) + y[..., 1:, 1:], p=nn.AvgPool2d(2, 1)),
}


@pytest.mark.parametrize("name", READ_TWICE)
def test_what_is_read_twice_is_still_there_for_the_second_reader(name: str) -> None:
    assert_exact(READ_TWICE[name], (1, 9, 8))


def test_a_stage_ends_where_it_is_asked_to() -> None:
    model = nn.Sequential(nn.ReflectionPad2d(1), conv(), nn.ReLU(), nn.AvgPool2d(2, 1), nn.AvgPool2d(2, 2))
    found = traced(model, (1, 9, 8))
    assert found.graph("0").output.size == (11, 10)
    assert [node.op.name for node in found.graph("0").nodes] == ["input", "pad"]
    assert [node.op.name for node in found.graph("3").nodes] == ["input", "conv", "avgpool"]
    assert [node.op.name for node in found.graph().nodes] == ["input", "conv", "blur"]
    assert found.graph().output.path == "4"


def test_pieces_of_one_map_laid_end_to_end_are_that_map_in_another_order() -> None:
    model = net(lambda m, x: torch.cat([x[:, :, 4:], x[:, :, :2].flip(2), x[:, :, 1:5:2]], 2))
    found = traced(model, (2, 9, 8))
    assert [node.op.name for node in found.graph().nodes] == ["input", "pad"]
    counts = path_counts(found.graph()).array()
    assert counts[:, 0].tolist() == [1, 2, 0, 1, 1, 1, 1, 1, 1]
    assert_exact(model, (2, 9, 8))
