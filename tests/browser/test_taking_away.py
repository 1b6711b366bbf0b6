"""What is taken away works elsewhere: the link, the data, the code, the page, the picture."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from core.exact import path_counts
from core.network import graph_of, parse
from tests.browser.tab import FIGURE, Tab

Visit = Callable[..., Tab]
NET = "9x8; conv k3 p1 x3"


def test_the_copied_link_restores_the_state_elsewhere(visit: Visit) -> None:
    tab = visit(f"?net={NET}&view=map&pixel=2,3&scale=linear")
    menu(tab)
    link = tab.page.locator(".rf-copy code").first.inner_text()
    other = visit(link.removeprefix(tab.home).lstrip("/"))
    other.figure()
    other.comes_to(NET)
    assert {name: other.setting(name) for name in ("view", "pixel", "scale")} == {
        "view": "map",
        "pixel": "2,3",
        "scale": "linear",
    }
    assert other.insight() == tab.insight()
    assert other.page.get_by_test_id("stAlert").count() == 0


def test_the_link_and_the_html_are_copied_by_buttons_also_where_browsers_forbid_it(visit: Visit) -> None:
    tab = visit(f"?net={NET}", viewport={"width": 390, "height": 844}, has_touch=True)
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    menu(tab)
    for name, begins in (("Copy the link", tab.home), ("Copy the HTML", "<iframe")):
        tab.page.get_by_role("button", name=name).tap()
        expect(tab.page.get_by_text("Copied").first).to_be_visible()
        copied = tab.page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(begins)
        assert "9x8" in copied
        tab.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")  # as unencrypted
    assert tab.page.get_by_role("button", name="Copy the link").bounding_box()["height"] >= 40  # type: ignore[index]


def test_data_files_hold_the_exact_counts(visit: Visit, tmp_path: Path) -> None:
    tab = visit(f"?net={NET}")
    menu(tab)
    counts = path_counts(graph_of(parse(NET)))
    with saved(tab, "Data, CSV", tmp_path).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["counts"]) for row in rows] == counts.array().ravel().tolist()
    with np.load(saved(tab, "Data, NPZ", tmp_path), allow_pickle=False) as held:
        assert held["counts"].astype(np.int64).tolist() == counts.array().tolist()


def test_the_code_of_the_network_is_python(visit: Visit, tmp_path: Path) -> None:
    tab = visit(f"?net={NET}")
    menu(tab)
    code = saved(tab, "Network, PyTorch", tmp_path).read_text()
    compile(code, "network.py", "exec")
    assert "torch" in code


@pytest.mark.parametrize("path", ["?net=9x8; conv k3 p1 x3", "field?net=9x8; conv k3 p1 x3"])
def test_the_page_to_hand_out_draws_without_any_network(visit: Visit, tmp_path: Path, path: str) -> None:
    tab = visit(path)
    menu(tab)
    file = saved(tab, "Figure, HTML", tmp_path)
    context = tab.page.context.browser.new_context(offline=True)  # type: ignore[union-attr]
    asked: list[str] = []
    alone = context.new_page()
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(file.as_uri())
    alone.locator(FIGURE).first.wait_for(state="visible")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    context.close()


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_the_camera_saves_the_picture(visit: Visit, tmp_path: Path, kind: str, begins: bytes) -> None:
    tab = visit(f"?net={NET}&view=map&picture={kind}")
    tab.figure().hover()
    with tab.page.expect_download() as download:
        tab.page.locator(".modebar-btn").first.click()
    assert download.value.suggested_filename.endswith(f".{kind}")
    target = tmp_path / "picture"
    download.value.save_as(target)
    assert target.read_bytes().startswith(begins)


def menu(tab: Tab) -> None:
    """Opens the menu of what can be taken away."""
    tab.figure()
    tab.click("button", "Share")
    tab.page.get_by_role("button", name="Data, CSV").wait_for(state="visible")


def saved(tab: Tab, name: str, folder: Path) -> Path:
    """A file of the menu."""
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name=name).click()
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target
