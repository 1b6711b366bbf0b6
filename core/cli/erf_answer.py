"""An effective field and what follows from it, as JSON and as text."""

from dataclasses import asdict, dataclass
from math import isfinite

from ..errors import UserError
from ..live import Agreement, ErfRecipe, ErfSizes
from ..network.graph import size_text
from .designs import DesignArgument
from .erf_methods import EffectiveMap
from .table import columns


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A map and what follows from it; ``reasons`` says why something is absent."""

    about: DesignArgument
    recipe: ErfRecipe
    field: EffectiveMap
    agreement: Agreement | None
    sizes: ErfSizes | None
    reasons: dict[str, str]
    out: str | None

    @property
    def standard_error(self) -> float | None:
        """Relative to the map; None before there are two samples, and where there are none."""
        error = self.field.measurement.relative_error if self.field.measurement else float("inf")
        return error if isfinite(error) else None


def document(answer: Answer) -> dict[str, object]:
    """Everything but the map itself."""
    measurement = answer.field.measurement
    return {
        **answer.about.document,
        "gates": _gates(answer),
        "method": "sampled" if measurement else "expected",
        "recipe": _recipe(answer),
        "samples": measurement and measurement.samples,
        "rejected": measurement and measurement.rejected,
        "standard_error": answer.standard_error,
        "assumes": None if measurement else answer.field.assumes,
        "agreement": answer.agreement and asdict(answer.agreement),
        "sizes": answer.sizes and asdict(answer.sizes),
        "reasons": answer.reasons,
        "device": measurement.device if measurement else "cpu",
        "out": answer.out,
    }


def _gates(answer: Answer) -> dict[str, object] | None:
    """What the prediction leaves out or reads; None where no exact graph is known."""
    try:
        return answer.about.gates
    except UserError:
        return None


def _recipe(answer: Answer) -> dict[str, object]:
    """What was done; a model's weights and activations are its own."""
    recipe, model, field = answer.recipe, answer.recipe.model, answer.field
    typed, sampled = answer.about.design.network is not None, field.measurement is not None
    return {
        "unit": field.unit or "all",
        "weights": model.weights if typed else "own",
        "activation": model.nonlinearity if typed else "own",
        "batch_norm": model.batch_norm if typed else None,
        "channels": field.channels,
        "redraw": recipe.redraw and typed and sampled,
        "input": recipe.input,
        "reduce": recipe.reduce if sampled else None,
        "samples": recipe.samples if sampled else None,
        "seed": recipe.seed,
    }


def text(answer: Answer) -> list[str]:
    """The same, readable."""
    recipe, model, field = answer.recipe, answer.recipe.model, answer.field
    whose = "all output units" if field.unit is None else f"output unit {','.join(map(str, field.unit))}"
    own = answer.about.design.network is None
    drawn = f"weights {model.weights}, activation {model.nonlinearity}"
    head = [
        *answer.about.head,
        ["input", size_text(field.size)],
        ["output", size_text(field.output)],
        *_method(answer, whose),
        [
            "weights" if own else "model",
            f"{'as the model draws them' if own else drawn}; input {recipe.input}; seed {recipe.seed}",
        ],
    ]
    if (measurement := field.measurement) is not None:
        error = answer.standard_error
        head += [
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


def _method(answer: Answer, whose: str) -> list[list[str]]:
    """How the map was made."""
    field = answer.field
    if field.measurement is not None:
        over = f"mean over {field.channels} input channels"
        return [["measured", f"gradient of {whose}, {answer.recipe.reduce}, {over}"]]
    words = f"√E[g²] of {whose}, g² summed over {field.channels} input channels, in closed form"
    return [["expected", words], *(["assumed", what] for what in field.assumes)]


def _size_lines(sizes: ErfSizes | None) -> list[str]:
    if sizes is None:
        return []
    table = [["pixels", "of the field", "effective size"]]
    for size in (sizes.square_50, sizes.square_95, sizes.luo, sizes.gaussian):
        table.append([f"{size.side:.2f}", "-" if size.ratio is None else f"{size.ratio:.1%}", size.recipe])
    return ["", *columns(table, ">><")]
