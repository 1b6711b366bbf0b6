"""From a design's text to the design. PyTorch is loaded for models only."""

from collections.abc import Mapping

from ..program import loaded
from .design import Design
from .text import DesignText, at_input, parse
from .typed import TypedDesign


def design_of(text: str | DesignText, exact: bool = True, files: Mapping[str, object] | None = None) -> Design:
    """The design that a text says. ``files``: the ONNX files that were read, by name; None: those of the disk.

    Raises :class:`~.errors.UserError` for what cannot be read, made or applied, and, as ``exact``, where its graph
    depends on a gap.

    >>> design_of("ResNet-18@96#1").name
    '96x96 c3; conv k7 s2 p3 c64'
    """
    said = parse(text) if isinstance(text, str) else text
    network = said.network
    if network is None:
        opened: Design = loaded(".traced", __package__).opened(said, exact, files)
        return opened
    if said.input:
        network = at_input(network, said.input)
    if said.stage:
        network = network.prefix(int(said.stage))
    plain = DesignText(said.kind, said.base, said.input, said.stage)
    design: Design = TypedDesign(network, None if str(plain) == str(network) else plain)
    if exact:
        _ = design.graph
    for remedy in said.remedies:
        design = design.remedied(remedy)
    return design
