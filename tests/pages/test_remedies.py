"""The page on remedies: every view, the question, and what a link says about remedies."""

import pytest

from core.comparison import MEASURES
from pages.remedy_ranking import PAGE
from tests.pages.visit import assert_well, boxes, insight, net, opened, press

STRIDED = "32x32; conv k3 s2 p1 x3"
ASKED = "33x33; conv k3 x3"


@pytest.mark.parametrize("view", PAGE.settings["view"].choices)
@pytest.mark.parametrize("network", [STRIDED, "33; conv k3 s2 p1 x2", "12x14; conv k3 p1; add(skip | conv k3 p1)"])
def test_every_view_is_drawn(network: str, view: str) -> None:
    app = opened("remedies", net=network, view=view, remedies="kernel-padding, random-connections")
    assert_well(app, "remedies")


def test_the_field_of_a_model_is_measured_after_each_remedy_anew() -> None:
    model = "nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.Conv2d(2, 2, 3, padding=1))@1x3x3"
    app = opened("remedies", net=model, view="field", remedies="border-reflect", pixel="1,1")
    assert_well(app, "remedies")
    sampled = [caption.value for caption in app.caption if caption.value.startswith("sampled")]
    assert len(set(sampled)) == len(sampled) == 2


@pytest.mark.parametrize("rank", MEASURES)
def test_remedies_are_ranked_by_every_measure(rank: str) -> None:
    app = opened("remedies", net=STRIDED, rank=rank)
    assert_well(app, "remedies")
    assert f"By {MEASURES[rank].title}, " in insight(app)


def test_the_best_is_named_with_its_numbers_and_its_price() -> None:
    app = opened("remedies", net="32x32; conv k3 s2 p1 x3", remedies="kernel-padding, border-circular", rank="parity")
    assert insight(app) == (
        "By parity, **kernel padding** helps most of 2 remedies: 0.04 becomes **1**, at 1.78 times the multiply-adds."
    )


def test_nothing_is_promised_where_nothing_helps() -> None:
    app = opened("remedies", net="32x32; conv k4 s2 p1 circular", remedies="border-reflect", rank="foveation")
    assert "By foveation, **the one remedy does not help**" in insight(app)


def test_one_remedy_that_helps_is_told_in_plain_words() -> None:
    app = opened("remedies", net="9x9; conv k3 p1", remedies="border-circular")
    told = insight(app)
    assert told.startswith("By effective share, **circular padding** helps: 0.")
    assert told.endswith(" becomes **1**, at no more multiply-adds.")


def test_remedies_that_do_not_apply_are_listed_with_the_reason() -> None:
    app = opened("remedies", net="9x9; conv k3 p1", remedies="kernel-padding")
    assert "No remedy that was asked for applies" in insight(app)


def test_several_are_also_taken_together() -> None:
    alone = opened("remedies", net=STRIDED, remedies="kernel-padding, border-circular")
    together = opened("remedies", net=STRIDED, remedies="kernel-padding, border-circular", together="true")
    assert len(together.get("plotly_chart")) == len(alone.get("plotly_chart")) + 1
    assert "kernel-padding + border-circular" in [mark.value.strip("*") for mark in together.markdown]


def test_a_remedy_that_there_is_not_is_told_and_the_others_are_taken() -> None:
    app = opened(
        "remedies", net=STRIDED, remedies="kernel-paddin, even-input+kernel-padding, random-connections r2 seed5"
    )
    (complaint,) = boxes(app)
    assert "did you mean kernel-padding?" in complaint
    assert "of 2 remedies" in insight(app)


def test_what_is_chosen_becomes_text_for_the_link() -> None:
    app = opened("remedies", net=STRIDED)
    app.multiselect(key="_remedies").set_value(["kernel-padding", "even-input"]).run()
    assert app.text_input(key="remedies").value == "kernel-padding, even-input"
    assert "of 2 remedies" in insight(app)


def test_one_pixel_is_seen_in_every_map() -> None:
    app = opened("remedies", net="9x9; conv k3 p1", remedies="border-circular, border-reflect", pixel="0,0")
    captions = [caption.value.partition("; ")[2] for caption in app.caption if "at 0,0" in caption.value]
    of_all = ["4 paths at 0,0, 0.444 times the centre's", "9 paths at 0,0, 1 times the centre's"]
    assert sorted(captions) == sorted([*of_all, "4 paths at 0,0, 0.444 times the centre's"])


def test_the_question_is_answered_for_the_networks_that_it_is_about() -> None:
    assert "in 33x33; conv k3 x3" in insight(opened("remedies", view="question", net=ASKED))


def test_the_question_is_answered_for_the_askers_network_elsewhere() -> None:
    app = opened("remedies", view="question")
    assert "256x256; conv k64 s4" in insight(app)
    press(app, "Take the network of the question")
    assert net(app) == "256x256; conv k64 s4"


def test_a_model_is_compared_with_what_applies_to_it() -> None:
    app = opened("remedies", net="timm:resnet18", rank="parity")
    assert_well(app, "remedies")
    assert "**kernel padding** helps most of 13 remedies, as much as 2 others" in insight(app)


def test_a_field_that_cannot_be_had_says_why() -> None:
    app = opened("remedies", net="9x9; conv k3 p1", view="field", remedies="partial-padding")
    assert any("absent: no live model computes" in caption.value for caption in app.caption)


def test_a_tie_is_told_and_the_cheapest_named() -> None:
    app = opened("remedies", net="15x15; conv k3 p1 x4", remedies="padding-full, border-symmetric, border-circular")
    assert "**symmetric padding** helps most of 3 remedies, as much as 2 others" in insight(app)


def test_rational_weights_are_told_as_such() -> None:
    """By hand: a corner's windows weigh 3/2, 1 along each axis in each of two layers, and so on inwards."""
    app = opened("remedies", net="12x12; conv k3 p1 x3", remedies="partial-padding", pixel="0,0")
    captions = [caption.value for caption in app.caption if "weighted paths at 0,0" in caption.value]
    assert any("446.266 weighted paths at 0,0" in caption for caption in captions)


@pytest.mark.parametrize(("page", "name"), [("training", "steps"), ("training", "contrast"), ("effective", "samples")])
@pytest.mark.parametrize("value", ["inf", "-Infinity", "nan", "1e400"])
def test_numbers_that_are_none_are_rejected_in_words_alone(page: str, name: str, value: str) -> None:
    app = opened(page, **{"width": "2", "samples": "2", name: value})
    assert not app.exception
    assert any(text.startswith(f"{name}={value} was not used") for text in boxes(app))
