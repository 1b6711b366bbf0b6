"""Paths by how many windows are on them, against every path written out."""

from collections import Counter
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from core import module_design
from core.errors import LimitError
from core.exact import path_counts
from core.exact.path_lengths import path_lengths
from core.exact.paths import arriving_counts
from core.network import Network, graph_of, parse
from tests.exact.walks import output_size, paths
from tests.network.strategies import networks


@settings(max_examples=60)
@given(networks(drawn=False), st.floats(0, 2))
def test_the_spectrum_of_a_pixel_is_that_of_all_paths_followed_one_by_one(network: Network, alpha: float) -> None:
    graph = graph_of(network)
    assume(0 < arriving_counts(graph).total() < 4000)
    by_pixel: dict[tuple[int, ...], Counter[int]] = {}
    for unit in product(*map(range, output_size(network))):
        for pixel, _, windows in paths(network, unit):
            by_pixel.setdefault(pixel, Counter())[windows] += 1
    found = path_lengths(graph)
    for pixel in product(*map(range, network.size)):
        assert found.spectrum(pixel) == by_pixel.get(pixel, {})
        expected = sum(count * alpha**length for length, count in by_pixel.get(pixel, {}).items()) / found.total
        assert found.weighed(alpha)[pixel] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "pixel", "spectrum"),
    [
        ("9; conv k3 p1 x4", 4, {4: 81}),
        ("9; add(skip | conv k3 p1) x2", 4, {0: 1, 1: 6, 2: 9}),
        ("9; add(skip | conv k3 p1; conv k3 p1)", 4, {0: 1, 2: 9}),
        ("9; add(skip | conv k3 p1) x2", 0, {0: 1, 1: 4, 2: 5}),
        ("8; concat(skip | maxpool k2; conv k1; upsample s2)", 3, {0: 1, 2: 2}),  # upsampling is no window
        ("9; conv k3; global", 4, {1: 3}),  # nor is a mean of everything
        ("4; conv k1 s2", 1, {}),
    ],
)
def test_spectra_worked_out_by_hand(text: str, pixel: int, spectrum: dict[int, int]) -> None:
    assert path_lengths(graph_of(parse(text))).spectrum((pixel,)) == spectrum


def test_residual_units_have_binomially_many_paths_of_each_length() -> None:
    found = path_lengths(graph_of(parse("41; add(skip | conv k3 circular p1) x12")))
    assert found.spectrum((20,)) == {length: comb(12, length) * 3**length for length in range(13)}
    assert found.longest == 12


@settings(max_examples=30)
@given(networks(drawn=False))
def test_all_lengths_together_are_the_count(network: Network) -> None:
    graph = graph_of(network)
    unit = tuple(side // 2 for side in graph.output.size)
    counts, found = path_counts(graph, unit), path_lengths(graph, unit)
    for pixel in product(*map(range, network.size)):
        assert sum(found.spectrum(pixel).values()) == counts.at(pixel)
    assert sum(found.spectrum().values()) == found.total == counts.total()
    if found.total:
        assert found.weighed(1.0).sum() == pytest.approx(1)


def test_counts_of_many_digits_stay_exact() -> None:
    graph = graph_of(parse("9; add(skip | conv k9 p4) x60"))
    spectrum = path_lengths(graph).spectrum((4,))
    assert sum(spectrum.values()) == path_counts(graph).at((4,)) > 2**64
    assert spectrum[1] == 60 * 9


def test_short_paths_alone_are_left_as_alpha_falls() -> None:
    found = path_lengths(graph_of(parse("9; add(skip | conv k3 p1) x3")), (4,))
    assert np.flatnonzero(found.weighed(0.0)).tolist() == [4]
    assert found.weighed(0.0)[4] * found.total == pytest.approx(1)


def test_a_traced_model_has_the_lengths_of_the_same_network_typed() -> None:
    class Residual(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 1, 1)

        def forward(self, x):
            return x + self.second(self.first(x).relu())

    module = nn.Sequential(Residual(), nn.MaxPool2d(2), Residual())
    traced = path_lengths(module_design(module, (1, 8, 8)).graph)
    typed = path_lengths(
        graph_of(parse("8x8; add(skip | conv k3 p1; conv k1); maxpool k2; add(skip | conv k3 p1; conv k1)"))
    )
    assert traced.spectrum() == typed.spectrum()
    assert set(typed.spectrum()) == {1, 3, 5}
    assert traced.spectrum((3, 3)) == typed.spectrum((3, 3))


def test_too_many_counts_by_length_are_refused() -> None:
    graph = graph_of(parse("1024x1024; add(skip | conv k1) x8"))
    with pytest.raises(LimitError, match="1048576 pixels and up to 8 windows on a path are more than"):
        path_lengths(graph)
