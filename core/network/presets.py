"""Well-known networks in the text form, by name; channels as published, feature maps before the classifier."""

from .attention_presets import ATTENTION_TEXTS
from .audio_presets import AUDIO_TEXTS
from .network import Network
from .text import parse
from .volume_presets import VOLUME_TEXTS


def _basic(channels: int, blocks: int, stride: int = 2) -> str:
    """A ResNet stage of basic blocks; torchvision's convention strides the first 3x3 convolution."""
    first = f"add(conv k3 s2 p1 c{channels}; conv k3 p1 c{channels} | conv k1 s2 c{channels}); " if stride == 2 else ""
    rest = blocks - (stride == 2)
    return f"{first}add(conv k3 p1 c{channels} x2 | skip) x{rest}"


def _bottleneck(channels: int, blocks: int, stride: int = 2) -> str:
    """A ResNet stage of bottlenecks; torchvision's convention strides the 3x3 convolution."""
    s = " s2" if stride == 2 else ""
    wide = 4 * channels
    inner = f"conv k1 c{channels}; conv k3{s} p1 c{channels}; conv k1 c{wide}"
    return (
        f"add({inner} | conv k1{s} c{wide}); "
        f"add(conv k1 c{channels}; conv k3 p1 c{channels}; conv k1 c{wide} | skip) x{blocks - 1}"
    )


def _vgg(*stages: tuple[int, int]) -> str:
    return "; ".join(f"conv k3 p1 c{channels} x{count}; maxpool k2" for channels, count in stages)


def _unet(side: int, *channels: int) -> str:
    """A U-Net with padded convolutions: each level halves, goes deeper, doubles and is joined to its own map."""
    inner = f"conv k3 p1 c{channels[-1]} x2"
    for width in reversed(channels[:-1]):
        inner = (
            f"conv k3 p1 c{width} x2; concat(skip | maxpool k2; {inner}; tconv k2 s2 c{width}); conv k3 p1 c{width} x2"
        )
    return f"{side}x{side}; {inner}"


def _valid_unet(side: int, *channels: int) -> str:
    """The U-Net as published, without padding: each level crops its own map before it joins the one from below.

    A transposed convolution of one tap and one channel a group is a crop by its padding.
    """
    inner, crop = f"conv k3 c{channels[-1]} x2", 4  # what the convolutions below cost a level, in its own positions
    for width in reversed(channels[:-1]):
        inner = (
            f"conv k3 c{width} x2; concat(tconv k1 p{crop} g{width} | maxpool k2; {inner}; tconv k2 s2 c{width}); "
            f"conv k3 c{width} x2"
        )
        crop = 2 * crop + 8
    return f"{side}x{side}; {inner}"


def _patchgan(strided: int) -> str:
    """The discriminator of pix2pix: windows of 4, of which ``strided`` move by 2, then two that move by 1."""
    channels = [min(64 * 2**level, 512) for level in range(strided + 1)]
    halving = "; ".join(f"conv k4 s2 p1 c{width}" for width in channels[:-1])
    return f"256x256 c6; {halving}; conv k4 p1 c{channels[-1]}; conv k4 p1 c1"


_RESNET_STEM = "224x224 c3; conv k7 s2 p3 c64; maxpool k3 s2 p1"

_TEXTS = {
    "Four 3-wide convolutions": "15x15; conv k3 p1 x4",
    "Pascal's triangle": "9; conv k2 x8",
    "Goodfellow's figure 9.13": "16; conv k6 x3",
    "Stack Exchange: 64-wide windows moved by 4": "256x256; conv k64 s4",
    "VGG-16": "224x224 c3; " + _vgg((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)),
    "AlexNet": (
        "224x224 c3; conv k11 s4 p2 c64; maxpool k3 s2; conv k5 p2 c192; maxpool k3 s2; "
        "conv k3 p1 c384; conv k3 p1 c256 x2; maxpool k3 s2"
    ),
    "ResNet-18": f"{_RESNET_STEM}; " + "; ".join(
        [_basic(64, 2, stride=1), _basic(128, 2), _basic(256, 2), _basic(512, 2)]
    ),
    "ResNet-50": f"{_RESNET_STEM}; " + "; ".join(
        [_bottleneck(64, 3, stride=1), _bottleneck(128, 4), _bottleneck(256, 6), _bottleneck(512, 3)]
    ),
    "U-Net": _unet(96, 16, 32, 64, 128),
    "U-Net 572": _valid_unet(572, 64, 128, 256, 512, 1024),
    "PatchGAN 16": _patchgan(1),
    "PatchGAN 70": _patchgan(3),
    "PatchGAN 286": _patchgan(5),
    "Dilated stack": "65x65; conv k3 p1; conv k3 d2 p2; conv k3 d4 p4; conv k3 d8 p8",
    "WaveNet-like causal stack": "256; " + "; ".join(f"conv k2 d{2**i} p{2**i}:0" for i in range(7)),
    **AUDIO_TEXTS,
    **ATTENTION_TEXTS,
    **VOLUME_TEXTS,
}  # fmt: skip

PRESETS: dict[str, Network] = {name: parse(text) for name, text in _TEXTS.items()}
