"""Python that makes a design without this project: a typed network written out, or how a model is had and changed."""

from ..errors import UserError
from ..network.pytorch_code import pytorch_code
from ..program import loaded
from .design import Design
from .partial import PartialDesign
from .text import DesignText

_LIBRARIES = {
    "timm": ("import timm", "timm.create_model({!r})"),
    "torchvision": ("import torchvision", "torchvision.models.get_model({!r})"),
}


def design_code(design: Design) -> str:
    """A script that defines ``model``, with the changes of the design's remedies in it.

    Raises :class:`~.errors.UserError` for a module that was given as an object: no text makes it again.

    >>> print(design_code(design_of("9; conv k3 x4")).split("model = ")[1].split("if __name__")[0].strip())
    nn.Sequential(
        *(nn.Conv1d(1, 1, 3, bias=False) for _ in range(4)),
    )
    """
    plain = design.base if isinstance(design, PartialDesign) else design
    if plain.network is not None:
        return pytorch_code(plain.network, partial_padding=plain is not design)
    imports, model = _made(design.text)
    changes: str = loaded(".traced", __package__).changes_code(plain)
    lines = [*([changes] if changes else []), imports, "", f"model = {f'patch({model})' if changes else model}"]
    if design.text.stage:
        lines += ["", f"stage = model.get_submodule({design.text.stage!r})  # its result is the map that was looked at"]
    size = ", ".join(map(str, (design.graph.input.channels, *design.graph.input.size)))
    return "\n".join([*lines, "", f"size = ({size})  # channels, then the axes", ""])


def _made(text: DesignText) -> tuple[str, str]:
    """The imports and the expression that make the model, before any change."""
    where, _, name = text.base.rpartition(":")
    if text.kind == "pasted":
        return "import torch\nfrom torch import nn", text.base
    if text.kind == "zoo":
        imports, call = _LIBRARIES[where]
        return imports, call.format(name)
    if text.kind == "onnx":
        raise UserError(
            f"{text.base} is an ONNX file, of which no script makes a PyTorch model; change what exported it"
        )
    if not where:
        raise UserError(
            f"{text.base} was given as a module, which no script makes again; name its code, as in my.py:build"
        )
    module = where.removesuffix(".py").replace("\\", "/").rpartition("/")[2]
    return f"import torch\nfrom {module} import {name}", f"{name} if isinstance({name}, torch.nn.Module) else {name}()"
