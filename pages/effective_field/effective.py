"""The effective field of the visitor's model with its weights: expected in closed form, beside samples of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from time import perf_counter

import numpy as np
import streamlit as st
import torch
from pages.shared import controls, jobs, live
from pages.shared.models import Key
from streamlit.delta_generator import DeltaGenerator
from torch import nn

from core.design.analysis import DesignAnalysis
from core.design.traced import TracedDesign
from core.errors import UserError
from core.figures.erf import Box
from core.live import Agreement, ErfRecipe, Measurement, agreement
from core.live.erf.module_sampling import measure_module
from core.live.erf.sampling import Progress, Unit
from core.live.expected import Expected, expected_field
from core.live.sources.trained import load_weights, refuse_unfit, trained_weights

MAX_UPLOAD = 400  # megabytes of a weights file


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What is known before any sample: the closed form, how long it took, and what it assumes."""

    expected: Expected
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A model with numbers, up to a stage; what is looked at; and a key that names all of it."""

    design: TracedDesign
    weights: bytes | None
    goal: Unit
    seed: int
    key: str

    def module(self) -> nn.Module:
        """The module with the visitor's weights, else with those that it draws from the seed."""
        module = self.design.model.real(self.seed)
        if self.weights is not None:
            load_weights(module, trained_weights(self.weights))
        return module


def subject(side: DeltaGenerator, design: TracedDesign, key: Key, typed: str) -> Subject:
    """What the settings describe, with their controls."""
    goal = live.target(typed, design.graph.output.size)
    with side:
        name = f"_weights{st.session_state.get('_resets', 0)}"  # a reset takes the file away with its widget
        upload = st.file_uploader("Trained weights", ["safetensors"], key=name, max_upload_size=MAX_UPLOAD)
        seed = controls.number("seed", "Seed", help="of the weights that are drawn, and of the samples")
    data = None if upload is None else upload.getvalue()
    if data is not None:
        _refuse_unfit(design, data)
    digest = "" if data is None else blake2b(data, digest_size=16).hexdigest()
    return Subject(design, data, goal, seed, f"{key}|{goal}|{seed}|{digest}")


def _refuse_unfit(design: TracedDesign, data: bytes) -> None:
    """Says why a file cannot be used, with a button that takes it away; ends the run."""
    try:
        with torch.device("meta"):
            module = design.model.module()
        refuse_unfit(module, trained_weights(data))
    except UserError as error:
        st.error(str(error), icon=":material/error:")
        st.button("Go on without the file", on_click=_drop_file, icon=":material/build:")
        st.stop()


def _drop_file() -> None:
    st.session_state["_resets"] = st.session_state.get("_resets", 0) + 1


def told(of: Subject) -> Told:
    """The closed form."""

    def make() -> Told:
        module, model = of.module(), of.design.model
        begun = perf_counter()
        expected = expected_field(
            module, model.size, of.goal, stage=of.design.stage, forward=model.call(module), seed=of.seed
        )
        return Told(expected, perf_counter() - begun)

    return jobs.once(f"expected|{of.key}", make, "Working out the expected field")


def samples(of: Subject, count: int) -> Iterator[Progress]:
    """Samples of the same module: mean |g| over noise inputs and random signs at the output."""
    module, model = of.module(), of.design.model
    recipe = ErfRecipe(of.goal, "abs", count, of.seed, redraw=False)
    yield from measure_module(module, model.size, recipe, stage=of.design.stage, forward=model.call(module))


def shares(expected: Expected) -> np.ndarray:
    """√E[g²], of sum 1."""
    root = expected.root
    return np.asarray(root / (root.sum() or 1.0))


def measured_shares(measurement: Measurement) -> np.ndarray:
    """Mean |g|, of sum 1."""
    return np.asarray(measurement.mean / (measurement.mean.sum() or 1.0))


def compared(measurement: Measurement, expected: Expected) -> Agreement:
    """How well both agree."""
    return agreement(measured_shares(measurement), shares(expected))


def box(design: TracedDesign, expected: Expected) -> Box | None:
    """The theoretical field of the unit, its gates left out; None for all outputs."""
    if expected.unit is None:
        return None
    fields = DesignAnalysis(design).fields[-1]
    spans = [field.span(at) for field, at in zip(fields, expected.unit, strict=True)]
    found = tuple(span for span in spans if span)
    return found if len(found) == len(spans) else None
