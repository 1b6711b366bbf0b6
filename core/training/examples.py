"""Images that trained networks were asked about, with what they answered: those behind the numbers of a run.

They come from the streams of its evaluation: fresh images are those that its accuracy was taken on, images of a place
those that its response maps were taken on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from ..errors import UserError
from ..network.network import Network
from .fitting import accuracy_without_object, answers_to, fresh_images, noise_images
from .recipe import FRESH_IMAGES, TrainRecipe
from .run import Run
from .tasks import Task
from .trained_model import trained_model


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """An image, (height, width) or (length,), and what it holds, in words.

    ``place``: first position of the object along each axis, None without one. ``answer``: what the network said, in
    words, and whether that was ``right``; empty and None where none was asked.
    """

    image: np.ndarray
    holds: str
    place: tuple[int, ...] | None
    answer: str = ""
    right: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PlaceAnswers:
    """What a network answered, in all its finished runs, to images whose object lies at one place.

    ``without``: the share of right answers to images without an object, which is half of what the map of right answers
    says; None where every image has one.
    """

    examples: tuple[Example, ...]
    without: float | None

    @property
    def missed(self) -> tuple[Example, ...]:
        """Those that were answered wrongly."""
        return tuple(example for example in self.examples if not example.right)

    @property
    def right(self) -> float:
        """What the map of right answers says of the place."""
        share = 1 - len(self.missed) / len(self.examples)
        return share if self.without is None else (share + self.without) / 2


def fresh_examples(network: Network, recipe: TrainRecipe, each: int) -> tuple[Example, ...]:
    """The first ``each`` images of every label among those that the accuracy of a run is taken on."""
    task = recipe.task_of(network)
    images, labels, places = fresh_images(task, FRESH_IMAGES, recipe.seed)
    chosen = [int(index) for label in range(task.label_count) for index in (labels == label).nonzero()[:each, 0]]
    return tuple(_example(task, images[index], int(labels[index]), places[index]) for index in chosen)


def answers_at(runs: Sequence[Run], place: tuple[int, ...]) -> PlaceAnswers | None:
    """What the network of ``runs`` answers with the object at ``place``, to the images of its response maps.

    None before a run is finished. Raises :class:`~.errors.UserError` where the object does not fit there.
    """
    examples: list[Example] = []
    without = []
    for run in runs:
        if run.state is None:
            continue
        task, module = run.recipe.task_of(run.network), trained_model(run.network, run.recipe, run.state)
        refuse_outside(task, place)
        empty, noise, labels = noise_images(task, run.recipe.looks, run.recipe.seed)
        places = torch.tensor([place]).expand(len(noise), -1)
        images = task.with_objects(noise, labels, places)
        answers = answers_to(images, module)
        correct, words = task.correct(answers, labels, places).tolist(), task.words(answers)
        for image, label, word, right in zip(images, labels.tolist(), words, correct, strict=True):
            example = _example(task, image, label, places[0])
            examples.append(Example(example.image, example.holds, place, word, right))
        without.append(accuracy_without_object(module, task, empty))
    if not examples:
        return None
    known = [share for share in without if share is not None]
    return PlaceAnswers(tuple(examples), float(np.mean(known)) if known else None)


def refuse_outside(task: Task, place: tuple[int, ...]) -> None:
    """Raises for a place at which the object does not lie within the image."""
    shape = task.places_shape()
    if len(place) != len(shape) or any(index >= side for index, side in zip(place, shape, strict=True)):
        last = ",".join(str(side - 1) for side in shape)
        raise UserError(f"the object has no place {','.join(map(str, place))}; the last one is {last}")


def _example(task: Task, image: torch.Tensor, label: int, place: torch.Tensor) -> Example:
    holds = task.label_words[label]
    has_object = label >= task.first_object
    return Example(image[0].numpy(), holds, tuple(map(int, place)) if has_object else None)
