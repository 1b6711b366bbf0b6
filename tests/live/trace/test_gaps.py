"""What no rule covers is a gap with its place and reason, and spreads to what depends on it, no further."""

import pytest
import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn

from core.errors import UserError
from tests.live.trace.building import MAP, conv, net
from tests.live.trace.comparing import assert_exact, traced

aten = torch.ops.aten


def tokens(x):
    return x.flatten(2).mT


def foreach(m, x):
    torch._foreach_add_([x], [m.c(x)])
    return x


def into(out, x, y):
    torch.add(x, y, out=out)
    return out


def written(x, *indices):
    x[indices] = x.mean((2, 3), keepdim=True)
    return x


def added(view, x):
    view.add_(view.mean())
    return x


GAPS = {
    "attention": (
        lambda m, x: tokens(x) @ x.flatten(2) @ tokens(x),
        "bmm",
        "a product of three maps without a softmax",
    ),
    "weights from the input": (
        lambda m, x: F.conv2d(x, x.mean((2, 3)).view(4, 1, 1, 1), groups=4),
        "convolution",
        "weights computed from the input",
    ),
    "a bias from the input": (
        lambda m, x: F.conv2d(x, m.c.weight, x.mean((2, 3))[0]),
        "convolution",
        "a bias computed",
    ),
    "a norm's weights from the input": (
        lambda m, x: F.layer_norm(x, (8,), x.mean((0, 1, 2))),
        "native_layer_norm",
        "computed from the input",
    ),
    "a norm's statistics from the input": (
        lambda m, x: F.batch_norm(x, x.mean((0, 2, 3)), x.var((0, 2, 3))),
        "batch_norm",
        "computed from the input",
    ),
    "slopes from the input": (lambda m, x: F.prelu(x, x.mean((0, 2, 3))), "_prelu_kernel", "computed from the input"),
    "a pool's indices": (
        lambda m, x: F.max_unpool2d(*F.max_pool2d(x, 2, return_indices=True), 2),
        "max_pool2d",
        "a result that",
    ),
    "indices from the input": (lambda m, x: x.gather(1, x.argmax(1, keepdim=True)), "argmax", "no rule covers it"),
    "a choice by the input": (lambda m, x: torch.where(x > 0, x, m.c(x)), "gt", "no rule covers it"),
    "running sums": (lambda m, x: x.cumsum(3), "cumsum", "no rule covers it"),
    "written by many at once": (foreach, "_foreach_add_", "no rule covers"),
    "written by out=": (lambda m, x: into(x.new_empty(x.shape), x, m.c(x)), "add", "no rule covers it"),
    "a convolution along half of the channels": (
        lambda m, x: F.conv1d(x.mean((2, 3)).view(2, 1, 2), m.k, padding=1),
        "convolution",
        "a convolution along a part of the channels",
    ),
    "a transposed convolution along channels": (
        lambda m, x: F.conv_transpose1d(x.mean((2, 3)).view(1, 1, 4), m.k, padding=1),
        "convolution",
        "or a transposed one",
    ),
    "rows beside columns": (
        lambda m, x: torch.cat([x.mean(3), x.mean(2)], 2),
        "cat",
        "a concat of maps whose axes lie in different dimensions",
    ),
    "a map and its own transpose": (
        lambda m, x: x[..., :7] + x[..., :7].mT,
        "add",
        "whose axes lie in different dimensions",
    ),
    "a map twice as long": (lambda m, x: x.repeat(1, 1, 2, 1), "repeat", "a dimension repeated as a whole"),
    "both halves of a row": (
        lambda m, x: x.unflatten(3, (2, 4)).amax(3),
        "amax",
        "a reduction over a part of an axis that is not made of blocks of neighbours",
    ),
    "a window over tokens": (lambda m, x: F.avg_pool1d(x.flatten(2), 2), "avg_pool2d", "in which axes are mixed"),
    "a dense layer along a row of a map": (
        lambda m, x: F.linear(x, m.w),
        "mm",
        "a dense layer along a part of the positions",
    ),
    "a reshape across rows": (lambda m, x: x.reshape(1, 4, 8, 7), "view", "cuts across axes"),
    "every second token": (lambda m, x: x.flatten(2)[..., ::2], "slice", "in which axes are mixed"),
    "a corner written": (
        lambda m, x: written(x.clone(), slice(None), slice(None), slice(3), slice(3)),
        "in place",
        "several dimensions",
    ),
    "a diagonal written": (lambda m, x: added(x[..., :7].diagonal(0, 2, 3), x), "diagonal", "no rule covers it"),
    "a reshaped view written": (
        lambda m, x: added(x.view(1, 2, 2, 7, 8).transpose(1, 2), x),
        "in place",
        "no box of it",
    ),
    "a run of positions written": (
        lambda m, x: (x.flatten(2)[..., 3:19].copy_(F.adaptive_avg_pool2d(x, (2, 8)).flatten(2)), x)[-1],
        "in place",
        "no box of it",
    ),
    "a view renamed after its memory was written": (
        lambda m, x: (v := x[:1], x[:, :2].add_(x[:, 2:]), v.transpose_(2, 3))[-1],
        "transpose_",
        "no rule covers what it writes",
    ),
}


@pytest.mark.parametrize("name", GAPS)
def test_an_operator_without_a_rule_is_a_gap_that_names_operator_module_and_reason(name: str) -> None:
    function, operator, reason = GAPS[name]
    gap = net(
        function,
        c=conv(),
        t=nn.Parameter(torch.rand(1, 1, 4)),
        w=nn.Parameter(torch.rand(3, 8)),
        k=nn.Parameter(torch.rand(1, 1, 3)),
    )
    model = net(lambda m, x: m.last(m.inner(m.first(x))), first=conv(), inner=gap, last=nn.Identity())
    found = traced(model, MAP)
    for stage in ("inner", "last", "output"):
        with pytest.raises(UserError, match=rf"stage '{stage}': it depends on .*{operator}.* in inner: .*{reason}"):
            found.graph(stage)
    assert any(operator in gap.operator and reason in gap.reason and gap.path == "inner" for gap in found.gaps)
    assert_exact(model.first, MAP, found.graph("first"))


def test_a_window_that_adds_an_axis_to_a_map_is_a_gap() -> None:
    model = net(lambda m, x: F.interpolate(x[:, :, None], scale_factor=2))
    with pytest.raises(UserError, match=r"upsample_nearest2d .* a window over a dimension of size 1 that is no axis"):
        traced(model, (2, 9)).graph()


def test_what_does_not_depend_on_a_gap_is_exact_beside_it() -> None:
    model = net(lambda m, x: {"gap": m.gap(x), "map": m.map(x)}, gap=net(lambda m, x: x.cumsum(3)), map=conv())
    found = traced(model, MAP)
    assert_exact(model.map, MAP, found.graph())
    with pytest.raises(UserError, match=r"stage 'gap': it depends on cumsum in gap: no rule covers it"):
        found.graph("gap")


def test_a_gap_is_named_once_however_much_depends_on_it() -> None:
    model = net(lambda m, x: (y := x.cumsum(3), m.c(y) + y * y)[-1], c=conv())
    assert [str(gap) for gap in traced(model, MAP).gaps] == ["cumsum in the model itself: no rule covers it"]


def test_a_gap_in_memory_ends_where_all_of_it_is_written_anew() -> None:
    layer = conv()
    model = net(lambda m, x: (y := x.cumsum(3), y[:, :, :].copy_(m.c(x)), m.c(y))[-1], c=layer)
    assert_exact(nn.Sequential(layer, layer), MAP, traced(model, MAP).graph())


def test_a_gap_written_into_a_part_of_memory_is_a_gap_of_all_of_it() -> None:
    model = net(lambda m, x: (y := m.c(x), y[:, :2].copy_(x.cumsum(3)[:, :2]), y)[-1], c=conv())
    with pytest.raises(UserError, match="cumsum"):
        traced(model, MAP).graph()


def test_a_result_of_another_shape_than_its_rule_says_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.live.operators.registry import EXACT  # noqa: PLC0415

    monkeypatch.setitem(EXACT, aten.relu.default, lambda call: call.layout().permuted((0, 1, 3, 2)))
    with pytest.raises(UserError, match=r"relu in 1: its rule gives shape \(1, 4, 8, 7\), not \(1, 4, 7, 8\)"):
        traced(nn.Sequential(conv(), nn.ReLU()), MAP).graph()


def test_positions_moved_into_channels_are_ruled_in_their_own_order_alone() -> None:
    """A column of eight positions as channels: in order, and every second one first."""

    def column(turn):
        return lambda m, x: m.last(turn(m.first(x)[..., 0].unflatten(2, (4, 2))).flatten(1)[..., None, None])

    parts = {"first": conv(1, 2), "last": nn.Conv2d(16, 3, 1)}
    ordered = net(column(lambda view: view), **parts)
    assert_exact(ordered, (1, 8, 3), traced(ordered, (1, 8, 3)).graph())
    with pytest.raises(UserError, match="positions moved into channels in another order than by blocks"):
        traced(net(column(lambda view: view.mT), **parts), (1, 8, 3)).graph()
