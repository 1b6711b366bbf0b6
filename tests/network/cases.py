"""The case table: small networks that show every layer with every border mode, stride, dilation, padding and join."""

from collections.abc import Iterator

from core.network import Network, parse
from core.network.layers import Item, Join
from core.network.window import BORDERS

_WINDOWS = ("conv", "maxpool", "avgpool", "blur")  # the layers that take a border mode

CASES: dict[str, str] = {
    "nothing": "5",
    "nothing in 2-D": "2x3",
    **{f"{op} {border}": f"7; {op} k4 s1 p2:1 {border}" for op in _WINDOWS for border in BORDERS},
    **{f"{op} {border}, dilated": f"9; {op} k3 s1 d2 p3:2 {border}" for op in _WINDOWS for border in BORDERS},
    **{f"{op} {border}, strided": f"8; {op} k3 s2 same {border} x2" for op in _WINDOWS for border in BORDERS},
    **{f"{border} in 2-D": f"5x4; conv k3x2 s2x1 p1x0:1 {border}; conv k2 same {border}" for border in BORDERS},
    "valid": "9; conv k3 x3",
    "full": "4; conv k3 full; conv k2 d2 full",
    "wide reflect": "3; conv k5 p2 reflect",
    "wide symmetric": "3; conv k7 p3 symmetric",
    "wide circular": "3; conv k7 p3 circular",
    "wide replicate": "2; conv k9 p4 replicate",
    "padding only": "4; conv k2 p5",
    "padding only, one axis": "3x3; conv k1 p1x0",
    "gaps": "7; conv k1 s3",
    "left over": "8; maxpool k3",
    "pool, overlapping": "9x7; maxpool k3 s2 p1; avgpool k2 s1",
    **{f"{border} in 3-D": f"3x4x2; conv k2x3x1 s1x2x1 p1x0:1x0 {border}; conv k2 same {border}" for border in BORDERS},
    "nothing in 3-D": "2x1x3",
    "pools in 3-D": "4x5x3; maxpool k2x3x1 s1x2x1; avgpool k2 s1 p1; blur k3x1x2 s1 same",
    "tconv in 3-D": "2x1x2; tconv k2x3x1 s2x1x1 p0x1x0; conv k3 p1 c2 g1",
    "upsampled in 3-D": "2x1x3; upsample s2x3x1; upsample s1x1x2 bilinear; conv k2",
    "a join in 3-D": "3x3x2 c2; add(skip | conv k3 p1); concat(skip | maxpool k3 s1 p1); global",
    "attention in 3-D": "3x2x4; attn w2x1x3 shift1x0x2; attn near2x1x3; random r2 seed5",
    "odd axes": "6x5; conv k1x3 s2x1 d1x2 p0x2:1; avgpool k2x1",
    "square twins": "6x6; conv k3 s2 p1; conv k2",
    "same size, other maps": "6x6; conv k3x5 s2 p1x2; conv k2",
    "blur, strided": "8x8; blur k3 s2 p1; blur k4 s1 same reflect",
    "causal": "8; conv k2 d1 p1:0; conv k2 d2 p2:0",
    "tconv": "3; tconv k3 s2",
    "tconv, cropped unevenly": "4; tconv k4 s2 p1:2",
    "tconv, same and full": "6; tconv k4 same; tconv k2 full",
    "tconv, dilated": "4; tconv k3 s3 d2 p1",
    "tconv, gaps": "4; tconv k1 s3; conv k2",
    "tconv in 2-D": "3x2; tconv k2x3 s2x1 p0x1; conv k3 p1",
    "upsample": "4; upsample s3; conv k3 s2",
    "upsample in 2-D": "2x3; upsample s2x1; conv k2",
    "upsample by one": "4; upsample s1; upsample s1 bilinear",
    "bilinear by two": "4; upsample s2 bilinear; conv k3 p1",
    "bilinear by three": "3x2; upsample s3x2 bilinear",
    "bilinear, branched": "3x2; add(upsample s2 bilinear | upsample s2)",
    "global": "5; conv k3 p1; global; conv k1",
    "global in 2-D": "3x4; conv k2; global",
    "global, spread again": "4x3; concat(skip | global; upsample s4x3)",
    "random": "6; random r3 seed1; conv k3 s2 p1; random r1 seed2",
    "random in 2-D": "3x4; random r2; conv k2",
    "random, none": "4; random r0",
    "random in a branch": "3x3; add(random r2 seed5 | conv k3 p1); maxpool k2 s1",
    "residual": "6; add(conv k3 p1 x2 | skip) x2",
    "residual in 2-D": "4x5; add(skip | conv k3 same reflect); conv k3 s2",
    "shortcut": "6x6; add(conv k3 s2 p1; conv k3 p1 | conv k1 s2)",
    "same map twice": "5; add(skip | skip | skip)",
    "inception": "5x4; concat(conv k1 | conv k3 p1 | avgpool k3 s1 p1; conv k1)",
    "dense": "6; concat(skip | conv k3 p1) x3",
    "nested": "6; add(skip | conv k3 p1; concat(skip | add(conv k5 p2 | conv k3 d2 p2)); conv k1 c1)",
    "misaligned": "7; add(conv k2 | conv k2 p1:0; conv k2)",
    "u-net": "4x6; conv k3 p1; concat(skip | maxpool k2; conv k3 p1; tconv k2 s2); conv k3 p1",
    "different turns": "6; concat(conv k3 s2 p1; upsample s2 | conv k4 s3 p1; upsample s3); conv k3 p1",
    "different strides": "6; concat(conv k1 s2 | conv k4)",
    "attention": "7; attn; conv k3 p1; attn",
    "attention, causal": "7; add(skip | attn causal) x2; conv k2",
    "attention, sliding": "9; attn causal w4 x2; maxpool k2",
    "attention, windows": "9; attn w4; attn w4 shift1; attn w4 shift3",
    "attention, one window": "5; attn w7; attn w7 shift3",
    "attention, neighbourhoods": "9; attn near5; attn near4; attn near3 d2; attn near3 d3",
    "attention in 2-D": "5x6; attn w2x4 shift1x3; add(skip | attn near3x2 d1x3); attn",
    "attention, all of an axis": "4x5; conv k3 s2 p1; concat(attn | attn near2); upsample s2; attn w3",
    # channels: text with widths; spatial counts must not see them
    "channels": "5 c3; conv k3 p1 c4; maxpool k2 s1; conv k2 c2",
    "channels in 2-D": "3x4 c2; conv k2 c3; conv k2 p1 c2",
    "groups": "5 c4; conv k3 g2 c6; conv k2 p1 g3 c3",
    "depthwise": "4x3 c3; conv k3 p1 g3; conv k1 c2",
    "tconv, groups": "3 c4; tconv k3 s2 g2 c2; conv k2",
    "groups over a concat": "5 c2; concat(conv k3 p1 c3 | skip | conv k1 c1); conv k2 g2 c4; conv k2 g4",
    "groups across blocks": "4 c1; concat(skip | conv k3 p1 c2 | conv k1 c3); conv k2 g3 c6; maxpool k2 s1",
    "concat of concats": "4 c2; concat(skip | concat(conv k3 p1 c1 | skip); conv k1 g3 c6 | random r1); conv k2 g2 c2",
    "add over different blocks": "4 c1; add(concat(skip | conv k3 p1 c2) | conv k1 c3 | concat(conv k3 p1 c2 | skip))",
    "attention, channels": "5 c2; attn causal c3; concat(skip | attn w2 c1); conv k2 g2 c4",
    "shortcut with channels": "6x4 c2; add(conv k3 s2 p1 c3; conv k3 p1 c3 | conv k1 s2 c3); conv k2 c1",
}

NETWORKS: dict[str, Network] = {name: parse(text) for name, text in CASES.items()}


def layers(items: tuple[Item, ...]) -> Iterator[Item]:
    """Every layer and join, those inside branches included."""
    for item in items:
        yield item
        if isinstance(item, Join):
            for branch in item.branches:
                yield from layers(branch)
