"""What is refused, and how: units outside a map, and counts that would take minutes, before anything is allocated."""

import re

import numpy as np
import pytest

from core.errors import LimitError, UserError
from core.exact import path_counts, reach_counts, tower_from, tower_to
from core.network import graph_of, limits, parse


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("9; conv k3", (7,), "there is no output unit 7 in a map of 7; "),
        ("9; conv k3", (-1,), "there is no output unit -1 in a map of 7; "),
        ("9; conv k3", (1, 1), "there is no output unit 1,1 in a map of 7; "),
        ("9x8; conv k3", (3,), "there is no output unit 3 in a map of 7x6; "),
        ("9x8; conv k3", (3, 6), "there is no output unit 3,6 in a map of 7x6; "),
        ("9x8; conv k3", (), "there is no output unit  in a map of 7x6; "),
    ],
)
def test_a_unit_outside_the_output_is_refused_with_the_size_of_the_output(
    text: str, unit: tuple[int, ...], message: str
) -> None:
    graph = graph_of(parse(text))
    for count in (path_counts, tower_to):
        with pytest.raises(UserError, match=re.escape(message) + ".* from 0"):
            count(graph, unit)


@pytest.mark.parametrize(("text", "pixel"), [("9; conv k3", (9,)), ("9x8; conv k3", (8, 8)), ("9x8; conv k3", (1,))])
def test_a_pixel_outside_the_input_is_refused_with_the_size_of_the_input(text: str, pixel: tuple[int, ...]) -> None:
    graph = graph_of(parse(text))
    for count in (reach_counts, tower_from):
        with pytest.raises(UserError, match=r"there is no input pixel .* in a map of 9(x8)?; .* from 0"):
            count(graph, pixel)


@pytest.mark.parametrize(
    "text",
    [
        "1024x1024; add(conv k64 same | skip)",
        "1024x1024; add(conv k3 same | skip) x100",
        "1024; conv k1024 same x2000",
        "1024x1024; random r0; conv k31 same",
    ],
)
def test_a_count_beyond_the_limit_is_refused_before_anything_is_allocated(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = graph_of(parse(text))
    for name in ("zeros", "arange", "concatenate"):
        monkeypatch.setattr(np, name, None)
    limit = re.escape(f"{limits.MAX_ADDITIONS:.1e}")
    message = rf"needs about \d\.\de\+\d\d additions, more than {limit}; use a smaller input, fewer layers or"
    for count in (path_counts, tower_to, tower_from, lambda graph: reach_counts(graph, (0,) * len(graph.input.size))):
        with pytest.raises(LimitError, match=message):
            count(graph)


@pytest.mark.parametrize(
    "text", ["1024x1024; conv k7 p3 x16", "1024x1024; conv k3 s2 p1 x8", "224x224; add(conv k3 p1 | skip) x16"]
)
def test_ordinary_networks_are_counted(text: str) -> None:
    assert path_counts(graph_of(parse(text))).total() > 0


def test_a_thousand_layers_are_counted() -> None:
    for layers, total in (("conv k2 same circular x1000", 2**1000), ("add(skip | skip) x1000", 2**1000)):
        assert path_counts(graph_of(parse(f"3x3; {layers}"))).at((1, 1)) == total ** (2 if "conv" in layers else 1)
