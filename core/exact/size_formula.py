"""The size of the output for any input of ``n`` positions along an axis, as one would write it by hand.

A window makes floor((n + before + after - span) / stride) + 1 positions of n, and a floor within a floor is one floor:
a chain of windows is floor((n + a) / s) + b, however long. Only where positions are multiplied and divided again by
other numbers does a formula keep a floor within another. Formulas are written so that Python reads them, too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import gcd

from ..errors import UserError
from ..network.graph import Graph, Node
from ..network.maps import AxisMap, Linear, Spans, Transposed
from ..network.operations import BROADCAST
from ..network.window import Window
from .input_sizes import is_global


@dataclass(frozen=True, slots=True)
class Step:
    """``floor((times * x + plus) / by)`` of a size x."""

    times: int
    plus: int
    by: int = 1


Formula = tuple[Step, ...]  # one after the other; none: n itself


def size_formula(graph: Graph, axis: int) -> Formula:
    """The size of the output along ``axis``.

    Where branches meet it is the shortest formula of theirs: they agree at every input that is possible at all.
    Raises :class:`~.errors.UserError` where a layer was traced for the present input alone.

    >>> formula_text(size_formula(graph_of(parse("224; conv k7 s2 p3; maxpool k3 s2 p1; conv k3 s2 p1 x3")), 0))
    'floor((n - 1)/32) + 1'
    """
    formulas: list[Formula | None] = [()]  # None: fits any other
    for index, node in enumerate(graph.nodes[1:], start=1):
        below = graph.nodes[node.inputs[0]].size[axis]
        source = formulas[node.inputs[0]]
        if not node.maps and node.lookup is None:
            formulas.append(_shortest(formulas[place] for place in node.inputs))
        elif node.maps and is_global(node, axis, below):
            formulas.append((Step(0, 1),))
        elif source is None or (node.op == BROADCAST and below == 1 < node.size[axis]):
            formulas.append(None)
        elif index in graph.ancestors or _is_known(node, axis):
            formulas.append(_then(source, _step(graph, index, axis)))
        else:
            formulas.append(None)
    result = formulas[-1]
    return ((Step(0, graph.output.size[axis])),) if result is None else result


def formula_text(formula: Formula, name: str = "n") -> str:
    """A formula as it is written; Python reads it, with ``floor`` from ``math``.

    >>> [formula_text(steps) for steps in ((), (Step(1, -184),), (Step(1, 0, 2), Step(2, 3)), (Step(2, 1, 3),))]
    ['n', 'n - 184', '2*floor(n/2) + 3', 'floor((2*n + 1)/3)']
    """
    text, is_sum = name, False
    for step in formula:
        if step.times == 0:
            text, is_sum = str(step.plus), False
            continue
        product = f"({text})" if is_sum and (step.times != 1 or step.by != 1) else text
        product = product if step.times == 1 else f"{step.times}*{product}"
        whole, rest = _divided(step)
        if step.by > 1:
            product = (
                f"floor({_sum(product, rest)}/{step.by})" if not rest else f"floor(({_sum(product, rest)})/{step.by})"
            )
        text = _sum(product, whole)
        is_sum = whole != 0 or (step.by == 1 and step.times != 1)
    return text


def formula_value(formula: Formula, n: int) -> int:
    """What a formula makes of ``n``."""
    for step in formula:
        n = (step.times * n + step.plus) // step.by
    return n


def _divided(step: Step) -> tuple[int, int]:
    """What stands after the floor and what within it, which is as small as can be: floor((n - 1)/2) + 1."""
    whole, rest = divmod(step.plus, step.by)
    return (whole + 1, rest - step.by) if rest and 2 * rest >= step.by else (whole, rest)


def _sum(text: str, more: int) -> str:
    return text if not more else f"{text} {'+' if more > 0 else '-'} {abs(more)}"


def _then(formula: Formula, step: Step) -> Formula:
    """One more step, as few of them as say the same."""
    shared = gcd(step.times, step.by)
    step = Step(step.times // shared, step.plus // shared, step.by // shared)
    if step == Step(1, 0):
        return formula
    if not formula or step.times == 0:
        return (step,)
    before, last = formula[:-1], formula[-1]
    if last.by == 1:
        return _then(before, Step(step.times * last.times, step.times * last.plus + step.plus, step.by))
    if step.times == 1:
        return _then(before, Step(last.times, last.plus + step.plus * last.by, last.by * step.by))
    return (*formula, step)


def _step(graph: Graph, index: int, axis: int) -> Step:
    """What a node makes of the size that it reads."""
    node = graph.nodes[index]
    match node.maps[axis] if node.maps else None:
        case Window() as window:
            return Step(1, sum(window.pad) - window.span + window.stride, window.stride)
        case Transposed(window):
            return Step(window.stride, window.span - window.stride - sum(window.pad))
        case Linear(factor):
            return Step(factor, 0)
        case Spans(rule=rule) if rule is not None:
            return Step(1, 0)
        case None if node.layer is not None:  # random connections of a typed network keep the size
            return Step(1, 0)
        case _:
            raise UserError(
                f"{graph.name(index)} was traced for an input of {graph.input.size[axis]} positions and may read "
                "others at another; there is no formula of its output"
            )


def _is_known(node: Node, axis: int) -> bool:
    axis_map: AxisMap | None = node.maps[axis] if node.maps else None
    ruled = isinstance(axis_map, Spans) and axis_map.rule is not None
    return ruled or isinstance(axis_map, Window | Transposed | Linear)


def _shortest(branches: Iterable[Formula | None]) -> Formula | None:
    known = [formula for formula in branches if formula is not None]
    return min(known, key=lambda formula: (len(formula), len(formula_text(formula))), default=None)
