"""The report on a design: every finding with its number, its pictures, its fixes and what they cost."""

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.checks import CHECKS, CODES, check
from core.design.opening import design_of
from pages.design_check import words
from tests.pages.visit import ROOT, assert_explained, assert_well, insight, net, opened

TRIGGERS = {  # a network for every check that can be typed
    "unread": "16x16; conv k1 s2; conv k3 p1",
    "collapse": "8x8; conv k3 s2 p1 x3; conv k3 p1",
    "parity": "64x64; conv k3 s2 p1 x2",
    "border": "15x15; conv k3 p1 x4",
    "uneven-padding": "64x64; conv k3 s2 p1 x2",
    "gridding": "64x64; conv k3 d2 p2 x4",
    "checkerboard": "16x16; conv k3 p1; tconv k3 s2",
    "misaligned": "16x16; add(conv k3 p0:2 | skip)",
    "field-small": "32x32; conv k3 p1",
    "unproductive": "9x9; conv k3 p1 x8",
    "erf-small": "64x64; conv k3 p1 x20",
    "tiling": "64x64; conv k3 p1 x2",
}


def titles(app: AppTest) -> list[str]:
    """The titles of the findings on the page, in order, without severity, number and layer."""
    heads = [box.value.partition("\n")[0].partition("] ")[2] for box in app.markdown if box.value.startswith("### ")]
    return [head.partition(":")[0].strip() for head in heads]


def drawings(app: AppTest, code: str) -> list[str]:
    """The small pictures of a finding: what each is of."""
    names = [name for box in app.markdown for name in re.findall('<img alt="(.+?)"', box.value)]
    return [name.rpartition(", ")[2] for name in names if name.startswith(f"{CHECKS[code].title}, ")]


def press(app: AppTest, key: str) -> AppTest:
    return next(button for button in app.button if button.key == key).click().run()


def test_every_check_has_a_network() -> None:
    assert set(TRIGGERS) == set(CODES)


@pytest.mark.parametrize("code", TRIGGERS)
def test_a_link_opens_a_finding_with_its_pictures(code: str) -> None:
    app = opened("check", net=TRIGGERS[code], finding=code)
    assert_well(app, "check")
    assert CHECKS[code].title in titles(app)
    assert "before" in drawings(app, code)
    assert [button.label for button in app.button if button.key == f"_open_{code}"] == ["Close"]
    assert any("finding_" in chart.proto.id for chart in app.get("plotly_chart"))


def test_all_findings_stand_on_the_page_the_worst_first() -> None:
    app = opened("check", net="16x16; conv k1 s2; conv k3 p1")
    assert titles(app) == [
        "Pixels are never read",
        "One side is padded more than the other",
        "Pixels at the border have few paths",
        "Units see too little",
        "Tiles must overlap",
    ]
    assert insight(app).startswith("**1 error, 1 warning and 3 notes.** 75 % of the 16×16 pixels")
    (table,) = app.table
    assert table.value["Severity"].tolist() == ["Error", "Warning", "Note", "Note", "Note"]


def test_what_a_finding_says_is_no_html() -> None:
    found = replace(check(design_of("9; conv k1 s2"))[0], message="a <b>name</b>", layer="layer 1 (<script>)")
    card = words.card(found, [], with_fixes=True)
    assert "a &lt;b&gt;name" in card.lower()
    assert "&lt;script" in card
    assert "<script" not in card


def test_the_cost_of_a_fix_stands_beside_it() -> None:
    app = opened("check", net="64x64; conv k3 s2 p1")
    prices = re.findall(r":small\[(Cost: .+?)\]", "\n".join(box.value for box in app.markdown))
    # 9 weights at 32 x 32 places become 16, and at 33 x 33 places 9
    assert "Cost: multiply-adds 9,216 → 16,384 (+78 %) and weights 9 → 16 (+78 %); pixels as before." in prices
    assert "Cost: multiply-adds 9,216 → 9,801 (+6.3 %) and pixels 4,096 → 4,225 (+3.1 %); weights as before." in prices


def test_a_fix_is_applied_by_one_click_and_ends_the_finding() -> None:
    app = opened("check", net=TRIGGERS["parity"], finding="parity")
    press(app, "_apply_parity_0")
    assert net(app) == "64x64; conv k3 s2 p1 x2+kernel-padding"
    assert_well(app, "check")
    assert CHECKS["parity"].title not in titles(app)
    assert "finding" not in app.query_params


def test_before_and_after_stand_side_by_side_where_there_is_a_fix() -> None:
    app = opened("check", net=TRIGGERS["parity"])
    assert drawings(app, "parity") == ["before", "after"]
    assert drawings(app, "tiling") == ["before"]


def test_one_finding_is_opened_and_closed_and_the_address_says_so() -> None:
    app = opened("check", net=TRIGGERS["parity"])
    press(app, "_open_border")
    assert app.query_params["finding"] == "border"
    press(app, "_open_parity")
    assert app.query_params["finding"] == "parity"
    press(app, "_open_parity")
    assert "finding" not in app.query_params


def test_one_axis_is_drawn_too() -> None:
    assert_well(opened("check", net="64; conv k3 s2 p1 x2", finding="parity"), "check")
    assert_well(opened("check", net="64; conv k3 p1 x2", finding="tiling"), "check")
    assert_well(opened("check", net="4; conv k4 s4"), "check")


def test_an_object_larger_than_the_field_is_an_error() -> None:
    app = opened("check", net=TRIGGERS["field-small"], object="20")
    assert insight(app).startswith("**1 error")
    assert "the object 20×20" in insight(app)


def test_a_finding_that_the_design_does_not_have_is_told() -> None:
    app = opened("check", finding="checkerboard")
    assert_well(app, "check")
    assert "'checkerboard'" in app.info[0].value


def test_a_clean_design_shows_its_map() -> None:
    app = opened("check", net="4x4; conv k4 s4")
    assert_well(app, "check")
    assert "None of the 12 checks" in insight(app)
    assert titles(app) == []


def test_a_model_is_checked_and_its_fix_applied() -> None:
    app = opened("check", net="timm:resnet18")
    assert_well(app, "check")
    assert "2.47 times" in insight(app)
    press(app, "_apply_parity_0")
    assert_well(app, "check")
    assert net(app) == "timm:resnet18+kernel-padding"
    assert CHECKS["parity"].title not in titles(app)


def test_a_model_with_a_gap_is_explained() -> None:
    assert_explained(opened("check", net="timm:volo_d1_224"), "depends on")


def test_own_code_is_refused_with_the_command_that_answers() -> None:
    assert_explained(opened("check", net="my.py:build@3x64x64"), 'python -m core check "my.py:build@3x64x64"')


def test_a_typed_design_is_checked_without_pytorch() -> None:
    code = (
        "import sys; from pages.work import cache; import pages.design_check.views; "
        "report = cache.report('ResNet-18', False, 0); assert len(report.thumbnails) == 5; "
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, check=True, timeout=120)
