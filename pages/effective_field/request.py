"""From the settings of the page to the library: what is measured, its recipe in words, and what it is put beside."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

import numpy as np
import streamlit as st

from core.design.analysis import DesignAnalysis, Unit
from core.design.effective import EffectiveField, refuse_weights
from core.errors import UserError
from core.figures.erf import Box
from core.live import Agreement, ErfRecipe, Measurement, ModelRecipe, Prediction, agreement, prediction
from core.live.erf.inputs import decoded_image, sample_image
from core.live.erf.sampling import REDUCTIONS, Progress, Reduction
from core.network import Network
from pages.frame import settings
from pages.frame.shell import Frame
from pages.parts import controls
from pages.work import apart, jobs

MAX_UPLOAD = 400  # megabytes of a weights file


@dataclass(frozen=True, slots=True, eq=False)
class ErfRequest:
    """A field to measure, its recipe in words, what is predicted of it, and a key that names all of it."""

    field: EffectiveField
    analysis: DesignAnalysis
    unit: Unit
    words: str
    predicted: str  # from the ``paths``, or in ``closed form``
    key: str

    def samples(self) -> Iterator[Progress]:
        return self.field.samples()


@dataclass(frozen=True, slots=True, eq=False)
class ErfView:
    """A measurement beside its prediction, both of sum 1, and where the theoretical field lies."""

    measured: np.ndarray
    errors: np.ndarray
    prediction: Prediction
    assumed: tuple[str, ...]  # by the closed form
    agreement: Agreement | None
    analysis: DesignAnalysis
    unit: Unit

    @property
    def box(self) -> Box | None:
        """The theoretical field of the unit; None for all outputs."""
        if self.unit is None:
            return None
        spans = [field.span(at) for field, at in zip(self.analysis.fields[-1], self.unit, strict=True)]
        known = tuple(span for span in spans if span)
        return known if len(known) == len(spans) else None

    @property
    def middle(self) -> tuple[int, ...]:
        """The pixel in the middle of what is looked at: the field's centre, or that of the input."""
        size = self.measured.shape
        if self.unit is None:
            return tuple(side // 2 for side in size)
        centres = [field.centre(at) for field, at in zip(self.analysis.fields[-1], self.unit, strict=True)]
        return tuple(
            side // 2 if centre is None else min(max(round(float(centre)), 0), side - 1)
            for centre, side in zip(centres, size, strict=True)
        )


def request(frame: Frame, unit: Unit) -> ErfRequest:
    """What the settings describe, with their controls in the sidebar."""
    network = frame.design.network
    with frame.side.expander("Live model"):
        source = controls.choose("input", "Input")
        upload = st.file_uploader("or an image of yours", ["png", "jpg", "jpeg"], key=_file("image"), max_upload_size=8)
        controls.choose("predicted", "Predicted from", help="auto: paths of a typed network, closed form of a model")
        controls.choose("reduce", "Gradient")
        seed = controls.number("seed", "Seed", help="of the weights that are drawn, and of the samples")
        controls.number("tolerance", "Stop at a relative error of (%)", help="0: take all samples")
        model, kind = _typed_model(network, seed) if network is not None else (ModelRecipe(seed=seed), "")
        weights = None if network is not None else _weights(frame)
    image, shown = _image(source, None if upload is None else upload.getvalue(), frame.analysis.graph.input.size)
    redraw = network is not None and bool(settings.value("redraw"))
    recipe = ErfRecipe(
        "all" if unit is None else unit, _reduction(), int(settings.value("samples")), seed, image, redraw,
        int(settings.value("tolerance")) / 100 or None, model,
    )  # fmt: skip
    if network is None:
        kind = "your weights" if weights else f"weights as the model draws them, seed {seed}"
    words = f"{kind}; input {shown}; gradient {recipe.reduce}, mean over input channels"
    predicted = str(settings.value("predicted"))
    if predicted == "auto":
        predicted = "paths" if network is not None else "closed form"
    digests = (_digest(image.tobytes() if isinstance(image, np.ndarray) else b""), _digest(weights or b""))
    key = f"{frame.key}|{unit}|{words}|{recipe.samples}|{recipe.tolerance}|{digests}"
    return ErfRequest(EffectiveField(frame.design, recipe, weights), frame.analysis, unit, words, predicted, key)


def _typed_model(network: Network, seed: int) -> tuple[ModelRecipe, str]:
    """What the text of a network leaves open, and its words."""
    weights = controls.choose("weights", "Weights")
    ones = weights == "ones"
    activation = controls.choose("activation", "Activation", disabled=ones)
    norm = controls.switch("norm", "Batch norm", disabled=ones)
    stated = network.channels is not None
    width = controls.number("width", "Channels", disabled=stated, help="where the network's text states none")
    redraw = controls.switch("redraw", "New weights for every sample", disabled=ones)
    model = ModelRecipe(None if ones else activation, weights, norm and not ones, width, seed)
    drawn = "redrawn for every sample" if redraw else "drawn once"
    words = (
        f"{weights} weights, {model.nonlinearity}{', batch norm' if model.batch_norm else ''}, "
        f"{network.channels or width} channels in, {drawn}, seed {seed}"
    )
    return model, words


def _weights(frame: Frame) -> bytes | None:
    """The visitor's trained weights; one that does not fit is told, with a way on, and ends the run."""
    upload = st.file_uploader("Trained weights", ["safetensors"], key=_file("weights"), max_upload_size=MAX_UPLOAD)
    if upload is None:
        return None
    data: bytes = upload.getvalue()
    try:
        refuse_weights(frame.design, data)
    except UserError as error:
        st.error(str(error), icon=":material/error:")
        st.button("Go on without the file", on_click=_drop_files, icon=":material/build:")
        st.stop()
    return data


def _image(source: str, upload: bytes | None, size: tuple[int, ...]) -> tuple[Literal["noise"] | np.ndarray, str]:
    """What is fed, and what it is called."""
    image: Literal["noise"] | np.ndarray = "noise" if source == "noise" else sample_image(source, size)
    if upload is not None:
        try:
            return decoded_image(upload, size), "your image"
        except UserError as error:
            st.error(f"{error}; until then the input is {source}", icon=":material/error:")
    return image, source


def _file(name: str) -> str:
    """The key of an uploader: a reset takes the file away with its widget."""
    return f"_{name}{st.session_state.get('_resets', 0)}"


def _drop_files() -> None:
    st.session_state["_resets"] = st.session_state.get("_resets", 0) + 1


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def _reduction() -> Reduction:
    return next(reduction for reduction in REDUCTIONS if reduction == settings.value("reduce"))


def view(of: ErfRequest, result: Measurement) -> ErfView:
    """A measurement beside its prediction."""
    predicted, assumed = _prediction(of)
    total = float(np.abs(result.mean).sum()) or 1.0
    measured = result.mean / total
    agrees = None
    if predicted.share is not None and measured.min() >= 0 and measured.max() > 0:
        agrees = agreement(measured, predicted.share)
    return ErfView(measured, result.standard_error / total, predicted, assumed, agrees, of.analysis, of.unit)


def _prediction(of: ErfRequest) -> tuple[Prediction, tuple[str, ...]]:
    """What the path counts alone predict, or the closed form with the model's own weights; and what it assumes."""
    recipe = of.field.recipe
    if of.predicted == "paths":
        apart.count(of.analysis, of.unit)
        counts = of.analysis.path_counts(of.unit)
        return prediction(counts.array(), recipe.reduce, recipe.model.weights), ()
    if recipe.model.counting or recipe.reduce == "signed":
        return Prediction(None, "the closed form is that of drawn weights and of the gradient's size"), ()
    try:
        expected = jobs.run_once(f"expected|{of.key}", of.field.closed_form, "Working out the expected field")
    except UserError as error:
        return Prediction(None, str(error)), ()
    values = expected.mean_square if recipe.reduce == "square" else expected.root
    return Prediction(values / (values.sum() or 1.0)), expected.assumes


def arrays(result: Measurement, shown: ErfView) -> dict[str, np.ndarray]:
    """What a file holds: the map as measured, its error, and the prediction."""
    held = {"mean": result.mean, "standard_error": result.standard_error}
    return held if shown.prediction.share is None else {**held, "predicted_share": shown.prediction.share}
