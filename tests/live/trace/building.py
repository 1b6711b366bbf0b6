"""How the cases are written: small modules from functions, each with the size of its input."""

from torch import nn

MAP = (4, 7, 8)  # channels, height, width of most inputs


class Net(nn.Module):
    """A module from a function of itself and the input, and the parts that the function uses."""

    def __init__(self, function, parts) -> None:
        super().__init__()
        self.function = function
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x):
        return self.function(self, x)


def net(function, **parts) -> nn.Module:
    return Net(function, parts)


def conv(inputs: int = 4, outputs: int = 4, kernel: int = 3, **options) -> nn.Module:
    """Keeps the size unless told otherwise."""
    return nn.Conv2d(inputs, outputs, kernel, **{"padding": kernel // 2, **options})


def after_conv(function, size=MAP, out=4, **parts):
    """A convolution, ``function``, a convolution of what has ``out`` channels."""
    return net(lambda m, x: m.last(function(m, m.first(x))), first=conv(size[0]), last=conv(out), **parts), size


def alone(module, size=MAP):
    return module, size
