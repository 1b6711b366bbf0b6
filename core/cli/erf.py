"""The command ``erf``: what a unit really looks at, the effective receptive field, sampled or in closed form.

Beside the map stands what the exact path counts predict of it; where no prediction or no size exists, the answer says
why.
"""

import json
from argparse import Namespace
from pathlib import Path

from ..design.analysis import DesignAnalysis
from ..errors import UserError
from ..live import (
    ACTIVATIONS,
    REDUCTIONS,
    WEIGHTS,
    Agreement,
    ErfRecipe,
    ErfSizes,
    ModelRecipe,
    agreement,
    erf_sizes,
    prediction,
)
from ..live.erf.sampling import Unit
from . import erf_answer, map_file
from .arguments import Parser, position
from .designs import DesignArgument, design_argument
from .erf_answer import Answer
from .erf_methods import METHODS, EffectiveMap, effective_map

_NOTES = """\
Sampled: one sample is the gradient of the outputs with respect to the input, under newly drawn weights and a noise
input; a model keeps its weights, which it draws itself from the seed. Expected: one backward pass of squared weights
gives E[g²] for one draw of them, in about the time of one sample; the map is its root.
A network that states no channels is given 8 throughout. With --weights ones every edge is worth one: the map is the
exact path counts ("paths --channels"; a network that states no channels is given 1), from one sample.
The centre unit is the one whose field is centred nearest the middle of the input.
--json prints {"design", "network", "gates", "method", "recipe", "samples", "rejected", "standard_error", "assumes",
"agreement", "sizes", "reasons", "device", "out"}, a model's with "model" and "stage" in place of "network": the gates
that the prediction leaves out or reads; samples used and left out (not finite); the standard error relative to the map
(root mean squares; null with one sample); what the expected field assumes; correlation and relative error against the
prediction from path counts; sizes in pixels by several recipes. What does not exist is null, and reasons says why.
"""


def run(argv: list[str]) -> None:
    """Finds the field, writes the map if asked for, then prints what was found."""
    arguments = _parser().parse_args(argv)
    about = design_argument(arguments, exact=False)
    unit, reasons = _unit(arguments, about)
    recipe = _recipe(arguments, about, unit)
    if arguments.out is not None:
        map_file.refuse_unwritable(Path(arguments.out))
    field = effective_map(arguments.method, about.design, recipe)
    answer = _answer(about, recipe, field, arguments.out, reasons)
    if arguments.out is not None:
        map_file.save(Path(arguments.out), field.values)
    document = json.dumps(erf_answer.document(answer), allow_nan=False) if arguments.json else None
    print(document or "\n".join(erf_answer.text(answer)))


def _parser() -> Parser:
    question = "What a unit really looks at: the effective receptive field, sampled or in closed form."
    parser = Parser("erf", question, '"33x33; conv k3 p1 x6" --samples 200 --out map.npy', _NOTES)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--unit", type=position, metavar="R,C", help="the output unit (default: the centre one)")
    where.add_argument("--all", action="store_true", help="all outputs together")
    parser.add_argument("--method", choices=METHODS, default=METHODS[0], help="default: sampled")
    parser.add_argument("--weights", choices=WEIGHTS, help="of a typed network (default: kaiming)")
    parser.add_argument("--activation", choices=tuple(ACTIVATIONS), help="default: relu; linear with weights ones")
    parser.add_argument("--reduce", choices=REDUCTIONS, help="of each sampled gradient (default: abs)")
    parser.add_argument("--samples", type=int, metavar="N", help="gradients to average (default: 64)")
    parser.add_argument("--seed", type=int, metavar="S", default=0, help="of all that is drawn (default: 0)")
    parser.add_argument("--out", metavar="MAP.npy", help="write the map: float64, the shape of the input")
    return parser


def _unit(arguments: Namespace, about: DesignArgument) -> tuple[Unit, dict[str, str]]:
    """The unit that is asked for, else the centre one of the analysis; where that is unknown, a stand-in and why."""
    if arguments.all or arguments.unit is not None:
        return "all" if arguments.all else arguments.unit, {}
    try:
        return about.analysis.unit, {}
    except UserError as error:
        return "centre", {"unit": f"the one at half of each side is taken, as {error}"}


def _recipe(arguments: Namespace, about: DesignArgument, unit: Unit) -> ErfRecipe:
    """What the options say; one that the method or a model has no use for is refused."""
    own = about.design.network is None
    useless = {
        "draws its own weights": ("weights", "activation") if own else (),
        "takes no samples": ("reduce", "samples") if arguments.method == "expected" else (),
    }
    for why, options in useless.items():
        for option in options:
            if (value := getattr(arguments, option)) is not None:
                who = "a model" if option in ("weights", "activation") else "--method expected"
                raise UserError(f"{who} {why}; leave --{option} {value} out")
    weights = arguments.weights or "kaiming"
    if weights == "ones" and arguments.method == "expected":
        raise UserError("--weights ones counts paths, exactly, from one sample; leave --method expected out")
    width = 1 if weights == "ones" else ModelRecipe().width  # one channel: the plain path counts
    model = ModelRecipe(arguments.activation, weights, width=width, seed=arguments.seed)
    samples = 64 if arguments.samples is None else arguments.samples
    return ErfRecipe(unit, arguments.reduce or "abs", samples, arguments.seed, model=model)


def _answer(
    about: DesignArgument, recipe: ErfRecipe, field: EffectiveMap, out: str | None, reasons: dict[str, str]
) -> Answer:
    """Agreement and sizes, as far as they exist; why not is added to ``reasons``."""
    agrees = sizes = None
    try:
        agrees = _agreement(about.analysis, recipe, field)
    except UserError as error:
        reasons["agreement"] = str(error)
    try:
        sizes = _sizes(about.analysis, field)
    except UserError as error:
        reasons["sizes"] = str(error)
    return Answer(about, recipe, field, agrees, sizes, reasons, out)


def _agreement(analysis: DesignAnalysis, recipe: ErfRecipe, field: EffectiveMap) -> Agreement:
    """Against the path counts; drawn weights are scaled to their channels, so only ones count channels.

    A gate's paths carry the derivative of a sigmoid, far less than its count: they are left out unless asked for.
    """
    counts = analysis.path_counts(field.unit, recipe.model.counting)
    predicted = prediction(counts.array(), recipe.reduce, recipe.model.weights)
    if predicted.share is None:
        raise UserError(predicted.reason)
    return agreement(field.values, predicted.share)


def _sizes(analysis: DesignAnalysis, field: EffectiveMap) -> ErfSizes:
    """About the centre of the unit's theoretical field, beside its size."""
    if field.unit is None:
        raise UserError("sizes are those of one unit's field, not of all outputs together")
    spans = [axis.span(index) for axis, index in zip(analysis.fields[-1], field.unit, strict=True)]
    seen = [span for span in spans if span is not None]
    if len(seen) < len(spans):
        raise UserError("the unit sees nothing")
    middle, lengths = [(first + last) / 2 for first, last in seen], [last - first + 1 for first, last in seen]
    return erf_sizes(field.values, middle, lengths)
