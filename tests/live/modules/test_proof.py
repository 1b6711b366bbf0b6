"""PyTorch's gradients against the counting arithmetic, digit by digit."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import LimitError, UserError
from core.exact.paths import path_counts
from core.live import prove
from core.live.modules import proof
from core.network import PRESETS, graph_of, parse
from core.network.window import BORDERS
from tests.live.cases import CASES

numbers = st.integers(1, 3)


@st.composite
def layer_texts(draw, axes):
    def each(letter, values):
        return letter + "x".join(str(draw(values)) for _ in range(axes))

    op = draw(st.sampled_from(["conv", "conv", "conv", "maxpool", "avgpool", "blur", "tconv", "upsample", "random"]))
    if op == "random":
        return f"random r{draw(st.integers(0, 3))} seed{draw(st.integers(0, 9))}"
    if op == "upsample":
        return f"upsample {each('s', numbers)} {draw(st.sampled_from(['nearest', 'bilinear']))}"
    pad = "p" + "x".join(f"{draw(st.integers(0, 2))}:{draw(st.integers(0, 2))}" for _ in range(axes))
    words = [op, each("k", numbers), each("s", numbers), each("d", numbers), pad]
    if op != "tconv":
        words.append(draw(st.sampled_from(BORDERS)))
    if op in ("conv", "tconv"):
        words += [f"c{2 * draw(numbers)}", f"g{draw(st.integers(1, 2))}"]
    return " ".join(words)


@st.composite
def networks(draw):
    """Networks of a few layers and joins whose sizes happen to fit."""
    axes = draw(st.integers(1, 2))
    size = "x".join(str(draw(st.integers(4, 8))) for _ in range(axes))
    layers = draw(st.lists(layer_texts(axes), min_size=1, max_size=3))
    kept = f"conv k3 same d{draw(numbers)} {draw(st.sampled_from(['zeros', 'replicate']))}"
    layers.append(draw(st.sampled_from([f"add({kept} x2 | skip)", f"concat(skip | {kept})", "global", kept])))
    try:
        network = parse(f"{size} c2; " + "; ".join(layers))
        graph_of(network)
    except UserError:
        assume(False)
    return network


@settings(max_examples=150, deadline=None, derandomize=True)
@given(network=networks(), at_all=st.booleans(), channels=st.booleans())
def test_gradients_and_counts_agree_on_networks_nobody_wrote(network, at_all, channels):
    assert prove(network, "all" if at_all else "centre", channels).equal


@pytest.mark.parametrize("text", CASES)
def test_spatial_counts_are_the_channel_counts_of_the_network_with_one_channel(text):
    network = parse(text)
    copy = graph_of(proof.spatial(network))
    counts = path_counts(copy, channels=True).array()
    assert counts.tolist() == path_counts(graph_of(network)).array().tolist()
    assert prove(network, "all").equal


@pytest.mark.parametrize("name", ["Pascal's triangle", "Dilated stack", "VGG-16", "Four 3-wide convolutions"])
def test_presets_can_be_proven(name):
    found = prove(PRESETS[name])
    assert found.equal
    assert found.largest_count == max(path_counts(graph_of(PRESETS[name]), _centre(name)).array().flat)


def _centre(name):
    return tuple(side // 2 for side in graph_of(PRESETS[name]).output.size)


def test_counts_that_float64_cannot_hold_are_not_confirmed():
    assert prove(parse("71; conv k3 x35"), "centre").largest_count < 2**53
    with pytest.raises(LimitError, match=r"counts up to [\d,]{22} reach 2\^53 = 9007199254740992"):
        prove(parse("73; conv k3 x36"))
    with pytest.raises(LimitError, match=r"counts up to about \d\.\de\d+ reach 2\^53.*use fewer layers"):
        prove(parse("31; conv k31 same circular x1500"))


def test_a_difference_is_reported_with_its_first_pixel(monkeypatch):
    wrong = np.array([1, 2, 4, 2, 1], dtype=object)

    class Counts:
        def array(self):
            return wrong

    monkeypatch.setattr(proof, "path_counts", lambda *_, **__: Counts())
    found = prove(parse("5; conv k3 p1 x2"))
    assert not found.equal
    assert (found.pixels, found.differing, found.first, found.counted, found.gradient) == (5, 1, (2,), 4, 3.0)


def test_a_unit_outside_the_output_is_refused():
    with pytest.raises(UserError, match="there is no output unit 7 in a map of 5"):
        prove(parse("5; conv k3 p1"), (7,))
