"""Each operator's squared twin against its Jacobian, written out by autograd and squared entry by entry."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from core.live.expected.recorder import TapeRecorder
from core.live.operators.buffers import CONSTANT
from core.live.operators.registry import SQUARED, operator
from tests.live.expected.cases import CASES, Case, Map

Place = tuple[int, ...]  # of an argument, or of one in a list


def places(case: Case) -> Iterator[Place]:
    """Where the arguments are that depend on the input."""
    for at, arg in enumerate(case.args):
        if isinstance(arg, Map):
            yield (at,)
        elif isinstance(arg, list):
            yield from ((at, inner) for inner, each in enumerate(arg) if isinstance(each, Map))


def drawn(args: Any) -> list[Any]:
    """The arguments with values in place of maps."""
    return [
        drawn(arg) if isinstance(arg, list) else arg.drawn(at) if isinstance(arg, Map) else
        arg.clone() if isinstance(arg, torch.Tensor) else arg
        for at, arg in enumerate(args)
    ]  # fmt: skip


def read(args: list[Any], place: Place) -> torch.Tensor:
    return args[place[0]] if len(place) == 1 else args[place[0]][place[1]]


def with_one(args: list[Any], place: Place, value: torch.Tensor) -> list[Any]:
    args = list(args)
    args[place[0]] = value if len(place) == 1 else with_one(args[place[0]], place[1:], value)
    return args


def first(result: Any, count: int) -> tuple[torch.Tensor, ...]:
    """The results that the rule covers; 0: all of them."""
    results = (result,) if isinstance(result, torch.Tensor) else tuple(result)
    return results[: count or None]


def jacobians(function: Callable[[torch.Tensor], Any], at: torch.Tensor) -> list[torch.Tensor]:
    """One matrix (results, operand) for every result."""
    found = torch.autograd.functional.jacobian(function, at)
    return [each.reshape(-1, at.numel()) for each in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.operator)
def test_a_twin_transposes_the_squared_jacobian(case: Case) -> None:
    called, entry = operator(case.operator), SQUARED[operator(case.operator)]
    assert list(places(case))
    for place in places(case):
        args = drawn(case.args)
        at = read(args, place).clone()
        recorder = TapeRecorder()
        for other in sorted(places(case), key=lambda each: each != place):
            recorder.learn(read(args, other))
        fresh = drawn(case.args)
        with recorder:
            results = first(called(*args, **case.options), entry.results)

        def function(leaf: torch.Tensor, fresh: list[Any] = fresh, place: Place = place) -> Any:
            if case.average:
                return (case.average(leaf),)
            return first(called(*with_one(fresh, place, leaf.clone()), **case.options), entry.results)

        matrices = jacobians(function, at)
        squares = [matrix if case.average else matrix.square() for matrix in matrices]
        given = [Map(tuple(result.shape), 0.1, 2.0).drawn(7 + index) for index, result in enumerate(results)]
        ends = [recorder.what(result) for result in results]
        assert all(isinstance(end, int) for end in ends)
        wanted = sum(weights.reshape(-1) @ square for weights, square in zip(given, squares, strict=True))
        found = sum(recorder.tape.pulled(end, weights)[0] for end, weights in zip(ends, given, strict=True))
        torch.testing.assert_close(found.reshape(-1), wanted, rtol=1e-9, atol=1e-12)


def test_every_ruled_operator_is_in_a_case() -> None:
    # cudnn's batch norm runs on a GPU only; its rule is that of the others.
    cases = {operator(case.operator) for case in CASES} | {operator("cudnn_batch_norm.default")}
    assert set(SQUARED) == cases


def test_no_gradient_passes_through_what_counts_as_constant() -> None:
    x = Map((3,)).drawn(0)
    for name in CONSTANT:
        packet = getattr(torch.ops.aten, name)
        shape = {"new_zeros": ([2],), "new_ones": ([2],), "new_empty": ([2],), "new_full": ([2], 1.0)}
        extra = shape.get(name, (1.0,) if name == "full_like" else ())
        recorder = TapeRecorder()
        recorder.learn(x)
        with recorder:
            result = packet(x.abs() if name == "bernoulli" else x, *extra)
        assert recorder.what(result) is None, name


@pytest.mark.parametrize(
    ("call", "slope"),
    [
        (torch.nn.functional.silu, None),
        (torch.relu, None),
        (lambda x: x.permute(0, 2, 3, 1) @ torch.eye(4, dtype=torch.float64), "last"),
    ],
)
def test_slopes_are_averaged_over_positions_for_each_channel(call: Any, slope: str | None) -> None:
    x = Map((1, 4, 5, 6)).drawn(0)
    activation = torch.relu if slope else call
    before = call(x) if slope else x
    leaf = before.clone().requires_grad_()
    derivative = torch.autograd.grad(activation(leaf).sum(), leaf)[0].square()
    axes = (0, 1, 2) if slope else (0, 2, 3)
    wanted = derivative.mean(axes, keepdim=True).expand(before.shape)
    recorder = TapeRecorder()
    recorder.learn(x)
    with recorder:
        result = activation(call(x)) if slope else call(x)
    found, assumed = recorder.tape.pulled(recorder.what(result), torch.ones_like(result))
    torch.testing.assert_close(found, wanted.permute(0, 3, 1, 2) if slope else wanted)
    assert any("averaged over positions" in each for each in assumed)


def test_a_gate_is_pulled_with_the_mean_square_of_what_it_scales() -> None:
    x, gate = Map((1, 4, 5, 6)).drawn(0), Map((1, 4, 1, 1)).drawn(1)
    recorder = TapeRecorder()
    recorder.learn(gate)
    recorder.learn(x)
    with recorder:
        result = x * gate
    given = Map((1, 4, 5, 6), 0.1, 2.0).drawn(2)
    found, _ = recorder.tape.pulled(recorder.what(result), given)
    wanted = given.sum((2, 3), keepdim=True) * x.square().mean((0, 2, 3), keepdim=True)
    torch.testing.assert_close(found, wanted)


def test_padding_by_minus_infinity_has_no_share_of_a_max_pool() -> None:
    x = Map((1, 1, 3, 3)).drawn(0)
    recorder = TapeRecorder()
    recorder.learn(x)
    with recorder:
        padded = torch.nn.functional.pad(x, (1, 1, 1, 1), value=-torch.inf)
        pooled = torch.ops.aten.max_pool2d_with_indices(padded, [3, 3], [2, 2])[0]
    found, _ = recorder.tape.pulled(recorder.what(pooled), torch.ones_like(pooled))
    assert found[0, 0].tolist() == [[0.25, 0.5, 0.25], [0.5, 1.0, 0.5], [0.25, 0.5, 0.25]]
