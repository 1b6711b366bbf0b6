"""The sentences and tables of the page on training."""

import numpy as np

from core.exact import PathCounts
from core.formatting import all_digits, counted_noun, short_count
from core.network import Network
from core.training import Example, Experiment, Interval, PlaceAnswers, ResponseMaps, Run
from core.training.regions import quarter_means, regions
from pages.parts.words import place
from pages.training_run.lessons import LESSONS

TASKS_HELP = (
    "detect: is there a bright square? which: which of four intensities? where: its place. shapes: disc, square, cross "
    "or triangle?"
)
_TASKS = {
    "detect": "A bright square on half of the noise images: is it there?",
    "which": "A bright square on noise: which of four intensities?",
    "where": "A bright square on noise: where is it?",
    "shapes": "An outline nine pixels wide on noise: a disc, a square, a cross or a triangle?",
}
NOT_YET = "not trained yet"
NO_ANSWERS = "Once it is trained, a click on a place shows what is missed there."

Pixel = tuple[int, ...] | None


def untrained_insight(trainings: Experiment, lesson: str | None) -> str:
    """The question, with the numbers that make one ask it."""
    if lesson is not None:
        return LESSONS[lesson].asks
    counts = trainings.counts(0)
    near = regions(counts)
    share = (near["corner"] or 0.0) / near["centre"] if near["centre"] else 0.0
    where = "A corner" if counts.ndim == 2 else "An end"
    return f"{where} has **{share:.2g}** of the centre's paths. Will training make up for it?"


def insight(trainings: Experiment, against: str) -> str:
    """What came out, in one sentence."""
    own, other = (_by_paths(trainings, index) for index in (0, 1))
    said = f"{own[0].upper()}{own[1:]}{_chance(trainings)}; with {against} {other}."
    if unlearned := [run for runs in trainings.runs for run in runs if run.finished and _near_chance(run)]:
        said += f" **{len(unlearned)} of {sum(map(len, trainings.runs))} trainings learned nothing**: take more steps."
    return said


def correlation(trainings: Experiment) -> str:
    """How well paths and response agree, place by place, in the network as it is; nothing where that has no value."""
    link, before = (trainings.correlation(0, trained) for trained in (True, False))
    if link is None:
        return ""
    untrained = "" if before is None else f", untrained {before.mean:.2f}"
    return f"Rank correlation of paths and response: **{_interval(link)}**{untrained}. "


def _by_paths(trainings: Experiment, index: int) -> str:
    """How many answers are right where paths are fewest, and where they are most."""
    located = trainings.mean(index, trained=True)
    if located is None:
        return "nothing is known yet"
    ends = quarter_means(trainings.counts(index), located.right)
    if ends is None:
        counts = trainings.counts(index)
        shared = "all" if counts.min() == counts.max() else "most"
        return f"**{_percent(float(located.right.mean()))}** are right, and {shared} places have as many paths"
    return f"where paths are fewest **{_percent(ends[0])}** of the answers are right, where most {_percent(ends[1])}"


_CHANCES = {"detect": 1 / 2, "which": 1 / 4, "shapes": 1 / 4}  # of a right answer without a look


def _chance(trainings: Experiment) -> str:
    chance = _CHANCES.get(trainings.recipe.task)
    return "" if chance is None else f" (by chance {_percent(chance)})"


def _near_chance(run: Run) -> bool:
    """Whether a training ended where it began."""
    chance = _CHANCES.get(run.recipe.task)
    return chance is not None and run.accuracy is not None and run.accuracy < chance + 0.05


def network_heading(index: int, network: Network, against: str) -> str:
    """Above a row of tiles."""
    return f"**As it is**: `{network}`" if index == 0 else f"**Beside it, {against}**: `{network}`"


def task_question(task: str) -> str:
    """What the networks are asked of every image."""
    return f"**{_TASKS[task]}** Images that no step has seen:"


def missed_sentence(name: str, found: PlaceAnswers, at: tuple[int, ...]) -> str:
    """How often a network missed what lies at a place, and how that makes the number of the map."""
    missed, asked = len(found.missed), len(found.examples)
    said = f"**{name[0].upper()}{name[1:]}**: missed at {place(at)} in **{missed} of {asked}** images"
    said += f" ({_percent(missed / asked)})"
    if found.without is None:
        return f"{said}."
    return f"{said}; without an object {_percent(found.without)} are right. The map: {_percent(found.right)}."


def answered(example: Example) -> str:
    """What stands under an image that was answered."""
    return f"{example.holds}<br>{'✓' if example.right else '✗'} {example.answer}"


def no_place(name: str, at: tuple[int, ...]) -> str:
    """Where a network's object cannot lie."""
    return f"{name[0].upper()}{name[1:]}: the object does not fit at {place(at)}."


def paths_told(counts: PathCounts, pixel: Pixel) -> str:
    """Under the exact map."""
    at = _at(pixel, counts.size) or (0,) * len(counts.size)
    return f"{place(at)}: {short_count(counts.at(at))}"


def right_told(located: ResponseMaps, pixel: Pixel) -> str:
    """Under the map of right answers."""
    at = _at(pixel, located.right.shape) or (0,) * located.right.ndim
    return f"{place(at)}: {_percent(float(located.right[at]))}"


def change_told(located: ResponseMaps, pixel: Pixel) -> str:
    """Under the map of what the object changes."""
    at = _at(pixel, located.change.shape) or (0,) * located.change.ndim
    return f"{place(at)}: {located.change[at]:.3g}"


def caption(trainings: Experiment, stopped: bool) -> str:
    """The recipe beside the numbers."""
    recipe = trainings.recipe
    contrast = recipe.task_of(trainings.networks[0]).contrast
    runs = [run for runs in trainings.runs for run in runs]
    step = (
        f"Stopped in seed {len(trainings.runs[0])} of {trainings.seeds}, at step {len(runs[-1].losses)}. "
        if stopped and runs
        else ""
    )
    extent = "" if recipe.task == "shapes" else f", {counted_noun(recipe.side, 'pixel')} a side"
    return (
        f"{step}{_TASKS[recipe.task]} Contrast {contrast:g} standard deviations{extent}; {recipe.steps} steps of Adam, "
        f"{recipe.batch} images each, rate up to {recipe.rate:g}; {trainings.networks[0].channels or recipe.width} "
        f"channels, {recipe.activation}, global mean and a linear head; seeds {recipe.seed} to "
        f"{recipe.seed + trainings.seeds - 1}. Right answers and change: floats, over {recipe.looks} noise images for "
        "each seed, the object at every place; where the task asks whether it is there, half of the answers are to "
        "images without it. Change: root mean square of what the object changes in the answer. Paths are exact."
    )


def rows(trainings: Experiment, against: str) -> list[dict[str, str]]:
    """What came out, network by network."""
    made = []
    for index, name in enumerate(("as it is", against)):
        located = trainings.mean(index, trained=True)
        near = regions(located.right) if located is not None else {}
        ends = quarter_means(trainings.counts(index), located.right) if located is not None else None
        finished = [run for run in trainings.runs[index] if run.finished]
        made.append(
            {
                "network": name,
                "right on fresh images": _interval(trainings.accuracy(index)),
                "where paths are fewest": "" if ends is None else _percent(ends[0]),
                "where most": "" if ends is None else _percent(ends[1]),
                "in the corners": _percent(near.get("corner")),
                "rank correlation, untrained": _link(trainings, index, trained=False),
                "trained": _link(trainings, index, trained=True),
                "of right answers": _link(trainings, index, trained=True, answers=True),
                "final loss": f"{np.mean([np.mean(run.losses[-20:]) for run in finished]):.4f}" if finished else "",
            }
        )
    return made


def place_rows(trainings: Experiment) -> list[dict[str, str]]:
    """Every place of the network as it is: its paths, and what was found there."""
    counts, before, after = trainings.counts(0), trainings.mean(0, trained=False), trainings.mean(0, trained=True)
    made = []
    for at in np.ndindex(counts.shape):
        row = {"place": place(at), "paths": all_digits(int(counts[at]))}
        row |= {} if before is None else {"change, untrained": f"{before.change[at]:.6g}"}
        row |= (
            {} if after is None else {"right": f"{after.right[at]:.4g}", "change, trained": f"{after.change[at]:.6g}"}
        )
        made.append(row)
    return made


def verdict(trainings: Experiment) -> str:
    """What the numbers do not say."""
    one = " One seed has no interval: take at least two." if trainings.seeds < 2 else ""
    return (
        "Fewest and most: the quarters of the places with the fewest and with the most paths, ties included. "
        "Intervals: 95 % of the mean over seeds, Student's t. This came out for this task, recipe and seeds; counts "
        "promise nothing about accuracy. For ordinary classification unevenly read pixels may even help training (Kim "
        f"et al., arXiv 2108.13576): see the lesson on shapes.{one}"
    )


def _link(trainings: Experiment, index: int, trained: bool, answers: bool = False) -> str:
    link = trainings.correlation(index, trained, answers)
    if link is not None:
        return _interval(link)
    counts = trainings.counts(index)
    return "none: all have as many paths" if counts.min() == counts.max() else "none"


def _interval(value: Interval | None) -> str:
    if value is None:
        return ""
    return f"{value.mean:.2f}" + ("" if value.low is None else f" ({value.low:.2f} to {value.high:.2f})")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"


def _at(pixel: Pixel, size: tuple[int, ...]) -> Pixel:
    inside = (
        pixel is not None and len(pixel) == len(size) and all(at < side for at, side in zip(pixel, size, strict=True))
    )
    return pixel if inside else None
