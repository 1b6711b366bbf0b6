"""What a design is to whoever analyses it: a graph that can be tried at other inputs and with remedies."""

from typing import Protocol, runtime_checkable

from ..network.graph import Graph, Node
from ..network.network import Network
from .text import DesignText


class Design(Protocol):
    """A typed network (:mod:`.design.typed`) or a traced PyTorch model (:mod:`.design.traced`)."""

    @property
    def text(self) -> DesignText:
        """What opens the same design again (:func:`.design.opening.design_of`)."""
        ...

    @property
    def name(self) -> str:
        """How the design is called: a typed network's text, a model's name."""
        ...

    @property
    def graph(self) -> Graph:
        """Up to the design's stage. Raises :class:`~.errors.UserError` where that depends on a gap."""
        ...

    @property
    def network(self) -> Network | None:
        """The typed network; None for designs that have none."""
        ...

    @property
    def stage(self) -> str | None:
        """The part of a model whose result is the output; None for a typed network."""
        ...

    def stage_nodes(self) -> dict[str, Node | str]:
        """What can be the output, in order: the node that each stage ends in, or the gap that it depends on."""
        ...

    def at_input(self, size: tuple[int, ...]) -> "Design":
        """The same design for another input size, its axes alone or channels before them.

        Raises :class:`~.errors.UserError` where that is impossible.
        """
        ...

    def remedied(self, name: str) -> "Design":
        """After one of ``remedies``; raises :class:`~.errors.UserError` where it does not apply."""
        ...

    def place(self, node: int | None) -> tuple[str, int] | None:
        """The whole path of the file and the line that build the layer of a node of ``graph``, or the model for None.

        None where no own code builds it.
        """
        ...


@runtime_checkable
class Staged(Protocol):
    """A design that has another end at hand: a traced model, which is traced once for all its stages."""

    def up_to(self, stage: str) -> Design:
        """The same model, of which another stage is the output. Raises as ``graph`` of a design does."""
        ...

    def whole(self) -> Design:
        """The model of the same text up to its own output, without remedies. Raises as ``graph`` does."""
        ...
