"""The page of tiles."""

import pytest

from tests.pages.visit import assert_explained, assert_well, insight, opened


def _facts(app) -> dict[str, str]:
    (table,) = (table.value for table in app.table)
    return dict(zip(table.iloc[:, 0], table.iloc[:, 1], strict=True))


def test_a_u_net_tiles_on_its_grid_and_less_overlap_loses_paths() -> None:
    app = opened("tiles", net="U-Net", tile="256", overlap="20")
    assert_well(app, "tiles")
    assert insight(app) == (
        "A tile gives what the whole image gives, but for **46** pixels at each edge. "
        "Tiles begin at multiples of **8**."
    )
    facts = _facts(app)
    assert facts["This tile"] == "256×256 pixels; 216×216 of its 256×256 outputs are kept"
    assert facts["Lost"].startswith("19,760 of the outputs kept are not the image's, and lose up to 13 %")
    assert "64 equal objects apart" in app.markdown[0].value
    app.text_input(key="overlap").set_value("").run()
    assert _facts(app)["Lost"] == "nothing"


def test_it_is_proved_on_the_live_model() -> None:
    app = opened("tiles", net="64; conv k3 s2 p1; conv k3 p1")
    assert "**3** pixels at its start and **2** at its end" in insight(app)
    app.button(key="_prove").click().run()
    assert not app.exception
    assert "is the image's, but for rounding" in app.markdown[0].value
    app = opened("tiles", net="VGG-16")
    app.button(key="_prove").click().run()
    assert 'python -m core tile "VGG-16" --prove' in app.info[0].value


@pytest.mark.parametrize(
    ("net", "said", "layer"),
    [
        ("64x64; conv k3 p1; conv k3 p1 circular", "At the image's border none does.", "layer 2 (conv k3 p1 circular)"),
        ("64; add(conv k3 p1 | global; upsample s64)", "No overlap makes tiles give", "layer 2 (global)"),
    ],
)
def test_what_stands_in_the_way_is_named(net: str, said: str, layer: str) -> None:
    app = opened("tiles", net=net)
    assert_well(app, "tiles")
    assert said in insight(app)
    assert layer in app.markdown[0].value


def test_what_cannot_be_is_explained() -> None:
    assert_explained(opened("tiles", net="U-Net", tile="250"), "248 or 256")
    assert_explained(opened("tiles", net="U-Net", overlap="few"), "'few' is no overlap")
    assert_explained(opened("tiles", net="60; concat(conv k3 s2 p1 | conv k31)"), "branches of several strides meet")
