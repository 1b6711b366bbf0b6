"""The text of a network, its simple controls and its table are three views of one thing."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.network import PRESETS, Network, parse
from pages.shared import layer_table
from pages.shared.simple import Simple, simple
from tests.network.cases import NETWORKS
from tests.pages.visit import assert_well, insight, net, opened, press

EVERY = {**{f"preset: {name}": preset for name, preset in PRESETS.items()}, **NETWORKS}
CHANGES = {
    "_axes": (1, "15; conv k3 p1 x4"),
    "_side": (21, "21x21; conv k3 p1 x4"),
    "_kernel": (5, "15x15; conv k5 p1 x4"),
    "_stride": (2, "15x15; conv k3 s2 p1 x4"),
    "_padding": ("same", "15x15; conv k3 same x4"),
    "_border": ("circular", "15x15; conv k3 p1 circular x4"),
    "_dilation": (2, "15x15; conv k3 d2 p1 x4"),
    "_steps": (7, "15x15; conv k3 p1 x7"),
}


def widget(app: AppTest, key: str) -> object:
    """The widget of a key, whatever its kind."""
    for kind in ("slider", "number_input", "selectbox", "segmented_control", "button_group", "text_input"):
        for found in app.get(kind):
            if getattr(found, "key", None) == key:
                return found
    raise AssertionError(f"there is no widget {key}")


@pytest.mark.parametrize("key", CHANGES)
def test_a_simple_control_rewrites_the_text(key: str) -> None:
    value, text = CHANGES[key]
    app = opened()
    widget(app, key).set_value(value).run()  # type: ignore[attr-defined]
    assert_well(app)
    assert parse(net(app)) == parse(text)


@pytest.mark.parametrize("key", CHANGES)
def test_the_text_moves_the_simple_control(key: str) -> None:
    value, text = CHANGES[key]
    app = opened()
    app.text_input(key="net").set_value(text).run()
    assert_well(app)
    assert widget(app, key).value == value  # type: ignore[attr-defined]


def test_the_controls_go_on_from_the_text() -> None:
    app = opened()
    app.text_input(key="net").set_value("21; conv k5 p2 x3").run()
    app.slider(key="_kernel").set_value(7).run()
    assert net(app) == "21; conv k7 p2 x3"
    app.button(key="_more").click().run()
    assert net(app) == "21; conv k7 p2 x4"
    app.button(key="_less").click().run().button(key="_less").click().run()
    assert net(app) == "21; conv k7 p2 x2"
    assert_well(app)


def test_a_control_that_makes_the_network_impossible_offers_repairs() -> None:
    app = opened(net="9; conv k3 x4")
    app.slider(key="_kernel").set_value(11).run()
    assert not app.exception
    assert "spanning 11" in app.error[0].value
    assert_well(press(app, "Enlarge"))


def test_a_network_of_unlike_layers_has_steps_instead_of_simple_controls() -> None:
    app = opened(net="16; conv k3; conv k5; maxpool k2")
    assert app.slider(key="step").value == 3
    app.slider(key="step").set_value(1).run()
    assert "3" in insight(app)
    app.button(key="_more").click().run()
    assert app.slider(key="step").value == 2
    assert_well(app)
    assert net(app) == "16; conv k3; conv k5; maxpool k2"


def test_a_shorter_network_forgets_the_step_of_a_longer_one() -> None:
    app = opened(net="16; conv k3; conv k5; maxpool k2", step="3")
    app.text_input(key="net").set_value("16; conv k3; conv k5").run()
    assert app.slider(key="step").value == 2
    assert_well(app)


@pytest.mark.parametrize("text", ["16; conv k3; conv k5", "12x12; add(conv k3 p1 | skip); maxpool k2"])
def test_reset_forgets_everything_and_the_app_goes_on(text: str) -> None:
    app = press(opened(net=text, cell="0:4"), "Reset everything")
    assert net(app) == "15x15; conv k3 p1 x4"
    assert not {"net", "cell"} & set(app.query_params)
    app.text_input(key="net").set_value(text).run()
    assert not app.exception


def test_another_network_forgets_what_was_picked_in_the_old_one() -> None:
    app = opened(net="16; conv k3; conv k5", cell="2:5", outputs="3")
    app.selectbox(key="_preset").set_value("Pascal's triangle").run()
    assert_well(app)
    assert not {"cell", "outputs"} & set(app.query_params)


def test_a_text_of_fewer_units_does_not_keep_a_pick_outside() -> None:
    app = opened(net="16; conv k3 x3", cell="0:15")
    app.slider(key="_steps").set_value(2).run()
    assert_well(app)


@pytest.mark.parametrize("name", EVERY)
def test_the_rows_of_a_table_are_the_network(name: str) -> None:
    network = EVERY[name]
    assert parse(layer_table.text(str(network).split(";")[0], layer_table.rows(network))) == network


def test_equal_layers_are_one_row() -> None:
    (row,) = layer_table.rows(parse("9x9; conv k3 p1 x4"))
    assert (row["layer"], row["times"], row["kernel"], row["padding"]) == ("conv", 4, "3", "1")


@pytest.mark.parametrize("name", EVERY)
def test_the_simple_form_of_a_network_is_that_network(name: str) -> None:
    network: Network = EVERY[name]
    form = simple(network)
    assert form is None or parse(form.text()) == network


@pytest.mark.parametrize("form", [Simple(), Simple(axes=1, padding="full"), Simple(kernel=4, padding="same", stride=3)])
def test_a_simple_network_is_recognised(form: Simple) -> None:
    assert simple(parse(form.text())) == form


def test_the_deepest_is_the_last_that_fits() -> None:
    form = Simple(axes=1, side=9, depth=1, padding="valid")
    assert form.deepest() == 4
    assert replace(form, depth=4).deepest() == 4
