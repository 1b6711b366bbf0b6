"""One network per layer, border mode and join, in 1-D and 2-D: what every model of a network must get right."""

from core.network.window import BORDERS

BORDER_CASES = tuple(
    f"{size}; {layer} {border}"
    for border in BORDERS
    for size, layer in (
        ("9", "conv k5 p2"),
        ("8", "conv k4 p1:2"),
        ("7x8", "conv k3x5 s2x1 p1x2"),
        ("7x8", "conv k2x3 d2x1 p0:1x2:1"),
        ("9x7", "maxpool k3 s2 p2:1"),
        ("9x7", "avgpool k3x2 s2 p1"),
        ("8x9", "blur k3x4 s2 same"),
    )
)

LAYER_CASES = (
    "6",
    "5x6 c3",
    "9; conv k3 x4",
    "16; conv k6 x3",
    "12x9; conv k3 s2 p1 x2",
    "9x9 c4; conv k3 full c6 g2; conv k1 c4 g2",
    "9x9; conv k3 d2 same; conv k2 same",
    "12; maxpool k2; maxpool k3 s1 d2 p1",
    "11x8; maxpool k3x2 s1 p2x1 d2x1",
    "10x10; avgpool k2; avgpool k3 s1 d2 p2",
    "11; avgpool k4 s1 p3:0",
    "9x10; blur k4 s2 p1:2; blur k1x3",
    "20; blur k11",
    "5; tconv k3 s2",
    "5; tconv k4 s3 d2 p1",
    "4x5 c2; tconv k3x4 s2 p1x1:0 c4 g2; conv k3",
    "4x5; tconv k3 s2 p0:1; tconv k2 p2:0",
    "4x5; tconv k4x3 s2 p1:2x0:1",
    "6; tconv k2 s3 p1:2",
    "4x3; upsample s3x2; conv k3 p1",
    "2; upsample s41",
    "4x3; upsample s2x3 bilinear; conv k2",
    "5; upsample s4 bilinear; maxpool k2",
    "1x2; upsample s2 bilinear",
    "6x5 c2; conv k3 p1; global; conv k1 c3",
    "7; random r3 seed5; conv k3 p1 x2",
    "5x4; conv k3 p1; random r2 seed1; random r0 seed0",
    "9 c2; conv k3 p1; attn causal; attn causal w3 c3; attn near3 d2",
    "7x5; add(skip | attn w3 shift1); conv k3 p1; attn; attn near3x2",
    "8x8; conv k3 p1; add(skip | conv k3 p1 x2) x2",
    "8 c3; add(conv k3 p1 | conv k1 | skip); add(skip | skip)",
    "8x6 c2; concat(skip | conv k3 p1 c5 | maxpool k3 s1 p1; conv k1 c1); conv k3 c4 g4; concat(skip | skip)",
    "8x8; conv k3 p1 c2; concat(skip | maxpool k2; conv k3 p1 c4; tconv k2 s2 c2); conv k3 p1 c2",
    "9 c1; add(concat(conv k3 p1 c1 | skip) | conv k1 c2 g1); conv k1 c6 g2",
)
CASES = LAYER_CASES + BORDER_CASES
