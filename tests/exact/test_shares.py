"""Shares against walks followed edge by edge, closed forms of causal attention, and by hand."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings

from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.errors import LimitError
from core.exact.shares import path_shares
from core.network import Network, graph_of, parse
from tests.network.cases import NETWORKS
from tests.network.strategies import networks
from tests.oracles import Adjacency, Position


def walked(network: Network) -> dict[Position, dict[Position, Fraction]]:
    """Of every output position, the chance that a walk back ends at each pixel: every edge listed, and as likely."""
    adjacency = Adjacency(network)
    ends = [{unit: {unit[1]: Fraction(1)} for unit in adjacency.maps[0]}]
    for found in adjacency.maps[1:]:
        here = {}
        for unit, edges in found.items():
            length = sum(times for _, _, times in edges)
            chances: dict[Position, Fraction] = {}
            for source, read, times in edges:
                for pixel, chance in ends[source][read].items():
                    chances[pixel] = chances.get(pixel, Fraction(0)) + chance * Fraction(times, length)
            here[unit] = chances
        ends.append(here)
    return {position: chances for (_, position), chances in ends[-1].items()}


def assert_shared_as_walked(network: Network) -> None:
    graph, expected = graph_of(network), walked(network)
    units = list(product(*map(range, graph.output.size)))
    middle = units[len(units) // 2]
    one, mean = path_shares(graph, middle), path_shares(graph)
    for pixel in product(*map(range, network.size)):
        assert one.at(pixel) == expected[middle].get(pixel, 0)
        assert mean.at(pixel) == sum(expected[unit].get(pixel, 0) for unit in units) / Fraction(len(units))


@pytest.mark.parametrize("name", [name for name in NETWORKS if "dilated" not in name and "strided" not in name])
def test_shares_are_the_chances_of_walks(name: str) -> None:
    assert_shared_as_walked(NETWORKS[name])


@settings(max_examples=60)
@given(networks())
def test_shares_of_random_networks_are_the_chances_of_walks(network: Network) -> None:
    assert_shared_as_walked(network)


@pytest.mark.parametrize("n", [1, 2, 7, 32])
def test_causal_attention_alone_gives_powers_of_the_cesaro_matrix(n: int) -> None:
    last = (n - 1,)
    one, two = (path_shares(graph_of(parse(f"{n}; attn causal x{depth}")), last) for depth in (1, 2))
    assert [one.at((at,)) for at in range(n)] == [Fraction(1, n)] * n
    later = [sum(Fraction(1, reader + 1) for reader in range(at, n)) for at in range(n)]
    assert [two.at((at,)) for at in range(n)] == [Fraction(1, n) * part for part in later]


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("4; attn", "1/4 1/4 1/4 1/4"),
        ("4; add(skip | attn)", "5/8 1/8 1/8 1/8"),  # ½ of its own, and of the other half an equal part
        ("4; conv k3 p1", "1/2 1/2 0 0"),  # nothing is read of the padding, and nothing divided with it
        ("4; blur k3 s1 p1 reflect", "1/2 1/2 0 0"),  # 2 of its own, and both others on its neighbour
        ("4; concat(skip | maxpool k2; upsample s2)", "3/4 1/4 0 0"),
        ("4; conv k1 p1", "0 0 0 0"),
    ],
)
def test_shares_of_the_first_unit_by_hand(text: str, shares: str) -> None:
    found = path_shares(graph_of(parse(text)), (0,))
    assert [str(found.at((at,))) for at in range(4)] == shares.split()


def test_a_traced_network_has_the_shares_of_the_typed_one() -> None:
    typed, traced = (
        DesignAnalysis(design_of(text)).path_shares((1, 1))
        for text in ("6x6; conv k3 s2 p1; conv k3 p1", "nn.Sequential(nn.Conv2d(1,1,3,2,1),nn.Conv2d(1,1,3,1,1))@1x6x6")
    )
    assert typed.total() == traced.total() == 1
    assert [typed.at((at, 1)) for at in range(6)] == [traced.at((at, 1)) for at in range(6)]


def test_shares_of_deep_attention_over_very_many_tokens_are_refused() -> None:
    with pytest.raises(
        LimitError, match=r"denominator of these shares has more than 200,000 binary digits; use a smal"
    ):
        path_shares(graph_of(parse("4000; attn causal x60")))
