"""The steps of a training, and what a network answers with the object at every place; one seed, the same numbers.

The file needs nothing but PyTorch, a task and the random streams, because the script that repeats a run carries its
text along. Training images, fresh images and the noise of the response maps come from independent streams of the seed,
so that no image of an evaluation was among those of the steps.
"""

import math
from collections.abc import Iterator

import torch
from torch import nn

from ..live.modules.streams import random_stream
from .tasks import Task

EMPTY_IMAGES = 64  # images without an object, on which seeing one would be wrong
CHUNK = 32  # images that are answered at once: more leave the processor's cache and take three times as long


class TrainedModel(nn.Module):
    """Answers (count, outputs) to images (count, 1, ...): every input channel of ``model`` is given the same image."""

    def __init__(self, model: nn.Module, channels: int) -> None:
        super().__init__()
        self.model, self.channels = model, channels

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        answers: torch.Tensor = self.model(images.expand(-1, self.channels, *images.shape[2:])).flatten(1)
        return answers


def fit(model: nn.Module, task: Task, steps: int, batch: int, rate: float, seed: int) -> Iterator[float]:
    """Takes steps of Adam, each on images drawn anew; yields the loss of every step.

    The learning rate grows evenly over the first tenth of the steps, and falls to nothing along a cosine.
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


def answers_to(images: torch.Tensor, model: nn.Module) -> torch.Tensor:
    """The answers (count, outputs), computed without gradients."""
    with torch.no_grad():
        return torch.cat([model(part) for part in torch.split(images, CHUNK)])


def fresh_images(task: Task, count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Images, labels and places that no training step has seen."""
    return task.batch(count, random_stream(seed, "evaluation"))


def noise_images(task: Task, looks: int, seed: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """What response maps are taken on: images without an object, noise to put one into, and its label in each.

    The first are (``EMPTY_IMAGES``, 1, ...), none where every image of the task has an object; the others (looks, ...).
    """
    generator = random_stream(seed, "noise")
    empty_count = EMPTY_IMAGES if task.first_object else 0
    empty = torch.randn(empty_count, 1, *task.size, generator=generator, dtype=torch.float64)
    noise = [torch.randn(1, 1, *task.size, generator=generator, dtype=torch.float64) for _ in range(looks)]
    kinds = task.label_count - task.first_object
    return empty, torch.cat(noise), task.first_object + torch.arange(looks) % kinds


def accuracy(model: nn.Module, task: Task, count: int, seed: int) -> float:
    """The share of right answers on ``count`` fresh images."""
    images, labels, places = fresh_images(task, count, seed)
    return task.correct(answers_to(images, model), labels, places).to(torch.float64).mean().item()


def response_maps(model: nn.Module, task: Task, looks: int, seed: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Puts the object at every place of ``looks`` noise images in turn; its label changes from image to image.

    Yields two maps over all places after each noise image, both of ``task.places_shape()``: the share of right answers,
    and the root mean square, over noise images and outputs, of what the object changes in the answer. Where a label
    says that there is no object, half of the answers counted are those to images without one, so that a network that
    always sees an object is right in half of the cases.
    """
    empty, noise_of_looks, label_of_looks = noise_images(task, looks, seed)
    shape = task.places_shape()
    places = torch.cartesian_prod(*map(torch.arange, shape)).view(-1, len(shape))
    accuracy_without = accuracy_without_object(model, task, empty)
    hits, squares = torch.zeros(len(places), dtype=torch.float64), torch.zeros(len(places), dtype=torch.float64)
    for look in range(looks):
        noise = noise_of_looks[look : look + 1]
        labels = label_of_looks[look].expand(len(places))
        without_object = answers_to(noise, model)
        parts = []
        for corners, kinds in zip(torch.split(places, CHUNK), torch.split(labels, CHUNK), strict=True):
            images = task.with_objects(noise.expand(len(corners), *noise.shape[1:]), kinds, corners)
            parts.append(answers_to(images, model))
        with_object = torch.cat(parts)
        hits += task.correct(with_object, labels, places)
        squares += (with_object - without_object).to(torch.float64).square().mean(1)
        hit_share = hits / (look + 1)
        right = hit_share if accuracy_without is None else (hit_share + accuracy_without) / 2
        yield right.view(shape), (squares / (look + 1)).sqrt().view(shape)


def accuracy_without_object(model: nn.Module, task: Task, empty: torch.Tensor) -> float | None:
    """The share of right answers to images without an object; None where there are none of them."""
    if not len(empty):
        return None
    labels = torch.zeros(len(empty), dtype=torch.long)
    places = torch.zeros(len(empty), len(task.size), dtype=torch.long)
    return task.correct(answers_to(empty, model), labels, places).to(torch.float64).mean().item()
