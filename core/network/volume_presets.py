"""Networks for volumes and video in the text form, by name, with the source of each geometry.

Axes are depth, height, width, as PyTorch orders them; of a video the depth is time. Feature maps before the classifier.
"""


def _valid_unet(size: str, *widths: int) -> str:
    """The U-Net for volumes: a level's second convolution doubles the channels, an upsampling keeps them.

    Without padding; each level crops its own map before it joins the one from below, which a transposed convolution of
    one tap and one channel a group does by its padding.
    """
    inner, crop = f"conv k3 c{widths[-1]}; conv k3 c{2 * widths[-1]}", 4  # lost below a level, in its own positions
    for width in reversed(widths[:-1]):
        inner = (
            f"conv k3 c{width}; conv k3 c{2 * width}; concat(tconv k1 p{crop} g{2 * width} | maxpool k2; {inner}; "
            f"tconv k2 s2 c{4 * width}); conv k3 c{2 * width} x2"
        )
        crop = 2 * crop + 8
    return f"{size} c3; {inner}"


def _unet() -> str:
    """As published, on the smallest cube that fits: 92 voxels a side give 4, of three classes.

    Çiçek et al., "3D U-Net", MICCAI 2016, arXiv 1606.06650, section 2 and figure 2. The paper's own tile, 132 x 132 x
    116 voxels (x, y, z) that give 44 x 44 x 28, is ``@116x132x132``.
    """
    return f"{_valid_unet('92x92x92', 32, 64, 128, 256)}; conv k1 c3"


def _basic(channels: int, stride: int = 2) -> str:
    """A stage of two basic blocks, which strides along all three axes."""
    pair = f"conv k3 p1 c{channels}; conv k3 p1 c{channels}"
    if stride == 1:
        return f"add({pair} | skip) x2"
    return f"add(conv k3 s2 p1 c{channels}; conv k3 p1 c{channels} | conv k1 s2 c{channels}); add({pair} | skip)"


def _r3d() -> str:
    """ResNet-18 with kernels of 3 x 3 x 3, 16 frames.

    Tran et al., "A Closer Look at Spatiotemporal Convolutions for Action Recognition", CVPR 2018, arXiv 1711.11248,
    table 1; projections in shortcuts as in torchvision's ``r3d_18``, which has the same counts.
    """
    stages = "; ".join([_basic(64, 1), _basic(128), _basic(256), _basic(512)])
    return f"16x112x112 c3; conv k3x7x7 s1x2x2 p1x3x3 c64; {stages}"


def _i3d() -> str:
    """The layers of I3D before its first inception module, padded as TensorFlow's SAME does.

    32 frames, half of those that it was trained on: 64 have more positions than a map may.

    Carreira and Zisserman, "Quo Vadis, Action Recognition?", CVPR 2017, arXiv 1705.07750, figure 3, which states the
    fields 7, 11, 11 after the first pool and 11, 27, 27 after the second.
    """
    pool = "maxpool k1x3x3 s1x2x2 p0x0:1x0:1"
    return f"32x224x224 c3; conv k7 s2 p2:3 c64; {pool}; conv k1 c64; conv k3 p1 c192; {pool}"


VOLUME_TEXTS = {"3D U-Net": _unet(), "R3D-18": _r3d(), "I3D stem": _i3d()}
