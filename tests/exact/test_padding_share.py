"""The share of an output's paths that pass through padding, against every path written out."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from torch import nn

from core import module_design
from core.errors import UserError
from core.exact.padding_share import padding_share
from core.exact.paths import arriving_counts
from core.network import Graph, Network, graph_of, parse
from core.network.maps import Lookup
from core.network.window import BORDERS
from tests.exact.walks import output_size, paths
from tests.network.strategies import networks

_MOST = 4000  # paths of a network that are followed one by one


@settings(max_examples=60)
@given(networks(drawn=False))
def test_the_share_is_that_of_all_paths_followed_one_by_one(network: Network) -> None:
    graph = graph_of(network)
    assume(arriving_counts(graph).total() < _MOST)
    found = padding_share(graph)
    assume(found.whole.total() < _MOST)
    free = np.zeros(output_size(network), dtype=bool)
    for unit in product(*map(range, output_size(network))):
        flags = [padded for _, padded, _ in paths(network, unit, zeros=True)]
        expected = Fraction(sum(flags), len(flags)) if flags else None
        assert found.share(unit) == expected
        assert (
            np.isnan(found.shares[unit]) if expected is None else found.shares[unit] == pytest.approx(float(expected))
        )
        free[unit] = not any(flags)
    if not free.any():
        assert found.reach is None
        return
    assert found.reach is not None
    for axis, (before, after) in enumerate(found.reach):
        rows = [free.take(place, axis).any() for place in range(free.shape[axis])]
        assert rows.index(True) == before
        assert rows[::-1].index(True) == after


@pytest.mark.parametrize("border", BORDERS)
def test_every_border_mode_has_the_same_share(border: str) -> None:
    plain = padding_share(graph_of(parse("12; conv k3 p1; conv k5 p2; conv k3 s2 p1")))
    other = padding_share(graph_of(parse(f"12; conv k3 p1 {border}; conv k5 p2 {border}; conv k3 s2 p1 {border}")))
    assert [other.share((at,)) for at in range(6)] == [plain.share((at,)) for at in range(6)]


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("9; conv k3 x2", ["0"] * 5),
        ("5; conv k3 p1", ["1/3", "0", "0", "0", "1/3"]),
        ("6; conv k3 p1 x2", ["4/9", "1/9", "0", "0", "1/9", "4/9"]),
        ("5; maxpool k3 s1 p1", ["0"] * 5),  # padding is never the largest
        ("5; maxpool k3 s1 p1 reflect", ["1/3", "0", "0", "0", "1/3"]),
        ("5; blur k3 s1 p1", ["1/4", "0", "0", "0", "1/4"]),
        ("4; add(skip | conv k3 p1)", ["1/4", "0", "0", "1/4"]),
        ("4; tconv k2 s2", ["0"] * 8),
        ("4; conv k1 p1", ["1", "0", "0", "0", "0", "1"]),
        ("4; conv k3 s2 p1", ["1/3", "0"]),  # the padding after the last window is not read
    ],
)
def test_shares_worked_out_by_hand(text: str, shares: list[str]) -> None:
    found = padding_share(graph_of(parse(text)))
    assert [str(found.share((unit,))) for unit in range(len(shares))] == shares


def test_two_axes_multiply() -> None:
    found = padding_share(graph_of(parse("5x6; conv k3 p1")))
    assert found.share((0, 0)) == 1 - Fraction(2, 3) ** 2
    assert found.share((0, 3)) == Fraction(1, 3)
    assert found.reach == ((1, 1), (1, 1))
    assert found.mean == 1 - Fraction(13, 15) * Fraction(16, 18)


def test_depth_brings_padding_to_every_unit() -> None:
    assert padding_share(graph_of(parse("9; conv k3 p1 x4"))).reach == ((4, 4),)
    assert padding_share(graph_of(parse("9; conv k3 p1 x5"))).reach is None


def test_a_traced_model_has_the_shares_of_the_same_network_typed() -> None:
    module = nn.Sequential(
        nn.Conv2d(1, 1, 3, padding=1),
        nn.ReflectionPad2d(2),
        nn.Conv2d(1, 1, 5),
        nn.ZeroPad2d((1, 0, 0, 1)),
        nn.Conv2d(1, 1, 2),
    )
    traced = padding_share(module_design(module, (1, 14, 14)).graph)
    typed = padding_share(graph_of(parse("14x14; conv k3 p1; conv k5 p2 reflect; conv k2 p0:1x1:0")))
    assert np.array_equal(traced.shares, typed.shares)
    assert traced.share((7, 7)) == typed.share((7, 7)) == 0
    assert traced.reach == ((3, 4), (4, 3))


def test_padding_that_only_reads_tell_of_is_refused() -> None:
    window = Lookup(np.array([[-1, 0, 1], [0, 1, 2], [1, 2, -1]]), 3)
    graph = graph_of(parse("3; conv k3 p1"))
    known = Graph((graph.nodes[0], replace(graph.nodes[1], maps=(window,))))
    with pytest.raises(UserError, match=r"layer 1 \(conv k3 p1\) is known by the samples that it reads alone"):
        padding_share(known)
