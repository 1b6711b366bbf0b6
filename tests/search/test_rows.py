"""Every number of a search is that which the other commands tell of the same design."""

import json
from collections.abc import Callable
from fractions import Fraction
from random import Random

import pytest

from core.__main__ import main
from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.exact.imbalance import MEANINGS
from core.search.members import counted, reason_of
from core.search.quantities import MAX_BITS, QUANTITIES, quantity_of
from core.search.space import space_of

CHAINS = (
    "{40,33}; conv k{2,3,5} s{1,2} p{0..2} c4; {conv,maxpool,avgpool} k3 p1 {,reflect}; conv k{1,3} d{1,2} p{0,2} {,g2}"
)
SPACES = [
    CHAINS,
    "{24x24,24x30}; conv k{3,5} s{1,2} p{1,2} {,circular}; add(skip | conv k{3,5} same) x{1,2}; conv k3x{1,3}",
    "{16,16x20}; tconv k{2,3} s2; concat(conv k3 p1 | {skip,blur k3 p1}); upsample s2 {,bilinear}; {skip,global}",
    "{ResNet-18,Dilated stack}@{64,96}+{,kernel-padding}",
    "20; {attn,attn w4,attn causal,random r2}; conv k3 s2 p1",
]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main([*arguments, "--json"]) == 0
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    return document


def members(text: str, count: int) -> list[int]:
    space = space_of(text)
    return sorted(Random(7).sample(range(space.size), min(count, space.size)))


@pytest.mark.parametrize("text", SPACES)
def test_a_row_holds_what_the_other_commands_tell(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    part = counted(space_of(text), members(text, 8))
    assert part.rows
    for design, row in part.rows:
        assert set(row) == set(QUANTITIES)
        measures = told(capsys, "paths", design)["imbalance"]
        leaning = [abs(value) for name, value in measures.items() if name.startswith("asymmetry") and value is not None]
        assert numbers(row, set(MEANINGS) & set(QUANTITIES) - {"asymmetry"}) == {
            name: value for name, value in measures.items() if not name.startswith("asymmetry")
        }
        assert numbers(row, {"asymmetry"}) == {"asymmetry": max(leaning, default=None)}
        (variant,) = (one for one in told(capsys, "remedies", design, "--remedy", "border-circular")["variants"]
                      if not one["remedies"])  # fmt: skip
        assert row["field"] == min(variant["field"])
        assert (row["left_over"], row["parameters"], row["multiply_adds"]) == (
            variant["left_over"], variant["parameters"], variant["multiply_adds"],
        )  # fmt: skip
        layers = told(capsys, "field", design)["layers"]
        assert row["layers"] == len(layers)
        assert row["unproductive"] == sum(layer["unproductive"] for layer in layers if not layer["gate"])
        size = 1
        for side in layers[-1]["output"] if layers else variant["input"]:
            size *= side
        assert row["output"] == size
        assert row["halo"] == halo(told(capsys, "tile", design))
        assert row["latency"] == latency(capsys, design)


def numbers(row: dict[str, int | Fraction | None], names: set[str]) -> dict[str, float | None]:
    return {name: None if (value := row[name]) is None else float(value) for name in names}


def halo(document: dict[str, object]) -> int | None:
    sides = document["halo"]
    return max(*sides["before"], *sides["after"]) if document["exact"] and sides else None


def latency(capsys: pytest.CaptureFixture[str], design: str) -> int | None:
    if main(["stream", design, "--json"]) == 2:
        capsys.readouterr()
        return None
    found = json.loads(capsys.readouterr().out)["latency"]
    main(["stream", design])
    return None if "this is the network without" in without_borders(capsys.readouterr().out) else found


def without_borders(text: str) -> str:
    """What is told of a stream, but for what wraps round at the signal's ends: in a stream there are none."""
    return "\n".join(line for line in text.splitlines() if "wraps round" not in line)


def test_the_stride_is_what_the_check_measures_parity_in() -> None:
    (row,) = (row for _, row in counted(space_of("64x48; conv k3 s2x4 p1; conv k3 s2 p1"), [0]).rows)
    assert row["stride"] == 8


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("corner_centre", "15x15; conv k3 p1 x4", Fraction(1225, 6561)),
        ("parity", "64; conv k3 s2 p1", Fraction(2)),
        ("unread", "9; conv k1 s2", Fraction(4, 9)),
        ("field", "32x40; conv k5x3", 3),
        ("multiply_adds", "8x8 c4; conv k3 p1 c8 g2", 9216),
        ("halo", "64; conv k3 s2 p1; conv k3 p1", 3),
        ("halo", "8x8; conv k3 p1; global", None),
        ("latency", "16000; conv k10 s5; conv k3 s2 x4; conv k2 s2 x2", 400),
        ("latency", "64; add(conv k2 s2 | maxpool k2)", 2),
        ("latency", "8; attn", None),
        ("asymmetry", "3; conv k2 p1:0", Fraction(1, 5)),
    ],
)
def test_a_number_is_that_worked_out_by_hand(name: str, text: str, value: Fraction | int | None) -> None:
    assert quantity_of(name).of(DesignAnalysis(design_of(text))) == value


def test_what_is_impossible_is_counted_by_its_reason_with_the_first_member() -> None:
    part = counted(space_of("9; conv k{3,11,13} p{0,1}; conv k{3,9}"), range(12))
    assert [text for text, _ in part.rows] == ["9; conv k3 x2", "9; conv k3 p1; conv k3", "9; conv k3 p1; conv k9"]
    (window,) = part.impossible
    assert window.members == 9
    assert (window.design, window.reason) == (
        "9; conv k11 p0; conv k3", "a window spanning … does not fit … samples padded by …",
    )  # fmt: skip
    assert window.message.startswith("layer 1 (conv k11): a window spanning 11 does not fit 9 samples padded by (0, 0)")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("character 12: there is no layer 'con'; did you mean conv?", "there is no layer 'con'"),
        (
            "layer 12 (add): its branches give maps of 9x9 and 7x7; give every branch",
            "its branches give maps of … and …",
        ),
        (
            "3 groups do not divide 4 channels in and 1,024 out; choose",
            "… groups do not divide … channels in and … out",
        ),
    ],
)
def test_reasons_leave_places_and_numbers_out(message: str, reason: str) -> None:
    assert reason_of(message) == reason


def test_a_whole_number_that_no_column_holds_is_a_reason() -> None:
    part = counted(space_of("2; conv k3 s2 p{1,2} x{2,70}"), range(4))
    assert [one.reason for one in part.impossible] == ["field has more than … binary digits"]
    assert all(row["field"].bit_length() <= MAX_BITS for _, row in part.rows)


def test_a_name_that_there_is_not_is_told_with_the_nearest() -> None:
    asked: Callable[[str], object] = quantity_of
    with pytest.raises(ValueError, match="there is no 'multiply_add' to search by; did you mean multiply_adds"):
        asked("multiply_add")
