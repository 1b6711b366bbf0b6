"""Layers that read maps whose units have seen the whole input already."""

from fractions import Fraction

from ..design.analysis import DesignAnalysis
from ..formatting import counted_noun
from ..network.graph import size_text
from ..network.window import Window
from .finding import Severity
from .measure import Measure, at_inputs
from .registry import Observation, rule

_MEASURE = Measure("unproductive windows", lambda analysis: Fraction(len(analysis.unproductive)))


@rule(
    "unproductive",
    title="Layers see nothing new",
    number=lambda analysis: counted_noun(len(analysis.unproductive), "window"),
    why="a window over maps that have seen the whole input can add no context, "
    'only depth (the "border layer" of Richter et al., ICMLA 2021)',
    reference='Richter et al., "Should You Go Deeper?", ICMLA 2021',
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """A warning where that is half of the windows or more, else a note."""
    idle = analysis.unproductive
    if not idle:
        return None
    windows = [index for index, _, axes, _ in analysis.windows() if _enlarges(axes)]
    read = analysis.graph.nodes[idle[0]].inputs[0]
    message = (
        f"{len(idle)} of {counted_noun(len(windows), 'window')} of more than one tap, from "
        f"{analysis.graph.name(idle[0])} on, "
        f"read maps whose field of {size_text(tuple(axis.size for axis in analysis.fields[read]))} already covers "
        f"the input of {size_text(analysis.graph.input.size)}"
    )
    severity: Severity = "warning" if 2 * len(idle) >= len(windows) else "note"
    return Observation(
        severity, idle[0], message, _MEASURE.fixes(analysis, at_inputs(analysis, _larger(analysis, idle)))
    )


def _larger(analysis: DesignAnalysis, idle: list[int]) -> list[tuple[int, ...]]:
    """The input that is just larger than the fields of all maps that unproductive windows read."""
    read = [analysis.fields[analysis.graph.nodes[index].inputs[0]] for index in idle]
    size = analysis.graph.input.size
    return [tuple(max(side, *(axes[axis].size + 1 for axes in read)) for axis, side in enumerate(size))]


def _enlarges(windows: tuple[Window, ...]) -> bool:
    return any(window.kernel > 1 for window in windows)
