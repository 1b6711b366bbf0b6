"""A minute of sound is drawn as what a screen can show: no figure holds a million of anything."""

import numpy as np
import pytest

from core.checks import check
from core.checks.pictures import Picture
from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.exact.counts import PathCounts
from core.figures import alignment, template
from core.figures.finding import finding_maps
from core.figures.lengths import share_maps
from core.figures.multiples import small_map
from core.figures.panes import ShareScale, count_panes, field_panes
from core.figures.thumbnails import finding_thumbnails
from tests.figures.test_predictions import decoded

LONG = 200_000
COUNTS = PathCounts((np.array([1] * 10 + [4] * (LONG - 10), dtype=object),))


@pytest.mark.parametrize("side", [LONG, 5000])
def test_a_long_row_is_drawn_in_part_and_keeps_its_ends_and_its_scale(side: int) -> None:
    counts = PathCounts((COUNTS.factors[0][:side],))
    picture = Picture(counts, ((0, side - 1),), (), "paths")
    shares = np.full(side, 0.5)
    shares[7] = 1.0
    figures = [
        *finding_maps([picture]),
        small_map(shares, 0.0, 1.0),
        share_maps({"share": shares}, most=1.0),
        *count_panes([counts], ShareScale(True, -1.0), [None], 300),
        *field_panes([shares], [None], [None], 300),
        *alignment.profile_panes([[1] * side], True, [[""] * side], [None], "position"),
    ]
    assert max(len(figure.to_json()) for figure in figures) < 400_000
    drawn = figures[2].data[0]
    assert decoded(drawn.y).max() == 1.0  # a peak of one position is not lost
    assert decoded(drawn.x).tolist()[-1] == side - 1


def test_bars_of_a_long_row_are_means_of_as_many_positions() -> None:
    values, block = template.bars(np.arange(10.0), 4)
    assert (values.tolist(), block) == ([1.0, 4.0, 7.0, 9.0], 3)


def test_a_row_is_reduced_as_rows_of_a_map_are() -> None:
    row = np.arange(1000.0)[None, :]
    assert template.blocks(row, 300).tolist() == [[149.5, 449.5, 749.5, 949.5]]
    assert template.blocks(np.repeat(row, 300, axis=0), 300).tolist() == [[149.5, 449.5, 749.5, 949.5]]


def test_a_small_picture_of_a_long_row_is_small() -> None:
    analysis = DesignAnalysis(design_of(f"{LONG}; conv k3 p1 x4"))
    (finding,) = (one for one in check(analysis.design) if one.code == "border")
    assert max(map(len, finding_thumbnails(finding, analysis, 200))) < 100_000
