"""How many positions hold 95 % of the paths, on rows worked out by hand."""

from fractions import Fraction

import numpy as np
import pytest

from core.exact import PathCounts
from core.exact.erf_size import effective_size


@pytest.mark.parametrize(
    ("row", "centre", "size"),
    [
        ([1, 18, 1], 1, 2),  # 19 of 20 are 95 % exactly, and enough
        ([1, 17, 2], 1, 3),  # 18 and 19 of 20: the first sample is as near as the last and is taken before it
        ([2, 17, 1], 1, 2),
        ([0, 7, 0], 1, 1),
        ([20, 0, 0, 0, 1], 0, 1),
        ([10, 0, 0, 0, 10], 0, 5),
        ([10, 0, 0, 0, 10], None, 5),
    ],
)
def test_the_run_about_the_centre_ends_where_it_holds_its_share(row: list[int], centre: int | None, size: int) -> None:
    counts = PathCounts((np.array(row, dtype=object),))
    assert effective_size(counts, (None if centre is None else Fraction(centre),)) == (size,)


def test_without_paths_there_is_no_size() -> None:
    assert effective_size(PathCounts((np.zeros(3, dtype=object),)), (Fraction(1),)) is None
