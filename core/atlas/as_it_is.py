"""A design of which nothing else is tried: no remedy, no other input."""

from dataclasses import dataclass

from ..design.design import Design
from ..design.text import DesignText
from ..errors import UserError
from ..network.graph import Graph, Node
from ..network.network import Network


@dataclass(frozen=True)
class AsItIs:
    """``base`` for checks that are to find what they find, and to measure no fixes: that takes most of their time."""

    base: Design

    @property
    def text(self) -> DesignText:
        return self.base.text

    @property
    def name(self) -> str:
        return self.base.name

    @property
    def graph(self) -> Graph:
        return self.base.graph

    @property
    def network(self) -> Network | None:
        return self.base.network

    @property
    def stage(self) -> str | None:
        return self.base.stage

    def stage_nodes(self) -> dict[str, Node | str]:
        """Those of the base."""
        return self.base.stage_nodes()

    def at_input(self, size: tuple[int, ...]) -> Design:
        """Refused."""
        raise UserError(f"{self.name} is taken as it is; ask the design itself")

    def remedied(self, name: str) -> Design:
        """Refused."""
        raise UserError(f"{self.name} is taken as it is; ask the design itself")

    def place(self, node: int | None) -> tuple[str, int] | None:
        """That of the base."""
        return self.base.place(node)
