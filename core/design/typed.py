"""A typed network as a design."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from ..network.graph import Graph, Node, graph_of
from ..network.layers import layer_count
from ..network.network import Network
from ..program import loaded
from ..remedies import chosen, planned, remedied
from ..remedies.partial import PARTIAL_PADDING
from .design import Design
from .partial import PartialDesign
from .text import DesignText, at_input


@dataclass(frozen=True)
class TypedDesign:
    """A network as typed; its graph is built once. ``written``: the text that it was opened from, if another."""

    network: Network
    written: DesignText | None = None

    @cached_property
    def text(self) -> DesignText:
        """What opens it again."""
        return self.written or DesignText("typed", str(self.network))

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        shown: str = loaded(".notebook", __package__).design_html(self)
        return shown

    @property
    def name(self) -> str:
        return str(self.network)

    @property
    def stage(self) -> None:
        """The network itself says where it ends."""
        return None

    @cached_property
    def graph(self) -> Graph:
        return graph_of(self.network)

    def stage_nodes(self) -> dict[str, Node | str]:
        """Its layers and joins, by their numbers.

        >>> design = design_of("9; add(skip | conv k3 p1); maxpool k3")
        >>> {stage: node.size for stage, node in design.stage_nodes().items()}
        {'1': (9,), '2': (3,)}
        """
        ends = accumulate(layer_count((item,)) for item in self.network.layers)
        return {str(number): self.graph.nodes[end] for number, end in enumerate(ends, start=1)}

    def at_input(self, size: tuple[int, ...]) -> "TypedDesign":
        """The same layers on another input.

        >>> design_of("224x224; maxpool k2").at_input((64, 32)).name
        '64x32; maxpool k2'
        """
        return _possible(TypedDesign(at_input(self.network, size)))

    def remedied(self, name: str) -> Design:
        """After the remedy ``name``.

        >>> design = design_of("64; conv k3 s2 p1").remedied("kernel-padding")
        >>> design.name, str(design.text)
        ('64; conv k4 s2 p1', '64; conv k3 s2 p1+kernel-padding')
        """
        if chosen(name)[0].name == PARTIAL_PADDING:
            _ = planned(self.graph, name)  # refused where nothing is padded with zeros
            return PartialDesign(self)
        text = replace(self.text, remedies=(*self.text.remedies, name))
        return _possible(TypedDesign(remedied(self.network, name, self.graph), text))

    def place(self, node: int | None) -> None:
        """No code builds a typed network."""


def _possible(design: TypedDesign) -> TypedDesign:
    """The same design, refused now if its layers do not fit."""
    _ = design.graph
    return design
