"""Between the settings of the page on training and ``core.live.training``: the recipe, the runs, what is drawn."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import NoReturn

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.errors import NetworkError, UserError
from core.exact.counts import PathCounts
from core.figures.multiples import small_map
from core.figures.scale import colour_bar, log_shares
from core.figures.training import losses, watched
from core.live.training import Experiment, Located, Run, TrainRecipe, experiment, rival, saved, train
from core.live.training.looking import Look, look
from core.network import Network
from pages.shared import controls, jobs, settings, training_words
from pages.shared.lessons import LESSONS
from pages.shared.share import File, exact_arrays
from pages.shared.tiles import SIDE, Tile, draw

_GLANCE = 4  # looks at the untrained networks before anybody asks for a training
_QUICK = 3_000_000_000  # operations: a second or so
_LONGEST = 500_000_000_000  # operations: some minutes, as visitors wait in one queue
_INSTEAD = ("kernel-padding", "padding-valid", "skip-connections", "deeper")
_ONE_SCALE = "share: paths, right answers, change"


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Two networks to train alike, how, from how many seeds; and a key that names all of it."""

    networks: tuple[Network, Network]
    against: str
    recipe: TrainRecipe
    seeds: int

    @property
    def key(self) -> str:
        return f"training|{'|'.join(map(str, self.networks))}|{self.recipe}|{self.seeds}"

    @property
    def names(self) -> tuple[str, str]:
        """The networks, as legends name them."""
        return "as it is", self.against

    def untrained(self) -> Experiment:
        """Before the first step, from the first seed: what a control looks like; nothing where that takes long."""
        glance = replace(self.recipe, steps=1, batch=1, looks=_GLANCE)
        quick = sum(map(glance.operations, self.networks)) < _QUICK
        runs = tuple((_before(network, glance),) if quick else () for network in self.networks)
        return Experiment(self.networks, self.recipe, self.seeds, runs)


def _before(network: Network, recipe: TrainRecipe) -> Run:
    """A run that is looked at and not begun."""
    return next(
        step.run for step in train(network, recipe) if step.run.before and step.run.before.looks == recipe.looks
    )


def lesson() -> str | None:
    """The lesson that the settings are those of."""
    now = {name: settings.value(name) for name in ("net", "against", "task")}
    return next((name for name, each in LESSONS.items() if now.items() <= each.settings.items()), None)


def _take_lesson() -> None:
    if name := st.session_state["_lesson"]:
        _teach(name)


def _teach(name: str) -> None:
    """Sets what a lesson needs; a callback."""
    usual = {key: settings.SETTINGS[key].default for key in ("square", "contrast", "width", "activation", "seed")}
    controls.put(str(LESSONS[name].settings["net"]))
    _put({**usual, **LESSONS[name].settings})


def _put(values: dict[str, str | int | bool]) -> None:
    end()
    for name, value in values.items():
        st.session_state[name] = value


def asked(network: Network) -> Asked:
    """What the controls describe."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["_lesson"] = lesson()
        st.selectbox("Lesson", list(LESSONS), key="_lesson", placeholder="your own", on_change=_take_lesson)
        typed = controls.text("against", "Trained beside it", help="a remedy, several joined by +, or a network")
        steps = controls.number("steps", "Steps", width=118)
        seeds = controls.number("seeds", "Seeds", width=110)
    with st.sidebar, st.expander("Training"):
        task = controls.choose("task", "Task", help=training_words.TASKS_HELP)
        side = controls.number("square", "Square's side", disabled=task == "shapes")
        contrast = controls.number(
            "contrast", "Contrast", help="in standard deviations of the noise; 0: the task's own"
        )
        activation = controls.choose("activation", "Activation")
        stated = network.channels is not None
        width = controls.number("width", "Channels", disabled=stated, help="where the network's text states none")
        seed = controls.number("seed", "First seed")
    against = typed or str(settings.SETTINGS["against"].default)
    try:
        recipe = TrainRecipe(task, side, contrast or None, steps, width=width, activation=activation, seed=seed)
        against, other = _beside(network, against)
        for each in (network, other):
            recipe.refuse_absurd(each, 2 * seeds, _LONGEST)
    except UserError as error:
        _explain(str(error))
    return Asked((network, other), against, recipe, seeds)


def _beside(network: Network, text: str) -> tuple[str, Network]:
    """What is trained beside the network; where the usual remedy does not apply, another that does."""
    try:
        return text, rival(network, text)
    except NetworkError as error:
        if text != settings.SETTINGS["against"].default:
            raise
        for name in _INSTEAD:
            with suppress(NetworkError):
                found = rival(network, name)
                st.info(f"{error}; so {name} is trained beside it.", icon=":material/info:")
                return name, found
        raise


def _explain(message: str) -> NoReturn:
    """Says why this cannot be trained, with ways out; ends the run."""
    st.error(message, icon=":material/error:")
    back = {name: settings.SETTINGS[name].default for name in ("against", "task", "square", "steps", "seeds", "width")}
    st.button("Keep the network, train as usual", on_click=_put, args=(back,), icon=":material/build:")
    first = next(iter(LESSONS))
    st.button(f"Take the lesson {first}", on_click=_teach, args=(first,), icon=":material/build:")
    st.stop()


def begin() -> None:
    """Begins the training; a callback."""
    st.session_state["trained"] = True
    st.query_params["trained"] = "true"


def end() -> None:
    """Stops it, or goes back to before it; a callback."""
    st.session_state["trained"] = False
    st.query_params.pop("trained", None)


def finished(of: Asked) -> bool:
    """Whether the result is there already."""
    return jobs.desk().finished(of.key) is not None


def run(of: Asked, place: st.delta_generator.DeltaGenerator) -> Experiment:
    """The trainings, watched in ``place``."""

    drawn = count()

    def show(part: Experiment) -> None:
        place.plotly_chart(live_figure(of, part), key=f"watched_{next(drawn)}")

    return jobs.worked(
        partial(experiment, of.networks, of.recipe, of.seeds), of.key, show, _told, "Building the networks"
    )


def so_far(of: Asked) -> Experiment | None:
    """What a stopped training had come to."""
    found: Experiment | None = jobs.partial(of.key)
    return found if found and any(run.losses for runs in found.runs for run in runs) else None


def started() -> bool:
    """Whether the visitor, or a link, asked for the training; keeps it for the link of this page."""
    found = bool(controls.current("trained"))
    st.session_state["trained"] = found
    if found:
        st.query_params["trained"] = "true"
    return found


def untrained(of: Asked) -> Experiment:
    """The control alone."""
    return jobs.once(f"untrained|{of.networks}|{of.recipe}", of.untrained, "Looking at the untrained networks")


def _told(done: int, total: int, part: Experiment) -> str:
    index, runs = max(
        ((at, runs) for at, runs in enumerate(part.runs) if runs), key=lambda each: (len(each[1]), each[0])
    )
    step = len(runs[-1].losses)
    return (
        f"seed {len(runs)} of {part.seeds}, {('the network', 'beside it')[index]}: step {step} of {part.recipe.steps}"
    )


def live_figure(of: Asked, part: Experiment) -> go.Figure:
    """Losses, where the answers are right, and what the object changes in them, so far."""
    located = [found for index in (0, 1) if (found := part.mean(index, trained=True)) is not None]
    most = max((float(found.change.max()) for found in located), default=0.0) or 1.0
    maps = {"right": [found.right for found in located], "change": [found.change / most for found in located]}
    return watched(_losses(of, part), maps if located else {}, of.recipe.steps)


def loss_figure(of: Asked, found: Experiment) -> go.Figure:
    """All losses."""
    return losses(_losses(of, found))


def _losses(of: Asked, part: Experiment) -> dict[str, list[tuple[float, ...]]]:
    return {name: [run.losses for run in runs] for name, runs in zip(of.names, part.runs, strict=True)}


def maps(of: Asked, found: Experiment, pixel: tuple[int, ...] | None) -> go.Figure:
    """For each network exact paths and the change before training; then right answers and the change after it too."""
    before, after = ([found.mean(index, trained) for index in (0, 1)] for trained in (False, True))
    rows: list[list[Tile]] = []
    for index in (0, 1):
        counts = PathCounts((found.counts(index),))
        made = [Tile("paths", _map(10.0 ** log_shares(counts), pixel), training_words.paths_told(counts, pixel))]
        made += _change_tile("change, untrained", before, index, pixel)
        if (located := after[index]) is not None:
            told = training_words.right_told(located, pixel)
            made.append(Tile("right answers", _map(located.right, pixel), told))
        rows.append([*made, *_change_tile("change, trained", after, index, pixel)])
    if any(after):
        for index, made in enumerate(rows):
            st.markdown(training_words.network_heading(index, of.networks[index], of.against))
            draw(made, [], f"tile_{index}")
    else:
        named = zip(of.names, rows, strict=True)
        draw([replace(tile, told=f"{name}: {tile.told}") for name, made in named for tile in made], [])
    draw([], [colour_bar(0.0, 1.0, _ONE_SCALE)], "bar")
    return next((tile.figure for tile in rows[0] if tile.name == "right answers"), None) or rows[0][0].figure


def _change_tile(name: str, located: list[Located | None], index: int, pixel: tuple[int, ...] | None) -> list[Tile]:
    """The map of changes, as shares of the largest of both networks."""
    if (own := located[index]) is None:
        return []
    most = max(float(each.change.max()) for each in located if each is not None) or 1.0
    return [Tile(name, _map(own.change / most, pixel), training_words.change_told(own, pixel))]


def _map(values: np.ndarray, pixel: tuple[int, ...] | None) -> go.Figure:
    return small_map(values, 0.0, 1.0, pixel, height=SIDE)


def fields(of: Asked, found: Experiment) -> go.Figure:
    """What a unit in the middle looks at before and after the training of the first seed."""
    tiles: list[Tile] = []
    for index, name in enumerate(of.names):
        run = found.runs[index][0]
        made: list[Tile] = []
        for trained in (False, True):
            words = f"{name}, {'trained' if trained else 'untrained'}"
            key = f"{of.key}|look|{index}|{trained}"
            try:
                seen = jobs.worked(
                    partial(_look, run, trained), key, lambda _: None,
                    lambda done, total, _, words=words: f"{words}: {done} of {total} samples", "Building the model",
                )  # fmt: skip
            except UserError as error:
                made.append(Tile(words, None, f"absent: {error}"))
                continue
            made += _look_tiles(seen, words)
        st.markdown(training_words.network_heading(index, of.networks[index], of.against))
        draw(made, [], f"look_{index}")
        tiles += made
    draw([], [colour_bar(0.0, 1.0, "share of the map's peak")])
    return next((tile.figure for tile in tiles if tile.figure is not None), go.Figure())


def _look(run: Run, trained: bool) -> Iterator[tuple[int, int, Look | None]]:
    yield from look(run, trained)


def _look_tiles(seen: Look, words: str) -> list[Tile]:
    """A look's two maps."""
    pairs = (("sampled", seen.sampled, seen.sides[0]), ("expected", seen.expected, seen.sides[1]))
    return [
        Tile(
            f"{kind}, {words.rpartition(', ')[2]}",
            _map(values / values.max(), None),
            training_words.look_told(values, side),
        )
        for kind, values, side in pairs
    ]


def arrays(found: Experiment) -> dict[str, np.ndarray]:
    """Paths, right answers and change of the network as it is, means over seeds: arrays of one shape."""
    held = exact_arrays(PathCounts((found.counts(0),)))
    for name, trained in (("untrained", False), ("trained", True)):
        if (located := found.mean(0, trained)) is not None:
            held |= {f"right_{name}": located.right, f"change_{name}": located.change}
    return held


def files(found: Experiment) -> list[File]:
    """What a finished training leaves behind, beside the maps of the network as it is."""
    if not all(len(runs) == found.seeds and runs[-1].finished for runs in found.runs):
        return []
    made = [
        File("Losses, CSV", "losses.csv", partial(saved.curves_csv, found)),
        File("All maps, NPZ", "maps.npz", partial(saved.maps_npz, found)),
    ]
    for runs, name in zip(found.runs, ("as it is", "beside it"), strict=True):
        stem = name.replace(" ", "_")
        made.append(File(f"Weights, {name}", f"{stem}.safetensors", partial(saved.weights_file, runs[0])))
        script = partial(saved.script, runs[0].network, runs[0].recipe)
        made.append(File(f"Script, {name}", f"repeat_{stem}.py", script))
    return made
