"""The networks that are trained, from what a user writes: any typed design, or remedies of the first network."""

import difflib

from ..design.opening import design_of
from ..design.text import kind_of
from ..errors import NetworkError, UserError
from ..network.axes import refuse_more_axes
from ..network.graph import graph_of, size_text
from ..network.network import Network
from ..network.presets import PRESETS
from ..remedies import REMEDIES, remedied

_REASONS = {
    "zoo": "a model of the zoo would take hours",
    "pasted": "how a module of one's own is trained is its owner's choice",
    "onnx": "a file is counted and not run",
    "own": "how a module of one's own is trained is its owner's choice",
}


def typed_network(text: str) -> Network:
    """The network that a design's text says (:mod:`.design.text`): typed or a preset, with input, stage, remedies.

    Raises :class:`~.errors.UserError` for what cannot be read or applied, and for models.

    >>> str(typed_network("16x16; conv k3 s2 + kernel-padding"))
    '16x16; conv k4 s2'
    """
    if (reason := _REASONS.get(kind := kind_of(text))) is not None:
        what = "an ONNX file" if kind == "onnx" else "a PyTorch model"
        raise UserError(
            f"{text} is {what}, and training takes typed networks: {reason}; "
            "write it as a text, as in 16x16; conv k3 x4"
        )
    network = design_of(text).network
    if network is None:
        raise UserError(f"{text} has no text form, which a network that is trained needs; leave out its last remedy")
    refuse_more_axes(network.size, 2, "training takes")
    return network


def second_network(network: Network, text: str) -> Network:
    """The network that is trained beside ``network``: any design that :func:`typed_network` reads, or ``network`` after
    remedies that are joined by ``+`` and applied in their order.

    Raises :class:`~.errors.UserError` for a name that there is not, a remedy that does not apply, and a network
    whose input has not as many axes.

    >>> str(second_network(parse("16x16; conv k3 s2"), "border-circular + kernel-padding"))
    '16x16; conv k4 s2 p0:1 circular'
    >>> str(second_network(parse("16x16; conv k3 s2"), "16x16; conv k2 s2"))
    '16x16; conv k2 s2'
    """
    text = text.strip()
    second = typed_network(text) if _is_design(text) else _remedied(network, text)
    _ = graph_of(second)  # layers that do not fit are refused here
    if len(second.size) != len(network.size):
        raise NetworkError(
            f"an input of {size_text(second.size)} has not as many axes as one of {size_text(network.size)}; "
            "train networks alike that read the same kind of image"
        )
    return second


def _is_design(text: str) -> bool:
    """Whether ``text`` begins as a design does; a network that is written wrongly is a design too."""
    if text[:1].isdecimal():
        return True
    try:
        kind_of(text)
    except UserError:
        return False
    return True


def _remedied(network: Network, text: str) -> Network:
    """``network`` after remedies joined by ``+``; a refusal says which of several it is about."""
    for part in map(str.strip, text.split("+")):
        if (name := part.partition(" ")[0]) not in REMEDIES:
            names = {known.casefold(): known for known in (*PRESETS, *REMEDIES)}
            near = difflib.get_close_matches(part.casefold(), names, 1)
            hint = f"did you mean {names[near[0]]}?" if near else f"there are {', '.join(REMEDIES)}"
            raise UserError(f"{name!r} is neither a remedy nor a preset nor a network, as 9; conv k3 is; {hint}")
        try:
            network = remedied(network, part)
        except UserError as error:
            raise type(error)(f"{part}: {error}") from error
    return network
