"""The page that trains: lessons, a run, its stop, its outcome, its refusals."""

import io
import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.exact import path_counts
from core.network import graph_of, parse
from core.training import TASKS, Experiment, TrainRecipe, answers_at, experiment
from pages.training_run import PAGE, request
from pages.training_run.lessons import LESSONS
from pages.work import jobs
from tests.pages.visit import assert_explained, assert_well, boxes, insight, net, opened, press

SHORT = {"net": "9x9; conv k3 x2", "steps": "8", "seeds": "2", "width": "4"}
TRAINED = {**SHORT, "trained": "true"}
QUICK = {"net": "9x9; conv k3", "width": "2"}  # of few channels: what is drawn is the same


def test_the_page_asks_before_it_trains() -> None:
    app = opened("training", net="9x9; conv k3 x2")
    assert_well(app, "training")
    assert "A corner has **0.012** of the centre's paths" in insight(app)
    assert len(app.get("plotly_chart")) == 10  # four maps of both networks, sample images, the scale


def test_one_click_trains_and_one_goes_back() -> None:
    app = press(opened("training", **SHORT), "Train")
    assert_well(app, "training")
    assert "of the answers are right, where most" in insight(app)
    assert app.query_params["trained"] == "true"
    press(app, "Back to the untrained")
    assert "trained" not in app.query_params
    assert "Will training make up for it?" in insight(app)
    assert "Will training make up for it?" in insight(opened("training", **SHORT))  # another visitor


@pytest.mark.parametrize("view", PAGE.settings["view"].choices)
@pytest.mark.parametrize("network", ["9x9; conv k3 x2", "17; conv k3 s2 p1"])
def test_a_link_opens_a_finished_training_in_every_view(network: str, view: str) -> None:
    assert_well(opened("training", **{**TRAINED, "net": network}, view=view), "training")


def test_what_a_unit_looks_at_is_drawn_before_and_after_a_finished_training() -> None:
    app = opened("training", **TRAINED, view="field").run()
    assert_well(app, "training")
    headings = [mark.value.strip("*") for mark in app.markdown]
    assert (headings.count("untrained"), headings.count("trained")) == (4, 4)  # two networks, sampled and expected


@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_trained(task: str) -> None:
    app = opened("training", **{**TRAINED, "net": "11x11; conv k3 x2"}, task=task, square="2")
    assert_well(app, "training")


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_is_one_choice_away_and_can_be_trained(name: str) -> None:
    app = opened("training", **QUICK).selectbox(key="_lesson").set_value(name).run()
    assert_well(app, "training")
    assert insight(app) == LESSONS[name].asks
    assert net(app) == LESSONS[name].settings["net"]
    assert app.selectbox(key="_lesson").value == name


def test_what_lessons_say_of_paths_is_counted() -> None:
    border, unread, grid, side, depth, _ = (
        path_counts(graph_of(parse(str(each.settings["net"])))) for each in LESSONS.values()
    )
    assert (border.at((0, 0)), border.at((8, 8))) == (1, 6400)
    assert unread.multiplicities()[0] == 16 * 16 * 3 // 4
    assert {grid.at((7, 7)), grid.at((7, 8)), grid.at((8, 8))} == {4, 2, 1}
    assert side.factors[0].tolist() != side.factors[0][::-1].tolist()
    assert (depth.at((0, 0)), depth.at((8, 8))) == (1, 1225449)


def test_the_numbers_are_those_of_the_library() -> None:
    app = opened("training", **TRAINED)
    networks = [parse(SHORT["net"]), parse("9x9; conv k3 p1 circular x2")]
    *_, last = experiment(networks, TrainRecipe(steps=8, width=4), 2)
    link = last.experiment.correlation(0, trained=True)
    assert f"**{link.mean:.2f} ({link.low:.2f} to {link.high:.2f})**" in str([caption.value for caption in app.caption])


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"against": "border-circula"}, ("did you mean border-circular?",)),
        ({"against": "kernel-padding"}, ("kernel-padding: ", "nothing to change")),
        ({"against": "12; conv k3"}, ("axes",)),
        ({"net": "8x8; conv k3", "task": "shapes"}, ("9x9 does not fit", "8x8")),
        ({"net": "224x224; conv k7 p3 x9", "width": "32"}, ("operations", "fewer steps")),
    ],
)
def test_what_cannot_be_trained_is_explained_with_ways_out(parameters: dict[str, str], words: tuple[str, ...]) -> None:
    app = opened("training", **{"width": "2", **parameters})
    assert_explained(app, *words)
    press(app, "Take the lesson")
    assert_well(app, "training")


def test_a_stopped_training_shows_how_far_it_came() -> None:
    made = request.TrainingRequest((parse(SHORT["net"]), parse("9x9; conv k3 p1 circular x2")), "border-circular",
                          TrainRecipe(steps=9, width=4), 2)  # fmt: skip
    for step in experiment(made.networks, made.recipe, made.seeds):
        if step.experiment.runs[0][0].losses:
            break
    app = opened("training", **{**SHORT, "steps": "9"})
    jobs.results().keep(f"{made.key}|so far|{app.session_state['_token']}", step.experiment)
    assert not boxes(app.run())
    assert any("Stopped in seed 1 of 2" in caption.value for caption in app.caption)
    assert any(button.label == "Train from the start" for button in app.button)
    assert "Stopped" not in str([caption.value for caption in opened("training", **{**SHORT, "steps": "9"}).caption])


def test_where_the_usual_remedy_does_not_apply_another_is_trained_and_told() -> None:
    app = opened("training", net="9x9; conv k3 p1 circular")
    assert_well(app, "training")
    assert "padding-valid is trained beside it" in app.info[0].value


def finished() -> Experiment:
    *_, last = experiment([parse("9x9; conv k3 x2"), parse("11x11; conv k3")], TrainRecipe(steps=3, width=2), 1)
    return last.experiment


def test_what_a_training_leaves_can_be_taken_away() -> None:
    files = {file.name: file.content() for file in request.files(finished())}
    assert set(files) == {
        "losses.csv", "maps.npz", "as_it_is.safetensors", "repeat_as_it_is.py", "beside_it.safetensors",
        "repeat_beside_it.py",
    }  # fmt: skip
    assert len(str(files["losses.csv"]).splitlines()) == 4
    with np.load(io.BytesIO(files["maps.npz"]), allow_pickle=False) as held:
        assert held["paths_network0"].shape == (9, 9)


def test_an_unfinished_training_leaves_no_weights() -> None:
    whole = finished()
    assert request.files(Experiment(whole.networks, whole.recipe, 2, whole.runs)) == []


def test_the_arrays_of_a_file_have_one_shape() -> None:
    shapes = {array.shape for array in request.arrays(finished()).values()}
    assert shapes == {(9, 9)}


def spec(app: AppTest, key: str) -> dict[str, Any]:
    """A figure of the page, by its key."""
    (found,) = [chart.proto.spec for chart in app.get("plotly_chart") if chart.proto.id.endswith(f"-{key}")]
    figure: dict[str, Any] = json.loads(found)
    return figure


def words_of(app: AppTest) -> str:
    return " ".join(mark.value for mark in app.markdown)


def test_the_task_is_shown_by_images_of_every_class() -> None:
    app = opened("training", **SHORT)
    assert "A bright square on half of the noise images" in words_of(app)
    notes = spec(app, "samples")["layout"]["annotations"]
    assert [note["text"] for note in notes] == ["no square", "no square", "a square", "a square"]
    assert len(spec(app, "samples")["layout"]["shapes"]) == 2


def test_a_picked_place_shows_what_is_missed_there_by_both_networks() -> None:
    app = opened("training", **TRAINED, pixel="0,0")
    assert_well(app, "training")
    networks = [parse(SHORT["net"]), parse("9x9; conv k3 p1 circular x2")]
    *_, last = experiment(networks, TrainRecipe(steps=8, width=4), 2)
    found = answers_at(last.experiment.runs[0], (0, 0))
    assert found is not None
    assert f"missed at 0,0 in **{len(found.missed)} of 16** images" in words_of(app)
    for index in (0, 1):
        notes = [note["text"] for note in spec(app, f"answers_{index}")["layout"]["annotations"]]
        wrong = [text.startswith("a square<br>✗") for text in notes]
        assert wrong == sorted(wrong, reverse=True)  # what is missed comes first


def test_before_training_a_picked_place_waits_for_it() -> None:
    app = opened("training", **SHORT, pixel="0,0")
    assert_well(app, "training")
    assert "missed at" not in words_of(app)


def test_maps_keep_their_places_before_and_after_training() -> None:
    for parameters in (SHORT, TRAINED):
        app = opened("training", **parameters)
        names = [spec(app, f"panel_{number}")["layout"]["annotations"][0]["text"] for number in range(8)]
        assert names == ["paths", "change, untrained", "right answers", "change, trained"] * 2
