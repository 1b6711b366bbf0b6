"""The training itself, step by step, and what a network answers at every place; the same numbers for the same seed.

This file needs nothing but PyTorch, a task and the random streams, as the script that repeats a run carries them along.
Each of its functions draws from a stream of its own: no image that is evaluated was among those of the steps.
"""

import math
from collections.abc import Iterator

import torch
from torch import nn

from ..live.modules.streams import random_stream
from .tasks import Task

EMPTY = 64  # images without an object, which tell how often it is seen where it is not
CHUNK = 32  # images that are answered at once: more leave the processor's cache and take three times as long


class Learner(nn.Module):
    """Answers (count, outputs) to images (count, 1, ...): every input channel of ``model`` is given the same image."""

    def __init__(self, model: nn.Module, channels: int) -> None:
        super().__init__()
        self.model, self.channels = model, channels

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        answers: torch.Tensor = self.model(images.expand(-1, self.channels, *images.shape[2:])).flatten(1)
        return answers


def fitted(model: nn.Module, task: Task, steps: int, batch: int, rate: float, seed: int) -> Iterator[float]:
    """Takes steps of Adam on fresh images; yields each step's loss.

    The rate grows evenly over the first tenth, and falls to nothing along a cosine.
    """
    generator = random_stream(seed, "training")
    optimiser = torch.optim.Adam(model.parameters(), lr=rate)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1, 10 * (step + 1) / steps) * (1 + math.cos(math.pi * step / steps)) / 2
        images, labels, places = task.batch(batch, generator)
        loss = task.loss(model(images), labels, places)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        yield loss.item()


def answered(model: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """The answers (count, outputs), without gradients."""
    with torch.no_grad():
        return torch.cat([model(part) for part in torch.split(images, CHUNK)])


def accuracy(model: nn.Module, task: Task, count: int, seed: int) -> float:
    """The share of right answers on ``count`` fresh images."""
    images, labels, places = task.batch(count, random_stream(seed, "evaluation"))
    return task.right(answered(model, images), labels, places).to(torch.float64).mean().item()


def looked(model: nn.Module, task: Task, looks: int, seed: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Puts the object at every place of one noise image after the other; its label changes from look to look.

    Yields (right, change) after each look, both of the shape of the places: the share of right answers, and the root
    mean square, over looks and outputs, of what the object changes in the answer. Where a label says that there is no
    object, half of the answers are those to images without one: always seeing it is right in half of the cases.
    """
    generator = random_stream(seed, "noise")
    room = task.room()
    places = torch.cartesian_prod(*map(torch.arange, room)).view(-1, len(room))
    quiet = _quiet(model, task, generator)
    hits, squares = torch.zeros(len(places), dtype=torch.float64), torch.zeros(len(places), dtype=torch.float64)
    for look in range(looks):
        noise = torch.randn(1, 1, *task.size, generator=generator, dtype=torch.float64)
        labels = torch.full((len(places),), task.shown + look % (task.labels - task.shown))
        without = answered(model, noise)
        answers = []
        for part, kinds in zip(torch.split(places, CHUNK), torch.split(labels, CHUNK), strict=True):
            images = task.drawn(noise.expand(len(part), *noise.shape[1:]), kinds, part)
            answers.append(answered(model, images))
        given = torch.cat(answers)
        hits += task.right(given, labels, places)
        squares += (given - without).to(torch.float64).square().mean(1)
        found = hits / (look + 1)
        right = found if quiet is None else (found + quiet) / 2
        yield right.view(room), (squares / (look + 1)).sqrt().view(room)


def _quiet(model: nn.Module, task: Task, generator: torch.Generator) -> float | None:
    """The share of right answers to images without an object; None where every image has one."""
    if not task.shown:
        return None
    images = torch.randn(EMPTY, 1, *task.size, generator=generator, dtype=torch.float64)
    nothing = torch.zeros(EMPTY, dtype=torch.long)
    places = torch.zeros(EMPTY, len(task.size), dtype=torch.long)
    return task.right(answered(model, images), nothing, places).to(torch.float64).mean().item()
