"""The forward pass in blocks that is taken away: blocks of any length give what one pass gives."""

import runpy
from itertools import pairwise
from pathlib import Path

import pytest
import torch

from core.cli.stream import run
from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.design.stream_code import stream_code
from core.design.tile_proof import live_forward


@pytest.mark.parametrize(
    ("text", "axis", "length"),
    [
        ("64; conv k3 p1 x2; conv k4 s2 p1", 0, 150),
        ("61; conv k4 s2 p1; tconv k4 s2 p1; maxpool k2", 0, 149),
        ("160; conv k10 s5; conv k3 s2 x2", 0, 533),
        ("64 c2; add(conv k5 p4:0 reflect c2 | conv k3 p2:0 reflect c2); conv k4 s2 p2:0 reflect", 0, 120),
        ("64; upsample s3; conv k5 p2; conv k3 s2 p1", 0, 99),
        ("80x6; conv k3 p1; conv k4x3 s2x1 p1", 0, 120),
        ("nn.Sequential(nn.Conv1d(2, 4, 5, padding=4, dilation=2), nn.ReLU(), nn.Conv1d(4, 2, 4, 2, 1))@2x64", 0, 121),
    ],
)
def test_blocks_give_what_one_pass_gives(text: str, axis: int, length: int, tmp_path: Path) -> None:
    design = design_of(text)
    path = tmp_path / "streamed.py"
    path.write_text(stream_code(DesignAnalysis(design), axis))
    forward, channels = live_forward(design, 0)
    other = design.graph.input.size[1:]
    signal = torch.randn(1, channels, length, *other, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    streamed = runpy.run_path(str(path))["Streamed"](forward)
    cuts = [0, 1, 30, 33, 90, length]
    parts = [streamed.push(signal[:, :, first:end]) for first, end in pairwise(cuts)]
    given = [part for part in [*parts, streamed.finish()] if part is not None]
    assert len(given) > 1  # some of it before the end
    assert streamed.held.shape[2] < length  # and no more is kept than is read again
    torch.testing.assert_close(torch.cat(given, dim=2), forward(signal), rtol=0, atol=1e-12)


def test_the_command_writes_it_and_it_says_what_it_is_not(tmp_path: Path) -> None:
    path = tmp_path / "streamed.py"
    run(["nn.Sequential(nn.Conv1d(2, 4, 3, padding=1), nn.GroupNorm(2, 4))@2x64", "--code", str(path)])
    assert "Blocks do not give the same numbers:\nlayer 6 (1: native_group_norm) takes statistics" in path.read_text()
