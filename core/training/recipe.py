"""Everything that a training depends on beside its network, and the limits that are checked before it begins."""

from dataclasses import dataclass
from math import prod

from ..errors import LimitError, UserError
from ..exact.cost import cost
from ..live.modules.model import ACTIVATIONS, ModelRecipe
from ..network.graph import graph_of, size_text
from ..network.limits import MAX_SEED
from ..network.network import Network
from ..network.text import parse
from .fitting import CHUNK
from .tasks import TASKS, Task

GLIMPSE = 1  # noise images behind each response map that is taken between steps
_GLIMPSES = 4  # such maps of one training, at most
MAX_STEPS = 20_000
MAX_BATCH = 512
MAX_WIDTH = 64
FRESH_IMAGES = 500  # images that the accuracy is taken on
MAX_OPERATIONS = 5_000_000_000_000  # of a whole training: about forty minutes on two processors
MAX_BYTES = 3_000_000_000  # of images and feature maps at one time
CONTRASTS = {"detect": 8.0, "which": 12.0, "where": 12.0, "shapes": 4.0}  # of each task, unless another is stated


@dataclass(frozen=True, slots=True)
class TrainRecipe:
    """How a network is trained, and how many noise images its response maps are taken on.

    ``task``: a name in ``TASKS``. ``side``: of the bright square, in pixels. ``contrast``: what the object adds, in
    standard deviations of the noise; None: the task's own. ``rate``: of Adam, falling to nothing along a cosine.
    ``width``: channels of an input whose text states none, hence of every layer that states none. ``looks``: noise
    images on which the object is put at every place. ``seed``: of weights, images and noise, each from its own stream.
    """

    task: str = "detect"
    side: int = 1
    contrast: float | None = None
    steps: int = 120
    batch: int = 32
    rate: float = 0.02
    width: int = 8
    activation: str = "relu"
    looks: int = 8
    seed: int = 0

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise UserError(f"there is no task {self.task!r}; there are {', '.join(TASKS)}")
        if self.activation not in ACTIVATIONS:
            raise UserError(f"there is no activation {self.activation!r}; there are {', '.join(ACTIVATIONS)}")
        for name, value, most in (
            ("steps", self.steps, MAX_STEPS),
            ("images in a batch", self.batch, MAX_BATCH),
            ("channels", self.width, MAX_WIDTH),
            ("looks", self.looks, 256),
            ("pixels of the square's side", self.side, 64),
        ):
            if not 1 <= value <= most:
                raise LimitError(f"{value} {name} are outside 1 to {most}; choose a number inside")
        if not 0 <= self.seed <= MAX_SEED:
            raise LimitError(f"a seed of {self.seed} is outside 0 to {MAX_SEED}; choose one inside")
        if not 0 < self.rate <= 1:
            raise UserError(f"a learning rate of {self.rate:g} is outside 0 to 1; try 0.01")
        if self.contrast is not None and not 0 < self.contrast <= 1000:
            raise UserError(f"a contrast of {self.contrast:g} is outside 0 to 1000; try {CONTRASTS[self.task]:g}")

    @property
    def model(self) -> ModelRecipe:
        """How the network's module is made, and its first weights."""
        return ModelRecipe(self.activation, "kaiming", False, self.width, self.seed)

    def task_of(self, network: Network) -> Task:
        """The task on images of the network's input; raises where its object does not fit."""
        size = network.size
        if self.task == "shapes" and len(size) != 2:
            raise UserError(f"shapes need an input of two axes, not {size_text(size)}; choose another task")
        task = TASKS[self.task](size, self.side, self.contrast or CONTRASTS[self.task])
        if any(own > side for own, side in zip(task.object_size, size, strict=True)):
            raise UserError(
                f"an object of {size_text(task.object_size)} does not fit an input of {size_text(size)}; "
                "use a larger input or a smaller square"
            )
        return task

    def with_head(self, network: Network) -> Network:
        """The network with global pooling and a linear head: what is trained, as a network that can be written."""
        return parse(f"{network}; global; conv k1 c{self.task_of(network).output_count}")

    def images(self, network: Network) -> int:
        """Images that go through the network; a training step's three times, forwards and twice backwards."""
        glimpses = (self.steps - 1) // self.glimpse_every
        places = prod(self.task_of(network).places_shape())
        return 3 * self.steps * self.batch + (2 * self.looks + glimpses * GLIMPSE) * places

    def operations(self, network: Network) -> int:
        """Multiply-adds of the whole training, and values of images and feature maps that are written."""
        graph = graph_of(self.model.widened(self.with_head(network)))
        written = sum(node.positions * node.channels for node in graph.nodes)
        return self.images(network) * (cost(graph).multiply_adds + written)

    @property
    def glimpse_every(self) -> int:
        """Steps from one glimpse to the next."""
        return -(-self.steps // _GLIMPSES)

    def refuse_absurd(self, network: Network, times: int = 1, most: int = MAX_OPERATIONS) -> None:
        """Raises :class:`~.errors.LimitError` for a training that would take too long or too much memory, from
        sizes alone; ``times``: how many such trainings there are; ``most``: operations of all of them.
        """
        whole = times * self.operations(network)
        if whole > most:
            raise LimitError(
                f"this training needs {whole:.1e} operations, more than {most:.1e}; use fewer steps or "
                "looks, a smaller input, fewer channels or smaller kernels"
            )
        graph = graph_of(self.model.widened(self.with_head(network)))
        sizes = [node.positions * node.channels for node in graph.nodes]
        copies = 3  # a map, its padded input and its activation
        training, looking = self.batch * copies * sum(sizes), CHUNK * copies * max(sizes)
        held = 8 * max(training, looking, 2 * FRESH_IMAGES * prod(network.size))
        if held > MAX_BYTES:
            raise LimitError(
                f"this training needs {held:.1e} bytes of feature maps, more than {MAX_BYTES:.1e}; use a smaller "
                "input, fewer channels or images in a batch, or fewer layers"
            )
