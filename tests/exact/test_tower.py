"""The tower: rows are the exact counts, taps are the reads, and units stand above what they see."""

from itertools import pairwise

import numpy as np
import pytest

from core.errors import UserError
from core.exact import path_counts
from core.exact.along import along
from core.exact.tower import MAX_ROWS, legible_rows, refuse_outside, tower, tower_rows
from core.network import graph_of, parse
from tests.network.cases import CASES

FLAT = {name: text for name, text in CASES.items() if "x" not in text.split(";")[0].split(" ")[0]}


@pytest.mark.parametrize("name", FLAT)
def test_the_bottom_row_holds_the_path_counts(name: str) -> None:
    graph = graph_of(parse(FLAT[name]))
    assert list(tower(graph).counts[0]) == path_counts(graph).array().tolist()


@pytest.mark.parametrize("name", CASES)
def test_the_taps_of_a_row_are_the_map_that_it_reads_through(name: str) -> None:
    """A map as a matrix, and one made of the taps, one by one."""
    whole = graph_of(parse(CASES[name]))
    graph = along(whole, len(whole.input.size) - 1)
    for node, row in zip(graph.nodes, tower_rows(graph), strict=True):
        assert [taps.below for taps in row.taps] == list(node.inputs)
        for taps in row.taps:
            read, units = graph.nodes[taps.below].size[0], node.size[0]
            one_each = np.eye(units, dtype=int).astype(object)
            expected = one_each if not node.maps else node.maps[0].pull(one_each, read)
            if node.lookup is not None:
                expected = node.lookup.pull(one_each, read)
            found = np.zeros((read, units), dtype=object)
            for target, source, times in zip(taps.targets, taps.sources, taps.times, strict=True):
                if source >= 0:
                    found[source, target] += times
            assert (found == expected).all()


@pytest.mark.parametrize(
    ("border", "sources"),
    [("zeros", [-1, 0, 1]), ("reflect", [1, 0, 1]), ("symmetric", [0, 0, 1]), ("circular", [4, 0, 1])],
)
def test_a_tap_on_padding_names_where_it_lies_and_what_shows_there(border: str, sources: list[int]) -> None:
    (taps,) = tower_rows(graph_of(parse(f"5; conv k3 p1 {border}")))[1].taps
    assert taps.positions[:3].tolist() == [-1, 0, 1]
    assert taps.sources[:3].tolist() == sources


def test_a_tap_of_a_blur_stands_for_several_edges() -> None:
    (taps,) = tower_rows(graph_of(parse("5; blur k3 s1")))[1].taps
    assert taps.times[:3].tolist() == [1, 2, 1]


def test_units_stand_above_the_centre_of_what_they_see() -> None:
    rows = tower_rows(graph_of(parse("8; conv k2 s2; conv k3 p1")))
    assert [row.places.tolist() for row in rows[1:]] == [[0.5, 2.5, 4.5, 6.5], [0.5, 2.5, 4.5, 6.5]]
    assert [row.spacing for row in rows] == [1.0, 2.0, 2.0]


@pytest.mark.parametrize(
    "text",
    [
        "16; conv k3 p1; concat(skip | maxpool k2; conv k3 p1; tconv k2 s2); conv k3 p1",
        "16; maxpool k2; upsample s2",
        "12; maxpool k3; tconv k3 s3; conv k3 p1",
        "8; global; upsample s8",
    ],
)
def test_every_unit_of_a_decoder_has_a_place_of_its_own_in_the_order_of_positions(text: str) -> None:
    for row in tower_rows(graph_of(parse(text))):
        assert all(after >= before + 0.9 * row.spacing for before, after in pairwise(row.places.tolist()))


def test_the_rows_of_a_symmetric_decoder_stand_symmetrically() -> None:
    text = "16; conv k3 p1; concat(skip | maxpool k2; conv k3 p1; tconv k2 s2)"
    for row in tower_rows(graph_of(parse(text))):
        assert row.places[0] + row.places[-1] == pytest.approx(15)


@pytest.mark.parametrize("text", ["1000; conv k3 p1", "64; conv k64 p32:31", f"4; conv k3 p1 x{MAX_ROWS}"])
def test_a_tower_too_large_to_read_has_no_taps(text: str) -> None:
    graph = graph_of(parse(text))
    assert not tower(graph).whole
    assert not any(row.taps for row in tower_rows(graph))
    assert legible_rows(graph) < len(graph.nodes)


@pytest.mark.parametrize(
    ("text", "picked", "message"),
    [("9; conv k3", (2, 0), "there is no unit 2:0; give a row from 0"), ("9; conv k3", (1, 7), "there is no unit 1:7")],
)
def test_a_unit_that_there_is_not_is_told(text: str, picked: tuple[int, int], message: str) -> None:
    with pytest.raises(UserError, match=message):
        refuse_outside(graph_of(parse(text)), picked)


def test_a_plane_has_no_tower() -> None:
    with pytest.raises(UserError, match="a tower shows one axis"):
        tower(graph_of(parse("9x9; conv k3")))


def test_queries_stand_where_they_are_whatever_they_read() -> None:
    rows = tower_rows(graph_of(parse("6; add(skip | attn causal); conv k3 p1; attn w2")))
    assert all(row.places.tolist() == list(range(6)) for row in rows)
    assert rows[1].taps[0].sources.tolist() == [0, 0, 1, 0, 1, 2, 0, 1, 2, 3, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5]
