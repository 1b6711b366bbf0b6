"""A design whose zero-padded convolutions divide each output by the share of its window on samples."""

from dataclasses import dataclass, replace
from functools import cached_property

from ..errors import UserError
from ..network.graph import Graph, Node
from ..program import loaded
from ..remedies import chosen
from ..remedies.partial import PARTIAL_PADDING, with_partial_padding
from .design import Design
from .text import DesignText


@dataclass(frozen=True)
class PartialDesign:
    """``base`` with partial padding; what else is done to it is done to the base."""

    base: Design

    @property
    def text(self) -> DesignText:
        """What opens it again."""
        return replace(self.base.text, remedies=(*self.base.text.remedies, PARTIAL_PADDING))

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        shown: str = loaded(".notebook", __package__).design_html(self)
        return shown

    @property
    def name(self) -> str:
        return f"{self.base.name} ({PARTIAL_PADDING})"

    @property
    def network(self) -> None:
        """No text form of a network writes rational weights."""
        return None

    @property
    def stage(self) -> str | None:
        return self.base.stage

    @cached_property
    def weighed(self) -> tuple[Graph, int]:
        """The graph, and how many times the true, rational counts it counts."""
        return with_partial_padding(self.base.graph)

    @property
    def graph(self) -> Graph:
        return self.weighed[0]

    def stage_nodes(self) -> dict[str, Node | str]:
        """Those of the base."""
        return self.base.stage_nodes()

    def at_input(self, size: tuple[int, ...]) -> Design:
        """The same padding at another size."""
        return PartialDesign(self.base.at_input(size))

    def remedied(self, name: str) -> Design:
        """The remedy, and the same padding after it; raises :class:`~.errors.UserError` for that padding once more."""
        if chosen(name)[0].name == PARTIAL_PADDING:
            raise UserError(f"{PARTIAL_PADDING} is applied already, and once more it would divide twice; leave one out")
        return PartialDesign(self.base.remedied(name))

    def place(self, node: int | None) -> tuple[str, int] | None:
        """That of the base."""
        return self.base.place(node)
