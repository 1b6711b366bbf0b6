"""Repairs of impossible networks: each is possible, near, and told in words; a possible network needs none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.design.repair import possible, repairs
from core.errors import UserError
from core.exact.paths import path_counts
from core.network import PRESETS, graph_of, parse


@pytest.mark.parametrize(
    ("text", "words", "repaired"),
    [
        ("9; conv k3 x3; conv k7", "enlarge the input to 13", "13; conv k3 x3; conv k7"),
        ("9; conv k3 x3; conv k7", "pad every window to keep its size (same)", "9; conv k3 same x3; conv k7 same"),
        ("9; conv k3 x3; conv k7", "keep the first 3 layers", "9; conv k3 x3"),
        ("9; cnov k3", "read 'cnov' as conv", "9; conv k3"),
        ("9; conv", "add k3", "9; conv k3"),
        ("9; conv k3; conv k3 zap", "leave out 'conv k3 zap'", "9; conv k3"),
        ("5000000; conv k3", "use an input of 1000000", "1000000; conv k3"),
        ("9000x5000; conv k3", "use an input of 1448x1448", "1448x1448; conv k3"),
        ("9; conv k3 p1 x5000", "use 16 repeats at most", "9; conv k3 p1 x16"),
        ("9; conv k3 c3 g2", "let every layer keep its channels", "9; conv k3"),
        ("32; add(skip | conv k3)", "pad every window to keep its size (same)", "32; add(skip | conv k3 same)"),
    ],
)
def test_a_repair_is_the_network_it_says(text: str, words: str, repaired: str) -> None:
    assert {repair.words: str(repair.network) for repair in repairs(text)}[words] == repaired


@pytest.mark.parametrize("name", PRESETS)
def test_a_possible_network_needs_no_repair(name: str) -> None:
    assert repairs(str(PRESETS[name])) == []


@pytest.mark.parametrize("text", ["timm:vit_base_patch16_224", "nn.Sequential(nn.Conv2d(3, 8, 3))@1x9x9", "my16:build"])
def test_the_digits_in_a_model_s_name_are_no_input(text: str) -> None:
    assert repairs(text) == []


@given(st.text("0123456789x; convkspdmaxl()|add123", max_size=60))
def test_every_repair_offered_is_possible_and_another_network(text: str) -> None:
    for repair in repairs(text):
        assert graph_of(repair.network).output.size
        assert str(repair.network) != text
        assert possible(str(repair.network))


def test_an_absurd_count_is_repaired_by_a_smaller_one() -> None:
    text = "1024x1024; add(skip | conv k31 p15) x40"
    with pytest.raises(UserError, match="seconds, more than 60"):
        path_counts(graph_of(parse(text)))
    assert any("shrink" in repair.words or "keep the first" in repair.words for repair in repairs(text))
