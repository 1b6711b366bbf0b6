"""The effective receptive field of a network, measured: gradients of its output with respect to its input, sampled.

One sample: weights (redrawn, or fixed), an input, a cotangent; the gradient of the output in that direction with
respect to the input, reduced (absolute value, square, ...) per channel, then averaged over the input's channels. The
measurement is the mean over samples with its standard error. ERF = ∂y/∂x: Luo et al., NeurIPS 2016.

The cotangent is ±1, drawn anew for every sample, at every output value asked for: all channels of one unit, or of all
units (1 where that is a single value). Ones there would let gradients of opposite sign cancel alike in every sample: on
fixed weights a wrong map, however many samples are taken.

The counting twin (weights all one) is exact instead: one sample, a cotangent of ones, the gradient summed over the
input's channels, on the CPU, where float64 sums of whole numbers do not round below 2^53.

The same seed gives the same arrays on a CPU; on a GPU the draws are the same and the sums may round differently.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from math import prod
from time import monotonic
from typing import Literal, NamedTuple

import numpy as np
import torch

from ...errors import LimitError, UserError
from ...exact.field import central_unit, fields
from ...network.graph import graph_of, size_text
from ...network.limits import MAX_SEED
from ...network.network import Network
from ..modules.limits import MAX_SAMPLES
from ..modules.model import LiveModel, ModelRecipe, build
from ..modules.streams import random_stream
from ..modules.weights import redraw

Unit = tuple[int, ...] | Literal["centre", "all"]
Reduction = Literal["abs", "square", "signed", "relu"]
REDUCTIONS: tuple[Reduction, ...] = ("abs", "square", "signed", "relu")
LEAST_SAMPLES = 8  # before a tolerance may end the measurement
_PAUSE = 0.02  # seconds of samples between two yields


@dataclass(frozen=True, slots=True, eq=False)
class ErfRecipe:
    """Everything a measurement depends on, beside the network.

    ``unit``: one output unit, ``all`` outputs, or the ``centre`` one: whose field is centred nearest the middle of the
    input (:func:`~.exact.field.central_unit`); of a module, whose fields are not known here, side // 2 per axis.
    ``input``: ``noise`` (standard normal), or an image in [0, 1], (height, width) or (channels, height, width), one
    axis less for 1-D. An image is fed as (image - 0.5) / 0.25, its channels repeated or averaged to the network's.
    ``redraw``: new weights for every sample, from ``seed``; else those of ``model.seed`` throughout. Weights come
    from one random stream of the seed, inputs and cotangents from another (:mod:`.live.modules.streams`).
    ``tolerance``: stop once the relative standard error is no larger.
    """

    unit: Unit = "centre"
    reduce: Reduction = "abs"
    samples: int = 64
    seed: int = 0
    input: Literal["noise"] | np.ndarray = "noise"
    redraw: bool = True
    tolerance: float | None = None
    model: ModelRecipe = field(default_factory=ModelRecipe)

    def __post_init__(self) -> None:
        if isinstance(self.unit, str) and self.unit not in ("centre", "all"):
            raise UserError(f"there is no unit {self.unit!r}; give its indices, or centre or all")
        if self.reduce not in REDUCTIONS:
            raise UserError(f"there is no reduction {self.reduce!r}; there are {', '.join(REDUCTIONS)}")
        if not 1 <= self.samples <= MAX_SAMPLES:
            raise LimitError(f"{self.samples} samples are outside 1 to {MAX_SAMPLES}; choose a number inside")
        if not 0 <= self.seed <= MAX_SEED:
            raise LimitError(f"a seed of {self.seed} is outside 0 to {MAX_SEED}; choose one inside")
        if isinstance(self.input, str) and self.input != "noise":
            raise UserError(f"there is no input {self.input!r}; give an image as an array, or noise")
        if self.tolerance is not None and not 0 < self.tolerance < 1:
            raise UserError(f"a tolerance of {self.tolerance} is outside 0 to 1; try 0.05")


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """What the samples so far say; NaN throughout ``mean`` and ``standard_error`` while there are too few."""

    mean: np.ndarray  # (height, width) or (length,), float64; needs one sample
    standard_error: np.ndarray  # same shape, of the mean; needs two samples (0 for the exact counting twin)
    samples: int  # used
    rejected: int  # samples with a NaN or infinity, left out
    history: tuple[float, ...]  # relative standard error after each used sample; infinite while it is unknown
    stopped_early: bool  # the tolerance was met before all samples were taken
    device: str

    @property
    def relative_error(self) -> float:
        """Root mean square of ``standard_error`` over that of ``mean``; infinite while it is unknown."""
        return self.history[-1] if self.history else float("inf")


class Progress(NamedTuple):
    """``done`` samples of ``total``, and what they say so far."""

    done: int
    total: int
    measurement: Measurement


def measure(network: Network, recipe: ErfRecipe) -> Iterator[Progress]:
    """Measures the effective field; exhaust it, show its parts, or close it at any time.

    What cannot be measured is refused by this call, before the first sample: user errors for a unit outside the
    output or an image of another size, limits for a model that is too large. The generator itself raises
    :class:`~.errors.UserError` when every sample was rejected.

    >>> recipe = ErfRecipe(model=ModelRecipe(weights="ones", width=1))
    >>> [progress.measurement.mean.tolist() for progress in measure(parse("5; conv k3 p1 x2"), recipe)]
    [[1.0, 2.0, 3.0, 2.0, 1.0]]
    """
    graph = graph_of(recipe.model.widened(network))
    unit = unit_of(recipe.unit, graph.output.size, lambda: central_unit(fields(graph)[-1]))
    image = fed(recipe.input, graph.input.channels, graph.input.size)
    return sampled(_typed(build(network, recipe.model), recipe), unit, image, recipe)


def unit_of(unit: Unit, size: tuple[int, ...], centre: Callable[[], tuple[int, ...]]) -> tuple[int, ...] | None:
    """The indices of one unit in an output of ``size``; None for all outputs. ``centre`` gives those of the centre one.

    >>> unit_of((6, 7), (7, 8), centre=lambda: (3, 4))
    (6, 7)
    """
    if unit == "all":
        return None
    if unit == "centre":
        return centre()
    if len(unit) != len(size) or not all(0 <= position < side for position, side in zip(unit, size, strict=True)):
        raise UserError(
            f"there is no output unit {','.join(map(str, unit))} in a map of {size_text(size)}; "
            f"rows and columns count from 0 to {size_text(tuple(side - 1 for side in size))}"
        )
    return tuple(int(position) for position in unit)


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """What samples are taken of: the output map of any module, given an input (1, channels, height, width)."""

    run: Callable[[torch.Tensor], torch.Tensor]
    channels: int  # of the input
    size: tuple[int, ...]  # of the input
    device: torch.device
    dtype: torch.dtype = torch.float32
    redraw: Callable[[torch.Generator], None] | None = None  # new weights for a sample
    counting: bool = False  # the counting twin


def sampled(
    source: Sampled, unit: tuple[int, ...] | None, image: torch.Tensor | None, recipe: ErfRecipe
) -> Iterator[Progress]:
    """The samples of ``recipe``, whatever it says about the model, of a unit or of all outputs."""
    total = 1 if source.counting else recipe.samples
    running = _Running(source.size, str(source.device), source.counting)
    weights, noise = random_stream(recipe.seed, "weights"), random_stream(recipe.seed, "noise")
    last = monotonic()
    stopping = False
    for done in range(1, total + 1):
        if source.redraw:
            source.redraw(weights)
        running.add(_sample(source, unit, image, recipe.reduce, noise))
        stopping = done < total and running.within(recipe.tolerance)
        if stopping:
            break
        if done < total and monotonic() - last >= _PAUSE:
            yield Progress(done, total, running.measurement())
            last = monotonic()
    if not running.used:
        raise UserError(
            f"all {done} samples gave NaN or infinite gradients; use fewer layers, batch norm or other weights"
        )
    yield Progress(done, total, running.measurement(stopping))


def _typed(model: LiveModel, recipe: ErfRecipe) -> Sampled:
    """A typed network's model, where there is a GPU on it; the counting twin stays on the CPU."""
    kind, counting, given = recipe.model, recipe.model.counting, model.graph.input
    device = torch.device("cuda" if torch.cuda.is_available() and not counting else "cpu")
    again = partial(redraw, model, kind.weights, kind.nonlinearity) if recipe.redraw else None
    dtype = torch.float64 if counting else torch.float32
    return Sampled(model.to(device), given.channels, given.size, device, dtype, again, counting)


def _sample(
    source: Sampled, unit: tuple[int, ...] | None, image: torch.Tensor | None, reduce: Reduction,
    noise: torch.Generator,
) -> np.ndarray:  # fmt: skip
    """One reduced gradient, (height, width) or (length,), float64; ``noise`` draws the input and the cotangent."""
    x = torch.randn(1, source.channels, *source.size, generator=noise) if image is None else image
    x = x.to(source.device, source.dtype).requires_grad_()
    output = source.run(x)
    if unit is not None:
        place: tuple[slice | int, ...] = (slice(None), slice(None), *unit)
        output = output[place]
    cotangent = torch.ones(output.shape)
    if not source.counting and output.numel() > 1:
        cotangent = torch.randint(0, 2, output.shape, generator=noise) * 2.0 - 1
    (gradient,) = torch.autograd.grad(output, x, cotangent.to(source.device, source.dtype))
    per_channel = gradient[0].to("cpu", torch.float64)
    if source.counting:
        per_channel = per_channel.sum(0, keepdim=True)
    return _reduced(per_channel, reduce).mean(0).numpy()


def _reduced(gradient: torch.Tensor, reduce: Reduction) -> torch.Tensor:
    match reduce:
        case "abs":
            return gradient.abs()
        case "square":
            return gradient.square()
        case "relu":
            return gradient.relu()
        case _:
            return gradient


class _Running:
    """Mean and spread of a stream of maps, kept as Welford's sums."""

    def __init__(self, size: tuple[int, ...], device: str, exact: bool) -> None:
        self.mean = np.zeros(size)
        self.squares = np.zeros(size)  # of deviations from the mean
        self.used = self.rejected = 0
        self.history: list[float] = []
        self.device = device
        self.exact = exact

    def add(self, sample: np.ndarray) -> None:
        if not np.isfinite(sample).all():
            self.rejected += 1
            return
        self.used += 1
        deviation = sample - self.mean
        self.mean += deviation / self.used
        self.squares += deviation * (sample - self.mean)
        largest = float(np.abs(self.mean).max()) or 1.0  # divided out, as squares of large gradients overflow
        scale = float(np.sqrt(np.square(self.mean / largest).mean()))
        error = float(np.sqrt(np.square(self.standard_error() / largest).mean()))
        self.history.append(error / scale if scale and np.isfinite(error) else float("inf"))

    def within(self, tolerance: float | None) -> bool:
        return tolerance is not None and self.used >= LEAST_SAMPLES and self.history[-1] <= tolerance

    def standard_error(self) -> np.ndarray:
        if self.exact:
            return np.zeros_like(self.mean)
        if self.used < 2:
            return np.full_like(self.mean, np.nan)
        return np.asarray(np.sqrt(self.squares / (self.used - 1) / self.used))

    def measurement(self, stopped_early: bool = False) -> Measurement:
        mean = self.mean.copy() if self.used else np.full_like(self.mean, np.nan)
        history = tuple(self.history)
        return Measurement(mean, self.standard_error(), self.used, self.rejected, history, stopped_early, self.device)


def fed(image: Literal["noise"] | np.ndarray, channels: int, size: tuple[int, ...]) -> torch.Tensor | None:
    """An image as a model takes it: (1, channels, height, width) or (1, channels, length); None for noise."""
    if isinstance(image, str):
        return None
    values = np.asarray(image, dtype=np.float64)
    if values.shape == size:
        values = values[None]
    if values.shape[1:] != size or not prod(values.shape):
        raise UserError(
            f"an image of shape {values.shape} does not fit an input of {size_text(size)}; "
            f"resize it to {size}, channels first where it has several"
        )
    if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
        raise UserError(f"image values run from {values.min():g} to {values.max():g}; scale them to 0 to 1")
    if len(values) != channels:
        values = np.repeat(values.mean(0, keepdims=True), channels, axis=0)
    return torch.from_numpy((values[None] - 0.5) / 0.25)
