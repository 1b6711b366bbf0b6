"""Tiles of live models: the proof, and the code to take away, which runs without this project."""

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from core.design.analysis import DesignAnalysis
from core.design.code import design_code
from core.design.opening import design_of
from core.design.tile_code import tile_code, tiler_settings
from core.design.tile_proof import prove
from core.design.traced import module_design
from core.errors import UserError
from core.exact.tiles import Tiles, least_size, tiles_of

SUPER_RESOLUTION = (
    "nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 4, 3), nn.PixelShuffle(2))@3x9x9"
)


def least(text: str) -> Tiles:
    found = DesignAnalysis(design_of(text)).halo
    return tiles_of(found, least_size(found))


@pytest.mark.parametrize(
    "text",
    [
        "64; conv k3 p1 x4",
        "64; conv k3 s2 p1; conv k3 p1",
        "65x64; conv k3 p1; maxpool k2; conv k3; tconv k2 s2",
        "48x48; conv k3 p1; concat(skip | maxpool k2; conv k3 p1; tconv k2 s2); conv k3 p1",
        "64; conv k2 d4 p4:0 x2",
        "64; tconv k2 s2 p1; conv k3 p1",
        "nn.Sequential(nn.Conv1d(2, 4, 5, stride=2), nn.GELU(), nn.ConvTranspose1d(4, 2, 6, stride=2))@2x64",
        "nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.Upsample(scale_factor=2, mode='bicubic'))@3x16x16",
        SUPER_RESOLUTION,
    ],
)
def test_tiles_give_the_image_and_with_a_pixel_less_they_do_not(text: str) -> None:
    proof = prove(design_of(text), least(text))
    assert proof.difference < 1e-12
    assert proof.difference_one_less is not None
    assert proof.difference_one_less > 1e-6


def test_windows_that_do_not_overlap_need_no_halo() -> None:
    proof = prove(design_of("64; conv k4 s4"), least("64; conv k4 s4"))
    assert proof.difference < 1e-12
    assert proof.difference_one_less is None


def test_statistics_over_positions_show_in_the_proof() -> None:
    text = "nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.InstanceNorm2d(4))@3x16x16"
    tiles = least(text)
    assert tiles.overlap == ((1, 1), (1, 1))
    assert prove(design_of(text), tiles).difference > 0.1


class Unet(nn.Module):
    """Two levels, as people write them."""

    def __init__(self) -> None:
        super().__init__()
        self.top = nn.Conv2d(1, 4, 3, padding=1)
        self.low = nn.Conv2d(4, 8, 3, padding=1)
        self.up = nn.ConvTranspose2d(8, 4, 2, stride=2)
        self.end = nn.Conv2d(8, 2, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        top = self.top(x).relu()
        low = self.low(nn.functional.max_pool2d(top, 2)).relu()
        return self.end(torch.cat([self.up(low), top], dim=1))


def test_a_module_at_hand_is_proved_too() -> None:
    torch.manual_seed(0)
    design = module_design(Unet(), (1, 32, 32))
    found = DesignAnalysis(design).halo
    proof = prove(design, tiles_of(found, (16, 16)))
    assert found.grid == (2, 2)
    assert proof.difference < 1e-12 < 1e-4 < (proof.difference_one_less or 0)


def test_what_cannot_be_proved_says_why() -> None:
    with pytest.raises(UserError, match=r"made of all positions; tiles end with layer 1 \(conv k3 p1\): name it"):
        prove(design_of("64; conv k3 p1; global"), least("64; conv k3 p1; global"))
    with pytest.raises(UserError, match="multiply-adds, more than"):
        prove(design_of("64x64; conv k3 p1 c512 x9"), tiles_of(least("64x64; conv k3 p1 c512 x9").halo, (1024, 1024)))


RUN = """
import torch
for name, channels, size, tile in {cases}:
    network, tiles = __import__(f"network_{{name}}"), __import__(f"tiles_{{name}}")
    calls, model = [], network.model.double().eval()
    image = torch.randn(2, channels, *size, dtype=torch.float64)
    with torch.no_grad():
        whole = model(image)
        parts = tiles.tiled(lambda part: calls.append(part.shape) or model(part), image, tile)
    assert whole.shape == parts.shape
    print(len(calls), float((whole - parts).abs().max()))
"""


def test_the_code_gives_the_image_without_this_project(tmp_path: Path) -> None:
    cases = []
    for name, (text, size) in enumerate(
        [
            ("65x64 c2; conv k3 s2 p1 c3; conv k3 p1", (49, 44)),
            ("64 c2; conv k5; maxpool k2; conv k3 c4", (77,)),
            ("48x48 c2; concat(skip | maxpool k2; conv k3 p1; tconv k2 s2); conv k3 p1", (30, 24)),
            (SUPER_RESOLUTION, (19, 30)),
        ]
    ):
        design = design_of(text)
        halo = DesignAnalysis(design).halo
        tile = tuple(side + 2 * grid for side, grid in zip(least_size(halo), halo.grid, strict=True))
        (tmp_path / f"tiles_{name}.py").write_text(tile_code(DesignAnalysis(design)), encoding="utf-8")
        (tmp_path / f"network_{name}.py").write_text(design_code(design), encoding="utf-8")
        cases.append((name, design.graph.input.channels, size, tile))
    (tmp_path / "run.py").write_text(RUN.format(cases=cases), encoding="utf-8")
    done = subprocess.run([sys.executable, "run.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    for line in done.stdout.splitlines():
        calls, difference = line.split()
        assert int(calls) > 1
        assert float(difference) < 1e-12
    assert len(done.stdout.splitlines()) == len(cases)


def test_the_code_refuses_what_the_network_does_not_take_and_says_what_is_inexact(tmp_path: Path) -> None:
    text = "48x48; concat(skip | maxpool k2; conv k3 p1; tconv k2 s2)"
    (tmp_path / "tiles.py").write_text(tile_code(DesignAnalysis(design_of(text))), encoding="utf-8")
    tiled = runpy.run_path(str(tmp_path / "tiles.py"))["tiled"]
    with pytest.raises(ValueError, match=r"a side of 31 is no multiple of 2 plus one of \[0\]; pad the image"):
        tiled(lambda image: image, torch.zeros(1, 1, 31, 32), (8, 8))
    with pytest.raises(ValueError, match="a tile of 4 gives too few right outputs"):
        tiled(lambda image: image, torch.zeros(1, 1, 32, 32), (4, 4))
    text = "nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.InstanceNorm2d(4))@3x16x16"
    assert "takes statistics over all positions" in tile_code(DesignAnalysis(design_of(text)))


@pytest.mark.parametrize("text", ["U-Net", "ResNet-18", "64x48; conv k3 p1 x5", "64x64; conv k4 s4"])
def test_other_tilers_are_set_so_that_they_move_on_by_the_step(text: str) -> None:
    tiles = least(text)
    monai, sahi = (setting.arguments for setting in tiler_settings(tiles))
    for axis, ratio in enumerate(monai["overlap"]):
        assert int(monai["roi_size"][axis] * (1 - ratio)) == tiles.step[axis]
    overlaps = sahi["overlap_height_ratio"], sahi["overlap_width_ratio"]
    slices = sahi["slice_height"], sahi["slice_width"]
    for side, ratio, step in zip(slices, overlaps, tiles.step, strict=True):
        assert side - int(ratio * side) == step
    assert tiler_settings(tiles)[0].exact == (text == "64x64; conv k4 s4")


def test_what_a_tiler_cannot_express_is_absent_with_its_reason() -> None:
    monai, sahi = tiler_settings(least("64; conv k3 p1"))
    assert monai.arguments == {"roi_size": (3,), "overlap": (0.6,), "mode": "constant"}
    assert "seams remain" in monai.remark
    assert sahi.arguments is None
    assert str(sahi) == "cannot: its slices have a height and a width"
    assert "for images of sides n mod 8 = 0; " in str(tiler_settings(least("U-Net@96"))[1])


def test_channels_laid_between_others_are_one_layer_of_the_table() -> None:
    halo = DesignAnalysis(design_of(SUPER_RESOLUTION)).halo
    assert [halo.graph.nodes[index].text for index in halo.layers] == ["conv k3 p1", "conv k3", "depth to space"]


class Resized(nn.Module):
    """Pads as TensorFlow does, and cuts its end off, both as the input asks for; ``fixed``: to eight positions."""

    def __init__(self, fixed: bool = False) -> None:
        super().__init__()
        self.conv, self.last, self.fixed = nn.Conv1d(1, 2, 3, stride=2), nn.Conv1d(2, 1, 3, padding=1), fixed

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv(nn.functional.pad(x, (0, 1) if x.shape[-1] % 2 == 0 else (1, 1)))
        return self.last(x[..., :8] if self.fixed else x[..., : x.shape[-1] - 1])


def code_of(module: nn.Module, side: int, folder: Path) -> dict[str, Any]:
    (folder / "tiles.py").write_text(tile_code(DesignAnalysis(module_design(module, (1, side)))), encoding="utf-8")
    return runpy.run_path(str(folder / "tiles.py"))


def test_the_code_knows_what_a_model_does_at_sides_of_every_remainder(tmp_path: Path) -> None:
    torch.manual_seed(0)
    module = Resized().eval()
    code = code_of(module, 32, tmp_path)
    assert code["ENDS"] == ({0: (32, 15, 1)},)  # at an odd side a tile begins elsewhere
    image = torch.randn(1, 1, 60, dtype=torch.float64)
    with torch.no_grad():
        torch.testing.assert_close(code["tiled"](module.double(), image, (20,)), module(image), rtol=0, atol=1e-12)
    thinned = nn.Sequential(Every(), nn.Upsample(scale_factor=2.0))
    assert code_of(thinned, 24, tmp_path)["ENDS"] == ({0: (24, 24, 0), 1: (25, 26, 0)},)


class Every(nn.Module):
    """Every other sample, of an odd number one more."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[..., ::2]


def test_what_does_not_grow_with_its_input_has_no_code() -> None:
    with pytest.raises(
        UserError, match="on an input of 34 the design reads otherwise than on 32, so that no code fits"
    ):
        tile_code(DesignAnalysis(module_design(Resized(fixed=True), (1, 32))))
