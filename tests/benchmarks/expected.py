"""The expected effective field against sampling it, and against RepLKNet's recipe, on one model in one run."""

from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np
import torch
from torch import nn

from core.live.erf.agreement import agreement
from core.live.expected import expected_field
from core.live.sources.libraries import timm
from tests.benchmarks.row import Row, digits, fastest_ms

BATCH = 8  # samples at once: quicker for each than one by one
UNIT = (3, 3)  # of 7x7


def rows() -> Iterator[Row]:
    """The promise, at the size it was made for. The weights are random, no residual branch starts at zero."""
    torch.manual_seed(0)
    model = timm().create_model("resnet50", zero_init_last=False)
    yield from compared("ResNet-50 at 224x224", model, model.forward_features, 224, reference=512, most=128)


def compared(
    name: str, module: nn.Module, forward: Callable, side: int, reference: int, most: int, unit: tuple[int, int] = UNIT
) -> Iterator[Row]:
    """Correlations with the mean |gradient| of ``reference`` samples; other samples, up to ``most``, compete."""
    module = module.eval().requires_grad_(False)
    generator = torch.Generator().manual_seed(1)

    def sample(batch: int = BATCH) -> np.ndarray:
        return _absolute(forward, side, unit, batch, generator)

    def expected() -> np.ndarray:
        return expected_field(module, (3, side, side), unit, forward=forward).root

    closed, one, batch = fastest_ms([expected, lambda: sample(1), sample], turns=5)
    each = min(one, batch / BATCH)
    truth = sum(sample().sum(0) for _ in range(reference // BATCH)) / reference
    found = _correlation(expected(), truth)
    needed, reached = samples_needed(sample, truth, found, most)
    ratio = needed * each / closed
    beyond = "" if reached >= found else "more than "
    yield Row(
        f"expected field of {name}",
        f"one sample of a batch, {digits(each)} ms",
        f"{digits(closed)} ms",
        "none",
        None,
    )
    yield Row(
        f"its correlation with {reference} samples, {found:.4f}, met by sampling",
        f"{beyond}{needed} samples ({reached:.4f}), {digits(needed * each / 1000)} s",
        f"{beyond}{digits(ratio)} times cheaper",
        "≥ 20 times",
        ratio >= 20,
    )
    begun = perf_counter()
    recipe = replknet(forward, side, unit, 50, generator)
    seconds = perf_counter() - begun
    yield Row(
        "RepLKNet's recipe there (50 noise images, sum of ReLU, ReLU of the gradient)",
        f"the same {reference} samples",
        f"correlation {_correlation(recipe, truth):.4f}, {digits(seconds)} s, "
        f"{digits(1000 * seconds / closed)} times the expected field's time",
        "none",
        None,
    )


def samples_needed(sample: Callable, truth: np.ndarray, wanted: float, most: int) -> tuple[int, float]:
    """The first of 1, 2, 4, … samples whose mean correlates as well, or ``most``; and its correlation."""
    total, check = np.zeros_like(truth), 1
    for count, each in enumerate((each for _ in range(most) for each in sample()), start=1):
        total = total + each
        if count == check:
            reached = _correlation(total / count, truth)
            if reached >= wanted or count == most:
                return count, reached
            check = min(2 * check, most)
    raise AssertionError("a batch was empty")


def _absolute(
    forward: Callable, side: int, unit: tuple[int, int], batch: int, generator: torch.Generator
) -> np.ndarray:
    """Each of some samples of |gradient|, averaged over input channels: noise in, random signs out."""
    x = torch.randn(batch, 3, side, side, generator=generator).requires_grad_()
    output = forward(x)[(..., *unit)]
    signs = torch.randint(0, 2, output.shape, generator=generator) * 2.0 - 1
    return torch.autograd.grad(output, x, signs)[0].abs().mean(1).double().numpy()


def replknet(
    forward: Callable, side: int, unit: tuple[int, int], images: int, generator: torch.Generator
) -> np.ndarray:
    """``erf/visualize_erf.py`` of github.com/DingXiaoH/RepLKNet-pytorch, image by image, on noise at another size."""
    total = np.zeros((side, side))
    for _ in range(images):
        x = torch.randn(1, 3, side, side, generator=generator).requires_grad_()
        gradient = torch.autograd.grad(forward(x)[(..., *unit)].relu().sum(), x)[0]
        total += gradient.relu().sum((0, 1)).double().numpy()
    return total / images


def _correlation(found: np.ndarray, truth: np.ndarray) -> float:
    return agreement(found, truth).correlation or 0.0
