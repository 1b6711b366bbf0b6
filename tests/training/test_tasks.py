"""The images of every task hold what their labels and places say, and answers are judged by them."""

import numpy as np
import pytest
import torch

from core.errors import UserError
from core.network import parse
from core.training import TASKS, TrainRecipe

COUNT = 4000  # images; a share of them is off by more than 0.03 in one of 10,000 draws


def made(name: str, size: str, side: int = 1):
    return TrainRecipe(task=name, side=side).task_of(parse(size))


@pytest.mark.parametrize(
    ("name", "size", "side"),
    [
        ("detect", "7x9", 1),
        ("detect", "7x9", 3),
        ("detect", "11", 2),
        ("which", "6x5", 2),
        ("which", "8", 1),
        ("where", "5x6", 2),
        ("where", "6", 6),
        ("shapes", "9x11", 1),
    ],
)
def test_an_image_holds_its_object_exactly_where_its_place_says(name, size, side):
    task = made(name, size, side)
    images, labels, places = task.batch(40, torch.Generator().manual_seed(1))
    noise = torch.randn(40, 1, *task.size, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    objects = task.objects(labels).numpy()
    expected = noise.numpy().copy()
    for image in range(40):
        for at in np.ndindex(*task.object_size):
            spot = tuple(int(start) + offset for start, offset in zip(places[image], at, strict=True))
            expected[image, 0][spot] += objects[image][at]
    assert np.array_equal(images.numpy(), expected)


@pytest.mark.parametrize("name", TASKS)
def test_labels_and_places_are_drawn_evenly(name):
    task = made(name, "12x11", 2)
    _, labels, places = task.batch(COUNT, torch.Generator().manual_seed(2))
    shares = np.bincount(labels.numpy(), minlength=task.label_count) / COUNT
    assert len(shares) == task.label_count
    assert shares == pytest.approx(1 / task.label_count, abs=0.03)
    for axis, room in enumerate(task.places_shape()):
        shares = np.bincount(places[:, axis].numpy(), minlength=room) / COUNT
        assert len(shares) == room
        assert shares == pytest.approx(1 / room, abs=0.03)


def test_half_of_the_images_to_detect_hold_a_square_and_half_nothing():
    task = made("detect", "6x6", 2)
    added = task.objects(torch.tensor([0, 1]))
    assert added[0].eq(0).all()
    assert added[1].eq(8).all()


def test_the_four_intensities_are_quarters_of_the_contrast():
    assert made("which", "6", 2).objects(torch.arange(4)).tolist() == [[3, 3], [6, 6], [9, 9], [12, 12]]


def test_four_outlines_differ_and_touch_all_sides_of_nine_pixels():
    task = made("shapes", "9x9")
    outlines = task.objects(torch.arange(4)).numpy()
    assert outlines.shape == (4, 9, 9)
    assert set(np.unique(outlines)) == {0, 4}
    for one in range(4):
        assert all(outlines[one].take(end, axis).any() for axis in (0, 1) for end in (0, 8))
        for other in range(one):
            assert (outlines[one] != outlines[other]).sum() >= 12


def test_a_label_is_judged_by_the_sign_of_the_answer_and_a_sure_wrong_answer_costs_most():
    task = made("detect", "5")
    answers, labels = torch.tensor([[2.0], [-2.0], [2.0], [-2.0]]), torch.tensor([1, 1, 0, 0])
    places = torch.zeros(4, 1, dtype=torch.long)
    assert task.correct(answers, labels, places).tolist() == [True, False, False, True]
    sure, wrong = np.log1p(np.exp(-2)), np.log1p(np.exp(2))
    assert task.loss(answers, labels, places).item() == pytest.approx((sure + wrong) / 2)


@pytest.mark.parametrize("name", ["which", "shapes"])
def test_a_kind_is_judged_by_the_largest_answer(name):
    task = made(name, "9x9")
    answers = torch.tensor([[0.0, 1.0, 0.0, 0.0], [5.0, 1.0, 0.0, 0.0]], dtype=torch.float64)
    labels, places = torch.tensor([1, 3]), torch.zeros(2, 2, dtype=torch.long)
    assert task.correct(answers, labels, places).tolist() == [True, False]
    first, second = np.log(np.exp(1) + 3) - 1, np.log(np.exp(5) + np.exp(1) + 2)
    assert task.loss(answers, labels, places).item() == pytest.approx((first + second) / 2)


def test_a_place_is_judged_within_a_tenth_of_each_axis():
    task = made("where", "11x6")
    places = torch.tensor([[0, 0], [5, 5], [10, 0], [5, 5]])
    assert task.targets(places).tolist() == [[-1, -1], [0, 1], [1, -1], [0, 1]]
    answers = torch.tensor([[-0.81, -1.19], [0.0, 0.79], [1.0, -1.0], [-0.21, 1.0]], dtype=torch.float64)
    labels = torch.zeros(4, dtype=torch.long)
    assert task.correct(answers, labels, places).tolist() == [True, False, True, False]
    squares = 0.19**2 + 0.19**2 + 0.21**2 + 0.21**2
    assert task.loss(answers, labels, places).item() == pytest.approx(squares / 8)


def test_a_task_has_as_many_outputs_as_its_answer_needs():
    outputs = {name: made(name, "9x9").output_count for name in TASKS}
    assert outputs == {"detect": 1, "which": 4, "where": 2, "shapes": 4}
    assert made("where", "9").output_count == 1


@pytest.mark.parametrize(
    ("name", "size", "side", "message"),
    [
        ("detect", "5x9", 6, "an object of 6x6 does not fit an input of 5x9; use a larger input or a smaller square"),
        ("where", "5", 6, "an object of 6 does not fit an input of 5"),
        ("shapes", "9x8", 1, "an object of 9x9 does not fit an input of 9x8"),
        ("shapes", "32", 1, "shapes need an input of two axes, not 32; choose another task"),
    ],
)
def test_an_object_that_does_not_fit_is_refused(name, size, side, message):
    with pytest.raises(UserError, match=message):
        made(name, size, side)
