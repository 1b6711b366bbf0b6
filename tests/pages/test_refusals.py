"""What cannot be is said in words, with a way out, and never by an exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.network.limits import MAX_TEXT
from pages.frame.page import Setting
from pages.frame.registry import PAGES as DECLARED
from pages.frame.settings import START, table
from tests.pages.visit import PAGES, QUICK, assert_explained, assert_well, boxes, figures, net, opened, press, repairs

SETTINGS = {name: setting for page in DECLARED for name, setting in table(page).items()}

IMPOSSIBLE = {
    "9; conv k3 x3; conv k7": ("layer 4 (conv k7)", "spanning 7", "3 samples"),
    "9x9; conv k3; maxpool k9": ("layer 2 (maxpool k9)", "spanning 9", "7 samples"),
    "8x8; add(conv k3 | skip)": ("layer", "add"),
    "8x8; conv k3 p9 reflect": ("layer 1", "reflect"),
    "9; cnov k3": ("character 4", "cnov", "conv"),
    "9; conv": ("conv", "kernel"),
    "9; conv k3 k5": ("kernel", "twice"),
    "9; conv k3 x9999": ("9999",),
    "99999x99999; conv k3": ("99999",),
    "512x512; random r256 seed1; random r256 seed1": ("layer",),
}


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_an_impossible_network_is_explained_and_repaired_by_one_click(text: str) -> None:
    app = opened(net=text)
    assert_explained(app, *IMPOSSIBLE[text])
    press(app, repairs(app)[0])
    assert_well(app)
    assert net(app) != text


@pytest.mark.parametrize("page", PAGES)
def test_a_page_explains_and_goes_on_by_the_same_path(page: str) -> None:
    app = opened(page, net="9; conv k3 x3; conv k7", **QUICK)
    assert_explained(app, "layer 4 (conv k7)")
    assert_well(press(app, repairs(app)[0]), page)


def test_every_offered_repair_works() -> None:
    text = "9; conv k3 x3; conv k7"
    for offer in repairs(opened(net=text)):
        assert_well(press(opened(net=text), offer))


def test_a_text_beyond_the_limit_is_explained_and_neither_read_nor_kept() -> None:
    endless = "9;" + " conv k3;" * MAX_TEXT
    app = opened(net="9x9; conv k3 p1")
    app.text_input(key="net").set_value(endless).run()
    assert_explained(app, "characters, more than 20000", "this one stays")
    assert net(app) == "9x9; conv k3 p1"
    assert app.query_params["net"] == "9x9; conv k3 p1"
    app = opened(net=endless)
    assert_explained(app, "characters, more than 20000")
    assert net(app) == START


@pytest.mark.parametrize(
    ("text", "words", "way_out"),
    [
        ("timm:resnt18", ("no model 'timm:resnt18'", "timm:resnet18"), "Take timm:resnet18"),
        ("timm:resnet18@4x64x64", ("does not run on an input of 4x64x64",), "Take its own input"),
        ("ResNet-18 kernel-padding", ("begins with its input size",), "Put kernel-padding to it"),
        ("timm:resnet18@x", ("'x' is no input size",), "Take its own input"),
        ("timm:volo_d1_224", ("depends on", "im2col"), "Look at patch_embed"),
        ("timm:resnet18@64#layer9", ("has no stage 'layer9'", "layer4"), "Look at the output"),
        ("timm:convnext_atto@64+kernel-padding", ("kernel", "stride"), "Leave the remedies out"),
        ("nn.Sequential(print(1))@3x9x9", ("print is not allowed",), "Reset everything"),
        ("nn.Sequential(nn.Conv2d(5, 3, 3))@3x9x9", ("does not run",), "Reset everything"),
        ("nn.Sequential(nn.Conv2d(3, 3, 3))", ("does not tell its input",), "Take an input of 3x64x64"),
        ("nn.Sequential(nn.Conv2d(3, 3, 3), nn.ReLU(@3x9x9", ("bracket", "not closed"), "Reset everything"),
        ("my.py:build@3x64x64", ("own code", 'core check "my.py:build@3x64x64"'), "Reset everything"),
    ],
)
def test_what_is_no_model_is_explained_with_a_way_out(text: str, words: tuple[str, ...], way_out: str) -> None:
    app = opened(net=text)
    assert_explained(app, *words)
    assert_well(press(app, way_out))


def test_a_word_that_no_remedy_is_meant_by_is_not_put_to_the_design() -> None:
    app = opened("streams", net="100; conv k3 causal; conv k3 d2 causal")
    assert_explained(app, "takes no causal")
    assert not [button.label for button in app.button if button.label.startswith("Put")]


def test_a_page_of_typed_networks_says_so_and_offers_one() -> None:
    app = opened("training", net="timm:resnet18@64", width="2")
    assert not app.exception
    assert any("takes typed networks" in box.value for box in app.info)
    press(app, "Take the simple network")
    assert net(app) == "15x15; conv k3 p1 x4"
    assert app.header


def test_what_is_far_from_any_network_can_at_least_be_reset() -> None:
    app = opened(net="rubbish")
    assert_explained(app, "begins with its input size")
    assert_well(press(app, "Reset everything"))


def test_an_impossible_network_forgets_its_error_once_it_is_possible() -> None:
    app = opened(net="9; conv k11")
    app.text_input(key="net").set_value("19; conv k11").run()
    assert_well(app)


@pytest.mark.parametrize(
    ("page", "parameters", "words"),
    [
        ("paths", {"unit": "15,0"}, ("output unit '15,0'", "0,0 to 14,14")),
        ("paths", {"unit": "x"}, ("output unit 'x'",)),
        ("paths", {"cell": "9:9"}, ("9:9",)),
        ("paths", {"cell": "5"}, ("'5'", "row:position")),
        ("paths", {"view": "map", "pixel": "-1,0"}, ("pixel '-1,0'", "0,0 to 14,14")),
        ("field", {"unit": "3"}, ("output unit '3'", "row,column")),
        ("effective", {"unit": "99,99", **QUICK}, ("output unit '99,99'",)),
        ("effective", {"net": "2048; conv k3 c65536 x2", **QUICK}, ("live model", "fewer channels")),
        ("effective", {"net": "64x64; conv k3 p1 c20000 x2", **QUICK}, ("live model", "use fewer channels")),
    ],
)
def test_what_is_not_there_is_refused_in_words(page: str, parameters: dict[str, str], words: tuple[str, ...]) -> None:
    assert_explained(opened(page, **parameters), *words)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("view", "nonsense", "one of tower, map, profile"),
        ("scale", "LOG", "one of log, linear"),
        ("samples", "abc", "whole number from 1 to 1024"),
        ("samples", "0", "whole number"),
        ("samples", "1e3", "whole number"),
        ("seed", "-1", "whole number"),
        ("redraw", "maybe", "true or false"),
        ("pixel", "1" * 37, "more than 36"),
        ("foo", "1", "no such setting"),
        ("v", "999", "another version"),
    ],
)
def test_a_rejected_parameter_is_reported_in_words(name: str, value: str, reason: str) -> None:
    complaints = [text for text in boxes(opened(**{name: value})) if text.startswith(f"{name}=")]
    assert len(complaints) == 1
    assert reason in complaints[0]


def test_rejected_parameters_are_reported_together_and_the_page_is_alive() -> None:
    app = opened(view="nonsense", samples="abc", foo="1")
    assert len(boxes(app)) == 3
    assert figures(app)


@pytest.mark.parametrize("page", PAGES)
def test_empty_parameters_leave_a_page_alive(page: str) -> None:
    app = opened(page, **{**QUICK, **{name: "" for name in SETTINGS if name != "net"}})
    assert not app.exception
    assert figures(app)


LEGAL = {name: setting for name, setting in SETTINGS.items() if name != "net"}


@pytest.mark.parametrize("page", DECLARED)
def test_every_default_is_legal(page: str) -> None:
    assert not any(setting.complaint(str(setting.default)) for setting in table(page).values())


def value(setting: Setting) -> st.SearchStrategy[str]:
    """Values near what is legal, and anything."""
    near = [str(setting.default), "", "0", "-1", "1e9", "99999", "None", "true", "٣", "<b>", "\x00", "0,0", "0:0", ","]
    if setting.legal is not None:
        near += [str(choice) for choice in list(setting.legal)[:8]]
    return st.sampled_from(near) | st.text(max_size=20)


NETS = [
    "15x15; conv k3 p1 x4",
    "9; conv k2 x3",
    "8x8; add(conv k3 p1 | skip)",
    "4; conv k9",
    ";;",
    "9x9",
    "x3; conv",
    "9; conv k3#1",
    "VGG-16@64#2+border-circular",
    "9@8+padding-same",
]
PARAMETERS = st.fixed_dictionaries(
    {}, optional={"net": st.sampled_from(NETS), **{name: value(setting) for name, setting in LEGAL.items()}}
)


@pytest.mark.parametrize("page", ["paths", "field"])
def test_no_link_raises_an_exception(page: str) -> None:
    @settings(max_examples=30)  # each sets about half of all parameters
    @given(PARAMETERS)
    def try_out(parameters: dict[str, str]) -> None:
        assert not opened(page, **parameters).exception

    try_out()


@settings(max_examples=25)
@given(PARAMETERS)
def test_no_link_to_the_live_page_raises_an_exception(parameters: dict[str, str]) -> None:
    assert not opened("effective", **{**parameters, "width": "2", "samples": "2"}).exception
