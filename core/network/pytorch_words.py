"""What the PyTorch text of layers is put together from: numbers, options and padding modules."""

from .layers import Layer

_PADS = {"zeros": "Zero", "reflect": "Reflection", "replicate": "Replication", "circular": "Circular"}


def number(values: tuple[int, ...]) -> str:
    """One number for all axes where they agree, else a tuple.

    >>> number((3, 3)), number((3, 1))
    ('3', '(3, 1)')
    """
    return str(values[0]) if len(set(values)) == 1 else str(values)


def setting(name: str, values: tuple[int, ...], default: int) -> str:
    """A further argument, left out where it is the default.

    >>> setting("stride", (2, 2), 1), setting("stride", (1, 1), 1)
    (', stride=2', '')
    """
    return "" if set(values) == {default} else f", {name}={number(values)}"


def is_padded(layer: Layer) -> bool:
    return any(side for sides in layer.pads() for side in sides)


def own_padding(layer: Layer) -> str:
    """The padding as an argument of PyTorch's layer; nothing where there is none, or its sides differ."""
    pads = layer.pads()
    if not is_padded(layer) or any(before != after for before, after in pads):
        return ""
    return f", padding={number(tuple(before for before, _ in pads))}"


def padding_first(layer: Layer, own: str, *modules: str, fill: str = "") -> list[str]:
    """``modules`` after the layer's padding, where they do not do it themselves by their ``own`` argument.

    ``fill``: what zero padding holds instead of zeros.
    """
    return [*modules] if own or not is_padded(layer) else [_padding(layer, fill), *modules]


def _padding(layer: Layer, fill: str) -> str:
    """A padding module; PyTorch lists the sides of the last axis first."""
    pads, axes = layer.pads(), len(layer.kernel)
    if layer.border == "symmetric":
        return f"SymmetricPad({', '.join(map(str, pads))})"
    sides = tuple(side for before_after in reversed(pads) for side in before_after)
    if fill and layer.border == "zeros":
        return f"nn.ConstantPad{axes}d({sides}, {fill})"
    return f"nn.{_PADS[layer.border]}Pad{axes}d({sides})"
