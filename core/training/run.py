"""One training of one network from one seed: its losses, and its response maps before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite, prod
from time import monotonic
from typing import NamedTuple

import numpy as np
import torch

from ..errors import UserError
from ..network.network import Network
from . import fitting
from .recipe import FRESH_IMAGES, GLIMPSE, TrainRecipe
from .trained_model import trained_model

_PAUSE = 0.05  # seconds of steps between two yields
_CHANGE = "use a smaller learning rate or fewer layers"


@dataclass(frozen=True, slots=True, eq=False)
class ResponseMaps:
    """How a network responds to the object at every place where it fits: arrays over these places, row 0 at the top."""

    right: np.ndarray  # share of right answers; with images without an object, half of them are those
    change: np.ndarray  # root mean square change of the answer
    looks: int  # noise images behind both


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A training so far, with the response maps ``before`` its first step and ``after`` its last.

    While it goes on, ``after`` is a glimpse from one noise image; ``accuracy`` and ``state`` are there at its end.
    """

    network: Network
    recipe: TrainRecipe
    losses: tuple[float, ...]  # of each step taken
    before: ResponseMaps | None = None
    after: ResponseMaps | None = None
    accuracy: float | None = None  # share of right answers on fresh images
    state: dict[str, torch.Tensor] | None = None  # the live model's, with its head

    @property
    def finished(self) -> bool:
        return self.state is not None


class TrainProgress(NamedTuple):
    """``done`` images of ``total``, and the training so far."""

    done: int
    total: int
    run: Run


def train(network: Network, recipe: TrainRecipe) -> Iterator[TrainProgress]:
    """Trains the network; exhaust it, show its parts, or close it at any time. On the CPU.

    What cannot be trained is refused by this call: :class:`~.errors.UserError` where the object does not fit,
    :class:`~.errors.LimitError` for what would take too long. The same seed gives the same numbers.
    """
    recipe.refuse_absurd(network)
    trained_model(network, recipe)
    return _steps(network, recipe)


def _steps(network: Network, recipe: TrainRecipe) -> Iterator[TrainProgress]:
    task, module, seed = recipe.task_of(network), trained_model(network, recipe), recipe.seed
    places, total, done = prod(task.places_shape()), recipe.images(network), 0
    losses: list[float] = []
    before = after = None
    for looks, maps in enumerate(fitting.response_maps(module, task, recipe.looks, seed), start=1):
        before, done = _checked_maps(*maps, looks, 0), done + places
        yield TrainProgress(done, total, Run(network, recipe, (), before))
    last = monotonic()
    for step, loss in enumerate(fitting.fit(module, task, recipe.steps, recipe.batch, recipe.rate, seed), start=1):
        if not isfinite(loss):
            raise UserError(f"the loss is not finite at step {step}; {_CHANGE}")
        losses.append(loss)
        done += 3 * recipe.batch
        if step % recipe.glimpse_every == 0 and step < recipe.steps:
            *_, maps = fitting.response_maps(module, task, GLIMPSE, seed)
            after, done = _checked_maps(*maps, GLIMPSE, step), done + GLIMPSE * places
        if monotonic() - last >= _PAUSE:
            yield TrainProgress(done, total, Run(network, recipe, tuple(losses), before, after))
            last = monotonic()
    for looks, maps in enumerate(fitting.response_maps(module, task, recipe.looks, seed), start=1):
        after, done = _checked_maps(*maps, looks, recipe.steps), done + places
        if looks < recipe.looks:
            yield TrainProgress(done, total, Run(network, recipe, tuple(losses), before, after))
    accuracy = fitting.accuracy(module, task, FRESH_IMAGES, seed)
    state = {name: value.detach().clone() for name, value in module.model.state_dict().items()}
    yield TrainProgress(done, total, Run(network, recipe, tuple(losses), before, after, accuracy, state))


def _checked_maps(right: torch.Tensor, change: torch.Tensor, looks: int, step: int) -> ResponseMaps:
    """Copies of the maps; answers that are not finite after ``step`` are refused."""
    if not change.isfinite().all():
        raise UserError(f"the answers are not finite after step {step}; {_CHANGE}")
    return ResponseMaps(right.numpy().copy(), change.numpy().copy(), looks)
