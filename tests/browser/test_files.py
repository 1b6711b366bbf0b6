"""A file that is dragged onto the page is taken wherever it is dropped, and what is wrong with it is told."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.tab import Tab
from tests.live.onnx.files import two_scales

Visit = Callable[..., Tab]

# A file of bytes that is dragged over the headline, and dropped on what covers the page there.
_DROPPED = """async ([name, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], name));
    const tell = (element, kind) =>
        element.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
    const {x, y} = document.querySelector("h1").getBoundingClientRect();
    for (const kind of ["dragover", "dragenter", "dragover", "drop"]) {
        tell(document.elementFromPoint(x + 9, y + 9), kind);
        await new Promise((done) => setTimeout(done, 50));
    }
}"""


def test_a_file_that_is_dropped_on_the_page_is_looked_at(visit: Visit) -> None:
    tab = visit("check?net=9; conv k3")
    cover = tab.page.locator(".st-key-onnx_drop")
    expect(cover).to_be_hidden()
    tab.page.evaluate(_DROPPED, ["unet.onnx", list(two_scales())])
    expect(cover).to_be_hidden()
    tab.click("button", "Take an input of 3x224x224")
    expect(tab.page.get_by_text("The corner has 44 % and the middle of an edge 67 %").first).to_be_visible()
    tab.page.wait_for_url(lambda url: ".onnx%403x224x224" in url or ".onnx@3x224x224" in url)
