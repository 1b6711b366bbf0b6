"""The effective field of a view, measured as the page on effective fields does. PyTorch is loaded here."""

from typing import Literal

import numpy as np
import streamlit as st

from core.design.effective import EffectiveField
from core.lessons import View
from core.lessons.view_analysis import ViewAnalysis
from core.live import ErfRecipe, Measurement, ModelRecipe
from core.live.erf.inputs import sample_image
from core.live.erf.sampling import REDUCTIONS
from pages.effective_field import views, words
from pages.effective_field.request import ErfRequest
from pages.effective_field.request import view as view_of
from pages.lesson_steps.figures import setting
from pages.parts import share
from pages.work import cache, jobs


def draw(view: View, key: str) -> None:
    """What is measured beside what is predicted, as a profile where there is one axis; the numbers and the recipe."""
    wanted = request(view)
    picture = views.profile if len(wanted.analysis.graph.input.size) == 1 else views.maps
    place = st.empty()

    def part(result: Measurement) -> None:
        place.plotly_chart(picture(view_of(wanted, result)))

    result = jobs.run_job(
        wanted.samples, wanted.key, part, lambda done, total, _: f"{done} of {total} samples", "Building the model"
    )
    shown = view_of(wanted, result)
    insight = words.insight(shown, result)
    with place.container():
        share.chart(picture(shown), key, insight)
    st.markdown(insight)
    st.caption(words.recipe_caption(wanted, result, shown))


def request(view: View) -> ErfRequest:
    """What the settings of a view describe."""
    known = ViewAnalysis(view, cache.analysis)
    network = known.analysis.design.network
    seed, kind = int(setting(view, "seed")), setting(view, "weights")
    ones = kind == "ones"
    model = ModelRecipe(seed=seed)
    if network is not None:
        norm = setting(view, "norm").lower() == "true" and not ones
        model = ModelRecipe(
            None if ones else setting(view, "activation"), kind, norm, int(setting(view, "width")), seed
        )
    source = setting(view, "input")
    image: Literal["noise"] | np.ndarray = (
        "noise" if source == "noise" else sample_image(source, known.analysis.graph.input.size)
    )
    redraw = network is not None and setting(view, "redraw").lower() == "true"
    reduction = next(name for name in REDUCTIONS if name == setting(view, "reduce"))
    recipe = ErfRecipe(
        "all" if known.unit is None else known.unit, reduction, int(setting(view, "samples")), seed, image, redraw,
        int(setting(view, "tolerance")) / 100 or None, model,
    )  # fmt: skip
    drawn = "redrawn for every sample" if redraw else "drawn once"
    words_of_recipe = (
        f"{kind} weights, {model.nonlinearity}, {drawn}" if network is not None else "weights as the model draws them"
    )
    words_of_recipe += f", seed {seed}; input {source}; gradient {recipe.reduce}, mean over input channels"
    predicted = setting(view, "predicted")
    if predicted == "auto":
        predicted = "paths" if network is not None else "closed form"
    field = EffectiveField(known.analysis.design, recipe)
    return ErfRequest(field, known.analysis, known.unit, words_of_recipe, predicted, f"lesson|{view}")
