"""An ONNX file given to the page becomes its design, on every page; one that cannot be read is told."""

from typing import Any

import pytest
from onnx import helper
from streamlit.testing.v1 import AppTest

from pages.work import uploads
from tests.live.onnx.files import file_of, two_scales
from tests.pages.visit import PAGES, QUICK, assert_explained, assert_well, insight, opened, press

FIXED = file_of(
    [helper.make_node("MaxPool", ["x"], ["y"], name="pool", kernel_shape=[3, 3], strides=[2, 2])], (1, 1, 15, 15)
)


def zone(app: AppTest) -> Any:
    """Where a file is dropped."""
    return next(each for each in app.file_uploader if each.label.startswith("Drop an ONNX file"))


def test_a_file_that_is_dropped_is_the_design() -> None:
    app = opened("paths", net="9; conv k3")
    zone(app).set_value([("my pool.onnx", FIXED, "application/octet-stream")]).run()
    assert_well(app, "paths")
    assert app.text_input(key="net").value.startswith("my_pool-")
    assert "49" in insight(app) or "4 " in insight(app)
    assert zone(app).value is None  # it lets go of the bytes


def test_open_sides_are_asked_for_with_a_way_on() -> None:
    app = opened("check", net="9; conv k3")
    zone(app).set_value([("unet.onnx", two_scales(), "")]).run()
    assert_explained(app, "the file leaves height and width open")
    assert_well(press(app, "Take an input of 3x224x224"), "check")
    assert app.text_input(key="net").value.endswith(".onnx@3x224x224")


@pytest.mark.parametrize("page", PAGES)
def test_a_file_goes_through_every_page(page: str) -> None:
    base = uploads.taken("unet.onnx", two_scales())
    app = opened(page, net=f"{base}@3x32x32", **QUICK)
    assert not app.exception


def test_a_file_that_cannot_be_read_is_told_and_the_design_stays() -> None:
    app = opened("paths", net="9; conv k3")
    zone(app).set_value([("broken.onnx", FIXED[:40], "")]).run()
    assert_explained(app, "broken.onnx: the file is no ONNX file, or was cut short")
    assert app.text_input(key="net").value == "9; conv k3"


def test_a_file_of_the_server_is_not_opened(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.onnx").write_bytes(FIXED)
    monkeypatch.chdir(tmp_path)
    assert_explained(opened(net="secret.onnx"), "secret.onnx is not here; give the file again, which no link carries")


def test_a_gap_in_a_file_offers_the_stage_before_it() -> None:
    nodes = [
        helper.make_node("MaxPool", ["x"], ["a"], name="/pool/MaxPool", kernel_shape=[2, 2]),
        helper.make_node("NonMaxSuppression", ["a", "a"], ["y"], name="/boxes/nms"),
    ]
    app = opened("check", net="9; conv k3")
    zone(app).set_value([("detector.onnx", file_of(nodes, (1, 1, 16, 16)), "")]).run()
    assert_explained(app, "NonMaxSuppression in boxes: no rule covers it")
    assert_well(press(app, "Look at pool, the last stage before it"), "check")


def test_what_is_kept_of_a_file_has_no_weights() -> None:
    file = uploads.FILES[uploads.taken("unet.onnx", two_scales())]
    assert all(not one.tensor.raw_data for one in file.numbers.values())  # type: ignore[attr-defined]


def test_files_that_were_given_long_ago_are_let_go() -> None:
    first = uploads.taken("first.onnx", FIXED)
    for number in range(70):
        uploads.taken(f"{number}.onnx", FIXED)
    assert first not in uploads.FILES
    assert len(uploads.FILES) <= 64
