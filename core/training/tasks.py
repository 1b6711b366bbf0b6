"""The tasks that a small network is trained on: images made on the fly, standard normal noise with an object in it.

This file needs nothing but PyTorch, because the script that repeats a run carries its text along.

Images have the shape (count, 1, height, width) or (count, 1, length) and are float64, so that the rounding of another
machine changes no number that is shown. ``labels``, (count,), say which object each image holds; ``places``,
(count, axes), are the first row and column of that object. The object is added to noise of standard deviation 1.
"""

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses


class Task:
    """A question about images of ``size``; ``object_size`` is the size of the object along each axis, in pixels."""

    output_count = 1  # numbers in an answer
    label_count = 2
    first_object = 1  # the lowest label that puts an object into the image; 0: every image holds one
    label_words: tuple[str, ...] = ("no square", "a square")

    def __init__(self, size: tuple[int, ...], side: int, contrast: float) -> None:
        self.size, self.contrast = size, contrast
        self.object_size = (side,) * len(size)

    def objects(self, labels: torch.Tensor) -> torch.Tensor:
        """What is added to the noise: (count, *object_size)."""
        level = self.contrast * labels.to(torch.float64)
        return level.view(-1, *(1,) * len(self.size)).expand(-1, *self.object_size)

    def loss(self, answers: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """The number that training makes small; ``answers``: (count, output_count)."""
        return F.binary_cross_entropy_with_logits(answers[:, 0], labels.to(answers.dtype))

    def correct(self, answers: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """Whether each answer is right: (count,) of truth values."""
        return (answers[:, 0] > 0) == (labels > 0)

    def words(self, answers: torch.Tensor) -> list[str]:
        """What each answer says."""
        return [self.label_words[int(answer > 0)] for answer in answers[:, 0]]

    def places_shape(self) -> tuple[int, ...]:
        """How many places the object can have along each axis."""
        return tuple(side - own + 1 for side, own in zip(self.size, self.object_size, strict=True))

    def with_objects(self, noise: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """New images: the noise with each object added at its place."""
        images = noise.clone()
        index = [torch.arange(len(labels)).view(-1, *(1,) * len(self.size)), torch.zeros((), dtype=torch.long)]
        for axis, own in enumerate(self.object_size):
            shape = [-1 if other == axis else 1 for other in range(len(self.size))]
            index.append(places[:, axis].view(-1, *(1,) * len(self.size)) + torch.arange(own).view(1, *shape))
        images[tuple(index)] += self.objects(labels)
        return images

    def batch(self, count: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Images, labels and places drawn evenly."""
        noise = torch.randn(count, 1, *self.size, generator=generator, dtype=torch.float64)
        labels = torch.randint(self.label_count, (count,), generator=generator)
        places = torch.stack(
            [torch.randint(places, (count,), generator=generator) for places in self.places_shape()], dim=1
        )
        return self.with_objects(noise, labels, places), labels, places


class Detect(Task):
    """Is there a bright square? There is one in half of the images."""


class Which(Task):
    """Which of four intensities has the square: a quarter, half, three quarters or all of the contrast?"""

    output_count = label_count = 4
    first_object = 0
    label_words = ("¼", "½", "¾", "full")

    def objects(self, labels: torch.Tensor) -> torch.Tensor:
        return super().objects(labels + 1) / 4

    def loss(self, answers: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        return F.cross_entropy(answers, labels)

    def correct(self, answers: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        return answers.argmax(1) == labels

    def words(self, answers: torch.Tensor) -> list[str]:
        return [self.label_words[int(label)] for label in answers.argmax(1)]


class Where(Task):
    """Where is the square? Its place along each axis, from -1 to 1; right: no axis off by more than a tenth of it."""

    label_count = 1
    first_object = 0
    label_words = ("a square",)

    def __init__(self, size: tuple[int, ...], side: int, contrast: float) -> None:
        super().__init__(size, side, contrast)
        self.output_count = len(size)

    def objects(self, labels: torch.Tensor) -> torch.Tensor:
        return super().objects(labels + 1)

    def targets(self, places: torch.Tensor) -> torch.Tensor:
        """The places, scaled along each axis from -1 (the first) to 1 (the last)."""
        last = torch.tensor([max(side - 1, 1) for side in self.places_shape()], dtype=torch.float64)
        return places / last * 2 - 1

    def loss(self, answers: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        return F.mse_loss(answers, self.targets(places))

    def correct(self, answers: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        return (answers - self.targets(places)).abs().amax(1) <= 0.2

    def words(self, answers: torch.Tensor) -> list[str]:
        last = torch.tensor([side - 1 for side in self.places_shape()], dtype=torch.float64)
        return [",".join(f"{index:.1f}" for index in place) for place in ((answers + 1) / 2 * last).tolist()]


class Shapes(Which):
    """Which of four outlines is it: a disc, a square, a cross or a triangle, nine pixels wide?"""

    label_words = ("disc", "square", "cross", "triangle")

    def __init__(self, size: tuple[int, ...], side: int, contrast: float) -> None:
        super().__init__(size, side, contrast)
        self.object_size = (9, 9)
        rows, columns = torch.meshgrid(torch.arange(-4, 5), torch.arange(-4, 5), indexing="ij")
        distance = torch.sqrt((rows**2 + columns**2).to(torch.float64))
        square = torch.maximum(rows.abs(), columns.abs()) == 4
        triangle = (2 * columns.abs() - (rows + 4)).abs() <= 1
        outlines = [(distance - 4).abs() <= 0.5, square, rows.abs() == columns.abs(), triangle | (rows == 4)]
        self.outlines = torch.stack(outlines).to(torch.float64)

    def objects(self, labels: torch.Tensor) -> torch.Tensor:
        return self.contrast * self.outlines[labels]


TASKS = {"detect": Detect, "which": Which, "where": Where, "shapes": Shapes}
