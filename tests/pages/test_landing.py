"""The first view: a name, a sentence, a picture with its numbers, three controls, three doors; the rest on request."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.network import parse
from pages.path_counts import words
from tests.oracles import count_matrix
from tests.pages.visit import assert_well, insight, net, opened, press

START = "15x15; conv k3 p1"
NAME = "Receptive-field imbalance explorer"


def is_first_view(app: AppTest) -> bool:
    """Whether the app says its name."""
    return [title.value for title in app.title] == [NAME]


def doors(app: AppTest) -> dict[str, str]:
    """The pages that the doors lead to, by what stands on them."""
    return {link.proto.label: link.proto.page for link in app.get("page_link")}


def counted(text: str) -> np.ndarray:
    """The paths from each pixel, by brute force."""
    network = parse(text)
    axes = tuple(range(len(network.size)))  # of the output, which come first
    counts: np.ndarray = count_matrix(network).sum(axis=axes)
    return counts


def head(app: AppTest) -> dict[str, object]:
    """What is sent of the tower beside its rows."""
    sent: dict[str, object] = json.loads(app.get("bidi_component")[0].proto.bytes)["head"]
    return sent


def test_the_first_view_has_a_name_a_definition_three_doors_and_three_controls() -> None:
    app = opened()
    assert_well(app)
    assert is_first_view(app)
    assert "**path** leads from a pixel" in app.markdown[0].value
    assert doors(app) == {"Teach it": "lesson", "Check my network": "check", "Answer the question": "question"}
    depth = [button.label for button in app.button if button.label.endswith("layer")]
    assert depth == ["− layer", "+ layer"]
    assert [button.label for button in app.button] == [*depth, "All controls"]
    assert [text.label for text in app.text_input] == ["Design"]
    assert [choice.label for choice in app.segmented_control] == ["Show"]
    for folded in ("slider", "select_slider", "selectbox", "number_input", "popover"):
        assert len(app.get(folded)) == 0
    assert len(app.sidebar) == 0


def test_the_headline_says_the_numbers_that_the_tower_calls_out() -> None:
    app = opened()
    middle, end = (counted("15; conv k3 p1 x4")[at] for at in (7, 0))
    assert f"**{middle} × {middle} = {middle**2:,}**" in insight(app)
    assert f"{end} × {end} = {end**2:,}" in insight(app)
    assert head(app)["callouts"] == "corner"


@pytest.mark.parametrize(
    ("link", "called"),
    [
        ({"net": "9x9; conv k3"}, "corner"),
        ({"net": "9; conv k3"}, "end"),
        ({"net": "9x12; conv k3"}, "end"),  # the axes are not alike, so that a square would be wrong
        ({"net": "9x9; conv k3x5 p1x2"}, "end"),
        ({"net": "9x9; add(skip | conv k3 p1)"}, "end"),  # its counts are no products
        ({"net": "9x9; conv k3", "unit": "3,3"}, "corner"),
        ({"net": "9x9; conv k3", "unit": "3,4"}, "end"),
    ],
)
def test_products_are_called_out_where_both_axes_are_alike(link: dict[str, str], called: str) -> None:
    assert head(opened(**link))["callouts"] == called


@pytest.mark.parametrize(
    ("net", "told"),
    [("9x12; conv k3 p1 x3", True), ("9; conv k3 p1", False), ("9x9; conv k3 p1; add(skip | conv k3 p1)", False)],
)
def test_a_count_is_told_as_a_product_where_it_is_one(net: str, told: bool) -> None:
    analysis = DesignAnalysis(design_of(net))
    sentence = words.insight(analysis, None, by_axis=True)
    assert (" × " in sentence) is told
    if told:
        (left, _, right, equals, total, *_) = sentence.replace("**", "").split()
        assert equals == "="
        assert int(left) * int(right) == int(total)
        assert int(left) * int(right) == counted(net)[4, 6]


def test_a_count_too_long_to_be_taken_in_is_told_alone() -> None:
    assert " × " not in words.insight(DesignAnalysis(design_of("33x33; conv k3 p1 x20")), None, by_axis=True)


@pytest.mark.parametrize(
    "link", [{"net": "9; conv k3"}, {"view": "map"}, {"cell": "0:3"}, {"v": "2"}, {"net": f"{START} x4"}]
)
def test_a_link_to_a_state_shows_the_whole_page_at_once(link: dict[str, str]) -> None:
    app = opened(**link)
    assert not is_first_view(app)
    assert app.sidebar
    assert "Share" in [menu.proto.popover.label for menu in app.get("popover")]


def test_steps_views_and_picks_leave_the_first_view_in_its_place() -> None:
    app = press(opened(), "+ layer")
    assert is_first_view(app)
    assert net(app) == f"{START} x5"
    assert "Clear" not in [button.label for button in app.button]
    app.session_state["cell"] = "0:3"  # as the tower sets it
    assert "Clear" in [button.label for button in app.run().button]
    assert app.query_params["cell"] == "0:3"
    assert is_first_view(app.segmented_control(key="view").set_value("map").run())


def test_another_network_is_shown_with_all_controls() -> None:
    app = opened()
    assert not is_first_view(app.text_input(key="net").set_value("9x9; conv k3 x2").run())
    assert net(app) == "9x9; conv k3 x2"
    assert app.sidebar


def test_a_network_that_is_none_is_explained_as_everywhere() -> None:
    app = opened().text_input(key="net").set_value("9; conv k99").run()
    assert not app.exception
    assert len(app.error) == 1


def test_all_controls_stay_once_they_were_asked_for() -> None:
    app = press(opened(), "All controls")
    assert not is_first_view(app)
    app.switch_page("pages/field.py").run()
    app.switch_page("pages/paths.py").run()
    assert not is_first_view(app)


def test_who_comes_back_unchanged_finds_the_doors_again() -> None:
    app = opened()
    app.switch_page("pages/check.py").run()
    assert not is_first_view(app)
    assert is_first_view(app.switch_page("pages/paths.py").run())
