"""Axis maps, each asked alone: sizes, taps, both products, and what an uneven stride leaves over."""

from math import comb

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import NetworkError
from core.network.kinds import BLUR, CONV, TCONV, UPSAMPLE
from core.network.layers import Layer
from core.network.maps import AxisMap, Linear, Lookup, Spans, Transposed, random_connections
from core.network.window import BORDERS, Window, binomial
from tests.oracles import axis_reads, neighbours, padded_row

NUMBERS = st.integers(-3, 3)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    kernel = draw(st.integers(1, 5))
    pads = draw(st.tuples(st.integers(0, 5), st.integers(0, 5)))
    weights = draw(st.sampled_from([None, binomial(kernel)]))
    return Window(
        kernel, draw(st.integers(1, 4)), draw(st.integers(1, 3)), pads, draw(st.sampled_from(BORDERS)), weights
    )


def sized(axis_map: AxisMap, n: int) -> int | None:
    """Its outputs, None where it does not fit."""
    try:
        return axis_map.out_size(n)
    except NetworkError:
        return None


def matrix(axis_map: AxisMap, n: int) -> np.ndarray:
    """The map written out, through its forward product alone: (outputs, inputs)."""
    identity = np.array([[int(row == column) for column in range(n)] for row in range(n)], dtype=object)
    return axis_map.push(identity)


def assert_matrix(axis_map: AxisMap, n: int, reads: list[dict[int, int]]) -> None:
    """Forwards and backwards, with a second axis to carry along, the map is the matrix of ``reads``."""
    expected = np.array([[row.get(at, 0) for at in range(n)] for row in reads], dtype=object).reshape(len(reads), n)
    assert axis_map.out_size(n) == len(reads)
    assert matrix(axis_map, n).tolist() == expected.tolist()
    counts = np.array([[at + 1, (at * at) % 5] for at in range(len(reads))], dtype=object)
    assert axis_map.pull(counts, n).tolist() == (expected.T @ counts).tolist()


@given(windows(), st.integers(1, 9))
def test_a_window_is_the_matrix_of_its_edges(window: Window, n: int) -> None:
    assume(sized(window, n))
    blur = window.weights is not None
    layer = Layer(
        BLUR if blur else CONV, (window.kernel,), (window.stride,), (window.dilation,), (window.pad,), window.border
    )
    assert_matrix(window, n, axis_reads(layer, 0, n))


@given(windows(), st.integers(1, 9))
def test_a_transposed_window_is_the_matrix_of_its_edges(window: Window, n: int) -> None:
    plain = Window(window.kernel, window.stride, window.dilation, window.pad)
    spread = Transposed(plain)
    assume(sized(spread, n))
    layer = Layer(TCONV, (plain.kernel,), (plain.stride,), (plain.dilation,), (plain.pad,))
    assert_matrix(spread, n, axis_reads(layer, 0, n))
    assert matrix(spread, n).T.tolist() == matrix(plain, spread.out_size(n)).tolist()


@given(st.integers(1, 6), st.integers(1, 9))
def test_linear_interpolation_is_the_matrix_of_its_edges(factor: int, n: int) -> None:
    layer = Layer(UPSAMPLE, stride=(factor,), bilinear=True)
    assert_matrix(Linear(factor), n, axis_reads(layer, 0, n))
    assert [list(Linear(factor).taps(unit)) for unit in range(n * factor)] == [
        neighbours(unit, factor) for unit in range(n * factor)
    ]


@given(st.lists(st.lists(st.integers(-1, 4), min_size=3, max_size=3), min_size=1, max_size=6))
def test_a_lookup_is_the_matrix_of_its_list(sources: list[list[int]]) -> None:
    lookup = Lookup(np.array(sources), inputs=5)
    expected = np.array([[row.count(at) for at in range(5)] for row in sources], dtype=object)
    counts = np.array([[at + 1, at * at] for at in range(len(sources))], dtype=object)
    assert lookup.push(np.eye(5, dtype=int).astype(object)).tolist() == expected.tolist()
    assert lookup.pull(counts, 5).tolist() == (expected.T @ counts).tolist()


@given(windows(), st.integers(-4, 4), st.integers(0, 4))
def test_taps_move_on_with_the_period(window: Window, position: int, turns: int) -> None:
    for axis_map in (window, Transposed(window), Linear(window.stride)):
        outputs, inputs = axis_map.period()
        moved = [tap + turns * inputs for tap in axis_map.taps(position)]
        assert list(axis_map.taps(position + turns * outputs)) == moved


@given(windows(), st.integers(1, 9))
def test_taps_inside_the_input_are_the_edges_of_a_zero_padded_window(window: Window, n: int) -> None:
    plain = Window(window.kernel, window.stride, window.dilation, window.pad)
    for axis_map in (plain, Transposed(plain)):
        if sized(axis_map, n):
            edges = matrix(axis_map, n)
            for unit, row in enumerate(edges):
                inside = [tap for tap in axis_map.taps(unit) if 0 <= tap < n]
                assert sorted(inside) == np.flatnonzero(row.astype(bool)).tolist()


@given(windows(), st.integers(1, 9))
def test_what_is_left_over_is_what_no_window_reaches(window: Window, n: int) -> None:
    outputs = sized(window, n)
    assume(outputs)
    last_read = (outputs - 1) * window.stride + window.span - 1
    assert window.left_over(n) == n + sum(window.pad) - 1 - last_read


@pytest.mark.parametrize("border", BORDERS)
def test_padding_shows_the_samples_that_pytorch_and_numpy_show(border: str) -> None:
    """``numpy.pad`` knows the same five modes by other names."""
    mode = {"zeros": "constant", "replicate": "edge", "circular": "wrap"}.get(border, border)
    for n in range(1, 7):
        for before in range(n):
            shown = Window(3, pad=(before, n - 1), border=border).sources(n)  # type: ignore[arg-type]
            padded = np.pad(np.arange(n) + 1, (before, n - 1), mode=mode)  # type: ignore[call-overload]
            assert (shown + 1).tolist() == padded.tolist()
            row = padded_row(border, n, before, n - 1)
            assert [-1 if at is None else at for at in row] == shown.tolist()


@pytest.mark.parametrize("taps", range(1, 12))
def test_a_binomial_row_is_that_many_stacked_windows_of_two(taps: int) -> None:
    assert binomial(taps) == tuple(comb(taps - 1, tap) for tap in range(taps))
    row = np.array([1], dtype=object)
    for step in range(taps - 1):
        row = Window(2).pull(row, step + 2)
    assert tuple(row) == binomial(taps)


def test_random_connections_keep_the_own_edge_and_follow_the_seed() -> None:
    drawn = random_connections(50, 7, seed=3).sources
    assert drawn.shape == (50, 1 + 7)
    assert drawn[:, 0].tolist() == list(range(50))
    assert drawn.min() >= 0
    assert drawn.max() < 50
    assert np.array_equal(drawn, random_connections(50, 7, seed=3).sources)
    assert not np.array_equal(drawn, random_connections(50, 7, seed=4).sources)


@pytest.mark.parametrize(
    ("axis_map", "n", "message"),
    [
        (
            Window(5),
            4,
            r"a window spanning 5 does not fit 4 samples padded by \(0, 0\); use more padding, or a smaller",
        ),
        (Window(3, dilation=4, pad=(1, 2)), 5, r"spanning 9 does not fit 5 samples padded by \(1, 2\)"),
        (
            Window(3, pad=(4, 0), border="reflect"),
            4,
            "reflect padding of 4 is wider than the 3 samples .* at most 3, or",
        ),
        (Window(3, pad=(0, 5), border="symmetric"), 4, "symmetric padding of 5 is wider than the 4 samples"),
        (Window(3, pad=(5, 5), border="circular"), 4, "circular padding of 5 is wider .* or use replicate or zeros"),
        (Transposed(Window(2, pad=(2, 2))), 3, r"3 samples spread by stride 1 and cropped by \(2, 2\) leave nothing"),
    ],
)
def test_a_map_that_does_not_fit_says_so(axis_map: AxisMap, n: int, message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        axis_map.out_size(n)


@pytest.mark.parametrize(
    ("border", "widest"), [("zeros", 99), ("replicate", 99), ("reflect", 3), ("symmetric", 4), ("circular", 4)]
)
def test_the_widest_padding_that_a_border_mode_can_fill_is_taken(border: str, widest: int) -> None:
    window = Window(3, pad=(widest, widest), border=border)  # type: ignore[arg-type]
    assert window.out_size(4) == 2 + 2 * widest
    assert window.push(np.ones(4, dtype=object)).size == 2 + 2 * widest


@st.composite
def spans(draw: st.DrawFn) -> Spans:
    inputs, step = draw(st.integers(1, 9)), draw(st.integers(1, 3))
    ends = draw(st.lists(st.tuples(st.integers(0, inputs - 1), st.integers(0, 9)), min_size=1, max_size=9))
    lasts = tuple(min(first + step * more, first + step * ((inputs - 1 - first) // step)) for first, more in ends)
    empty = draw(st.booleans())
    return Spans((*(first for first, _ in ends), 0), (*lasts, -1 if empty else 0), inputs, step)


@given(spans(), st.data())
def test_spans_carry_paths_along_every_read(drawn: Spans, data: st.DataObject) -> None:
    reads = [range(first, last + 1, drawn.step) for first, last in zip(drawn.first, drawn.last, strict=True)]
    matrix = np.array([[int(source in read) for source in range(drawn.inputs)] for read in reads], dtype=object)
    numbers = st.integers(0, 10**30)
    counts = np.array(data.draw(st.lists(numbers, min_size=len(reads), max_size=len(reads))), dtype=object)
    assert drawn.pull(counts, drawn.inputs).tolist() == (matrix.T @ counts).tolist()
    starts = np.array(data.draw(st.lists(numbers, min_size=drawn.inputs, max_size=drawn.inputs)), dtype=object)
    assert drawn.push(starts).tolist() == (matrix @ starts).tolist()
    assert drawn.reads == matrix.sum()
    assert [list(drawn.taps(output)) for output in range(len(reads))] == [list(read) for read in reads]


def test_spans_fit_the_positions_that_they_were_made_for() -> None:
    with pytest.raises(NetworkError, match="attention over 4 positions does not fit 5"):
        Spans((0,), (3,), 4).out_size(5)
