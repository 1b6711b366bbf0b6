"""The page of streams."""

import pytest

from tests.pages.visit import assert_explained, assert_well, figures, insight, net, opened, press


def _facts(app) -> dict[str, str]:
    table = app.table[0].value
    return dict(zip(table.iloc[:, 0], table.iloc[:, 1], strict=True))


def test_an_encoder_is_told_in_samples_and_ms() -> None:
    app = opened("streams", net="wav2vec 2.0 encoder")
    assert_well(app, "streams")
    assert insight(app) == (
        "It looks ahead. An output comes **400 samples** (25 ms) after its own samples begin: "
        "it reads nothing before them and **80 samples** (5 ms) after."
    )
    assert _facts(app)["Block"] == "multiples of 320 samples, 20 ms, 1 frame"
    assert app.table[1].value.iloc[1].tolist() == [
        "Future",
        "80 samples, 5 ms, 0.25 frames",
        "0 samples, 0 ms, 0 frames",
    ]


def test_phases_are_drawn_where_outputs_differ_and_the_state_is_a_table() -> None:
    app = opened("streams", net="64 c2; add(skip | conv k3 p1 c2); conv k4 s2 p1; tconv k4 s2 p1", rate="8000")
    assert_well(app, "streams")
    assert figures(app) == 2
    assert _facts(app)["Delays"] == "2 of these numbers wait in 1 join"
    app.session_state["_state"] = True
    app.run()
    assert app.dataframe[0].value["samples"].tolist() == ["2", "2", "1", "1"]


def test_it_is_proved_on_the_live_model_and_what_takes_long_is_not() -> None:
    app = opened("streams", net="64; conv k3 s2 p1; conv k3 p1")
    app.button(key="_prove").click().run()
    assert not app.exception
    assert "is that of one pass, but for rounding" in app.markdown[1].value
    assert "changes nothing" in app.markdown[2].value
    app = opened("streams", net="HiFi-GAN generator")
    app.button(key="_prove").click().run()
    assert 'python -m core stream "HiFi-GAN generator" --prove' in app.info[0].value


def test_the_causal_network_is_taken_by_a_button() -> None:
    app = press(opened("streams", net="64; conv k3 p1"), "Take the causal network")
    assert net(app) == "64; conv k3 p1+causal"
    assert insight(app).startswith("Causal.")
    app = opened("streams", net="16x64; conv k3 p1", axis="height")
    assert not [button for button in app.button if button.label == "Take the causal network"]


def test_a_published_network_is_taken_at_its_own_rate() -> None:
    app = opened("streams")
    app.selectbox(key="_published").set_value("HiFi-GAN generator").run()
    assert net(app) == "HiFi-GAN generator"
    assert "**14 samples** (162.5 ms)" in insight(app)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"net": "64; conv k3", "rate": "fast"}, "'fast' is no rate"),
        ({"net": "64; global"}, "every output reads nothing of the input, or all of it"),
    ],
)
def test_what_cannot_be_is_explained(parameters: dict[str, str], words: str) -> None:
    assert_explained(opened("streams", **parameters), words)


def test_a_million_samples_are_drawn_at_once() -> None:
    app = opened("streams", net="WaveNet@960000")
    assert_well(app, "streams")
    assert "**3,069 samples** (191.8 ms) before them" in insight(app)


def test_what_reads_after_its_own_samples_is_causal_in_blocks_alone() -> None:
    app = opened("streams", net="64; conv k3 s2 p1; tconv k4 s2 p1+causal")
    assert insight(app).startswith("Causal in blocks of 2 samples.")
    assert "**1 sample** (0.0625 ms) after" in insight(app)
