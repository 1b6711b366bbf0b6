"""ResNets as published, written out in both stride conventions: texts for the tables of the tests."""

from core.network import Network, parse

DEPTHS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
STEM = "conv k7 s2 p3; maxpool k3 s2 p1"


def torchvision(depth: int, side: int = 224) -> Network:
    """The first unit of the later stages has the stride, in its first 3x3 window; its shortcut is a strided 1x1."""
    unit = _basic if depth < 50 else _bottleneck
    units = [unit(stride=1 if not stage or at else 2) for stage, n in enumerate(DEPTHS[depth]) for at in range(n)]
    return parse("; ".join([f"{side}x{side}", STEM, *units]))


def slim(depth: int, side: int = 224) -> Network:
    """TF-Slim: the last unit of the first three stages has the stride; its shortcut skips every second position."""
    units = [
        _bottleneck(stride=2 if stage < 3 and at == n - 1 else 1)
        for stage, n in enumerate(DEPTHS[depth])
        for at in range(n)
    ]
    return parse("; ".join([f"{side}x{side}", STEM, *units]))


def padded(network: Network) -> Network:
    """Kim et al., "Dead Pixel Test" (2021): kernels of every stride-2 layer one wider, the padding unchanged."""
    text = str(network).replace("k7 s2", "k8 s2").replace("k3 s2", "k4 s2").replace("k1 s2", "k2 s2")
    return parse(text)


def _basic(stride: int) -> str:
    return f"add(conv k3 s{stride} p1; conv k3 p1 | {'skip' if stride == 1 else 'conv k1 s2'})"


def _bottleneck(stride: int) -> str:
    return f"add(conv k1; conv k3 s{stride} p1; conv k1 | {'skip' if stride == 1 else 'conv k1 s2'})"
