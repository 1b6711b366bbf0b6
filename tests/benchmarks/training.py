"""A training with its maps, against its bare steps; and every remedy of a network, applied, counted and measured."""

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

from core.comparison import compared, plans_for
from core.design.typed import TypedDesign
from core.exact.paths import path_counts
from core.network import PRESETS, Network, graph_of, parse
from core.training import TrainRecipe, experiment, second_network
from core.training.fitting import fit
from core.training.trained_model import trained_model
from pages.training_run import PAGE
from pages.training_run.lessons import LESSONS
from tests.benchmarks.row import Row, digits, fastest_ms


def rows() -> Iterator[Row]:
    """The first lesson as a visitor finds it, and a network of the size of real ones."""
    lesson = next(iter(LESSONS.values())).settings
    network = parse(str(lesson["net"]))
    others = (network, second_network(network, str(lesson["against"])))
    yield trained(
        "the first lesson", others, TrainRecipe(steps=int(lesson["steps"])), int(PAGE.settings["seeds"].default)
    )
    yield remedies("ResNet-18", PRESETS["ResNet-18"])


def trained(name: str, networks: tuple[Network, ...], recipe: TrainRecipe, seeds: int) -> Row:
    """A whole training with its maps, and its steps without anything around them."""
    for network in networks:
        list(fit(trained_model(network, recipe), recipe.task_of(network), 2, recipe.batch, recipe.rate, 0))
    bare = whole = 0.0
    for seed in range(seeds):  # in turns, so that both share the machine's moods
        given = replace(recipe, seed=seed)
        begun = perf_counter()
        for network in networks:
            module, task = trained_model(network, given), given.task_of(network)
            list(fit(module, task, given.steps, given.batch, given.rate, seed))
        halfway = perf_counter()
        for _ in experiment(networks, given):
            pass
        bare, whole = bare + halfway - begun, whole + perf_counter() - halfway
    return Row(
        f"{name}: {len(networks)} networks from {seeds} seeds, {recipe.steps} steps each, with all maps",
        f"the bare steps, {digits(bare)} s",
        f"{digits(whole)} s, {digits(whole / bare)} times the steps",
        "about 10 s: ≤ 12 s",
        whole <= 12,
    )


def remedies(name: str, network: Network, turns: int = 3) -> Row:
    """All remedies that apply, each measured in every way, against counting the network's paths once for each."""
    design = TypedDesign(network)
    found = compared(design, plans_for(design))
    whole, once = fastest_ms(
        [lambda: compared(design, plans_for(design)), lambda: path_counts(graph_of(network))], turns
    )
    taken = len(found.variants)
    return Row(
        f"{taken} remedies of {name}, applied, counted and measured",
        f"its paths counted {taken + 1} times, {digits(once * (taken + 1))} ms",
        f"{digits(whole / 1000)} s, {digits(whole / once / (taken + 1))} times",
        "none",
        None,
    )
