"""A design at other inputs: what the tables say is what the design has when it is opened there."""

from fractions import Fraction

import pytest
import torch
from torch import nn

from core import DesignAnalysis, UserError, design_of, module_design
from core.checks import check, findings_at_size
from core.design.object_table import object_table
from core.design.size_table import finding_table, size_report
from core.errors import LimitError


def _analysis(text: str) -> DesignAnalysis:
    return DesignAnalysis(design_of(text))


def test_every_row_is_the_design_at_that_size() -> None:
    report = size_report(_analysis("24x24; conv k3 s2 p1; conv k3 p1; maxpool k2"), [(24, 24), (32, 32)])
    assert [row.size[0] for row in report.rows] == [23, 24, 25, 27, 31, 32, 33, 35]
    for row in report.rows:
        alone = _analysis(f"{row.size[0]}x{row.size[1]}; conv k3 s2 p1; conv k3 p1; maxpool k2")
        measures = alone.measures()
        assert (row.output, row.left_over) == (alone.graph.output.size, alone.left_over)
        assert (row.unproductive, row.multiply_adds) == (len(alone.unproductive), alone.cost.multiply_adds)
        assert (row.unread, row.parity) == (measures["unread"], measures["parity"])
        assert row.corner_centre == measures["corner_centre"]


def test_beside_a_size_stand_the_next_and_the_nearest_that_divide_evenly() -> None:
    report = size_report(_analysis("ResNet-18"), [(224, 224)])
    assert [(row.size, row.even) for row in report.rows] == [
        ((193, 193), True),
        ((224, 224), False),
        ((225, 225), True),
    ]
    assert [row.size for row in size_report(_analysis("ResNet-18@64"), [(64, 64), (65, 65)], False).rows] == [
        (64, 64),
        (65, 65),
    ]


def test_an_impossible_size_says_why_and_the_nearest_possible_ones_stand_beside_it() -> None:
    report = size_report(_analysis("U-Net@32"), [(36, 36)])
    rows = {row.size[0]: row for row in report.rows}
    assert list(rows) == [32, 36, 37, 40]
    assert rows[40].output == (40, 40)
    assert rows[36].output is None
    assert "give every branch the same total stride" in rows[36].reason


def test_axes_of_other_sides_and_windows_have_patterns_of_their_own() -> None:
    report = size_report(_analysis("32x20; conv k3x2 s2 p1x0; conv k3x1 p1x0"), [(32, 20)])
    assert report.formulas == ("floor((n - 1)/2) + 1", "floor(n/2)")
    assert [str(pattern.even) for pattern in report.patterns] == ["n mod 2 = 1", "n mod 2 = 0"]
    assert [row.size for row in report.rows] == [(31, 18), (32, 20), (33, 21), (33, 22)]


def test_a_traced_model_has_the_table_of_the_same_network_typed() -> None:
    module = nn.Sequential(nn.Conv2d(1, 1, 3, 2, 1, bias=False), nn.ReLU(), nn.Conv2d(1, 1, 4, 2, 1, bias=False))
    traced = size_report(DesignAnalysis(module_design(module, (1, 20, 20))), [(20, 20), (30, 30)])
    typed = size_report(_analysis("20x20; conv k3 s2 p1; conv k4 s2 p1"), [(20, 20), (30, 30)])
    assert (traced.formulas, traced.patterns[0].even) == (typed.formulas, typed.patterns[0].even)
    for one, other in zip(traced.rows, typed.rows, strict=True):
        assert (one.size, one.output, one.left_over, one.parity) == (
            other.size,
            other.output,
            other.left_over,
            other.parity,
        )


class _ByParity(nn.Module):
    """Pads an odd side, so that it reads otherwise at every second size."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.max_pool2d(nn.functional.pad(x, (0, x.shape[-1] % 2, 0, x.shape[-2] % 2)), 2)


def test_where_a_model_reads_otherwise_at_another_size_nothing_is_said_of_all_sizes() -> None:
    report = size_report(DesignAnalysis(module_design(_ByParity(), (3, 16, 16))), [(16, 16)])
    assert (report.formulas, report.patterns) == (None, None)
    assert report.reason == (
        "at an input of 17x17 its layers read otherwise than at 16x16; "
        "no formula, and no pattern of sizes, holds for all"
    )
    assert {row.size[0]: row.output[0] for row in report.rows} == {14: 7, 16: 8, 17: 9, 18: 9}


def test_a_model_that_takes_one_size_alone_has_no_formula() -> None:
    class Fixed(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x * torch.ones(16, 16)

    report = size_report(DesignAnalysis(module_design(Fixed(), (3, 16, 16))), [(16, 16)])
    assert report.formulas is None
    assert [row.possible for row in report.rows if row.size != (16, 16)] == [False] * (len(report.rows) - 1)


def test_a_size_beyond_a_limit_is_a_row_with_its_reason_and_patterns_stay() -> None:
    report = size_report(_analysis("9; conv k3"), [(1_000_000,)])
    assert [row.possible for row in report.rows] == [True, True, False]
    assert "1000001" in report.rows[-1].reason
    assert report.formulas == ("n - 2",)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ([(9, 9)], "an input of 9x9 does not fit 1 axes; give a side from 1 on for each"),
        ([(0,)], "an input of 0 does not fit 1 axes"),
        ([(side,) for side in range(1, 10)], "9 input sizes are asked about; give 1 to 8"),
        ([], "0 input sizes are asked about"),
    ],
)
def test_what_cannot_be_asked(asked: list[tuple[int, ...]], message: str) -> None:
    with pytest.raises(UserError, match=message):
        size_report(_analysis("9; conv k3"), asked)


def test_the_discriminator_sees_its_own_70_pixels_whole_only_where_a_field_begins() -> None:
    rows = object_table(_analysis("PatchGAN 70"), [(16, 16), (70, 70)])
    assert [row.field[0] for row in rows] == [4, 10, 22, 46, 70]
    assert [row.stride[0] for row in rows] == [2, 4, 8, 8, 8]
    # Fields begin every 8 pixels from -31 on: 24 of them lie inside 256 pixels, of 187 places.
    assert rows[-1].objects[1].share == Fraction(24, 187) ** 2
    assert rows[-1].objects[1].units == (0, 1)
    assert rows[-1].objects[0].share == 1


def test_a_model_is_told_by_its_stages() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), nn.Sequential(nn.ReLU(), nn.Conv2d(4, 4, 3, 1, 1)))
    rows = object_table(DesignAnalysis(module_design(module, (3, 32, 32))), [(4, 4), (40, 4)])
    assert [(row.name, row.field, row.stride) for row in rows] == [("0", (3, 3), (2, 2)), ("1", (7, 7), (2, 2))]
    assert rows[1].objects[0].units[0] >= 1
    assert (rows[1].objects[1].share, rows[1].objects[1].units) == (0, (0, 0))


def test_too_many_fields_are_refused() -> None:
    with pytest.raises(LimitError, match="4,000,000 fields of units against objects are more than 3,000,000"):
        object_table(_analysis("1000000; conv k3 p1 x4"), [(4,)])


def test_objects_of_other_axes_are_refused() -> None:
    with pytest.raises(UserError, match="an object of 4x4 does not fit 1 axes"):
        object_table(_analysis("9; conv k3"), [(4, 4)])
    with pytest.raises(UserError, match="0 objects are asked about; give 1 to 16"):
        object_table(_analysis("9; conv k3"), [])


@pytest.mark.parametrize(
    ("layers", "side", "left_over", "uneven"),
    [
        ("conv k3 s2 p1", 224, 1, 1),  # PyTorch's: what follows after the last window is dropped
        ("conv k3 s2 p1", 225, 0, 0),
        ("conv k3 s2 p0:1", 224, 0, 1),  # TensorFlow's: it was padded on one side alone
        ("conv k3 s2", 224, 1, 0),  # a sample is left over, and there is no padding
        ("conv k7 s2 p3; maxpool k3 s2 p1", 224, 2, 2),
        ("conv k2 p1:0", 224, 0, 0),  # causal: on purpose, whatever the size
        ("tconv k3 s2 p1:0", 224, 0, 0),  # crops
    ],
)
def test_padding_that_is_read_on_one_side_alone_is_uneven(layers: str, side: int, left_over: int, uneven: int) -> None:
    (row,) = size_report(_analysis(f"{side}; {layers}"), [(side,)], False).rows
    assert (row.left_over, row.uneven_padding) == (left_over, uneven)


def test_sizes_stand_side_by_side_with_what_checks_find_there() -> None:
    analysis = _analysis("ResNet-18@64")
    report = size_report(analysis, [(64, 64), (65, 65)], False, findings_at_size)
    for row in report.rows:
        whole = check(design_of(f"ResNet-18@{row.size[0]}"))
        assert [(one.code, one.severity, one.number) for one in row.findings or ()] == [
            (one.code, one.severity, one.number) for one in whole
        ]
    table = dict(finding_table(report.rows))
    assert table["warning: One side is padded more than the other"] == ["16 positions", "-"]
    assert analysis.after("kernel-padding") is not None  # fixes are made of it still
