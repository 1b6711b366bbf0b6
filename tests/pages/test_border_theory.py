"""Padding, path lengths and strides below the counts."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visit import assert_well, figures, opened

RESIDUAL = "17x17; add(skip | conv k3 p1) x2; conv k3 s2 p1"


def _said(app: AppTest) -> str:
    return "\n".join(box.value for box in (*app.markdown, *app.caption, *app.info))


def test_nothing_of_it_is_shown_unless_asked_for() -> None:
    app = opened(net=RESIDUAL)
    assert_well(app)
    assert "padding" not in _said(app)
    assert figures(app) == 1


def test_padding_is_told_and_drawn() -> None:
    app = opened(net="9; conv k3 p1 x2", theory="padding")
    assert_well(app)
    assert "**12 %** of all paths pass through padding, **44 %** of those to the unit at an end." in _said(app)
    assert "it reaches 2 before and 2 after" in _said(app)
    assert figures(app) == 2
    assert "**No path passes through padding.**" in _said(opened(net="9; conv k3 x2", theory="padding"))


def test_lengths_are_drawn_with_the_map_weighed_by_alpha() -> None:
    app = opened(net=RESIDUAL, theory="lengths", alpha="50")
    assert_well(app)
    assert "Paths to the outputs have **1 to 3 windows** on them" in _said(app)
    assert figures(app) == 3
    chain = opened(net="9; conv k3 x2", theory="lengths", unit="centre")
    assert "All **9** paths to the unit have **2 windows** on them." in _said(chain)
    assert not [button for button in chain.button if button.key == "_theory_alpha"]


def test_a_live_model_is_measured_when_the_button_is_pressed() -> None:
    app = opened(net=RESIDUAL, theory="lengths")
    assert "correlation" not in _said(app)
    app = next(button for button in app.button if button.key == "_theory_alpha").click().run()
    assert_well(app)
    assert "fits best, and" in _said(app)
    assert "The model that seed 0 draws." in _said(app)


def test_strides_are_listed_with_what_they_fold() -> None:
    app = opened(net=f"{RESIDUAL}; maxpool k2", theory="strides")
    assert_well(app)
    (table,) = [table.value for table in app.table if "Aliased, weights of one" in table.value.columns]
    assert table["Aliased, weights of one"].tolist() == ["14.5 %", "not linear"]
    app = next(button for button in app.button if button.key == "_theory_strides").click().run()
    assert "A shift by 1 changes the mean output by" in _said(app)
    assert "**No window of this design strides**" in _said(opened(net="9; conv k3", theory="strides"))


@pytest.mark.parametrize("theory", ["padding", "lengths"])
def test_a_design_that_takes_long_says_where_the_answer_is(theory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.path_counts.border_theory.takes_long", lambda graph: True)
    assert "`python -m core paths` tells of padding" in _said(opened(net=RESIDUAL, theory=theory))
