"""The measures against plain computations over every pixel, and each on rows worked out by hand."""

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.exact import PathCounts, imbalance, path_counts, stride_period
from core.formatting import measure_number
from core.network import Network, graph_of, parse
from tests.network.strategies import networks

Measures = dict[str, Fraction | None]


def measured(array: np.ndarray, period: tuple[int, ...]) -> Measures:
    """Every measure by its definition, pixel by pixel."""
    size, flat = array.shape, array.ravel().tolist()
    read = [count for count in flat if count]
    total, n = sum(flat), len(flat)
    centre = tuple(side // 2 for side in size)
    pixels = list(product(*map(range, size)))
    corners = [pixel for pixel in pixels if all(at in (0, side - 1) for at, side in zip(pixel, size, strict=True))]
    middles = {ends: [pixel for pixel in pixels if is_middle(pixel, size, ends)] for ends in range(1, len(size) + 1)}
    result: Measures = {
        "unread": Fraction(flat.count(0), n),
        "max_min": Fraction(max(read), min(read)) if read else None,
        "corner_centre": share(min(array[pixel] for pixel in corners), array[centre]),
        "edge_centre": share(min(array[pixel] for pixel in middles[len(size) // 3 + 1]), array[centre]),
        **({"face_centre": share(min(array[pixel] for pixel in middles[1]), array[centre])} if len(size) == 3 else {}),
        "gini": share(sum(abs(one - other) for one in flat for other in flat), 2 * n * total),
        "effective_share": share(total**2, n * sum(count**2 for count in flat)),
        "parity": parity(array, period),
    }
    for axis, name in enumerate([""] if len(size) == 1 else ["_depth", "_height", "_width"][-len(size) :]):
        half = size[axis] // 2
        before = sum(array[pixel] for pixel in pixels if pixel[axis] < half)
        after = sum(array[pixel] for pixel in pixels if pixel[axis] >= size[axis] - half)
        result[f"asymmetry{name}"] = share(after - before, total)
    return result


def is_middle(pixel: tuple[int, ...], size: tuple[int, ...], ends: int) -> bool:
    """Whether a pixel lies at an end along so many axes, and in the middle along all others."""
    axes = range(len(size))
    return any(
        all(pixel[axis] in ((0, size[axis] - 1) if axis in chosen else (size[axis] // 2,)) for axis in axes)
        for chosen in combinations(axes, ends)
    )


def share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def parity(array: np.ndarray, period: tuple[int, ...]) -> Fraction | None:
    """Over the stride period that has the centre pixel in its middle."""
    if any(step > side for step, side in zip(period, array.shape, strict=True)):
        return None
    begins = [side // 2 - step // 2 for side, step in zip(array.shape, period, strict=True)]
    near = array[tuple(slice(begin, begin + step) for begin, step in zip(begins, period, strict=True))]
    return Fraction(int(near.max()), int(near.min())) if near.all() else None


@given(networks(), st.integers(0, 10**6))
@example(parse("5x5; conv k1 p1"), 2)
@example(parse("4; conv k2 p5"), 0)
def test_measures_are_those_of_the_pixels_one_by_one(network: Network, place: int) -> None:
    """Of all outputs, and of one; a unit that reads only padding has no path at all, on one axis or on both."""
    graph = graph_of(network)
    unit = tuple(int(at) for at in np.unravel_index(place % graph.output.positions, graph.output.size))
    for counts in (path_counts(graph), path_counts(graph, unit)):
        for period in (stride_period(graph), (2,) * len(network.size)):
            assert imbalance(counts, period) == measured(counts.array(), period)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            [1, 2, 3, 2, 1],
            {
                "unread": Fraction(0),
                "max_min": Fraction(3),
                "corner_centre": Fraction(1, 3),
                "edge_centre": Fraction(1, 3),
                "gini": Fraction(2, 9),  # sum of |differences| 20 over 2 * 5 * 9
                "effective_share": Fraction(81, 95),
                "parity": Fraction(3, 2),
                "asymmetry": Fraction(0),
            },
        ),
        (
            [0, 4, 0, 4],
            {
                "unread": Fraction(1, 2),
                "max_min": Fraction(1),
                "corner_centre": None,  # the centre, position 2, is not read
                "edge_centre": None,
                "gini": Fraction(1, 2),
                "effective_share": Fraction(1, 2),
                "parity": None,
                "asymmetry": Fraction(0),
            },
        ),
        (
            [0, 0],
            {"unread": Fraction(1)}
            | dict.fromkeys(
                ["max_min", "corner_centre", "edge_centre", "gini", "effective_share", "parity", "asymmetry"]
            ),
        ),
        (
            [6],
            {"unread": Fraction(0), "gini": Fraction(0), "parity": None, "asymmetry": Fraction(0)}
            | dict.fromkeys(["max_min", "corner_centre", "edge_centre", "effective_share"], Fraction(1)),
        ),
    ],
)
def test_measures_of_rows_worked_out_by_hand(row: list[int], expected: Measures) -> None:
    assert imbalance(PathCounts((np.array(row, dtype=object),)), (2,)) == expected


@pytest.mark.parametrize(
    ("text", "measure", "expected"),
    [
        ("64x64; conv k7 s2 p3; maxpool k3 s2 p1", "parity", Fraction(9, 4)),  # a ResNet's stem, 36 : 16
        ("64x64; conv k8 s2 p3; maxpool k4 s2 p1", "parity", Fraction(1)),
        ("64x64; blur k3 s2 p1", "parity", Fraction(1)),
        ("64x64; conv k1 s2", "parity", None),
        ("64x64; conv k1 s2", "unread", Fraction(3, 4)),
        ("2x2; conv k3 s4 p1", "parity", None),
        ("9; conv k3 p1 x4", "corner_centre", Fraction(35, 81)),
        ("9x9; conv k3 p1 x4", "corner_centre", Fraction(35, 81) ** 2),
        ("9x9; conv k3 p1 x4", "edge_centre", Fraction(35, 81)),
        ("9; conv k3 same circular x4", "gini", Fraction(0)),
        ("9; conv k3 same symmetric x4", "max_min", Fraction(1)),
        ("8; conv k2 p1:0", "asymmetry", Fraction(-1, 15)),
        ("8; conv k3 s2 p1", "asymmetry", Fraction(-1, 11)),  # 1 2 1 2 1 2 1 1: the padding after goes unread
        ("9; conv k3 s2 p1", "asymmetry", Fraction(0)),
        ("2; conv k1 p0:1", "asymmetry", Fraction(0)),
    ],
)
def test_measures_of_networks_worked_out_by_hand(text: str, measure: str, expected: Fraction | None) -> None:
    graph = graph_of(parse(text))
    assert imbalance(path_counts(graph), stride_period(graph))[measure] == expected


def test_measures_stay_exact_where_floats_overflow() -> None:
    """2000 layers: counts of nearly a thousand digits, squared; the profile of so deep a stack is a sine."""
    found = imbalance(path_counts(graph_of(parse("9; conv k3 p1 x2000"))), (1,))
    corner = found["corner_centre"]
    assert corner is not None
    assert corner.denominator > 10**308
    assert measure_number(corner) == pytest.approx(np.sin(np.pi / 10), abs=1e-12)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [(None, None), (Fraction(9, 4), 2.25), (Fraction(1, 3), 1 / 3), (Fraction(10**400, 3), 10**400 // 3)],
)
def test_a_measure_becomes_a_float_or_a_whole_number_where_that_overflows(
    measure: Fraction | None, expected: float | None
) -> None:
    assert measure_number(measure) == expected
