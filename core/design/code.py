"""Python that makes a design without this project: a typed network written out, or how a model is had and changed."""

from importlib import import_module

from ..network.pytorch_code import pytorch_code
from .design import Design
from .text import DesignText

_IMPORTS = {"timm": "import timm", "torchvision": "import torchvision"}


def design_code(design: Design) -> str:
    """A script that defines ``model``.

    Raises :class:`~.errors.UserError` for a design that no such script makes.

    >>> from core.design.opening import design_of
    >>> print(design_code(design_of("9; conv k3 x4")).split("model = ")[1].split("if __name__")[0].strip())
    nn.Sequential(
        *(nn.Conv1d(1, 1, 3, bias=False) for _ in range(4)),
    )
    """
    if design.network is not None:
        return pytorch_code(design.network)
    lines = [*_made(design.text), *import_module(".traced", __package__).changes_code(design)]
    if design.text.stage:
        lines += ["", f"stage = model.get_submodule({design.text.stage!r})  # its result is the map that was looked at"]
    size = ", ".join(map(str, (design.graph.input.channels, *design.graph.input.size)))
    return "\n".join([*lines, "", f"size = ({size})  # channels, then height and width", ""])


def _made(text: DesignText) -> list[str]:
    """How the model is had, before any change."""
    library, _, name = text.base.partition(":")
    if text.kind == "pasted":
        return ["from torch import nn", "", f"model = {text.base}"]
    if library == "timm":
        return [_IMPORTS[library], "", f"model = timm.create_model({name!r})"]
    if library == "torchvision":
        return [_IMPORTS[library], "", f"model = torchvision.models.get_model({name!r})"]
    module = library.removesuffix(".py").rpartition("/")[2]
    return [f"from {module} import {name}", "", f"model = {name}()"]
