"""The command ``train``: networks trained alike on the spot; are the pixels with few paths those that they miss?

Typed networks and presets only, with an input, a stage and remedies as any design has them. Maps and curves are written
with ``--out``.
"""

import json
import shutil
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from inspect import getdoc
from pathlib import Path
from textwrap import fill, wrap

import numpy as np

from ..design.text import parse
from ..live import ACTIVATIONS
from ..network import PRESETS
from ..program import PROGRAM
from ..training import TASKS, Experiment, Interval, TrainRecipe, experiment, second_network, typed_network
from ..training.recipe import CONTRASTS, FRESH_IMAGES
from ..training.regions import regions
from ..training.results import refuse_unwritable, save_all
from .arguments import Parser, written
from .progress import last
from .table import columns

LAST = 20  # steps behind the final loss
_LINE = 110  # characters of a sentence's line at most
_NAMES = ("network", "against")
_CORRELATIONS = ("untrained", "trained", "answers")
_DEFAULT = TrainRecipe()
_NOTES = f"""\
DESIGN is a typed network as "{PROGRAM} paths --help" explains it, the name of a preset, or - for standard input.
Either may be followed by @INPUT, #STAGE and +REMEDY, as in "16x16; conv k3 s2 x2 @24x24 #1 +kernel-padding". Training
takes typed networks: a model of the zoo would take hours; write it as a text.
{fill(f"Presets: {', '.join(PRESETS)}.", _LINE)}
Images are standard normal noise with an object at a place drawn evenly:
{chr(10).join(f"  {name:<7} {getdoc(task)}" for name, task in TASKS.items())}
The network is given global pooling, a linear layer, and biases; what states no channels has --width. Adam, its rate
falling to nothing along a cosine. Then the object is put at every place of --looks noise images: the share of right
answers there, and how much the object changes the answer. Their link with the exact paths from the pixels under the
object is Spearman's rank correlation over all places; over seeds the mean, and Student's 95 % interval. Weights,
training images, fresh images and noise images are drawn independently, each from a random stream of its own.
--against trains a second network alike: any text that DESIGN may be, or a remedy of DESIGN itself
("random-connections r16 seed3"), or several joined by + and applied in order ("{PROGRAM} remedies --help" lists
them).
--json prints {{"design", "network", "against", "recipe", "seeds", "trained": [{{"network", "parameters", "loss",
"accuracy", "right": {{"centre", "edge", "corner"}}, "correlation": {{"untrained", "trained", "answers"}}, "reasons"}},
...], "out"}}: parameters with biases and head; the mean loss of the last {LAST} steps; accuracy on {FRESH_IMAGES} fresh
images and correlations as {{"mean", "low", "high", "values"}}, a value for each seed; right answers at the centre
place, the middles of the sides and the corners; path counts against the change before and after training, and against
right answers. What does not exist is null, and reasons says why.
--out makes a new folder: curves.csv, maps.npz, and for each network and seed its weights and a script that repeats it.
"""


@dataclass(frozen=True, slots=True, eq=False)
class NetworkOutcome:
    """What came out for one network; ``reasons`` says for each absent number why."""

    network: str
    parameters: int
    loss: float
    accuracy: Interval | None
    right: dict[str, float | None]
    correlation: dict[str, Interval | None]
    reasons: dict[str, str]


def run(argv: list[str]) -> None:
    """Trains, writes the folder if asked for, then prints what came out."""
    arguments = _parser().parse_args(argv)
    text = written(arguments.design)
    first = typed_network(text)
    networks = (first,) if arguments.against is None else (first, second_network(first, arguments.against))
    if arguments.out is not None:
        refuse_unwritable(Path(arguments.out))
    steps = experiment(networks, _recipe(arguments), 1 if arguments.seeds is None else arguments.seeds)
    outcome = last(steps, "images").experiment
    rows = [_network_outcome(outcome, index) for index in range(len(networks))]
    if arguments.out is not None:
        save_all(Path(arguments.out), outcome)
    if arguments.json:
        print(json.dumps(_document(str(parse(text)), outcome, rows, arguments.out), allow_nan=False))
    else:
        print("\n".join(_text(outcome, rows, arguments.out)))


def _parser() -> Parser:
    question = "Does a small network, trained on the spot, miss the pixels that have few paths?"
    example = '"16x16; conv k3 x4" --against border-circular --seeds 5'
    parser = Parser("train", question, example, _NOTES, subject=False)
    parser.add_argument("design", metavar="DESIGN", help="a typed network or preset, as described below")
    parser.add_argument("--against", metavar="TEXT", help="trained alike: another network, a remedy, or several, a+b")
    parser.add_argument("--task", choices=tuple(TASKS), default=_DEFAULT.task, help="default: %(default)s")
    parser.add_argument("--contrast", type=float, metavar="C", help=f"of the object to the noise ({_contrasts()})")
    for option, kind, letter, meaning in (
        ("side", int, "N", "of the square, in pixels"),
        ("steps", int, "N", "of training"),
        ("batch", int, "N", "images in a step"),
        ("rate", float, "R", "of learning"),
        ("width", int, "N", "channels where none are stated"),
        ("looks", int, "N", "noise images behind each map"),
    ):
        parser.add_argument(
            f"--{option}", type=kind, metavar=letter, default=getattr(_DEFAULT, option), help=f"{meaning} (%(default)s)"
        )
    parser.add_argument("--activation", choices=tuple(ACTIVATIONS), default=_DEFAULT.activation, help="(%(default)s)")
    seeds = parser.add_mutually_exclusive_group()
    seeds.add_argument("--seed", type=int, metavar="S", default=0, help="of weights and images (0)")
    seeds.add_argument("--seeds", type=int, metavar="K", help="train from each of the seeds 0 to K - 1")
    parser.add_argument("--out", metavar="FOLDER", help="write curves, maps, weights and scripts into a new folder")
    return parser


def _contrasts() -> str:
    return ", ".join(f"{task} {contrast:g}" for task, contrast in CONTRASTS.items())


def _recipe(arguments: Namespace) -> TrainRecipe:
    names = ("task", "side", "contrast", "steps", "batch", "rate", "width", "activation", "looks", "seed")
    return TrainRecipe(**{name: getattr(arguments, name) for name in names})


def _network_outcome(outcome: Experiment, index: int) -> NetworkOutcome:
    """The numbers of one network, once all of its seeds are trained."""
    runs, maps = outcome.runs[index], outcome.mean(index, True)
    assert maps is not None
    loss = float(np.mean([run.losses[-LAST:] for run in runs]))
    correlation = {name: outcome.correlation(index, name != "untrained", name == "answers") for name in _CORRELATIONS}
    right = regions(maps.right)
    reasons = {} if right["edge"] is not None else {"right.edge": "a 1-D input has ends only"}
    for name, value in correlation.items():
        if value is None:
            reasons[f"correlation.{name}"] = _absence(outcome, index, name)
        elif (missing := len(runs) - len(value.values)) > 0:
            reasons[f"correlation.{name}"] = f"{missing} of {len(runs)} seeds have no value: {_sameness(name)}"
    if len(runs) == 1:
        reasons["interval"] = "one seed has no interval"
    state = runs[0].state or {}
    parameters = sum(value.numel() for value in state.values())
    text = str(outcome.networks[index])
    return NetworkOutcome(text, parameters, loss, outcome.accuracy(index), right, correlation, reasons)


def _absence(outcome: Experiment, index: int, name: str) -> str:
    """Why a correlation has no value."""
    counts = outcome.counts(index)
    return "every place has as many paths" if counts.min() == counts.max() else _sameness(name)


def _sameness(name: str) -> str:
    return "as many right answers at every place" if name == "answers" else "the same change at every place"


def _document(design: str, outcome: Experiment, rows: list[NetworkOutcome], out: str | None) -> dict[str, object]:
    against = str(outcome.networks[1]) if len(rows) > 1 else None
    return {
        "design": design,
        "network": str(outcome.networks[0]),
        "against": against,
        "recipe": _recipe_numbers(outcome),
        "seeds": [run.recipe.seed for run in outcome.runs[0]],
        "trained": [asdict(row) for row in rows],
        "out": out,
    }


def _recipe_numbers(outcome: Experiment) -> dict[str, object]:
    """Every number of the recipe but the seed, with the contrast that the task was given."""
    numbers = asdict(outcome.recipe) | {"contrast": outcome.recipe.task_of(outcome.networks[0]).contrast}
    del numbers["seed"]
    return numbers


def _text(outcome: Experiment, rows: list[NetworkOutcome], out: str | None) -> Iterator[str]:
    seeds = [run.recipe.seed for run in outcome.runs[0]]
    values = [(name, value) for name, value in _recipe_numbers(outcome).items() if name != "task"]
    numbers = ", ".join(
        f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}" for name, value in values
    )
    seeds_text = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {seeds[0]} to {seeds[-1]}"
    head = [[_NAMES[index], row.network] for index, row in enumerate(rows)]
    head.append(["task", f"{outcome.recipe.task}: {getdoc(TASKS[outcome.recipe.task])}"])
    head.append(["recipe", f"{numbers}; {seeds_text}"])
    head += [] if out is None else [["folder", f"written to {out}"]]
    yield from columns(head, "<<")
    yield ""
    fresh = f"right answers on {FRESH_IMAGES} fresh images, and by the object's place"
    yield f"after training: mean loss of the last {LAST} steps, {fresh}"
    names = ["", "parameters", "loss", "right", "centre", "sides", "corners"]
    cells = [
        [
            _NAMES[index],
            f"{row.parameters:,}",
            f"{row.loss:.4f}",
            _interval(row.accuracy),
            *("-" if value is None else f"{value:.3f}" for value in row.right.values()),
        ]
        for index, row in enumerate(rows)
    ]
    yield from columns([names, *cells], "<" + ">" * (len(names) - 1))
    yield ""
    yield "rank correlation of the paths at each place with what the object changes there, and with right answers"
    names = ["", "change, untrained", "change, trained", "right answers"]
    cells = [[_NAMES[index], *map(_interval, row.correlation.values())] for index, row in enumerate(rows)]
    yield from columns([names, *cells], "<" + ">" * (len(names) - 1))
    if reasons := _reasons(rows):
        yield from ("", "what is absent", *columns(reasons, "<<"))
    yield ""
    yield from _closing(outcome, len(seeds))


def _reasons(rows: list[NetworkOutcome]) -> list[list[str]]:
    """Each reason once, behind the numbers that it explains."""
    titles = {
        "right.edge": "sides",
        "interval": "intervals",
        "correlation.untrained": "change, untrained",
        "correlation.trained": "change, trained",
        "correlation.answers": "right answers",
    }
    subjects: dict[str, list[str]] = {}
    for index, row in enumerate(rows):
        for key, reason in row.reasons.items():
            whose = "" if key in ("right.edge", "interval") or len(rows) == 1 else f"{_NAMES[index]}: "
            subjects.setdefault(f"{whose}{reason}", []).append(titles[key])
    return [["; ".join(dict.fromkeys(what)), reason] for reason, what in subjects.items()]


def _closing(outcome: Experiment, seeds: int) -> list[str]:
    """What the numbers do not say."""
    sizes = {network.size for network in outcome.networks}
    images = " The inputs differ in size, hence the images too." if len(sizes) > 1 else ""
    seeds_text = "this seed" if seeds == 1 else f"these {seeds} seeds"
    limits = (
        f"This came out for this task, this recipe and {seeds_text}; path counts alone promise nothing about accuracy."
    )
    width = max(min(shutil.get_terminal_size().columns, _LINE), 40)
    return wrap(f"{limits}{images}", width)


def _interval(value: Interval | None) -> str:
    """The mean, and its interval where there is one.

    >>> _interval(Interval(0.85, 0.726, 0.974, (0.8, 0.85, 0.9))), _interval(Interval(0.85, None, None, (0.85,)))
    ('0.850 (0.726 to 0.974)', '0.850')
    """
    if value is None:
        return "-"
    return f"{value.mean:.3f}" + ("" if value.low is None else f" ({value.low:.3f} to {value.high:.3f})")
