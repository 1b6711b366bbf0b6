"""Between the settings of the live model and ``core.live``: the recipe, its words, and what is shown of a result."""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from pages.shared import compute, controls

from core.errors import UserError
from core.exact import AxisField, PathCounts
from core.exact.field import central_unit
from core.figures.erf import Box, comparison, profiles
from core.live import Agreement, ErfRecipe, Measurement, ModelRecipe, Prediction, agreement, prediction
from core.live.erf.inputs import decoded_image, sample_image
from core.live.erf.sampling import Unit, unit_of
from core.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A result beside its prediction, both with sum 1, and where the theoretical field lies."""

    measured: np.ndarray
    errors: np.ndarray
    prediction: Prediction
    agreement: Agreement | None
    fields: tuple[AxisField, ...]
    unit: tuple[int, ...] | None
    counts: PathCounts
    box: Box | None


def target(typed: str, size: tuple[int, ...]) -> Unit:
    """Which output is differentiated, from its setting."""
    if typed == "all":
        return "all"
    return controls.unit(typed, size)


def recipe(network: Network, goal: Unit) -> tuple[ErfRecipe, str, str]:
    """The recipe that the settings describe, with its controls; its words; and a key that names the measurement."""
    with st.sidebar, st.expander("Live model"):
        controls.choose("reduce", "Gradient")
        weights = controls.choose("weights", "Weights")
        ones = weights == "ones"
        activation = controls.choose("activation", "Activation", disabled=ones)
        norm = controls.switch("norm", "Batch norm", disabled=ones)
        stated = network.channels is not None
        width = controls.number("width", "Channels", disabled=stated, help="where the network's text states none")
        redraw = controls.switch("redraw", "New weights for every sample", disabled=ones)
        source = controls.choose("input", "Input")
        key = f"_image{st.session_state.get('_resets', 0)}"  # a reset takes the file away with its widget
        upload = st.file_uploader("or an image of yours", ["png", "jpg", "jpeg"], key=key, max_upload_size=8)
        seed = controls.number("seed", "Seed")
        tolerance = controls.number("tolerance", "Stop at a relative error of (%)", help="0: take all samples")
    image: np.ndarray | str = "noise"
    shown = source
    if source != "noise":
        image = sample_image(source, network.size)
    if upload is not None:
        try:
            image, shown = decoded_image(upload.getvalue(), network.size), "your image"
        except UserError as error:
            st.error(f"{error}; until then the input is {source}", icon=":material/error:")
    model = ModelRecipe(None if ones else activation, weights, norm and not ones, width, seed)
    made = ErfRecipe(
        goal,
        controls.current("reduce"),
        controls.current("samples"),
        seed,
        image,
        redraw,
        tolerance / 100 or None,
        model,
    )
    told = (
        f"{weights} weights, {model.nonlinearity}{', batch norm' if model.batch_norm else ''}, "
        f"{network.channels or width} channels in, {'redrawn for every sample' if redraw else 'drawn once'}, "
        f"seed {seed}; input {shown}; gradient {made.reduce}, mean over input channels"
    )
    digest = blake2b(image.tobytes() if isinstance(image, np.ndarray) else b"", digest_size=16).hexdigest()
    key = f"{network}|{goal}|{told}|{made.samples}|{tolerance}|{digest}"
    return made, told, key


def view(net: str, goal: Unit, result: Measurement) -> View:
    """A result beside its prediction."""
    graph = compute.graph(net)
    unit = unit_of(goal, graph.output.size, lambda: central_unit(compute.fields(net)[-1]))
    counts = compute.path_counts(net, unit)
    predicted = prediction(counts.array(), controls.current("reduce"), controls.current("weights"))
    total = float(np.abs(result.mean).sum()) or 1.0
    measured = result.mean / total
    fields = compute.fields(net)[-1]
    spans = [field.span(at) for field, at in zip(fields, unit, strict=True)] if unit else []
    return View(
        measured,
        result.standard_error / total,
        predicted,
        agreement(measured, predicted.share) if predicted.share is not None and measured.min() >= 0 else None,
        fields,
        unit,
        counts,
        tuple(span for span in spans if span) if spans and all(spans) else None,
    )


def figure(net: str, goal: Unit, result: Measurement) -> tuple[go.Figure, View]:
    """The comparison figure, and what it shows."""
    found = view(net, goal, result)
    return comparison(found.measured, found.prediction.share, found.box), found


def middle(found: View) -> tuple[int, ...]:
    """The pixel in the middle of what is looked at: the field's centre, or that of the input."""
    size = found.measured.shape
    if not found.unit:
        return tuple(side // 2 for side in size)
    centres = [field.centre(at) for field, at in zip(found.fields, found.unit, strict=True)]
    return tuple(
        min(max(round(float(centre)), 0), side - 1) if centre is not None else side // 2
        for centre, side in zip(centres, size, strict=True)
    )


def profile(found: View) -> go.Figure:
    """The row through the middle of what is looked at."""
    at = middle(found)
    row, share = at[:-1], found.prediction.share
    name = "position" if not row else f"column, along row {row[0]}"
    return profiles(found.measured[row], found.errors[row], None if share is None else share[row], at[-1], name)


def arrays(result: Measurement, found: View) -> dict[str, np.ndarray]:
    """What a file holds: the map as measured, its error, and the prediction."""
    held = {"mean": result.mean, "standard_error": result.standard_error}
    return held if found.prediction.share is None else {**held, "predicted_share": found.prediction.share}
