"""What the design check is given: a network to look at, to try at other input sizes and with remedies.

A typed network is one kind; a traced PyTorch model is another, and lives where PyTorch may be imported.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from ..network.graph import Graph, graph_of
from ..network.network import Network
from ..remedies import remedied


class Design(Protocol):
    """Whatever has a graph and can be changed."""

    @property
    def name(self) -> str:
        """How the design is called: a typed network's text, a model's name."""
        ...

    @property
    def graph(self) -> Graph: ...

    @property
    def network(self) -> Network | None:
        """The typed network; None for designs that have none."""
        ...

    def at_input(self, size: tuple[int, ...]) -> "Design":
        """The same design for another input size; raises :class:`~core.errors.UserError` where that is impossible."""
        ...

    def remedied(self, name: str) -> "Design":
        """After one of ``core.remedies``; raises :class:`~core.errors.UserError` where it does not apply."""
        ...


@dataclass(frozen=True)
class TypedDesign:
    """A network as typed; its graph is built once."""

    network: Network

    @property
    def name(self) -> str:
        return str(self.network)

    @cached_property
    def graph(self) -> Graph:
        return graph_of(self.network)

    def at_input(self, size: tuple[int, ...]) -> "TypedDesign":
        """The same layers on another input.

        >>> from core.network import parse
        >>> TypedDesign(parse("224x224; maxpool k2")).at_input((64, 32)).name
        '64x32; maxpool k2'
        """
        return self._possible(replace(self.network, size=size))

    def remedied(self, name: str) -> "TypedDesign":
        """After the remedy ``name``.

        >>> from core.network import parse
        >>> TypedDesign(parse("64; conv k3 s2 p1")).remedied("kernel-padding").name
        '64; conv k4 s2 p1'
        """
        return self._possible(remedied(self.network, name))

    def _possible(self, network: Network) -> "TypedDesign":
        """The design of ``network``, refused now if its layers do not fit."""
        design = TypedDesign(network)
        _ = design.graph
        return design
