"""What is sent to draw a tower: rows and taps that can be counted again, frames, strips, one scale."""

import json
from base64 import b64decode
from typing import Any

import pytest

from core.exact.tower import tower, tower_rows
from core.figures import template
from core.figures.tower_rows import extent, look, rows_text, scale_bottom, shared_frames, short_name, strips_text
from core.network import graph_of, parse
from tests.network.cases import CASES

FLAT = [text for text in CASES.values() if "x" not in text.split(";")[0].split(" ")[0]]


def sent(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(rows_text(tower_rows(graph_of(parse(text)))))
    return found


def counted(rows: list[dict[str, Any]], taps: list[dict[str, Any]]) -> list[list[int]]:
    """Paths to all outputs, added up from what is sent, one tap at a time."""
    counts = [[0] * row["n"] for row in rows]
    counts[-1] = [1] * rows[-1]["n"]
    for index in reversed(range(len(rows))):
        for below, at in rows[index]["taps"]:
            part = taps[at]
            times = part.get("m", [1] * len(part["t"]))
            for target, source, edges in zip(part["t"], part["s"], times, strict=True):
                if source >= 0:
                    counts[below][source] += int(edges) * counts[index][target]
    return counts


@pytest.mark.parametrize("text", FLAT)
def test_the_counts_follow_from_what_is_sent(text: str) -> None:
    found = sent(text)
    expected = [list(row) for row in tower(graph_of(parse(text))).counts]
    assert counted(found["rows"], found["taps"]) == expected


def test_edges_beyond_what_readers_of_json_hold_are_sent_as_text() -> None:
    found = sent("70; blur k64 s1")
    assert max(int(edges) for edges in found["taps"][0]["m"]) > 2**53
    assert counted(found["rows"], found["taps"])[0] == list(tower(graph_of(parse("70; blur k64 s1"))).counts[0])


def test_layers_that_are_alike_are_written_once() -> None:
    found = sent("15; conv k3 p1 x12")
    assert len(found["taps"]) == 1
    assert len(rows_text(tower_rows(graph_of(parse("15; conv k3 p1 x12"))))) < 3_000


def test_padding_is_drawn_where_it_lies_and_no_farther_than_four_positions() -> None:
    (taps,) = sent("9; conv k15 p7")["taps"]
    assert (min(taps["p"]), max(taps["p"])) == (-4, 12)


def test_places_are_written_out_only_where_they_are_not_even() -> None:
    rows = sent("8; conv k2 s2; conv k3 p1")["rows"]
    assert [(row["x"], row["w"], row["n"]) for row in rows] == [([0.0], 1.0, 8), ([0.5], 2.0, 4), ([0.5], 2.0, 4)]


def test_rows_are_named_from_the_input_up() -> None:
    assert [row["name"] for row in sent("5; conv k3 x2")["rows"]] == ["input", "1 conv k3", "2 conv k3"]
    assert len(short_name("layer 3 (" + "long " * 20 + ")")) == 28


def test_towers_side_by_side_show_the_same_positions_and_rows() -> None:
    rows = [tower_rows(graph_of(parse(text))) for text in ("9; conv k3 x2", "12; conv k3 p1 x3")]
    assert extent(rows[0]) == (-0.5, 8.5)
    assert shared_frames(rows) == [{"span": (-1.5, 12.5), "rows": 4}] * 2


def test_a_deep_tower_does_not_flatten_a_shallow_one() -> None:
    rows = [tower_rows(graph_of(parse(text))) for text in ("9; conv k3 x2", "19; conv k3 p1 x8")]
    assert [frame["rows"] for frame in shared_frames(rows)] == [3, 9]


def test_one_scale_begins_at_the_smallest_share_of_all() -> None:
    towers = [tower(graph_of(parse(text))) for text in ("9; conv k3 x2", "12; conv k3 p1 x3")]
    assert 10 ** scale_bottom(towers) == pytest.approx(1 / 27)


@pytest.mark.parametrize("each", [True, False])
def test_a_strip_is_coloured_by_the_unit_above_each_position(each: bool) -> None:
    found = json.loads(strips_text(tower(graph_of(parse("1000; conv k3; conv k1"))), each))
    assert (found["names"], found["units"]) == (["input", "1 conv k3", "2 conv k1"], [1000, 998, 998])
    assert found["spans"] == [[0, 1], [0.001, 0.999], [0.001, 0.999]]
    assert found["columns"] == [512, 512, 512]
    colours = b64decode(found["colours"])
    strips = [colours[first : first + 512] for first in range(0, 3 * 512, 512)]
    assert (strips[0][0], strips[0][250]) == (1, 255)  # 1 path, 3 paths
    assert strips[2][250] == (255 if each else 1)  # 1 path each


def test_a_strip_has_a_colour_for_every_unit_and_none_where_no_path_leads() -> None:
    found = json.loads(strips_text(tower(graph_of(parse("7; conv k1 s3; conv k1"))), each=False))
    assert found["columns"] == [7, 3, 3]
    assert [*b64decode(found["colours"])] == [1 + 254, 0, 0, 1 + 254, 0, 0, 1 + 254, *[1 + 254] * 6]


def test_the_colours_are_those_of_the_house() -> None:
    assert look()["first"] == template.ACCENT
    assert look()["stops"][0] == template.SEQUENTIAL[0][1]
