"""The page that compares designs: what stands beside what, on which numbers, and what a link restores."""

import json
import subprocess
import sys
from fractions import Fraction

import pytest

from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.figures.panes import ShareScale
from pages.design_comparison import PAGE, SLOTS, words
from tests.pages.visit import ROOT, assert_well, boxes, insight, net, opened, press, repairs

VALID, SAME, CIRCULAR = "19; conv k3 x3", "19; conv k3 p1 x3", "19; conv k3 p1 circular x3"
VIEWS = PAGE.settings["view"].choices
PASTED = "nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1))@1x9x9"


def headings(app: object) -> list[str]:
    """The headings of the panes, as they are read."""
    return [mark.value.replace("\\", "").strip("*") for mark in app.markdown if mark.value.startswith("**")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("view", VIEWS[:-1])
def test_the_page_is_alive_without_anything_typed(view: str) -> None:
    app = opened("compare", view=view)
    assert_well(app, "compare")
    assert headings(app)[:2] == ["15x15; conv k3 p1 x4", "With circular border"]
    assert any("Nothing is typed: the second is the first with +border-circular" in text.value for text in app.caption)


def test_the_headline_has_the_paths_of_an_end_over_the_most_in_each_design() -> None:
    """By hand: the end pixel of three valid layers has one path, of three padded ones 1 + 3 · 4."""
    app = opened("compare", net=VALID, second=SAME, third=CIRCULAR, view="map")
    assert insight(app) == "End: **1 of 27** · **13 of 27** · **27 of 27** paths"
    tower = opened("compare", net=VALID, second=SAME, third=CIRCULAR)
    assert insight(tower) == insight(app)


def test_a_corner_has_the_square_of_an_end() -> None:
    app = opened("compare", net="19x19; conv k3 p1 x3", view="map")
    assert insight(app) == f"Corner: **{13**2} of {27**2}** · **{27**2} of {27**2}** paths"


def test_a_picked_pixel_is_told_of_every_design_that_has_it() -> None:
    app = opened("compare", net="9x9; conv k3", second="6x6; conv k3", view="map", pixel="7,7")
    assert insight(app) == "Pixel 7,7: **4 of 9** · none paths"


def test_a_picked_unit_of_the_towers_is_told_of_every_design() -> None:
    app = opened("compare", net=VALID, second=SAME, cell="2:0")
    assert insight(app) == "Unit 0 of row 2: **1 of 3** · **2 of 3** paths"
    assert_well(app, "compare")


def test_a_pixel_that_no_design_has_is_explained() -> None:
    app = opened("compare", net=VALID, view="map", pixel="44")
    assert [box.value for box in app.error] == ["there is no pixel '44'; give position from 0 to 18"]


def test_one_design_and_a_remedy_need_no_retyping() -> None:
    app = opened("compare", net=VALID, second="+border-circular", third="+padding-same", view="map")
    assert headings(app)[:3] == [VALID, "With circular border", "With same padding"]
    assert insight(app) == "End: **1 of 27** · **27 of 27** · **13 of 27** paths"


def test_a_step_in_depth_takes_the_remedied_along_and_leaves_other_designs() -> None:
    app = opened("compare", net="19; conv k3 p1 x3", second="+border-circular", third=VALID, view="map")
    app.button(key="_less").click().run()
    assert net(app) == "19; conv k3 p1 x2"
    assert insight(app) == "End: **5 of 9** · **9 of 9** · **1 of 27** paths"


@pytest.mark.parametrize("view", VIEWS[:-1])
@pytest.mark.parametrize("count", [2, 3, 4])
def test_every_design_has_its_pane_in_every_view(count: int, view: str) -> None:
    others = dict(
        zip(SLOTS, ("+border-circular", "12x14; conv k3 s2 p1", "15x15; conv k5 x2")[: count - 1], strict=False)
    )
    app = opened("compare", view=view, **others)
    assert boxes(app) == []
    assert len([mark for mark in headings(app) if "less the first" not in mark and mark != "Differences"]) == count
    assert len(app.dataframe[0].value) == count


def test_differences_are_drawn_where_the_inputs_agree() -> None:
    app = opened("compare", view="map", second="+border-circular", third="12x12; conv k3")
    assert any("inputs have different sizes" in text.value for text in app.caption)
    keys = [chart.proto.id for chart in app.get("plotly_chart")]
    assert sum("less_second" in key for key in keys) == 1
    assert not any("less_third" in key and "scale" not in key for key in keys)


def test_a_difference_is_the_second_less_the_first() -> None:
    app = opened("compare", net="9x9; conv k3 p1", second="+border-circular", view="map")
    (less,) = [chart.proto.spec for chart in app.get("plotly_chart") if chart.proto.id.endswith("less_second")]
    texts = [text.strip() for trace in json.loads(less)["data"] for text in trace.get("text", [])]
    assert (texts.count("+56"), texts.count("+33"), texts.count("0")) == (4, 28, 49)  # 4 of 9, 6 of 9, 9 of 9


def test_a_picked_pixel_is_framed_in_all_panes() -> None:
    app = opened("compare", net="9x9; conv k3 p1", second="12x12; conv k3 p1", view="map", pixel="3,5")
    for pane in ("pane_net", "pane_second"):
        (spec,) = [chart.proto.spec for chart in app.get("plotly_chart") if chart.proto.id.endswith(pane)]
        frames = [shape for shape in json.loads(spec)["layout"]["shapes"] if shape["line"].get("width") == 4]
        assert [(frame["y0"], frame["x0"]) for frame in frames] == [(2.5, 4.5)]


def test_a_model_stands_beside_a_typed_network() -> None:
    app = opened("compare", net="9x9; conv k3 p1 x2", second=PASTED, view="map")
    assert_well(app, "compare")
    assert insight(app) == "Corner: **25 of 81** · **25 of 81** paths"  # the same network, typed and as a module


def test_a_model_with_a_remedy_stands_beside_it() -> None:
    strided = PASTED.replace("padding=1), nn", "padding=1, stride=2), nn")
    app = opened("compare", net=strided, view="map")
    assert_well(app, "compare")
    assert headings(app)[1] == "With kernel padding"


def test_a_design_that_cannot_be_had_leaves_the_others_standing() -> None:
    app = opened("compare", view="map", second="4; conv k9", third="+border-circlar", fourth="9; conv k3")
    assert not app.exception
    errors = [box.value for box in app.error]
    assert "does not fit" in errors[0]
    assert "did you mean border-circular?" in errors[1]
    assert insight(app) == "Corner: **1,225 of 6,561** · **1 of 3** paths"
    assert repairs(app).count("Leave this design out") == 2


def test_a_way_out_mends_the_design_in_its_own_place() -> None:
    app = opened("compare", view="map", second="4; conv k9")
    repair = repairs(app)[0]
    app = press(app, repair)
    assert_well(app, "compare")
    assert net(app) == "15x15; conv k3 p1 x4"
    assert app.text_input(key="second").value == "9; conv k9"


def test_a_design_is_left_out_with_one_click() -> None:
    app = press(opened("compare", second="4; conv k9", third="9; conv k3"), "Leave this design out")
    assert_well(app, "compare")
    assert headings(app)[:2] == ["15x15; conv k3 p1 x4", "9; conv k3"]


def test_a_chosen_remedy_comes_after_the_one_that_stands_there() -> None:
    app = opened("compare")
    app.selectbox(key="_add").set_value("border-reflect").run()
    assert [app.text_input(key=slot).value for slot in SLOTS[:2]] == ["+border-circular", "+border-reflect"]
    assert app.selectbox(key="_add").value is None


def test_a_link_restores_everything() -> None:
    parameters = {"net": VALID, "second": "+border-circular", "third": SAME, "view": "map", "scale": "linear",
                  "pixel": "3", "unit": "7"}  # fmt: skip
    app = opened("compare", **parameters)
    assert boxes(app) == []
    held = {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}
    assert held == parameters


def test_pins_of_version_1_open_here() -> None:
    app = opened("remedies", v="1", compare="pins", a="9x9; conv k3 p1", b="9x9; conv k3 p1 circular")
    assert not app.exception
    assert app.title[0].value == PAGE.question
    assert insight(app) == "Corner: **4 of 9** · **9 of 9** paths"


def test_the_table_has_the_numbers_of_the_analysis() -> None:
    app = opened("compare", net="32x32; conv k3 s2 p1", second="+kernel-padding", view="map")
    table = app.dataframe[0].value
    assert table["parity"].tolist() == [0.25, 1.0]  # half as many along each axis
    designs = [DesignAnalysis(design_of(f"32x32; conv k3 s2 p1{end}")) for end in ("", "+kernel-padding")]
    assert table["multiply-adds"].tolist() == [design.cost.multiply_adds for design in designs]
    assert table["most over least"].tolist() == [float(design.measures()["max_min"] or 0) for design in designs]
    assert table["field"].tolist() == ["3 × 3", "4 × 4"]


def test_effective_fields_are_measured_for_each_design_or_told_why_not() -> None:
    app = opened("compare", view="effective", net="9x9; conv k3 p1 x2", second="9x9; conv k3 p1", third="4; conv k9")
    assert not app.exception
    assert insight(app).startswith("95 % of the gradient lies within: **")
    assert len(app.error) == 1
    assert len([mark for mark in headings(app) if "less" not in mark and mark != "Differences"]) == 3


def test_the_first_picture_of_typed_designs_loads_no_pytorch() -> None:
    script = (
        "import sys; from pages.frame import warmup; warmup.once = lambda: None\n"
        "from tests.pages.visit import opened; app = opened('compare', view='map')\n"
        "assert not app.exception and app.get('plotly_chart')\n"
        "print('torch' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.stdout.split() == ["False"], result.stderr[-2000:]


@pytest.mark.parametrize(
    ("standing", "sentence"),
    [((13, 27), "48 % of the most"), ((27, 27), "100 % of the most"), (None, "no such place"), ((0, 0), "no paths")],
)
def test_under_a_pane_stands_the_share(standing: words.Standing, sentence: str) -> None:
    analysis = DesignAnalysis(design_of(SAME))
    assert words.standing_caption(standing, analysis, None).startswith(sentence)


def test_text_of_a_visitor_is_shown_as_text() -> None:
    assert words.plain(":red[a]*b*<i>") == r"\:red\[a\]\*b\*\<i\>"


def test_one_scale_reaches_to_the_smallest_share_of_all() -> None:
    counts = [DesignAnalysis(design_of(text)).counts for text in (VALID, SAME)]
    logs = [part.log10_counts() - part.log10_counts().max() for part in counts]
    scale = ShareScale.of(logs, linear=False)
    assert 10**scale.bottom == pytest.approx(float(Fraction(1, 27)))
