"""Counts in machine words are those in Python integers, and no count leaves the bound by which words are chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exact import path_counts, paths, reach_counts, tower_from, tower_to, word_bound
from core.exact.word_bound import fits_words
from core.network import Network, graph_of, parse
from tests.network.strategies import networks


@given(networks(), st.integers(1, 40))
def test_no_count_leaves_the_bound(network: Network, bits: int) -> None:
    graph = graph_of(network)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_bound, "WORD", 2**bits)
        within = {back: fits_words(graph, -1 if back else 0, back) for back in (True, False)}
    for back, count in ((True, tower_to), (False, tower_from)):
        if within[back]:
            assert max(max(part.array().ravel().tolist()) for part in count(graph)) < 2**bits


@given(networks(), st.data())
def test_counts_in_words_are_those_in_integers(network: Network, data: st.DataObject) -> None:
    graph = graph_of(network)
    unit = tuple(data.draw(st.integers(0, side - 1)) for side in graph.output.size)
    pixel = tuple(data.draw(st.integers(0, side - 1)) for side in graph.input.size)

    def counted() -> list[object]:
        maps = [path_counts(graph), path_counts(graph, unit), reach_counts(graph, pixel), *tower_to(graph, unit)]
        assert all(type(count) is int for found in maps for factor in found.factors for count in factor.flat)
        return [found.array().tolist() for found in maps]

    here = counted()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "fits_words", lambda *_: False)
        assert counted() == here


@pytest.mark.parametrize(("layers", "fits"), [(13, True), (14, False), (40, False)])
def test_words_end_where_they_may_no_longer_hold_a_count(layers: int, fits: bool) -> None:
    """Each layer multiplies the paths of the centre by 28 where the border is far: 28^13 < 2^63 < 28^14."""
    graph = graph_of(parse(f"3x3x3; add(skip | conv k3 p1 circular) x{layers}"))
    assert fits_words(graph, -1, back=True) is fits
    assert path_counts(graph).at((1, 1, 1)) == 28**layers
