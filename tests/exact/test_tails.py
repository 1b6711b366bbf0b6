"""Tails that networks of a family share are counted once, and every count is as if they were not."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exact import paths
from core.exact.paths import path_counts
from core.exact.tails import shared_tails, tail_of
from core.network import graph_of, parse

LAYERS = ("conv k3 p1", "conv k5 s2 p2", "conv k2 p1:0", "maxpool k2", "conv k3 same reflect", "tconv k3 s2", "blur k3")
CHAINS = st.lists(st.lists(st.sampled_from(LAYERS), min_size=1, max_size=4), min_size=2, max_size=8)


@given(CHAINS, st.sampled_from(["24", "24x20"]))
def test_counts_are_those_of_each_network_alone(chains: list[list[str]], size: str) -> None:
    graphs = [graph_of(parse("; ".join([size, *layers]))) for layers in chains]
    alone = [path_counts(graph).array().tolist() for graph in graphs]
    with shared_tails():
        assert [path_counts(graph).array().tolist() for graph in graphs] == alone
        assert [path_counts(graph).array().tolist() for graph in reversed(graphs)] == alone[::-1]


def test_a_common_tail_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pulled: list[int] = []

    def noted(*arguments, end=0, **options):
        pulled.append(end)
        return pull(*arguments, end=end, **options)

    pull = paths.pull
    monkeypatch.setattr(paths, "pull", noted)
    with shared_tails():
        for kernel in (1, 3, 5):
            path_counts(graph_of(parse(f"32; conv k{kernel} same; conv k3 s2; conv k5; conv k3")))
    assert pulled == [1, 0, 0, 0]


def test_a_tail_over_another_number_of_positions_is_another() -> None:
    with shared_tails():
        found = [path_counts(graph_of(parse(f"{n}; conv k1; conv k3 s2 p1"))).array().tolist() for n in (5, 6)]
    assert found == [[1, 2, 1, 2, 1], [1, 2, 1, 2, 1, 1]]


def test_what_is_asked_of_one_unit_is_not_taken_from_all() -> None:
    graph = graph_of(parse("9; conv k1; conv k3 p1; conv k3 p1"))
    with shared_tails():
        path_counts(graph)
        assert path_counts(graph, (0,)).array().tolist() == [2, 2, 1, 0, 0, 0, 0, 0, 0]


def test_few_tails_are_kept() -> None:
    drawn = Random(3)
    with shared_tails():
        for _ in range(300):
            sizes = ",".join(str(drawn.randint(0, 4)) for _ in range(3)).split(",")
            text = "; ".join(["12; conv k1", *(f"conv k{2 * int(size) + 1} p{size}" for size in sizes)])
            path_counts(graph_of(parse(text)))
        assert len(paths.tails()._counts) <= 64


@pytest.mark.parametrize(
    "text", ["9", "9; conv k3", "9; conv k3; global; upsample s3 bilinear", "9; conv k1; random r2", "5000; conv k1 x3"]
)
def test_other_chains_have_no_tail_to_share(text: str) -> None:
    assert tail_of(graph_of(parse(text)), 0) is None
