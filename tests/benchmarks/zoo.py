"""What a model of the zoo costs: from its name to its exact map, against recording it with ``torch.export``."""

from collections.abc import Iterator

import torch

from core.design.traced import TracedDesign
from core.exact import path_counts
from core.live.sources.zoo import zoo_model
from tests.benchmarks.row import Row, digits, fastest_ms


def rows() -> Iterator[Row]:
    """The two promises, at the sizes the models are made for."""
    yield named("timm:resnet50", 100, turns=5)
    yield named("timm:resnet152", 600, turns=3)


def named(name: str, target: float, turns: int) -> Row:
    """A model made without numbers, traced and counted; the zoo itself is loaded already."""

    def exported() -> object:
        with torch.device("meta"):
            module = zoo_model(name).module()
            return torch.export.export(module, (torch.empty(1, *zoo_model(name).size),))

    def mapped() -> object:
        return path_counts(TracedDesign(zoo_model(name)).graph)

    mapped()
    taken, compared = fastest_ms([mapped, exported], turns)
    return Row(
        f"from the name {name} to its exact map",
        f"making it and torch.export alone, {digits(compared)} ms",
        f"{digits(compared / taken)} times faster, {digits(taken)} ms",
        f"≤ {target:g} ms",
        taken <= target,
    )
