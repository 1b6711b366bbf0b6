"""What modules are and do beside their operators: calls, results, errors, names, and the tracer's own traces."""

import gc

import pytest
import torch
from torch import nn

from core.errors import UserError
from core.live.trace import OUTPUT, trace
from tests.live.trace.building import MAP, conv, net
from tests.live.trace.comparing import assert_exact, traced


def test_a_module_that_is_called_twice_ends_where_its_last_call_does() -> None:
    model = net(lambda m, x: m.c(m.c(x)), c=conv())
    found = traced(model, MAP)
    assert found.stages["c"] == found.stages[OUTPUT]
    assert_exact(model, MAP, found.graph("c"))


def test_stages_are_in_the_order_in_which_they_ended_and_nodes_name_their_module() -> None:
    model = nn.Sequential(nn.Sequential(conv(), nn.ReLU()), conv())
    found = traced(model, MAP)
    assert list(found.stages) == ["0.0", "0.1", "0", "1", OUTPUT]
    assert [node.path for node in found.nodes] == ["", "0.0", "1"]


def test_the_output_of_several_tensors_is_the_last_that_depends_on_the_input() -> None:
    model = net(lambda m, x: {"a": x, "b": [m.c(x), torch.ones(3)], "c": None}, c=conv())
    found = traced(model, MAP)
    assert found.stages[OUTPUT] == found.stages["c"]


@pytest.mark.parametrize("function", [lambda m, x: m.p, lambda m, x: torch.zeros_like(x), lambda m, x: None])
def test_an_output_that_does_not_depend_on_the_input_is_refused(function) -> None:
    found = traced(net(function, p=nn.Parameter(torch.ones(2))), MAP)
    with pytest.raises(UserError, match="it depends on the result in the model itself: it does not"):
        found.graph()
    assert found.gaps == ()


def test_an_unknown_stage_is_refused_with_the_stages_that_there_are() -> None:
    with pytest.raises(UserError, match="no stage 'nonsense'; its stages are 0, 1, output"):
        traced(nn.Sequential(conv(), conv()), MAP).graph("nonsense")


def test_a_module_that_raises_does_so_unchanged_and_keeps_no_hooks() -> None:
    model = nn.Sequential(conv(), net(lambda m, x: x.view(3, -1)), conv()).to("meta")
    with pytest.raises(RuntimeError, match="invalid for input of size"):
        trace(model, (4, 7, 7))
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in model.modules())


def test_after_a_module_that_raised_and_was_caught_nodes_name_the_right_module() -> None:
    def careful(m, x):
        try:
            return m.bad(x)
        except ValueError:
            return m.good(x)

    def raises(m, x):
        raise ValueError

    inner = net(careful, bad=net(raises), good=conv())
    found = traced(net(lambda m, x: m.inner(x) + x, inner=inner), MAP)
    assert [node.path for node in found.nodes] == ["", "inner.good", ""]


def test_tensors_that_are_dropped_do_not_lend_their_names_to_new_ones() -> None:
    def function(m, x):
        y = m.c(x)
        for turn in range(30):
            dropped = [torch.ones(1, 4, 7, 8) * turn for _ in range(3)]
            dropped += [y * 2, y[:, :2] + 1]
            del dropped
            gc.collect(0)
            y = y + torch.ones(1, 4, 7, 8) if turn % 3 else y + x
        return y

    assert_exact(net(function, c=conv()), MAP)


def test_inference_mode_is_traced_through_what_its_operators_are_made_of() -> None:
    @torch.inference_mode()
    def function(m, x):
        y = m.c(x).contiguous().reshape(1, 2, 2, 7, 8).flatten(1, 2)
        return nn.functional.dropout(m.d(y.permute(0, 2, 3, 1)), 0.5).chunk(2, -1)[0].permute(0, 3, 1, 2)

    model = net(function, c=conv(padding="same"), d=nn.Linear(4, 6))
    plain = net(lambda m, x: function.__wrapped__(m, x), c=model.c, d=model.d)
    assert_exact(plain, MAP, traced(model, MAP).graph())
    assert traced(model, MAP).gaps == ()


def test_with_gradients_asked_for_the_counts_are_the_same() -> None:
    @torch.enable_grad()
    def function(m, x):
        return m.c(x.clone()).mul_(2).add_(x)

    model = net(function, c=conv())
    assert_exact(model, MAP)


def test_another_method_than_the_modules_own_call_may_be_traced() -> None:
    model = nn.Sequential(conv(), conv())
    features = nn.Sequential(model[0])
    found = trace(model.to("meta"), MAP, lambda x: model[0](x))
    assert list(found.stages) == ["0", OUTPUT]
    assert_exact(nn.Sequential(conv()), MAP, found.graph())
    assert len(features) == 1


def test_the_output_is_a_map_in_full_where_positions_were_moved() -> None:
    assert traced(nn.Sequential(conv(4, 8), nn.PixelShuffle(2)), MAP).graph().output.size == (14, 16)
    assert traced(nn.PixelUnshuffle(2), (2, 8, 6)).graph().output.size == (4, 3)
    assert traced(nn.Flatten(), MAP).graph().output.size == (7, 8)


def test_circular_padding_belongs_to_its_window() -> None:
    graph = traced(nn.Conv2d(4, 4, 5, padding=2, padding_mode="circular"), MAP).graph()
    assert [node.text for node in graph.nodes] == ["input", "conv k5 p2 circular"]
    assert {axis_map.border for axis_map in graph.nodes[1].maps} == {"circular"}
