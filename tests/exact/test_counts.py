"""Maps of counts: factors or an array, the same answers."""

from collections import Counter
from math import log10

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exact import PathCounts, path_counts
from core.formatting import all_digits
from core.network import graph_of, parse

ROWS = st.lists(st.integers(0, 9) | st.integers(0, 10**40), min_size=1, max_size=5)


def column(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=object)


@given(ROWS, ROWS)
def test_factors_answer_as_their_outer_product(rows: list[int], columns: list[int]) -> None:
    factored = PathCounts((column(rows), column(columns)))
    whole = PathCounts((np.multiply.outer(column(rows), column(columns)),))
    values = [one * other for one in rows for other in columns]
    assert (factored.separable, whole.separable) == (True, False)
    for counts in (factored, whole):
        assert counts.size == (len(rows), len(columns))
        assert counts.array().ravel().tolist() == values
        assert counts.total() == sum(values)
        assert counts.multiplicities() == Counter(values)
        for at in np.ndindex(counts.size):
            assert counts.at(at) == rows[at[0]] * columns[at[1]]
        logs = counts.log10_counts()
        assert logs.dtype == np.float64
        expected = [log10(value) if value else -np.inf for value in values]
        assert logs.ravel().tolist() == pytest.approx(expected)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=9))
def test_how_many_positions_hold_each_count(row: list[int]) -> None:
    assert PathCounts((column(row),)).multiplicities() == Counter(row)


def test_a_factor_without_any_path_leaves_every_position_without_one() -> None:
    counts = PathCounts((column([0, 0, 0]), column([1, 2])))
    assert counts.multiplicities() == {0: 6}


@pytest.mark.parametrize(
    ("kernel", "depth", "axes"), [(3, 33, 1), (3, 34, 1), (3, 16, 2), (3, 17, 2), (3, 19, 2), (3, 20, 2)]
)
def test_counts_are_exact_beyond_the_numbers_of_float64_and_int64(kernel: int, depth: int, axes: int) -> None:
    """3^33 and 9^16 are the last within 2^53; 9^20 is the first beyond 2^63."""
    size = "x".join(["5"] * axes)
    counts = path_counts(graph_of(parse(f"{size}; conv k{kernel} same circular x{depth}")))
    expected = kernel ** (depth * axes)
    assert set(counts.multiplicities()) == {expected}
    assert (expected < 2**53) == (depth in (33, 16))
    assert (expected < 2**63) == (expected != 9**20)


def test_two_thousand_layers_are_counted_to_the_last_digit() -> None:
    counts = path_counts(graph_of(parse("9; conv k9 same circular x2000")))
    assert all_digits(counts.at((4,))) == all_digits(9**2000)
    two = path_counts(graph_of(parse("9x9; conv k9 same circular x2000")))
    assert len(all_digits(two.at((4, 4)))) == 3817
    assert two.at((0, 8)) == 81**2000
