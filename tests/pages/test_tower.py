"""The tower on a page: what it is sent of the steps around the present one, and what it reports."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.design.opening import design_of
from core.exact import path_counts
from pages.parts import tower
from pages.work import cache
from tests.pages.visit import assert_explained, assert_well, opened


def sent(app: AppTest, index: int = 0) -> dict[str, Any]:
    """What the drawing is given."""
    found: dict[str, Any] = json.loads(app.get("bidi_component")[index].proto.bytes)
    return found


def steps(app: AppTest) -> dict[str, int]:
    """The rows that are held of each step."""
    return {step["text"]: step["rows"] for step in sent(app)["head"]["steps"]}


def test_every_depth_within_reach_is_sent_with_the_present_one() -> None:
    app = opened()
    assert_well(app)
    held = steps(app)
    assert held == {f"15x15; conv k3 p1{f' x{depth}' if depth > 1 else ''}": depth + 1 for depth in range(1, 17)} | {
        "15x15; conv k3 p1 x17": 0
    }
    assert len(sent(app)["body"]["rows"]) == 17
    assert sent(app)["head"]["now"] == 3


def test_a_step_sends_the_same_rows_again() -> None:
    bodies = [sent(opened(net=f"15x15; conv k3 p1 x{depth}"))["body"] for depth in (2, 7)]
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("net", ["15x15; conv k3 p1 x4", "512; conv k3 x20", "900; conv k1", "64; conv k31 p15 x4"])
def test_a_message_is_short(net: str) -> None:
    assert len(opened(net=net).get("bidi_component")[0].proto.bytes) < 300_000


def test_the_steps_of_a_network_with_branches_are_its_first_layers() -> None:
    net = "16; conv k3 p1; add(skip | conv k3 p1) x2; maxpool k2"
    held = steps(opened(net=f"{net}#2"))
    assert held == {f"{net}#1": 2, f"{net}#2": 4, f"{net}#3": 6, net: 7}


def test_a_design_with_a_remedy_is_sent_with_the_steps_next_to_it() -> None:
    held = steps(opened(net="15x15; conv k3 p1 x8+border-circular"))
    assert list(held.values()) == [0, *range(5, 14), 0]
    assert list(held)[1] == "15x15; conv k3 p1 x4+border-circular"


@pytest.mark.parametrize(
    ("net", "held"),
    [
        ("18; conv k3 s2 p1 x2+even-input", [0, 3, 4, 5]),  # the input is another where there is one layer
        ("18; conv k3 s2 p1+even-input", [2, 0]),
        ("18; conv k3 p1 x2; conv k3 s2 p1+kernel-padding", [0, 0, 4]),  # nothing to mend in earlier layers
        ("32; conv k3 s2 p1 x2+blur-before-stride", [3, 5, 7, 9]),  # a layer more for each
        ("15; conv k3 p1 x2+partial-padding", [0, 3, 0]),  # no typed network at all
    ],
)
def test_steps_of_which_a_remedy_makes_another_network_are_asked_for(net: str, held: list[int]) -> None:
    assert list(steps(opened(net=net)).values())[: len(held)] == held


@pytest.mark.parametrize(("unit", "goals"), [("centre", {7}), ("0", {0}), ("", {None})])
def test_each_step_has_its_output_unit(unit: str, goals: set[int | None]) -> None:
    app = opened(net="15; conv k3 p1 x3", unit=unit) if unit else opened(net="15; conv k3 p1 x3")
    assert {step["goal"] for step in sent(app)["head"]["steps"] if step["rows"]} == goals


def test_the_central_unit_moves_with_the_size_of_the_output() -> None:
    app = opened(net="15; conv k3 x3", unit="centre")
    assert [step["goal"] for step in sent(app)["head"]["steps"]] == [6, 5, 4, 3, 2, 1, 0]


def test_a_unit_that_a_deeper_layer_has_not_is_left_to_the_page() -> None:
    held = steps(opened(net="15; conv k3 x2", unit="9"))
    assert list(held.values()) == [2, 3, 0, 0, 0, 0, 0]


def test_two_units_are_picked_by_a_link() -> None:
    app = opened(cell="0:0,0:7")
    assert_well(app)
    assert sent(app)["head"]["picked"] == [[0, 0], [0, 7]]


@pytest.mark.parametrize(("cell", "words"), [("0:0,0:1,0:2", "names 3 units"), ("0:99", "there is no unit 0:99")])
def test_a_unit_that_cannot_be_picked_is_explained(cell: str, words: str) -> None:
    assert_explained(opened(cell=cell), words)


def strips(app: AppTest) -> dict[str, list[str]]:
    """The names of the strips that are held of each step."""
    message = sent(app)
    pairs = zip(message["head"]["steps"], message["strips"], strict=True)
    return {step["text"]: held["names"] for step, held in pairs if held}


def test_a_tower_of_too_many_units_is_sent_as_strips() -> None:
    app = opened(net="600; conv k3 p1 x3")
    assert_well(app)
    held = strips(app)
    assert held["600; conv k3 p1 x3"] == ["input", "1 conv k3 p1", "2 conv k3 p1", "3 conv k3 p1"]
    assert any("every strip is a layer" in text.value for text in app.caption)


def test_steps_of_too_many_units_have_strips_beside_those_that_have_rows() -> None:
    app = opened(net="200; conv k3 p1 x3")
    assert {text: rows for text, rows in steps(app).items() if rows} == {
        "200; conv k3 p1": 2,
        "200; conv k3 p1 x2": 3,
        "200; conv k3 p1 x3": 4,
    }
    assert [len(names) for names in strips(app).values()] == list(range(5, 18))


def test_as_many_strips_are_sent_as_are_quickly_made_the_nearest_first() -> None:
    app = opened(net="4000; conv k3 x6")
    held = [int(text.rpartition("x")[2]) for text in strips(app)]
    assert held == list(range(min(held), max(held) + 1))
    assert 6 in held
    assert 1 < len(held) < len(steps(app))


MODEL = "nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3, stride=2), nn.Conv2d(4, 4, 3))"


def test_the_stages_of_a_small_model_are_first_rows_of_its_deepest() -> None:
    app = opened(net=f"{MODEL}@1x15x15#2")
    assert_well(app)
    ends = {"#0": 2, "#2": 3, "#3": 4, "": 4}
    assert steps(app) == {f"{MODEL}@1x15x15{stage}": end for stage, end in ends.items()}
    assert [row["n"] for row in sent(app)["body"]["rows"]] == [15, 13, 6, 4]
    assert sent(app)["head"]["now"] == 1


@pytest.mark.parametrize(("unit", "goals"), [("centre", [6, 3, 2, 2]), ("5", [5, 5, None, None]), ("", [None] * 4)])
def test_the_stages_of_a_model_have_their_output_units(unit: str, goals: list[int | None]) -> None:
    app = opened(net=f"{MODEL}@1x15x15#0", **({"unit": f"{unit},{unit}" if unit.isdigit() else unit} if unit else {}))
    assert [step["goal"] for step in sent(app)["head"]["steps"]] == goals
    assert [step["rows"] > 0 for step in sent(app)["head"]["steps"]] == [goal is not None or not unit for goal in goals]


def test_the_stages_of_a_model_of_the_zoo_are_held_as_rows_or_strips() -> None:
    app = opened(net="timm:resnet18#layer2")
    assert_well(app)
    held = steps(app)
    assert list(held) == [
        *(f"timm:resnet18#{stage}" for stage in ("conv1", "maxpool", "layer1", "layer2", "layer3", "layer4")),
        "timm:resnet18",
    ]
    assert list(held.values()) == [2, 3, 9, 0, 0, 0, 0]
    assert list(strips(app)) == list(held)[3:]
    assert [len(names) for names in strips(app).values()] == [16, 23, 30, 30]
    assert len(app.get("bidi_component")[0].proto.bytes) < 300_000


def test_a_stage_of_a_model_is_the_same_whether_or_not_the_model_was_there_before() -> None:
    alone = cache.analysis("torchvision:resnet18#layer2")
    cold = design_of("torchvision:resnet18#layer2")
    assert str(alone.design.text) == str(cold.text)
    assert alone.path_counts((3, 4)).array().tolist() == path_counts(cold.graph, (3, 4)).array().tolist()


def test_the_stages_of_a_model_with_a_remedy_are_asked_for() -> None:
    app = opened(net=f"{MODEL}@1x16x16+kernel-padding")
    assert [bool(rows) for rows in steps(app).values()] == [False, True]
    assert strips(app) == {}


def test_colours_run_over_all_rows_unless_each_is_asked_for() -> None:
    assert [sent(opened(**of))["head"]["each"] for of in ({}, {"colour": "each row"})] == [False, True]


@pytest.mark.parametrize(
    ("reported", "net", "cell"),
    [
        ({"net": "9; conv k3", "cell": "0:1"}, "9; conv k3", "0:1"),
        ({"net": "9; conv k3", "cell": ""}, "9; conv k3", ""),
        ({"net": 7, "cell": "0:1;drop"}, "before", "before"),
        ("nonsense", "before", "before"),
    ],
)
def test_a_report_becomes_the_settings_and_nonsense_does_not(
    monkeypatch: pytest.MonkeyPatch, reported: object, net: str, cell: str
) -> None:
    state: dict[str, Any] = {"net": "before", "cell": "before", "tower": {"change": reported}}
    taken: dict[str, Any] = {}
    monkeypatch.setattr(tower.st, "session_state", state)
    monkeypatch.setattr(tower, "_component", lambda **arguments: taken.update(arguments))
    tower.show(tower.Drawing("{}", True))
    taken["on_change_change"]()
    assert (state["net"], state["cell"]) == (net, cell)


def test_towers_of_several_designs_have_one_frame_and_one_scale_and_take_no_steps() -> None:
    app = opened("compare", net="19; conv k3 x3", second="19; conv k3 p1 x3", cell="0:0,0:9")
    heads = [sent(app, index)["head"] for index in range(2)]
    assert heads[0]["frame"] == heads[1]["frame"]
    assert heads[0]["bottom"] == heads[1]["bottom"] == pytest.approx(-3 * 0.47712125)  # 1 of 27
    assert all(len(head["steps"]) == 1 and head["picked"] == [[0, 0], [0, 9]] for head in heads)


def test_the_page_to_hand_out_holds_the_drawing_and_asks_for_nothing() -> None:
    page = tower.page("The **answer** & </script>", {"a <b>": tower.Drawing('{"head": "</script>"}', True)})
    assert "The answer &amp; &lt;/script&gt;" in page
    assert "a &lt;b&gt;" in page
    assert page.count("</script>") == 1
    assert "src=" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
