"""Images of a run and its answers to them: those behind its numbers, from the streams of its evaluation."""

import numpy as np
import pytest
import torch

from core.errors import UserError
from core.network import parse
from core.training import TASKS, TrainRecipe, answers_at, experiment, fresh_examples, train
from core.training.fitting import accuracy, fit
from core.training.recipe import FRESH_IMAGES
from core.training.run import Run
from core.training.trained_model import trained_model

NETWORK = parse("10x11; conv k3 c2")


def finished(task: str, seed: int = 0) -> Run:
    *_, last = train(NETWORK, TrainRecipe(task=task, steps=6, batch=4, looks=5, seed=seed))
    return last.run


@pytest.mark.parametrize("task", TASKS)
def test_what_is_said_of_a_place_is_what_its_map_says(task: str) -> None:
    runs = [finished(task, seed) for seed in (0, 1)]
    shape = runs[0].recipe.task_of(NETWORK).places_shape()
    for place in ((0, 0), tuple(side - 1 for side in shape), tuple(side // 2 for side in shape)):
        found = answers_at(runs, place)
        assert found is not None
        assert len(found.examples) == 10
        assert found.right == pytest.approx(np.mean([run.after.right[place] for run in runs]), abs=1e-12)
        assert (found.without is None) == (task != "detect")


def test_the_images_of_a_place_have_their_object_there() -> None:
    run = finished("detect")
    at, elsewhere = answers_at([run], (2, 3)), answers_at([run], (9, 10))
    for one, other in zip(at.examples, elsewhere.examples, strict=True):
        differences = {tuple(map(int, index)) for index in np.argwhere(~np.isclose(one.image, other.image))}
        assert differences == {(2, 3), (9, 10)}
        assert one.image[2, 3] - other.image[2, 3] == pytest.approx(8)
        assert (one.place, one.holds) == ((2, 3), "a square")
        assert one.right == (one.answer == one.holds)


def test_fresh_examples_are_among_those_that_the_accuracy_is_taken_on_and_not_among_those_of_the_steps() -> None:
    recipe = TrainRecipe(steps=6, batch=4)
    seen: list[torch.Tensor] = []
    task, module = recipe.task_of(NETWORK), trained_model(NETWORK, recipe)
    module.register_forward_pre_hook(lambda _, images: seen.extend(image[0].detach().clone() for image in images[0]))
    list(fit(module, task, 6, 4, 0.01, recipe.seed))
    of_steps = {image.numpy().tobytes() for image in seen}
    seen.clear()
    accuracy(module, task, FRESH_IMAGES, recipe.seed)
    of_accuracy = {image.numpy().tobytes() for image in seen}
    examples = fresh_examples(NETWORK, recipe, 3)
    assert len(examples) == 6
    assert all(example.image.tobytes() in of_accuracy - of_steps for example in examples)


@pytest.mark.parametrize(("task", "labels"), [("detect", 2), ("which", 4), ("where", 1), ("shapes", 4)])
def test_examples_show_every_class_with_the_place_of_its_object(task: str, labels: int) -> None:
    recipe = TrainRecipe(task=task, contrast=50)
    examples = fresh_examples(NETWORK, recipe, 2)
    assert len({example.holds for example in examples}) == labels
    assert len(examples) == 2 * labels
    for example in examples:
        brightest = np.unravel_index(example.image.argmax(), example.image.shape)
        if example.place is None:
            assert (example.holds, example.image.max() < 10) == ("no square", True)
        else:
            own = recipe.task_of(NETWORK).object_size
            pairs = zip(brightest, example.place, own, strict=True)
            assert all(first <= at < first + side for at, first, side in pairs)


def test_answers_are_told_in_words() -> None:
    where, which, detect = (TrainRecipe(task=name).task_of(NETWORK) for name in ("where", "which", "detect"))
    assert where.words(torch.tensor([[-1.0, 1.0], [0.0, -1.0]])) == ["0.0,10.0", "4.5,0.0"]
    assert which.words(torch.tensor([[0.0, 3.0, 1.0, 2.0]])) == ["½"]
    assert detect.words(torch.tensor([[0.1], [-0.1]])) == ["a square", "no square"]


def test_before_a_run_is_finished_nothing_is_said_and_outside_the_image_it_is_refused() -> None:
    assert answers_at([next(iter(train(NETWORK, TrainRecipe(steps=2)))).run], (0, 0)) is None
    with pytest.raises(UserError, match="no place 3,9; the last one is 1,2"):
        answers_at([finished("shapes")], (3, 9))


def test_maps_are_those_of_the_seeds_that_are_done_until_another_is() -> None:
    found = [step.experiment for step in experiment([parse("6x6; conv k3")], TrainRecipe(steps=8, batch=2, looks=2), 2)]
    first = next(part for part in found if part.runs[0][0].finished)
    second = [part for part in found if len(part.runs[0]) == 2 and not part.runs[0][1].finished]
    assert any(part.runs[0][1].before is not None for part in second)
    for part in second:
        assert part.mean(0, trained=True).right is not None
        assert np.array_equal(part.mean(0, trained=True).right, first.mean(0, trained=True).right)
    last = found[-1].mean(0, trained=True)
    assert last.looks == 4
    assert np.array_equal(last.right, np.mean([run.after.right for run in found[-1].runs[0]], axis=0))
