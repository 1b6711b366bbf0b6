"""The text of a network, its simple controls and its table are three views of one thing."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.network import PRESETS, Network, parse
from pages.bar import layer_table
from pages.bar.simple import Simple, simple
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
    "_depth": (7, "15x15; conv k3 p1 x7"),
}


def widget(app: AppTest, key: str) -> object:
    """The widget of a key, whatever its kind."""
    for kind in (
        "slider",
        "select_slider",
        "number_input",
        "selectbox",
        "segmented_control",
        "button_group",
        "text_input",
    ):
        for found in app.get(kind):
            if getattr(found, "key", None) == key:
                return found
    raise AssertionError(f"there is no widget {key}")


@pytest.mark.parametrize("key", CHANGES)
def test_a_simple_control_rewrites_the_text(key: str) -> None:
    value, text = CHANGES[key]
    app = opened(v="2")
    widget(app, key).set_value(value).run()  # type: ignore[attr-defined]
    assert_well(app)
    assert parse(net(app)) == parse(text)


@pytest.mark.parametrize("key", CHANGES)
def test_the_text_moves_the_simple_control(key: str) -> None:
    value, text = CHANGES[key]
    app = opened(v="2")
    app.text_input(key="net").set_value(text).run()
    assert_well(app)
    assert widget(app, key).value == value  # type: ignore[attr-defined]


def test_the_controls_go_on_from_the_text() -> None:
    app = opened(v="2")
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
    assert app.select_slider(key="_depth").value == 3
    app.select_slider(key="_depth").set_value(1).run()
    assert "3" in insight(app)
    assert net(app) == "16; conv k3; conv k5; maxpool k2#1"
    app.button(key="_more").click().run()
    assert app.select_slider(key="_depth").value == 2
    assert_well(app)
    app.button(key="_more").click().run()
    assert net(app) == "16; conv k3; conv k5; maxpool k2"


def test_a_model_is_stepped_through_its_stages() -> None:
    app = opened(net="timm:resnet18@64")
    app.button(key="_less").click().run()
    assert net(app) == "timm:resnet18@64#layer4"
    app.button(key="_less").click().run()
    assert net(app) == "timm:resnet18@64#layer3"
    assert_well(app)


def test_depth_keeps_the_remedies() -> None:
    app = opened(net="15; conv k3 x4+border-circular")
    app.select_slider(key="_depth").set_value(2).run()
    assert net(app) == "15; conv k3 x2+border-circular"
    app.slider(key="_kernel").set_value(5).run()
    assert net(app) == "15; conv k5 x2+border-circular"
    assert_well(app)


@pytest.mark.parametrize("text", ["16; conv k3; conv k5", "12x12; add(conv k3 p1 | skip); maxpool k2"])
def test_reset_forgets_everything_and_the_app_goes_on(text: str) -> None:
    app = press(opened(net=text, cell="0:4"), "Reset everything")
    assert net(app) == "15x15; conv k3 p1 x4"
    assert not {"net", "cell"} & set(app.query_params)
    app.text_input(key="net").set_value(text).run()
    assert not app.exception


def test_every_way_to_change_the_design_is_in_its_menu() -> None:
    app = opened_menu()
    app.selectbox(key="_preset").set_value("Pascal's triangle").run()
    assert net(app) == "Pascal's triangle"
    assert_well(app)


def test_a_pasted_network_becomes_the_design() -> None:
    app = opened_menu()
    app.get("button_group")
    widget(app, "_source").set_value("Paste").run()  # type: ignore[attr-defined]
    app.text_area(key="_paste").set_value("nn.Sequential(nn.Conv2d(3, 8, 3),\n nn.ReLU())").run()
    press(app, "Look at it")
    assert net(app) == "nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())@3x64x64"
    assert_well(app)


def test_the_input_the_stage_and_the_remedies_of_a_design_are_changed_in_its_menu() -> None:
    app = opened_menu(net="timm:resnet18@64")
    app.text_input(key="_input").set_value("96").run()
    assert net(app) == "timm:resnet18@96"
    app.selectbox(key="_stage").set_value("layer2").run()
    assert net(app) == "timm:resnet18@96#layer2"
    app.multiselect(key="_applied").set_value(["kernel-padding"]).run()
    assert net(app) == "timm:resnet18@96#layer2+kernel-padding"
    assert_well(app)
    app.text_input(key="_input").set_value("9 by 9").run()
    assert any("is no input size" in box.value for box in app.error)
    assert net(app) == "timm:resnet18@96#layer2+kernel-padding"


def opened_menu(**parameters: str) -> AppTest:
    """The page on paths with the menu of the design bar open."""
    app = opened(v="2", **parameters)
    app.session_state["_change"] = True
    return app.run()


def test_another_network_forgets_what_was_picked_in_the_old_one() -> None:
    app = opened(net="16; conv k3; conv k5", cell="2:5", unit="3")
    press(app, "Start from a simple network")
    assert_well(app)
    assert not {"cell", "unit"} & set(app.query_params)


def test_a_text_of_fewer_units_does_not_keep_a_pick_outside() -> None:
    app = opened(net="16; conv k3 x3", cell="0:15")
    app.select_slider(key="_depth").set_value(2).run()
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
