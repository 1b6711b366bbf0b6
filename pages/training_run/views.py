"""What the page on training draws beside its maps: images, losses, what a unit looks at."""

from functools import partial

import plotly.graph_objects as go
import streamlit as st

from core.figures.images import RingedImage, image_row
from core.figures.scale import colour_bar
from core.figures.training import losses
from core.training import Example, Experiment, answers_at, fresh_examples
from core.training.effective_field import effective_field
from pages.parts import share
from pages.parts.field_pairs import field_pair, pair_tiles
from pages.parts.tiles import Tile, draw
from pages.training_run import words

_ONE_SCALE = "share: paths, right answers, change"
_SHOWN = 4  # images beside each other
_IMAGE_SIDE = 84  # pixels
CURVE_HEIGHT = 190  # pixels, beside the maps
_WHITE = 4.0  # standard deviations of the noise: what is as bright is white, at least

Names = tuple[str, str]  # of both networks, as legends have them


def curves(names: Names, trainings: Experiment, height: int = 400) -> go.Figure:
    """All losses so far."""
    lines = {name: [run.losses for run in runs] for name, runs in zip(names, trainings.runs, strict=True)}
    return losses(lines, trainings.recipe.steps, height)


def scale() -> None:
    """What the colours of all maps mean."""
    share.chart(colour_bar(0.0, 1.0, _ONE_SCALE), "bar", "what the colours mean")


def samples(trainings: Experiment) -> None:
    """Images of every class, their objects ringed."""
    recipe, network = trainings.recipe, trainings.networks[0]
    task = recipe.task_of(network)
    shown = fresh_examples(network, recipe, max(1, _SHOWN // task.label_count))
    row = [_ringed(example, task.object_size, example.holds) for example in shown]
    st.markdown(words.task_question(recipe.task))
    _row(row, task.contrast, "samples", f"{len(row)} images of the task, their objects ringed")


def place_answers(trainings: Experiment, names: Names, place: tuple[int, ...]) -> None:
    """For each network how often it missed the object at a place, and the images that it was asked about."""
    for index, name in enumerate(names):
        task = trainings.recipe.task_of(trainings.networks[index])
        if len(place) != len(task.places_shape()) or any(
            at >= side for at, side in zip(place, task.places_shape(), strict=True)
        ):
            st.caption(words.no_place(name, place))
            continue
        if (found := answers_at(trainings.runs[index], place)) is None:
            st.caption(words.NO_ANSWERS)
            return
        st.markdown(words.missed_sentence(name, found, place))
        ordered = sorted(found.examples, key=lambda example: bool(example.right))[:_SHOWN]
        row = [_ringed(each, task.object_size, words.answered(each), not each.right) for each in ordered]
        _row(row, task.contrast, f"answers_{index}", "; ".join(words.answered(each) for each in ordered))


def _ringed(example: Example, size: tuple[int, ...], text: str, emphasised: bool = False) -> RingedImage:
    ring = None if example.place is None else tuple(zip(example.place, size, strict=True))
    return RingedImage(example.image, ring, text, emphasised)


def _row(row: list[RingedImage], contrast: float, key: str, alt: str) -> None:
    flat = row[0].image.ndim == 1
    share.chart(
        image_row(row, max(contrast, _WHITE), _SHOWN, 40 if flat else _IMAGE_SIDE), key, alt.replace("<br>", " ")
    )


def fields(names: Names, trainings: Experiment, key: str) -> go.Figure:
    """What a unit in the middle looks at before and after the training of the first seed."""
    tiles: list[Tile] = []
    for index, name in enumerate(names):
        run = trainings.runs[index][0]
        row: list[Tile] = []
        for trained in (False, True):
            state = "trained" if trained else "untrained"
            pair = field_pair(
                f"{key}|field|{index}|{trained}", f"{name}, {state}", partial(effective_field, run, trained)
            )
            row += pair_tiles(state, pair)
        st.markdown(words.network_heading(index, trainings.networks[index], names[1]))
        draw(row, [], f"field_{index}")
        tiles += row
    draw([], [colour_bar(0.0, 1.0, "share of the map's peak")])
    return next((tile.figure for tile in tiles if tile.figure is not None), go.Figure())
