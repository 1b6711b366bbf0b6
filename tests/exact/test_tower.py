"""The tower: rows are the exact counts, edges are the reads, and what meets a picked unit is lit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UserError
from core.exact import path_counts, tower_from, tower_to
from core.exact.tower import MAX_ROWS, tower
from core.network import graph_of, parse
from tests.network.cases import CASES

FLAT = {name: text for name, text in CASES.items() if "x" not in text.split(";")[0].split(" ")[0]}


@pytest.mark.parametrize("name", FLAT)
def test_the_bottom_row_holds_the_path_counts(name: str) -> None:
    graph = graph_of(parse(FLAT[name]))
    assert list(tower(graph).rows[0].counts) == path_counts(graph).array().tolist()


@pytest.mark.parametrize("name", FLAT)
def test_the_paths_along_the_edges_into_a_map_are_all_paths_through_it(name: str) -> None:
    """Shares are of one largest count: what runs into a node's units adds up to what runs through them."""
    graph = graph_of(parse(FLAT[name]))
    found = tower(graph)
    assert found.edges is not None
    through = [
        (ahead.array() * behind.array()).sum() for ahead, behind in zip(tower_to(graph), tower_from(graph), strict=True)
    ]
    for index in range(1, len(graph.nodes)):
        shares = sum(edge.share for edge in found.edges if edge.above == index)
        if through[index]:
            expected = through[index] / through[-1]
            last = sum(edge.share for edge in found.edges if edge.above == len(graph.nodes) - 1)
            assert shares / last == pytest.approx(expected)


@given(st.sampled_from(sorted(FLAT)), st.integers(0, 10**6))
def test_what_is_lit_is_what_a_path_through_the_picked_unit_meets(name: str, place: int) -> None:
    graph = graph_of(parse(FLAT[name]))
    row = place % len(graph.nodes)
    at = place % graph.nodes[row].size[0]
    found = tower(graph, picked=(row, at))
    assert found.rows[row].counts[at] == 1
    to_output = [counts.array() for counts in tower_to(graph)]
    for index, line in enumerate(found.rows):
        reaches = np.ones(len(line.counts), dtype=bool) if index <= row else to_output[index] > 0
        assert list(line.lit) == [bool(count and ahead) for count, ahead in zip(line.counts, reaches, strict=True)]
    for edge in found.edges or ():
        if edge.lit:
            assert found.rows[edge.below].counts[edge.source] or edge.below == row
            assert found.rows[edge.above].counts[edge.target] or edge.above == row


def test_units_stand_above_the_centre_of_what_they_see() -> None:
    rows = tower(graph_of(parse("8; conv k2 s2; conv k3 p1"))).rows
    assert [row.places for row in rows[1:]] == [(0.5, 2.5, 4.5, 6.5), (0.5, 2.5, 4.5, 6.5)]
    assert [row.spacing for row in rows] == [1.0, 2.0, 2.0]


def test_a_picked_unit_gives_pascals_triangle_both_ways() -> None:
    rows = tower(graph_of(parse("5; conv k2 x4")), picked=(4, 0)).rows
    assert [row.counts for row in rows] == [(1, 4, 6, 4, 1), (1, 3, 3, 1), (1, 2, 1), (1, 1), (1,)]
    rows = tower(graph_of(parse("9; conv k3 p1 x2")), picked=(0, 4)).rows
    assert rows[2].counts == (0, 0, 1, 2, 3, 2, 1, 0, 0)


@pytest.mark.parametrize("text", ["1000; conv k3 p1", "64; conv k64 p32:31", f"4; conv k3 p1 x{MAX_ROWS}"])
def test_a_tower_too_large_to_read_has_no_edges(text: str) -> None:
    assert tower(graph_of(parse(text))).edges is None


@pytest.mark.parametrize(
    ("text", "picked", "message"),
    [
        ("9x9; conv k3", None, "a tower shows one axis"),
        ("9; conv k3", (2, 0), "there is no unit 2:0; give a row from 0"),
        ("9; conv k3", (1, 7), "there is no unit 1:7"),
    ],
)
def test_what_cannot_be_shown_is_told(text: str, picked: tuple[int, int] | None, message: str) -> None:
    with pytest.raises(UserError, match=message):
        tower(graph_of(parse(text)), picked=picked)
