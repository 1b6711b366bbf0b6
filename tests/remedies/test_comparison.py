"""A network beside its variants: each number against its definition, the order of ranks, and the answers."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.comparison import MEASURES, answers, compared, imbalance_scores, plans_for, ranked, variant
from core.design.analysis import DesignAnalysis
from core.design.typed import TypedDesign
from core.errors import LimitError, UserError
from core.exact import imbalance, path_counts, stride_period
from core.exact.cost import cost
from core.network import PRESETS, Network, graph_of, parse
from core.remedies import REMEDIES, remedied
from tests.network.strategies import networks

STACK_EXCHANGE = PRESETS["Stack Exchange: 64-wide windows moved by 4"]


def told_apart(analysis: DesignAnalysis) -> tuple[Fraction | None, ...]:
    """The four by their definitions, on plain arrays."""
    counts, unit = analysis.counts.array(), analysis.unit_counts.array()
    read = [int(count) for count in unit.ravel() if count]
    centre = Fraction(sum(read), len(read) * max(read)) if read else None
    if not counts.any():
        return centre, None, None, None
    grid = analysis.grid if analysis.uneven else (1,) * counts.ndim
    begins = [side // 2 - step // 2 for side, step in zip(counts.shape, grid, strict=True)]
    near = counts[tuple(slice(at, at + step) for at, step in zip(begins, grid, strict=True))]
    parts = []
    for corner in product((False, True), repeat=counts.ndim):
        flipped = tuple(slice(side // 2, None) if last else slice((side + 1) // 2)
                        for last, side in zip(corner, counts.shape, strict=True))  # fmt: skip
        part, found = counts[flipped], {}
        for pixel in np.ndindex(*part.shape):
            found.setdefault(tuple(at % step for at, step in zip(pixel, grid, strict=True)), []).append(part[pixel])
        parts.append(min([Fraction(min(same), max(same)) for same in found.values() if max(same)], default=Fraction(1)))
    uneven = min(parts) / max(parts) if max(parts) else Fraction(1)
    return centre, max(parts), Fraction(int(near.min()), int(near.max())) if near.max() else Fraction(0), uneven


@settings(max_examples=50)
@given(networks())
def test_the_four_imbalances_are_those_of_their_definitions(network: Network) -> None:
    analysis = DesignAnalysis(TypedDesign(network))
    found = imbalance_scores(analysis)
    assert (found.centre_bias, found.foveation, found.parity, found.uneven_padding) == told_apart(analysis)


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("9; conv k3 x4", ["9/19", "1/19", "1", "1"]),  # one unit: 81 paths over 9 pixels, 19 of the centre
        ("64; conv k3 s2 p1", ["1", "1", "1/2", "1/2"]),  # left over on the right
        ("65; conv k3 s2 p1", ["1", "1", "1/2", "1"]),
        ("64; conv k4 s2 p1", ["1", "1/2", "1", "1"]),
        ("64; conv k1 s2", ["1", "1", "0", "1"]),
        ("32; conv k3 same circular x2", ["3/5", "1", "1", "1"]),
        ("32; conv k3 p2:0", ["1", "1", "1", "1/3"]),  # causal: the last pixel is read once, the first three times
        ("32; conv k4 s4", ["1", "1", "1", "1"]),
        ("34; conv k4 s4", ["1", "1", "1", "0"]),  # two pixels are dropped
        ("2x3; maxpool k1 s2", ["1", "1", "0", "0"]),  # the lower half has no path at all, the upper one two of three
        ("3; conv k1 p5:0; conv k1 s9", [None] * 4),
    ],
)
def test_each_imbalance_shows_alone(text: str, shares: list[str | None]) -> None:
    found = imbalance_scores(DesignAnalysis(TypedDesign(parse(text))))
    expected = [None if share is None else Fraction(share) for share in shares]
    assert [found.centre_bias, found.foveation, found.parity, found.uneven_padding] == expected


def test_a_variant_holds_what_its_network_measures() -> None:
    found = variant(TypedDesign(parse("32x32; conv k3 s2 p1 x3")), ("kernel-padding", "border-circular"))
    graph = graph_of(parse("32x32; conv k4 s2 p1 circular x3"))
    assert str(found.network) == "32x32; conv k4 s2 p1 circular x3"
    assert found.measures == imbalance(path_counts(graph), stride_period(graph))
    assert set(found.measures.values()) <= {Fraction(0), Fraction(1)}
    assert (found.size, found.field, found.left_over, found.cost) == ((4, 4), (22, 22), 0, cost(graph))
    assert found.expected == (19, 19)


def test_remedies_are_taken_in_their_order() -> None:
    design = TypedDesign(parse("30; conv k3; conv k3 s2"))
    first, second = (
        str(variant(design, plan).network) for plan in (("padding-same", "deeper"), ("deeper", "padding-valid"))
    )
    assert first == "30; conv k3 p1; conv k3 s2 p0:1; conv k3 p1"
    assert second == "30; conv k3; conv k3 s2; conv k3"


def test_what_does_not_apply_is_told_with_its_reason_and_what_there_is_not_is_refused() -> None:
    design = TypedDesign(parse("9; conv k3"))
    found = compared(design, [["kernel-padding"], ["non-overlapping"], ["deeper", "padding-valid", "padding-valid"]])
    assert [each.remedies for each in found.variants] == [("non-overlapping",)]
    assert [(refusal.remedies[-1], refusal.reason) for refusal in found.refused] == [
        (
            "kernel-padding",
            "the network has no strided window whose stride does not divide its kernel; nothing to change",
        ),
        ("padding-valid", "the network has no padded window; nothing to change"),
    ]
    with pytest.raises(UserError, match="there is no remedy 'deepr'; did you mean deeper"):
        compared(design, [["kernel-padding"], ["deepr"]])
    with pytest.raises(LimitError, match="seconds, more than 60"):
        compared(TypedDesign(parse("1024x1024; add(skip | conv k31 p15) x40")), [])


@settings(max_examples=30)
@given(networks(), st.sampled_from(sorted(MEASURES)))
def test_a_ranking_keeps_all_and_puts_the_best_first(network: Network, measure: str) -> None:
    found = compared(TypedDesign(network), [["padding-valid"], ["border-circular"], ["deeper"]])
    order = ranked(found, measure)
    assert set(order) == {found.original, *found.variants}
    metric = MEASURES[measure]
    values = [metric.of(each) for each in order]
    known = [value for value in values if value is not None]
    assert values[: len(known)] == known
    assert known == sorted(known, reverse=metric.larger_is_better)


def test_what_has_no_value_comes_last() -> None:
    """The centre, pixel 5, is not read as it is."""
    found = compared(TypedDesign(parse("10; conv k1 s2")), [["kernel-padding"]])
    assert found.original.measures["corner_centre"] is None
    assert [each.remedies for each in ranked(found, "corner_centre")] == [("kernel-padding",), ()]


def test_an_unknown_measure_is_refused_by_name() -> None:
    with pytest.raises(UserError, match="there is no measure 'ginny'; did you mean gini"):
        ranked(compared(TypedDesign(parse("9; conv k3")), []), "ginny")


@settings(max_examples=30)
@given(networks())
def test_every_remedy_is_either_measured_or_told_why_not(network: Network) -> None:
    design = TypedDesign(network)
    plans = plans_for(design)
    assert plans == [(name,) for name in REMEDIES]
    found = compared(design, plans[:6])
    assert len(found.variants) + len(found.refused) == 6
    for each in found.variants:
        assert each.network == remedied(network, each.remedies[0])


ANSWERS = {
    "is it so?": ("yes", {"centre over corner": 256}),
    "does it grow exponentially with depth?": (
        "yes", {"centre over corner at depth 1": 16**2, "centre over corner at depth 2": 16**4}),
    "and with zero padding that keeps the size?": (
        "no, as far as it goes",
        {"centre over corner at depth 1": 4, "centre over corner at depth 2": Fraction(32, 9) ** 2,
               "centre over corner at depth 3": Fraction(240, 41) ** 2}),
    "does reflect padding help, which mirrors all but the last sample?": (
        "no", {"most over least": Fraction(17, 8) ** 2, "most over least before": 256,
               "most over least with zeros": 4}),
    "does symmetric padding help, which shows the last sample twice?": (
        "yes", {"most over least": 1, "most over least before": 256, "most over least with zeros": 4}),
    "does full padding help, as many zeros a side as the window has further taps?": (
        "yes", {"most over least": 1, "most over least before": 256}),
    "do non-overlapping windows help, which move by their own length?": (
        "yes", {"most over least": 1, "most over least before": 256}),
}  # fmt: skip


def test_the_stack_exchange_question_is_answered_point_by_point() -> None:
    """By hand: 16 windows read a pixel inside, along each axis, and one the first; with 30 zeros 8 read it."""
    found = {answer.question: answer for answer in answers(STACK_EXCHANGE)}
    assert {question: (found[question].verdict, dict(found[question].numbers)) for question in ANSWERS} == ANSWERS
    last = found["do random global connections help?"]
    assert (last.verdict, len(found)) == ("on average", len(ANSWERS) + 1)
    assert dict(last.numbers)["before"] == Fraction(*outermost(STACK_EXCHANGE))
    assert dict(last.numbers)["outermost over all"] == Fraction(
        *outermost(remedied(STACK_EXCHANGE, "random-connections"))
    )


def outermost(network: Network) -> tuple[int, int]:
    counts = path_counts(graph_of(network)).array()
    edge = np.ones(counts.shape, dtype=bool)
    edge[1:-1, 1:-1] = False
    return int(counts[edge].sum()) * counts.size, int(counts.sum()) * int(edge.sum())


def test_depth_multiplies_without_padding_and_not_with_zeros() -> None:
    found = {answer.question: answer for answer in answers(parse("64; conv k3 x4"))}
    valid = found["does it grow exponentially with depth?"]
    assert (valid.verdict, [value for _, value in valid.numbers]) == ("yes", [3**depth for depth in range(1, 9)])
    zeros = found["and with zero padding that keeps the size?"]
    shares = [Fraction(3**depth, border) for depth, border in enumerate([2, 5, 13, 35, 96, 267, 750], start=1)]
    assert (zeros.verdict, [value for _, value in zeros.numbers][:7]) == ("no", shares)  # A005773


@pytest.mark.parametrize(
    "text", ["9", "9; conv k3 p1", "9; add(skip | conv k3 p1)", "9; conv k3 s3", "9; conv k3; global"]
)
def test_the_question_is_about_chains_of_unpadded_windows_that_overlap(text: str) -> None:
    assert answers(parse(text)) == ()


@settings(max_examples=50)
@given(networks(joins=False))
def test_answers_are_whole_sentences_for_any_network(network: Network) -> None:
    for answer in answers(network):
        assert answer.verdict in ("yes", "no", "partly", "on average", "not known")
        assert answer.words
        assert not answer.words.endswith(".")
