"""What is trained beside a network, as a user writes it: another network, or what remedies make of this one."""

import difflib
import re

from ..errors import NetworkError, UserError
from ..network.graph import graph_of, size_text
from ..network.network import Network
from ..network.presets import PRESETS
from ..network.text import parse
from ..remedies import REMEDIES, remedied


def rival(network: Network, text: str) -> Network:
    """The network that ``text`` names: a text (it begins with a digit), a preset's name in any case, or one remedy or
    several joined by ``+``, applied to ``network`` one after the other.

    Raises :class:`~core.errors.UserError` for a name that there is not, a remedy that does not apply, and a network
    whose input has not as many axes.

    >>> from core.network import parse
    >>> str(rival(parse("16x16; conv k3 s2"), "border-circular + kernel-padding"))
    '16x16; conv k4 s2 p0:1 circular'
    >>> str(rival(parse("16x16; conv k3 s2"), "16x16; conv k2 s2"))
    '16x16; conv k2 s2'
    """
    presets = {name.casefold(): made for name, made in PRESETS.items()}
    given = text.strip()
    if re.match(r"\d", given):
        found = parse(given)
    elif given.casefold() in presets:
        found = presets[given.casefold()]
    else:
        found = _after(network, given)
    _ = graph_of(found)  # layers that do not fit are refused here
    if len(found.size) != len(network.size):
        raise NetworkError(
            f"an input of {size_text(found.size)} has not as many axes as one of {size_text(network.size)}; "
            "train networks alike that read the same kind of image"
        )
    return found


def _after(network: Network, text: str) -> Network:
    """``network`` after remedies joined by ``+``; a refusal says which of several it is about."""
    parts = [part.strip() for part in text.split("+")]
    for part in parts:
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
