"""Layers that read maps whose units have seen the whole input already."""

from fractions import Fraction

from core.exact import field
from core.exact.checks.examined import Examined
from core.exact.checks.finding import Severity
from core.exact.checks.measure import Measure, after_remedies, at_inputs
from core.exact.checks.registry import Observation, rule
from core.exact.checks.words import several
from core.exact.input_sizes import is_global
from core.network.graph import size_text
from core.network.window import Window


def idle(examined: Examined) -> list[int]:
    """Unproductive windows that the output depends on; pooling a whole map is no such window."""
    graph = examined.ungated
    return [
        index
        for index in field.unproductive(graph)
        if index in examined.live
        and not all(
            is_global(graph.nodes[index], axis, side)
            for axis, side in enumerate(graph.nodes[graph.nodes[index].inputs[0]].size)
        )
    ]


_MEASURE = Measure("unproductive windows", lambda examined: Fraction(len(idle(examined))))


@rule(
    "unproductive",
    why="a window over maps that have seen the whole input can add no context, "
    'only depth (the "border layer" of Richter et al., ICMLA 2021)',
    reference='Richter et al., "Should You Go Deeper?", ICMLA 2021',
)
def look(examined: Examined) -> Observation | None:
    """A warning where that is half of the windows or more, else a note."""
    found = idle(examined)
    if not found:
        return None
    windows = [at for at, _, axes, _ in examined.windows() if at in examined.live and _enlarges(axes)]
    read = examined.ungated.nodes[found[0]].inputs[0]
    message = (
        f"{len(found)} of {several(len(windows), 'window')} of more than one tap, from {examined.graph.name(found[0])} "
        f"on, read maps whose field of {size_text(tuple(axis.size for axis in examined.fields[read]))} already covers "
        f"the input of {size_text(examined.graph.input.size)}"
    )
    candidates = [*after_remedies(examined, "drop-unproductive"), *at_inputs(examined, _larger(examined, found))]
    severity: Severity = "warning" if 2 * len(found) >= len(windows) else "note"
    return Observation(severity, found[0], message, _MEASURE.fixes(examined, candidates))


def _larger(examined: Examined, found: list[int]) -> list[tuple[int, ...]]:
    """The input that is just larger than the fields of all maps that unproductive windows read."""
    read = [examined.fields[examined.ungated.nodes[index].inputs[0]] for index in found]
    size = examined.graph.input.size
    return [tuple(max(side, *(axes[axis].size + 1 for axes in read)) for axis, side in enumerate(size))]


def _enlarges(windows: tuple[Window, ...]) -> bool:
    return any(window.kernel > 1 for window in windows)
