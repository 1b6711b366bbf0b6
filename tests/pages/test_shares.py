"""Paths read as shares: every unit the mean of what it reads."""

from streamlit.testing.v1 import AppTest

from tests.pages.visit import assert_well, figures, insight, opened

CAUSAL = "32; attn causal x2"


def _said(app: AppTest) -> str:
    return "\n".join(box.value for box in (*app.header, *app.markdown, *app.caption))


def test_shares_of_a_unit_are_drawn_and_said_and_what_they_are_not() -> None:
    app = opened(net=CAUSAL, reading="shares", unit="31", pixel="0;31")
    assert_well(app)
    assert "**13 %** of output unit 31 comes from pixel 0, 0.098 % from pixel 31: **130 times less**." in _said(app)
    assert "pixel 31: **0.098 %**" in _said(app)
    assert "what is trained, chooses" in _said(app)
    assert "The tower draws paths." in _said(app)
    assert figures(app) == 1


def test_shares_of_a_map_are_on_average_over_all_outputs() -> None:
    app = opened(net="4x4; conv k2 s2", reading="shares", view="map")
    assert_well(app)
    assert "**Every pixel makes the same share** of an output, on average: 1/16." in _said(app)


def test_the_switch_stands_below_the_figure_and_counts_unless_it_is_turned() -> None:
    app = opened(net=CAUSAL)
    assert_well(app)
    assert "paths lead from the first pixel" in _said(app)
    (switch,) = [control for control in app.get("button_group") if control.key == "reading"]
    assert switch.value == "paths"


def test_where_one_end_has_the_most_paths_both_ends_are_told() -> None:
    app = opened(net="9; attn causal")
    assert insight(app).startswith("**9** paths lead from the first pixel to the outputs, only 1 from the last")
    app = opened(net="9; conv k3 p1 reflect")  # both ends alike, and more than the middle's: no end is the weaker
    assert "the first pixel" not in insight(app)
