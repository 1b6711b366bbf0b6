"""What a model of the zoo costs: from its name to its exact map, against recording it with ``torch.export``.

And what the ONNX file of one costs, from its bytes to its exact map.
"""

from collections.abc import Iterator

import torch

from core.design.opening import design_of
from core.design.traced import TracedDesign
from core.exact import path_counts
from core.live.onnx.model import named_file
from core.live.sources.zoo import zoo_model
from tests.benchmarks.row import Row, digits, fastest_ms
from tests.live.onnx.files import exported as file_of_module


def rows() -> Iterator[Row]:
    """The two promises, at the sizes the models are made for."""
    yield named("timm:resnet50", 100, turns=5)
    yield named("timm:resnet152", 600, turns=3)
    yield exported("torchvision:resnet18", turns=5)


def named(name: str, target: float, turns: int) -> Row:
    """A model made without numbers, traced and counted; the zoo itself is loaded already."""

    def recorded() -> object:
        with torch.device("meta"):
            module = zoo_model(name).module()
            return torch.export.export(module, (torch.empty(1, *zoo_model(name).size),))

    def mapped() -> object:
        return path_counts(TracedDesign(zoo_model(name)).graph)

    mapped()
    taken, compared = fastest_ms([mapped, recorded], turns)
    return Row(
        f"from the name {name} to its exact map",
        f"making it and torch.export alone, {digits(compared)} ms",
        f"{digits(compared / taken)} times faster, {digits(taken)} ms",
        f"≤ {target:g} ms",
        taken <= target,
    )


def exported(name: str, turns: int) -> Row:
    """The file that PyTorch's older exporter makes of a model, read, traced and counted."""
    model = zoo_model(name)
    data = file_of_module(model.real(), model.size)

    def mapped() -> object:
        return path_counts(design_of("model.onnx", files={"model.onnx": named_file("model.onnx", data)}).graph)

    mapped()
    (taken,) = fastest_ms([mapped], turns)
    return Row(
        f"from an ONNX file of {name.partition(':')[2]}, {len(data) / 1e6:.0f} MB, to its exact map",
        "the clock",
        f"{digits(taken)} ms",
        "≤ 2,000 ms",
        taken <= 2000,
    )
