"""Links recorded from version 1, one or more of every page, open what they opened then."""

import pytest

from core.design.opening import design_of
from pages.frame import settings
from pages.frame.registry import PAGES
from pages.frame.version_1 import translated
from tests.pages.visit import assert_well, insight, net, opened

# The parameters that every link of version 1 carried, with the defaults that they had.
DEFAULTS = {
    "v": "1", "net": "15x15; conv k3 p1 x4", "view": "tower", "scale": "log", "outputs": "all", "pixel": "", "cell": "",
    "axis": "width", "step": "0", "drawing": "layers", "unit": "centre", "weights": "kaiming", "activation": "relu",
    "norm": "False", "width": "8", "reduce": "abs", "target": "centre", "input": "noise", "samples": "64", "seed": "0",
    "redraw": "True", "tolerance": "0", "subject": "network", "finding": "", "object": "0", "source": "zoo",
    "model": "timm:resnet18", "pasted": "nn.Sequential(nn.Conv2d(3, 8, 3))", "made": "", "stage": "", "padded": "False",
    "aspect": "map", "helps": "", "together": "False", "compare": "maps", "rank": "effective_share", "a": "", "b": "",
    "against": "border-circular", "task": "detect", "square": "1", "contrast": "0", "steps": "120", "seeds": "3",
    "trained": "False", "outcome": "maps", "picture": "svg",
}  # fmt: skip

# Address then; what was changed from the defaults; address, design and settings of today.
LINKS = [
    ("", {"net": "9; conv k3 x4", "outputs": "0"}, "paths", "9; conv k3 x4", {"unit": "0"}),
    ("", {"view": "map", "pixel": "3,4", "scale": "linear"}, "paths", "15x15; conv k3 p1 x4",
     {"view": "map", "pixel": "3,4", "scale": "linear"}),
    ("", {"net": "16; conv k3; conv k5; maxpool k2", "step": "2"}, "paths", "16; conv k3; conv k5; maxpool k2#2", {}),
    ("", {"cell": "2:5", "axis": "height"}, "paths", "15x15; conv k3 p1 x4", {"cell": "2:5", "axis": "height"}),
    ("field", {"drawing": "input", "unit": "3,4"}, "field", "15x15; conv k3 p1 x4", {"view": "input", "unit": "3,4"}),
    ("field", {"net": "16; conv k2 x8"}, "field", "16; conv k2 x8", {"unit": "centre"}),
    ("erf", {"target": "all", "weights": "xavier", "samples": "3"}, "effective", "15x15; conv k3 p1 x4",
     {"unit": "all", "weights": "xavier", "samples": "3"}),
    ("design", {"net": "64; conv k3 s2 p1", "finding": "parity", "object": "7"}, "check", "64; conv k3 s2 p1",
     {"finding": "parity", "object": "7"}),
    ("design", {"subject": "model", "made": "3x96x96"}, "check", "timm:resnet18@3x96x96", {}),
    ("model", {"made": "3x96x96", "stage": "layer2", "outputs": "3,3"}, "paths", "timm:resnet18@3x96x96#layer2",
     {"view": "map", "unit": "3,3"}),
    ("model", {"padded": "True", "made": "3x64x64"}, "paths", "timm:resnet18@3x64x64+kernel-padding", {"view": "map"}),
    ("model", {"source": "paste"}, "paths", "nn.Sequential(nn.Conv2d(3, 8, 3))@3x64x64", {"view": "map"}),
    ("model", {"aspect": "fields", "made": "3x96x96"}, "field", "timm:resnet18@3x96x96", {"view": "layers"}),
    ("model", {"aspect": "effective", "made": "3x64x64", "target": "1,1", "samples": "2"}, "effective",
     "timm:resnet18@3x64x64", {"unit": "1,1", "samples": "2"}),
    ("remedies", {"net": "32; conv k3 s2 p1", "helps": "kernel-padding", "rank": "parity", "compare": "differences"},
     "remedies", "32; conv k3 s2 p1", {"remedies": "kernel-padding", "rank": "parity", "view": "differences"}),
    ("remedies", {"compare": "pins", "a": "9x9; conv k3 p1", "b": "9x9; conv k3 p1 circular"}, "compare",
     "9x9; conv k3 p1", {"second": "9x9; conv k3 p1 circular"}),
    ("remedies", {"subject": "model", "made": "3x64x64"}, "remedies", "timm:resnet18@3x64x64", {"view": "maps"}),
    ("training", {"net": "9x9; conv k3 x2", "steps": "8", "seeds": "1", "outcome": "curves"}, "training",
     "9x9; conv k3 x2", {"steps": "8", "seeds": "1", "view": "curves"}),
]  # fmt: skip


@pytest.mark.parametrize(("address", "changed", "page", "design", "values"), LINKS)
def test_a_link_means_what_it_meant(
    address: str, changed: dict[str, str], page: str, design: str, values: dict[str, str]
) -> None:
    today, params = translated(address, {**DEFAULTS, **changed})
    assert (today, params["net"]) == (page, design)
    assert values.items() <= params.items()
    assert all(not settings.table(page)[name].complaint(text) for name, text in params.items() if name in PAGES)
    design_of(params["net"])


@pytest.mark.parametrize(
    ("address", "changed", "page", "words"),
    [
        ("paths", {"net": "11; conv k3 x4"}, "paths", "**51**"),
        ("field", {"net": "256; conv k2 d1 p1:0; conv k2 d2 p2:0"}, "field", "unit 128 is centred"),
        ("model", {"made": "3x96x64", "model": "timm:resnet18"}, "paths", "paths lead"),
        ("model", {"aspect": "fields", "made": "3x96x96"}, "field", "435 × 435"),
        ("erf", {"samples": "2", "width": "2", "target": "2,3"}, "effective", "the theoretical one is 9 × 9"),
    ],
)
def test_an_old_link_opens_its_page_in_the_app(address: str, changed: dict[str, str], page: str, words: str) -> None:
    app = opened(address, **{**DEFAULTS, **changed})
    assert_well(app, page)
    assert words in insight(app)
    assert "v" not in app.query_params
    assert net(app)
