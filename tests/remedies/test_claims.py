"""What a remedy says that it removes is gone, to the last path, from every network for which its condition holds.

The conditions are those of ``Remedy.given``, drawn at random here; that something is gone is seen on the plain array of
counts, each imbalance by its definition.
"""

from math import gcd, prod

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import NetworkError
from core.exact import fields, path_counts
from core.network import Network, graph_of, parse
from core.network.layers import Layer
from core.remedies import REMEDIES, remedied

OPS = st.sampled_from(["conv", "conv", "maxpool", "avgpool"])


def strides(network: Network) -> int:
    return prod(item.stride[0] for item in network.layers if isinstance(item, Layer) and item.stride)


def foveation_is_gone(network: Network) -> bool:
    """Pixels on the same place of the stride grid have the same count, wherever they lie."""
    counts, step = path_counts(graph_of(network)).array(), strides(network)
    places = np.ndindex(*(min(step, side) for side in counts.shape))
    return all(len(set(counts[tuple(slice(at, None, step) for at in place)].ravel().tolist())) == 1 for place in places)


def parity_is_gone(network: Network) -> bool:
    """Pixels whose fields lie inside, both ways, all have the same count; there are two periods of them at least."""
    graph = graph_of(network)
    reach = max(axis.size for axis in fields(graph)[-1])
    counts = path_counts(graph).array()
    inside = counts[tuple(slice(reach, side - reach) for side in counts.shape)]
    assert min(inside.shape) >= 2 * strides(network)
    return len(set(inside.ravel().tolist())) == 1 and inside.flat[0] > 0


def sides_are_alike(network: Network) -> bool:
    """The counts are their own mirror image along every axis."""
    counts = path_counts(graph_of(network)).array()
    return all((counts == np.flip(counts, axis)).all() for axis in range(counts.ndim))


def centre_bias_is_gone(network: Network) -> bool:
    """Every pixel that a unit reads has as many paths to it as any other, for units from first to last."""
    graph = graph_of(network)
    size = graph.output.size
    units = [tuple(at * (side - 1) // 4 for side in size) for at in range(5)]
    read = [set(path_counts(graph, unit).array().ravel().tolist()) - {0} for unit in units]
    return all(len(found) <= 1 for found in read) and any(read)


GONE = {
    "foveation": foveation_is_gone,
    "parity": parity_is_gone,
    "uneven padding": sides_are_alike,
    "centre bias": centre_bias_is_gone,
}


@st.composite
def dividing(draw: st.DrawFn, total: str) -> Network:
    """Windows whose strides divide what they read, unpadded or with a ``total`` of padding that closes up."""
    steps, words = [], []
    for _ in range(draw(st.integers(1, 3))):
        s, d = draw(st.integers(1, 3)), draw(st.integers(1, 2))
        k = draw(st.integers(1, 5))
        span = d * (k - 1) + 1
        if total != "wrapped":
            assume(span >= s and (span - s) % 2 == 0)
        if total == "one":
            assume((span - s) // 2 <= 1)
        steps.append(s)
        word = f"conv k{k} s{s} d{d}"
        if draw(st.booleans()):
            least = max(span - s, 0)
            padded = draw(st.integers(least, span - 1)) if total == "wrapped" else least
            before = draw(st.integers(0, padded)) if total == "wrapped" else padded // 2
            word += f" p{before}:{padded - before}"
        words.append(word)
    side = prod(steps) * draw(st.integers(9, 12))
    size = f"{side}x{prod(steps) * 9}" if draw(st.booleans()) and prod(steps) < 9 else str(side)
    return parse(f"{size}; {'; '.join(words)}")


@st.composite
def windows(draw: st.DrawFn, kind: str) -> Network:
    """Chains of windows; ``kind`` says what the condition is."""
    words = []
    for _ in range(draw(st.integers(1, 3))):
        op, k, s, d = draw(OPS), draw(st.integers(1, 5)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
        if kind == "full":
            op = draw(st.sampled_from(["conv", "avgpool", "blur", "tconv"]))
            pad = draw(st.integers(0, 1)) if op != "tconv" and k > 1 else 0
            words.append(f"{op} k{k} s{s} d{d} p{pad}")
            continue
        if draw(st.integers(0, 4)) == 0:
            words.append(f"blur k{k} p{k // 2}")
            continue
        if kind == "multiple":
            assume(gcd(d, s) == 1)
        else:
            s = draw(st.sampled_from([1, 2, 4]))
        span = d * (k - 1) + 1
        words.append(f"{op} k{k} s{s} d{d} p{draw(st.integers(0, span // 2))}")
    side = draw(st.integers(9, 20)) if kind == "full" else draw(st.integers(800, 1000))
    return parse(f"{side}; {'; '.join(words)}")


@st.composite
def tiles(draw: st.DrawFn, wide: bool = False) -> Network:
    """Convolutions and pools whose kernels divide what they will read; stride, dilation and padding are anything."""
    kernels = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    words = [
        f"{draw(OPS)} k{k} s{draw(st.integers(1, 3))} d{draw(st.integers(1, 2))} p{draw(st.integers(0, k // 2))}"
        for k in kernels
    ]
    whole = prod(kernels)
    side = whole * (960 // whole if wide else draw(st.integers(1, 4)))
    return parse(
        f"{draw(st.sampled_from([f'{side}'] if wide else [f'{side}', f'{side}x{whole}']))}; {'; '.join(words)}"
    )


@st.composite
def halving(draw: st.DrawFn) -> Network:
    """Odd kernels padded by their half, strides 1 and 2, and an input that the strides divide."""
    layers = draw(st.lists(st.tuples(st.sampled_from([1, 3, 5, 7]), st.integers(1, 2)), min_size=1, max_size=4))
    side = prod(s for _, s in layers) * draw(st.integers(4, 9))
    return parse(f"{side}x{side}; " + "; ".join(f"conv k{k} s{s} p{k // 2}" for k, s in layers))


@st.composite
def padded_alike(draw: st.DrawFn) -> Network:
    """Any windows with as much padding after as before, and transposed ones."""
    words = []
    for _ in range(draw(st.integers(1, 3))):
        op, k = draw(st.sampled_from(["conv", "avgpool", "blur", "tconv"])), draw(st.integers(2, 5))
        border = draw(st.sampled_from(["", "", " reflect", " replicate"])) if op != "tconv" else ""
        words.append(f"{op} k{k} s{draw(st.integers(1, 3))} p{draw(st.integers(0, k // 2))}{border}")
    size = draw(st.sampled_from(["{0}", "{0}x40"])).format(draw(st.integers(30, 60)))
    return parse(f"{size}; {'; '.join(words)}")


@st.composite
def even(draw: st.DrawFn) -> Network:
    """Networks of which all pixels have as many paths: wrapped windows whose strides divide their kernels."""
    layers = draw(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=3))
    side = prod(s for _, s in layers) * draw(st.integers(4, 6))
    words = [f"conv k{s * m} s{s} p{(s * m - s) // 2}:{s * m - s - (s * m - s) // 2} circular" for m, s in layers]
    return parse(f"{draw(st.sampled_from([f'{side}', f'{side}x{side}']))}; {'; '.join(words)}")


@st.composite
def one_row(draw: st.DrawFn) -> Network:
    """Only convolutions that move by 1, undilated, with zeros before and after or none."""
    kernels = draw(st.lists(st.integers(2, 4), min_size=2, max_size=4))
    words = [f"conv k{k} p{draw(st.integers(0, 3))}:{draw(st.integers(0, 3))}" for k in kernels]
    return parse(f"{draw(st.sampled_from(['20', '14x12']))}; {'; '.join(words)}")


CLAIMS = {
    ("border-circular", "foveation"): dividing("wrapped"),
    ("border-symmetric", "foveation"): dividing("mirrored"),
    ("border-replicate", "foveation"): dividing("one"),
    ("padding-full", "foveation"): windows("full"),
    ("kernel-multiple", "parity"): windows("multiple"),
    ("kernel-padding", "parity"): windows("multiple"),
    ("kernel-padding", "uneven padding"): halving(),
    ("blur-before-stride", "parity"): windows("powers of two"),
    ("even-input", "uneven padding"): padded_alike(),
    ("global-pooling", "centre bias"): even(),
    ("dense-end", "centre bias"): even(),
    ("larger-kernels", "centre bias"): one_row(),
    **{("non-overlapping", imbalance): tiles() for imbalance in GONE if imbalance != "parity"},
    ("non-overlapping", "parity"): tiles(wide=True),
}


def test_every_claim_is_held_to() -> None:
    assert set(CLAIMS) == {(name, imbalance) for name, remedy in REMEDIES.items() for imbalance in remedy.removes}


@pytest.mark.parametrize(("name", "imbalance"), CLAIMS)
def test_what_a_remedy_removes_is_gone(name: str, imbalance: str) -> None:
    seen = {True: 0, False: 0}

    @settings(max_examples=40)
    @given(CLAIMS[name, imbalance])
    def holds(network: Network) -> None:
        try:
            changed = remedied(network, name)
            graph_of(changed)
        except NetworkError:
            return
        assert GONE[imbalance](changed), str(changed)
        seen[fits(network) and not GONE[imbalance](network)] += 1

    holds()
    assert seen[True] >= 5  # it was there before


def fits(network: Network) -> bool:
    try:
        graph_of(network)
    except NetworkError:
        return False
    return True
