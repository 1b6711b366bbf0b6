"""Between the settings of the page on training and ``core.training``: the recipe, the runs, what they leave."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import NoReturn

import numpy as np
import streamlit as st

from core.errors import NetworkError, UserError
from core.exact.counts import PathCounts
from core.network import Network
from core.training import Experiment, Run, TrainRecipe, experiment, results, script, second_network, train
from pages.frame import settings
from pages.frame.shell import Frame
from pages.parts import controls
from pages.parts.share import File, exact_arrays
from pages.training_run import words
from pages.training_run.lessons import LESSONS
from pages.work import jobs

_QUICK = 6_000_000_000  # operations, of which half are done: a second or so before anybody asks for a training
_LONGEST = 500_000_000_000  # operations: some minutes, as visitors wait in one queue
_INSTEAD = ("kernel-padding", "padding-valid", "skip-connections", "deeper")


@dataclass(frozen=True, slots=True, eq=False)
class TrainingRequest:
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
        glance = replace(self.recipe, steps=1, batch=1)
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
    usual = {key: settings.setting(key).default for key in ("square", "contrast", "width", "activation", "seed")}
    settings.put_design(str(LESSONS[name].settings["net"]))
    _put({**usual, **LESSONS[name].settings})


def _put(values: dict[str, str | int | bool]) -> None:
    end()
    for name, value in values.items():
        st.session_state[name] = value


def request(frame: Frame, row: st.delta_generator.DeltaGenerator) -> TrainingRequest:
    """What the controls describe, of which those that matter most stand in ``row``."""
    network = frame.network
    with row:
        st.session_state["_lesson"] = lesson()
        st.selectbox("Lesson", list(LESSONS), key="_lesson", placeholder="your own", on_change=_take_lesson)
        typed = controls.text("against", "Trained beside it", help="a remedy, several joined by +, or a network")
    with frame.side.expander("Training"):
        steps = controls.number("steps", "Steps")
        seeds = controls.number("seeds", "Seeds", help="trainings of each network; two or more give intervals")
        task = controls.choose("task", "Task", help=words.TASKS_HELP)
        side = controls.number("square", "Square's side", disabled=task == "shapes")
        contrast = controls.number(
            "contrast", "Contrast", help="in standard deviations of the noise; 0: the task's own"
        )
        activation = controls.choose("activation", "Activation")
        stated = network.channels is not None
        width = controls.number("width", "Channels", disabled=stated, help="where the network's text states none")
        seed = controls.number("seed", "First seed")
    against = typed or str(settings.setting("against").default)
    try:
        recipe = TrainRecipe(task, side, contrast or None, steps, width=width, activation=activation, seed=seed)
        against, other = _beside(network, against)
        for each in (network, other):
            recipe.refuse_absurd(each, 2 * seeds, _LONGEST)
    except UserError as error:
        _explain(str(error))
    return TrainingRequest((network, other), against, recipe, seeds)


def _beside(network: Network, text: str) -> tuple[str, Network]:
    """What is trained beside the network; where the usual remedy does not apply, another that does."""
    try:
        return text, second_network(network, text)
    except NetworkError as error:
        if text != settings.setting("against").default:
            raise
        for name in _INSTEAD:
            with suppress(NetworkError):
                instead = second_network(network, name)
                st.info(f"{error}; so {name} is trained beside it.", icon=":material/info:")
                return name, instead
        raise


def _explain(message: str) -> NoReturn:
    """Says why this cannot be trained, with ways out; ends the run."""
    st.error(message, icon=":material/error:")
    back = {name: settings.setting(name).default for name in ("against", "task", "square", "steps", "seeds", "width")}
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


def finished(of: TrainingRequest) -> Experiment | None:
    """The result, if it is there already."""
    found: Experiment | None = jobs.results().finished(of.key)
    return found


def run(of: TrainingRequest, show: Callable[[Experiment], None]) -> Experiment:
    """The trainings, of which ``show`` is given what there is so far."""
    return jobs.run_job(
        partial(experiment, of.networks, of.recipe, of.seeds), of.key, show, _told, "Building the networks"
    )


def so_far(of: TrainingRequest) -> Experiment | None:
    """What a stopped training had come to."""
    trainings: Experiment | None = jobs.partial(of.key)
    return trainings if trainings and any(run.losses for runs in trainings.runs for run in runs) else None


def started() -> bool:
    """Whether the visitor, or a link, asked for the training; keeps it for the link of this page."""
    wanted = bool(settings.value("trained"))
    st.session_state["trained"] = wanted
    if wanted:
        st.query_params["trained"] = "true"
    return wanted


def untrained(of: TrainingRequest) -> Experiment:
    """The control alone."""
    return jobs.run_once(f"untrained|{of.networks}|{of.recipe}", of.untrained, "Looking at the untrained networks")


def _told(done: int, total: int, part: Experiment) -> str:
    index, runs = max(
        ((at, runs) for at, runs in enumerate(part.runs) if runs), key=lambda each: (len(each[1]), each[0])
    )
    step = len(runs[-1].losses)
    return (
        f"seed {len(runs)} of {part.seeds}, {('the network', 'beside it')[index]}: step {step} of {part.recipe.steps}"
    )


def arrays(trainings: Experiment) -> dict[str, np.ndarray]:
    """Paths, right answers and change of the network as it is, means over seeds: arrays of one shape."""
    held = exact_arrays(PathCounts((trainings.counts(0),)))
    for name, trained in (("untrained", False), ("trained", True)):
        if (located := trainings.mean(0, trained)) is not None:
            held |= {f"right_{name}": located.right, f"change_{name}": located.change}
    return held


def files(trainings: Experiment) -> list[File]:
    """What a finished training leaves behind, beside the maps of the network as it is."""
    if not all(len(runs) == trainings.seeds and runs[-1].finished for runs in trainings.runs):
        return []
    made = [
        File("Losses, CSV", "losses.csv", partial(results.curves_csv, trainings)),
        File("All maps, NPZ", "maps.npz", partial(results.maps_npz, trainings)),
    ]
    for runs, name in zip(trainings.runs, ("as it is", "beside it"), strict=True):
        stem = name.replace(" ", "_")
        made.append(File(f"Weights, {name}", f"{stem}.safetensors", partial(results.weights_file, runs[0])))
        code = partial(script, runs[0].network, runs[0].recipe)
        made.append(File(f"Script, {name}", f"repeat_{stem}.py", code))
    return made
