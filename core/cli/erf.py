"""``python -m core erf``: what a unit really looks at, the effective receptive field, measured in PyTorch.

Beside the measured map stands what the exact path counts predict of it; where no prediction or no size exists, the
answer says why.
"""

import json
from argparse import Namespace
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path

import numpy as np

from core.cli import map_file
from core.cli.arguments import Parser, network, position
from core.cli.numbers import columns
from core.cli.progress import last
from core.errors import UserError
from core.exact import fields, path_counts
from core.live import (
    ACTIVATIONS,
    REDUCTIONS,
    WEIGHTS,
    Agreement,
    ErfRecipe,
    ErfSizes,
    Measurement,
    ModelRecipe,
    agreement,
    erf_sizes,
    measure,
    prediction,
)
from core.live.erf import Unit, unit_of
from core.network import Graph, Network, graph_of
from core.network.graph import size_text

_NOTES = """\
One sample is the gradient of the outputs with respect to the input, under newly drawn weights and a noise input.
A network that states no channels is given 8 throughout. With --weights ones every edge is worth one: the map is the
exact path counts ("paths --channels"; a network that states no channels is given 1), from one sample.
--json prints {"network", "recipe", "samples", "rejected", "standard_error", "agreement", "sizes", "reasons", "device",
"out"}: samples used and left out (not finite); the standard error relative to the map (root mean squares; null with
one sample); correlation and relative error against the prediction; sizes in pixels by several recipes. What does not
exist is null, and reasons says why.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A measurement and what follows from it; ``reasons`` says why something is absent."""

    network: Network
    graph: Graph
    recipe: ErfRecipe
    measurement: Measurement
    agreement: Agreement | None
    sizes: ErfSizes | None
    reasons: dict[str, str]
    out: str | None

    @property
    def standard_error(self) -> float | None:
        """Relative to the map; None before there are two samples."""
        error = self.measurement.relative_error
        return error if isfinite(error) else None


def run(argv: list[str]) -> None:
    """Measures, writes the map if asked for, then prints what was found."""
    arguments = _parser().parse_args(argv)
    typed = network(arguments.network)
    if arguments.out is not None:
        map_file.refuse_unwritable(Path(arguments.out))
    recipe = _recipe(arguments)
    measurement = last(measure(typed, recipe)).measurement
    answer = _answer(typed, recipe, measurement, arguments.out)
    if arguments.out is not None:
        map_file.save(Path(arguments.out), measurement.mean)
    print(json.dumps(_document(answer), allow_nan=False) if arguments.json else "\n".join(_text(answer)))


def _parser() -> Parser:
    question = "What a unit really looks at: the effective receptive field, measured in PyTorch."
    parser = Parser("erf", question, '"33x33; conv k3 p1 x6" --samples 200 --out map.npy', _NOTES)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--unit", type=position, metavar="R,C", help="the output unit (default: the centre one)")
    where.add_argument("--all", action="store_true", help="all outputs together")
    parser.add_argument("--weights", choices=WEIGHTS, default="kaiming", help="default: kaiming")
    parser.add_argument("--activation", choices=tuple(ACTIVATIONS), help="default: relu; linear with weights ones")
    parser.add_argument("--reduce", choices=REDUCTIONS, default="abs", help="of each gradient (default: abs)")
    parser.add_argument("--samples", type=int, metavar="N", default=64, help="gradients to average (default: 64)")
    parser.add_argument("--seed", type=int, metavar="S", default=0, help="of all that is drawn (default: 0)")
    parser.add_argument("--out", metavar="MAP.npy", help="write the map: float64, the shape of the input")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _recipe(arguments: Namespace) -> ErfRecipe:
    width = 1 if arguments.weights == "ones" else ModelRecipe().width  # one channel: the plain path counts
    model = ModelRecipe(arguments.activation, arguments.weights, width=width)
    unit: Unit = "all" if arguments.all else arguments.unit or "centre"
    return ErfRecipe(unit, arguments.reduce, arguments.samples, arguments.seed, model=model)


def _answer(typed: Network, recipe: ErfRecipe, measurement: Measurement, out: str | None) -> Answer:
    """Agreement and sizes, as far as they exist."""
    graph = graph_of(recipe.model.widened(typed))
    agrees = sizes = None
    reasons = {}
    try:
        agrees = _agreement(graph, recipe, measurement.mean)
    except UserError as error:
        reasons["agreement"] = str(error)
    try:
        sizes = _sizes(graph, recipe, measurement.mean)
    except UserError as error:
        reasons["sizes"] = str(error)
    return Answer(typed, graph, recipe, measurement, agrees, sizes, reasons, out)


def _agreement(graph: Graph, recipe: ErfRecipe, mean: np.ndarray) -> Agreement:
    """Against the path counts; drawn weights are scaled to their channels, so only ones count channels."""
    counts = path_counts(graph, unit_of(recipe.unit, graph.output.size), channels=recipe.model.counting)
    predicted = prediction(counts.array(), recipe.reduce, recipe.model.weights)
    if predicted.share is None:
        raise UserError(predicted.reason)
    return agreement(mean, predicted.share)


def _sizes(graph: Graph, recipe: ErfRecipe, mean: np.ndarray) -> ErfSizes:
    """About the centre of the unit's theoretical field, beside its size."""
    unit = unit_of(recipe.unit, graph.output.size)
    if unit is None:
        raise UserError("sizes are those of one unit's field, not of all outputs together")
    spans = [axis.span(at) for axis, at in zip(fields(graph)[-1], unit, strict=True)]
    seen = [span for span in spans if span is not None]
    if len(seen) < len(spans):
        raise UserError("the unit sees nothing")
    return erf_sizes(mean, [(first + last) / 2 for first, last in seen], [last - first + 1 for first, last in seen])


def _document(answer: Answer) -> dict[str, object]:
    recipe, measurement = answer.recipe, answer.measurement
    return {
        "network": str(answer.network),
        "recipe": {
            "unit": unit_of(recipe.unit, answer.graph.output.size) or "all",
            "weights": recipe.model.weights,
            "activation": recipe.model.nonlinearity,
            "batch_norm": recipe.model.batch_norm,
            "channels": answer.graph.input.channels,
            "redraw": recipe.redraw,
            "input": recipe.input,
            "reduce": recipe.reduce,
            "samples": recipe.samples,
            "seed": recipe.seed,
        },
        "samples": measurement.samples,
        "rejected": measurement.rejected,
        "standard_error": answer.standard_error,
        "agreement": answer.agreement and asdict(answer.agreement),
        "sizes": answer.sizes and asdict(answer.sizes),
        "reasons": answer.reasons,
        "device": measurement.device,
        "out": answer.out,
    }


def _text(answer: Answer) -> list[str]:
    recipe, model, measurement = answer.recipe, answer.recipe.model, answer.measurement
    unit = unit_of(recipe.unit, answer.graph.output.size)
    whose = "all output units" if unit is None else f"output unit {','.join(map(str, unit))}"
    error = answer.standard_error
    head = [
        ["network", str(answer.network)],
        ["input", size_text(answer.graph.input.size)],
        ["output", size_text(answer.graph.output.size)],
        ["measured", f"gradient of {whose}, {recipe.reduce}, mean over {answer.graph.input.channels} input channels"],
        [
            "model",
            f"weights {model.weights}, activation {model.nonlinearity}; input {recipe.input}; seed {recipe.seed}",
        ],
        ["samples", f"{measurement.samples} used, {measurement.rejected} not finite, on {measurement.device}"],
        ["standard error", "-" if error is None else f"{error:.2%} of the map (root mean squares)"],
    ]
    if (agrees := answer.agreement) is not None:
        correlation = "none (a constant map)" if agrees.correlation is None else f"{agrees.correlation:.4f}"
        words = f"correlation {correlation}, relative error {agrees.relative_error:.2%}"
        head.append(["agreement", f"{words}, with what the path counts predict"])
    head += [[name, f"absent: {reason}"] for name, reason in answer.reasons.items()]
    if answer.out is not None:
        head.append(["map", f"written to {answer.out}"])
    return [*columns(head, "<<"), *_size_lines(answer.sizes)]


def _size_lines(sizes: ErfSizes | None) -> list[str]:
    if sizes is None:
        return []
    table = [["pixels", "of the field", "effective size"]]
    for size in (sizes.square_50, sizes.square_95, sizes.luo, sizes.gaussian):
        table.append([f"{size.side:.2f}", "-" if size.ratio is None else f"{size.ratio:.1%}", size.recipe])
    return ["", *columns(table, ">><")]
