"""What a remedy does to a graph: other windows, blurs after some, another input, an earlier end.

A plan is made from the graph, hence in the same way for a typed network and for a traced model. Two appliers carry it
out: :mod:`.remedies.items` on the layers of a text, :mod:`.live.patches` on the modules of a model.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from ..errors import NetworkError
from ..network.graph import Graph, Node
from ..network.kinds import CONV
from ..network.maps import Transposed
from ..network.operations import Operation
from ..network.window import Window

Windows = tuple[Window, ...]  # of one node, one per axis; of a transposed convolution those inside its maps
Predicate = Callable[[Operation], bool]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A plan; nodes are indices of the graph that it was made from.

    ``full``: the new padding is the one that texts call full. ``end``: the node after which everything is dropped.
    ``pooled``: one position that reads the whole map comes last. ``partial``: zero-padded convolutions divide by the
    share of their window that lies on samples (:mod:`.remedies.partial`).
    """

    windows: dict[int, Windows] = field(default_factory=dict)
    blurs: dict[int, tuple[Windows, ...]] = field(default_factory=dict)  # that follow a node, in order
    full: bool = False
    size: tuple[int, ...] | None = None
    end: int | None = None
    pooled: bool = False
    partial: bool = False


def windows_of(node: Node) -> Windows:
    """The windows that a node slides, of a transposed convolution those inside; none where an axis has another map."""
    parts = tuple(part.window if isinstance(part, Transposed) else part for part in node.maps)
    windows = tuple(part for part in parts if isinstance(part, Window))
    return windows if len(windows) == len(parts) else ()


def is_sliding(op: Operation) -> bool:
    """Whether windows are slid that may have any border mode and padding."""
    return op.slides


def is_resizable(op: Operation) -> bool:
    """Whether windows are slid that may have any kernel and stride too: a blur's weights follow from its kernel."""
    return op.slides and op.edges is None


def sliding(graph: Graph, predicate: Predicate) -> Iterator[tuple[int, Windows]]:
    """The nodes on the way to the output that slide windows and whose operation meets ``predicate``."""
    for index in sorted(graph.ancestors):
        node = graph.nodes[index]
        if predicate(node.op) and (windows := windows_of(node)):
            yield index, windows


def with_windows(graph: Graph, predicate: Predicate, change: Callable[[Windows], Windows], without: str) -> Rewrite:
    """The plan that gives every node that meets ``predicate`` what ``change`` makes of its windows.

    Raises :class:`~.errors.NetworkError` if that changes nothing: ``without`` says what the network has none of.

    >>> with_windows(graph_of(parse("9; conv k3 p1")), is_sliding, lambda windows: (Window(5),), "window").windows[1]
    (Window(kernel=5, stride=1, dilation=1, pad=(0, 0), border='zeros', weights=None),)
    """
    again = cache(change)  # repeated layers have the same windows
    return rewrite_of(graph, {index: again(windows) for index, windows in sliding(graph, predicate)}, without)


def rewrite_of(graph: Graph, windows: dict[int, Windows], without: str, full: bool = False) -> Rewrite:
    """The plan of those ``windows`` that are other than before; raises as :func:`with_windows`."""
    changed = {index: new for index, new in windows.items() if not alike(new, windows_of(graph.nodes[index]))}
    if not changed:
        raise nothing(without)
    return Rewrite(changed, full=full)


def alike(some: Windows, others: Windows) -> bool:
    """Whether windows read the same: of one without padding the border does not matter."""
    return tuple(map(Window.plain, some)) == tuple(map(Window.plain, others))


def rows(graph: Graph, key: Callable[[Windows], object]) -> Iterator[list[int]]:
    """Convolutions in a row of which ``key`` says the same, in order: each is read by the next and by nothing else.

    What ``key`` says nothing of (it is falsy) stands in no row.
    """
    said = {index: value for index, windows in sliding(graph, lambda op: op == CONV) if (value := key(windows))}
    readers: dict[int, set[int]] = {}
    for index, node in enumerate(graph.nodes):
        for source in (*node.inputs, *node.gates):
            readers.setdefault(source, set()).add(index)
    row: list[int] = []
    for index in sorted(said):
        before = graph.nodes[index].inputs[0]
        if row and row[-1] == before and readers[before] == {index} and said[before] == said[index]:
            row.append(index)
        else:
            if row:
                yield row
            row = [index]
    if row:
        yield row


def nothing(without: str) -> NetworkError:
    """Why a remedy does not apply: ``without`` says what the network has none of."""
    return NetworkError(f"the network has no {without}; nothing to change")
