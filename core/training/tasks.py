"""What a small network is trained to tell: images made on the fly, standard normal noise with an object in it.

This file needs nothing but PyTorch, as the script that repeats a run carries it along.

Images are (count, 1, height, width) or (count, 1, length), one channel, in float64: what rounds differently on another
machine then changes nothing that is shown. ``labels`` (count,) say what is in each,
``places`` (count, axes) where its first corner is. An object is added to the noise, whose standard deviation is 1.
"""

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses


class Task:
    """One question about images of ``size``; ``extent`` is the object's size, ``labels`` how many kinds there are."""

    outputs = 1
    labels = 2
    shown = 1  # the first label that puts an object into the image; 0: there is none without

    def __init__(self, size: tuple[int, ...], side: int, contrast: float) -> None:
        self.size, self.contrast = size, contrast
        self.extent = (side,) * len(size)

    def objects(self, labels: torch.Tensor) -> torch.Tensor:
        """What is added to the noise: (count, *extent)."""
        level = self.contrast * labels.to(torch.float64)
        return level.view(-1, *(1,) * len(self.size)).expand(-1, *self.extent)

    def loss(self, answers: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """What training makes small, from answers (count, outputs)."""
        return F.binary_cross_entropy_with_logits(answers[:, 0], labels.to(answers.dtype))

    def right(self, answers: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """Which answers are right: (count,) of truth values."""
        return (answers[:, 0] > 0) == (labels > 0)

    def room(self) -> tuple[int, ...]:
        """How many places there are along each axis."""
        return tuple(side - own + 1 for side, own in zip(self.size, self.extent, strict=True))

    def drawn(self, noise: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """The noise with each object at its place; new images."""
        images = noise.clone()
        index = [torch.arange(len(labels)).view(-1, *(1,) * len(self.size)), torch.zeros((), dtype=torch.long)]
        for axis, own in enumerate(self.extent):
            shape = [-1 if other == axis else 1 for other in range(len(self.size))]
            index.append(places[:, axis].view(-1, *(1,) * len(self.size)) + torch.arange(own).view(1, *shape))
        images[tuple(index)] += self.objects(labels)
        return images

    def batch(self, count: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Images, labels and places drawn evenly."""
        noise = torch.randn(count, 1, *self.size, generator=generator, dtype=torch.float64)
        labels = torch.randint(self.labels, (count,), generator=generator)
        places = torch.stack([torch.randint(room, (count,), generator=generator) for room in self.room()], dim=1)
        return self.drawn(noise, labels, places), labels, places


class Detect(Task):
    """Is there a bright square? There is one in half of the images."""


class Which(Task):
    """Which of four intensities has the square: a quarter, half, three quarters or all of the contrast?"""

    outputs = labels = 4
    shown = 0

    def objects(self, labels: torch.Tensor) -> torch.Tensor:
        return super().objects(labels + 1) / 4

    def loss(self, answers: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        return F.cross_entropy(answers, labels)

    def right(self, answers: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        return answers.argmax(1) == labels


class Where(Task):
    """Where is the square? Its place along each axis, from -1 to 1; right: no axis off by more than a tenth of it."""

    labels = 1
    shown = 0

    def __init__(self, size: tuple[int, ...], side: int, contrast: float) -> None:
        super().__init__(size, side, contrast)
        self.outputs = len(size)

    def objects(self, labels: torch.Tensor) -> torch.Tensor:
        return super().objects(labels + 1)

    def wanted(self, places: torch.Tensor) -> torch.Tensor:
        """The places from -1 to 1."""
        most = torch.tensor([max(room - 1, 1) for room in self.room()], dtype=torch.float64)
        return places / most * 2 - 1

    def loss(self, answers: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        return F.mse_loss(answers, self.wanted(places))

    def right(self, answers: torch.Tensor, labels: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        return (answers - self.wanted(places)).abs().amax(1) <= 0.2


class Shapes(Which):
    """Which of four outlines is it: a disc, a square, a cross or a triangle, nine pixels wide?"""

    def __init__(self, size: tuple[int, ...], side: int, contrast: float) -> None:
        super().__init__(size, side, contrast)
        self.extent = (9, 9)
        down, right = torch.meshgrid(torch.arange(-4, 5), torch.arange(-4, 5), indexing="ij")
        away = torch.sqrt((down**2 + right**2).to(torch.float64))
        square = torch.maximum(down.abs(), right.abs()) == 4
        triangle = (2 * right.abs() - (down + 4)).abs() <= 1
        outlines = [(away - 4).abs() <= 0.5, square, down.abs() == right.abs(), triangle | (down == 4)]
        self.outlines = torch.stack(outlines).to(torch.float64)

    def objects(self, labels: torch.Tensor) -> torch.Tensor:
        return self.contrast * self.outlines[labels]


TASKS = {"detect": Detect, "which": Which, "where": Where, "shapes": Shapes}
