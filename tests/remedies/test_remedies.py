"""The remedies: what each makes of a network, where it does not apply, and what it must keep."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import NetworkError, UserError
from core.exact import imbalance, path_counts, stride_period
from core.network import Network, graph_of, parse
from core.remedies import IMBALANCES, REMEDIES, remedied
from tests.network.strategies import fits, networks

BRANCHED = "64x64; add(conv k3 s2 p1; conv k3 p1 | conv k1 s2)"

TABLE = [
    ("kernel-padding", "64; conv k7 s2 p3; maxpool k3 s2 p1", "64; conv k8 s2 p3; maxpool k4 s2 p1"),
    ("kernel-padding", BRANCHED, "64x64; add(conv k4 s2 p1; conv k3 p1 | conv k2 s2)"),
    ("kernel-padding", "10; add(conv k4 s2 | add(conv k3 s2 | conv k4 s2))",
        "10; add(conv k4 s2 | add(conv k4 s2 | conv k4 s2))"),
    ("kernel-padding", "64; conv k3 s2 same; conv k3 p1", "64; conv k4 s2 p1; conv k3 p1"),  # same of 3, not of 4
    ("kernel-padding", "64; conv k4 s3 p1; conv k5 s4", "64; conv k6 s3 p1; conv k8 s4"),
    ("kernel-padding", "64x64; conv k3x4 s2", "64x64; conv k4 s2"),
    ("kernel-padding", "64; conv k3 p1; maxpool k2; conv k4 s2 p1; tconv k3 s2", None),
    ("kernel-multiple", "64; conv k11 s4 p2; conv k1 s3", "64; conv k12 s4 p2:3; conv k3 s3 p1"),
    ("kernel-multiple", "64; conv k3 s2 d3 p3", "64; conv k4 s2 d3 p4:5"),
    ("kernel-multiple", BRANCHED, "64x64; add(conv k4 s2 p1:2; conv k3 p1 | conv k2 s2 p0:1)"),
    ("kernel-multiple", "64; conv k3 p1", None),
    ("blur-before-stride", "64; conv k7 s2 p3 circular", "64; conv k7 p3 circular; blur k3 s2 p1 circular"),
    ("blur-before-stride", "64x64; conv k3 s4x2 p1", "64x64; conv k3 p1; blur k3 s2 p1; blur k3x1 s2x1 p1x0"),
    ("blur-before-stride", BRANCHED, "64x64; add(conv k3 p1; blur k3 s2 p1; conv k3 p1 | conv k1; blur k3 s2 p1)"),
    ("blur-before-stride", "64; conv k3 s3", None),
    ("border-symmetric", "64; conv k3 p1; maxpool k3 s2", "64; conv k3 p1 symmetric; maxpool k3 s2 p0:1 symmetric"),
    ("border-symmetric", "64; conv k3 p1 symmetric; maxpool k2", None),
    ("border-circular", "64; add(conv k3 full | conv k3 p2)", "64; add(conv k3 full circular | conv k3 p2 circular)"),
    ("padding-same", "64x64; conv k64x1 s4x1; conv k3 p1", "64x64; conv k64x1 s4x1 p30x0; conv k3 p1"),
    ("padding-same", "64; conv k3 p1; conv k1; maxpool k2", None),
    ("padding-full", "64; conv k3 p1 circular; conv k1 s2", "64; conv k3 full; conv k1 s2"),
    ("padding-full", "64; conv k3 full; conv k1", None),
    ("border-reflect", "64x64; conv k3; avgpool k3 s1 p1", "64x64; conv k3 p1 reflect; avgpool k3 s1 p1 reflect"),
    ("border-replicate", "64; conv k5 s2 p1 circular", "64; conv k5 s2 p1 replicate"),
    ("border-replicate", "64; conv k1", None),
    ("padding-valid", "64x64; conv k3 p1x0; blur k3 full circular", "64x64; conv k3; blur k3"),
    ("padding-valid", "64; conv k3; tconv k3 p1", None),
    ("padding-centred", "64; conv k2 d4 p4:0; conv k3 p1", "64; conv k2 d4 p2; conv k3 p1"),
    ("padding-centred", "64; conv k2 same", None),
    ("causal", "64; conv k3 d2 p2 circular; maxpool k3 s2 p1; add(conv k1 | conv k5 p2)",
        "64; conv k3 d2 p4:0 circular; maxpool k3 s2 p1; add(conv k1 | conv k5 p4:0)"),
    ("causal", "16x64; conv k3 p1; conv k3x1 p1x0", "16x64; conv k3 p1x2:0; conv k3x1 p1x0"),
    ("causal", "64; conv k2 p1:0; upsample s2", None),
    ("non-overlapping", "64; conv k3 s2 d2 p1:0 reflect c4; blur k3 s2", "64; conv k3 s3 c4; blur k3 s2"),
    ("non-overlapping", "64x64; conv k3x1 s1x2; conv k1 s2", "64x64; conv k3x1 s3x1; conv k1"),
    ("non-overlapping", "64; conv k3 s3; maxpool k2; conv k1", None),
    ("random-connections", "8; conv k3", "8; random r8 seed0; conv k3"),
    ("random-connections r2 seed5", "4x4", "4x4; random r2 seed5"),
    ("global-pooling", "8; conv k3", "8; conv k3; global"),
    ("global-pooling", "8; global", None),
    ("dense-end", "8x6 c3; conv k3 c4", "8x6 c3; conv k3 c4; conv k6x4"),
    ("dense-end", "3; conv k3", None),
    ("partial-padding", "8; conv k3 p1", None),  # of graphs: no text form
    ("dilation-doubling", "64; add(skip | conv k3 same x3; conv k1)",
        "64; add(skip | conv k3 same; conv k3 d2 same; conv k3 d4 same; conv k1)"),
    ("dilation-doubling", "64; conv k3 p1; conv k3 d2 p2; conv k3 p1; conv k3 s2", None),
    ("dilation-doubling", "64x64; conv k3x1 p2:0x0 x2", "64x64; conv k3x1 p2:0x0; conv k3x1 d2 p4:0x0"),
    ("larger-kernels", "64x64; conv k3 p1 c8; conv k5x3 p2:1 c4; conv k3 g2", "64x64; conv k7x5 p3:2 c4; conv k3 g2"),
    ("larger-kernels", "64; add(skip | conv k3 same x2); conv k3 p1; conv k3 p1 circular",
        "64; add(skip | conv k5 p2); conv k3 p1; conv k3 p1 circular"),
    ("larger-kernels", "64; conv k3; conv k1; conv k3; conv k3 d2; conv k3 s2; conv k3", None),
    ("skip-connections", "64 c4; conv k3 p1; conv k3 p1 c4 x2; conv k3 p1 c8; conv k1",
        "64 c4; add(skip | conv k3 p1); add(skip | conv k3 p1 c4) x2; conv k3 p1 c8; conv k1"),
    ("skip-connections", "64; add(skip | conv k3 p1; maxpool k3 s1 p1); conv k3 s2 p1",
        "64; add(skip | add(skip | conv k3 p1); maxpool k3 s1 p1); conv k3 s2 p1"),
    ("skip-connections", "64; add(skip | conv k1); conv k3 s2 p1; conv k3 p1",
        "64; add(skip | conv k1); conv k3 s2 p1; add(skip | conv k3 p1)"),
    ("skip-connections", "64; conv k3; conv k3 s2 p1; conv k1 x2", None),
    ("tconv-multiple", "8x8; tconv k3x2 s2 p1x0", "8x8; tconv k4x2 s2 p2:1x0"),
    ("tconv-multiple", "8; tconv k4 s2 p1; conv k3 s2", None),
    ("resize-convolution", "8; tconv k3 s2 p1:0 c4", "8; upsample s2; conv k3 p1 c4"),
    ("resize-convolution", "8; tconv k1 s2", None),  # one position too few for a convolution of 1
    ("hybrid-dilation", "65; conv k3 d2 p2 x4", "65; conv k3 p1; conv k3 d2 p2 x2; conv k3 d3 p3"),
    ("hybrid-dilation", "65x65; conv k3 d2 same x2", "65x65; conv k3 same; conv k3 d3 same"),
    ("hybrid-dilation", "65; conv k3 d2 p2; conv k3 d3 p3", None),
    ("hybrid-dilation", "65; conv k3 d2 p1 x3", None),  # padding of half a dilation
    ("degridding-layers", "65; conv k3 d9 p9", "65; conv k3 d9 p9; conv k3 d3 p3; conv k3 p1"),
    ("degridding-layers", "65x65; add(skip | conv k3 d2x1 p2x1)", "65x65; add(skip | conv k3 d2x1 p2x1; conv k3 p1)"),
    ("degridding-layers", "65; conv k3; conv k1 d2", None),
    ("even-input", "224; conv k3 s2 p1 x5", "225; conv k3 s2 p1 x5"),
    ("even-input", "225; conv k3 s2 p1 x5", None),
    ("drop-unproductive", "5; conv k3 p1 x4; conv k1; global", "5; conv k3 p1 x2; global"),
    ("drop-unproductive", "5; conv k3 p1 x2; add(skip | conv k3 p1; conv k1); conv k1", "5; conv k3 p1 x2"),
    ("drop-unproductive", "5; conv k3 p1 x2; conv k1; global", None),
    ("deeper", "9; conv k3", "9; conv k3; conv k3 p1"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), TABLE)
def test_a_remedy_makes_this_of_a_network(name: str, text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(NetworkError):
            remedied(parse(text), name)
    else:
        assert str(remedied(parse(text), name)) == expected


def test_every_remedy_is_in_the_table_and_says_what_it_costs() -> None:
    assert set(REMEDIES) == {text.split()[0] for text, _, _ in TABLE}
    for name, remedy in REMEDIES.items():
        assert remedy.name == name
        assert remedy.does[0].islower()
        assert not remedy.does.endswith(".")
        assert remedy.cost
        assert remedy.reference
        assert bool(remedy.given) is bool(remedy.removes)
        assert set(remedy.removes) <= set(IMBALANCES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("random-connections r1 sed3", "random-connections does not take 'sed3'; it takes r8 seed0"),
        ("random-connections 4", "random-connections does not take '4'; it takes r8 seed0"),
        ("even-input r3", "even-input does not take 'r3'; it takes no numbers"),
        ("random-connections r999", "connections 999 is outside 0 to 256"),
        ("partial-padding", "partial-padding weighs outputs, which no text form writes; compare it"),
        ("", "there is no remedy ''"),
    ],
)
def test_numbers_that_a_remedy_does_not_take_are_refused(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        remedied(parse("9; conv k3 p1"), text)


def test_an_unknown_remedy_is_refused_by_name() -> None:
    with pytest.raises(UserError, match="there is no remedy 'kernel-paddin'; did you mean kernel-padding"):
        remedied(parse("9; conv k3"), "kernel-paddin")
    with pytest.raises(UserError, match="the network has no dilated convolution; nothing to change"):
        remedied(parse("9; conv k3"), "degridding-layers")


@given(networks(), st.sampled_from(sorted(REMEDIES)))
def test_what_a_remedy_gives_can_be_written_and_read(network: Network, name: str) -> None:
    try:
        changed = remedied(network, name)
    except UserError:
        return
    assert changed != network
    assert parse(str(changed)) == changed


KEEPING = [
    "kernel-multiple",
    "blur-before-stride",
    "tconv-multiple",
    "resize-convolution",
    "dilation-doubling",
    "larger-kernels",
    "skip-connections",
    "random-connections",
]


@given(networks(), st.sampled_from(KEEPING))
def test_remedies_inside_a_network_keep_every_output_in_place(network: Network, name: str) -> None:
    """So they fit into joins: the output has as many positions as before."""
    try:
        changed = remedied(network, name)
    except UserError:
        return
    if fits(changed):
        assert graph_of(changed).output.size == graph_of(network).output.size


ODD = st.lists(st.sampled_from([1, 3, 5, 7]), min_size=1, max_size=3)


def test_kernel_padding_of_a_five_wide_kernel_moved_by_four_leaves_no_parity() -> None:
    """One more tap would leave it: the kernel is to be a multiple of its stride."""
    network = parse("256; conv k5 s4")
    graph = graph_of(remedied(network, "kernel-padding"))
    assert [node.text for node in graph.nodes[1:]] == ["conv k8 s4"]
    assert imbalance(path_counts(graph_of(network)), (4,))["parity"] == 2
    assert imbalance(path_counts(graph), (4,))["parity"] == 1


@given(ODD, st.booleans())
def test_kernel_padding_makes_odd_kernels_of_stride_two_even_inside(kernels: list[int], circular: bool) -> None:
    border = " circular" if circular else ""
    network = parse("256; " + "; ".join(f"conv k{k} s2 p{k // 2}{border}" for k in kernels))
    padded = remedied(network, "kernel-padding")
    graph = graph_of(padded)
    assert imbalance(path_counts(graph), stride_period(graph))["parity"] == 1
    assert imbalance(path_counts(graph_of(network)), stride_period(graph_of(network)))["parity"] != 1


@given(st.lists(st.tuples(st.sampled_from([1, 3, 5]), st.booleans()), min_size=1, max_size=2))
def test_kernel_padding_is_even_through_joins_too(stages: list[tuple[int, bool]]) -> None:
    """In two dimensions, with shortcuts of 1x1, strided like the branch beside them."""
    steps = [
        f"add(conv k{k} s2 p{k // 2}; conv k3 p1 | conv k1 s2)" if joined else f"maxpool k{k} s2 p{k // 2}"
        for k, joined in stages
    ]
    network = parse("64x64; " + "; ".join(steps))
    graph = graph_of(remedied(network, "kernel-padding"))
    assert imbalance(path_counts(graph), stride_period(graph))["parity"] == 1


@given(ODD, st.integers(4, 40))
def test_kernel_padding_keeps_the_outputs_where_something_was_left_over(kernels: list[int], eighths: int) -> None:
    """At sides that are multiples of the stride product the last padding was not read: the wider kernel reads it."""
    network = parse(f"{8 * eighths}; " + "; ".join(f"conv k{k} s2 p{k // 2}" for k in kernels))
    assert graph_of(remedied(network, "kernel-padding")).output.size == graph_of(network).output.size


@given(st.lists(st.sampled_from([3, 5]), min_size=1, max_size=3), st.integers(2, 9))
def test_neither_remedy_of_gridding_leaves_a_hole(kernels: list[int], dilation: int) -> None:
    chain = "; ".join(f"conv k{k} d{dilation} p{dilation * (k // 2)}" for k in kernels)
    network = parse(f"401; {chain}")
    middle = (200,)
    for name in ["degridding-layers"] + ["hybrid-dilation"] * (len(kernels) > 1):
        counts = path_counts(graph_of(remedied(network, name)), middle).array()
        read = [at for at, count in enumerate(counts) if count]
        assert read == list(range(read[0], read[-1] + 1))
    assert not all(path_counts(graph_of(network), middle).array()[200 - dilation : 200])


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(2, 4)), min_size=1, max_size=2))
def test_tconv_remedies_write_to_every_position_alike(chain: list[tuple[int, int]]) -> None:
    network = parse("12; " + "; ".join(f"tconv k{k} s{s}" for k, s in chain))
    assume(any(k % s for k, s in chain))
    changed = remedied(network, "tconv-multiple")
    assert all(node.layer.kernel[0] % node.layer.stride[0] == 0 for node in graph_of(changed).nodes[1:])
