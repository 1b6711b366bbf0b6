"""The remedies by name, each with what it does, what it costs and where it comes from.

A remedy is a function from :class:`~core.network.network.Network` to another; it raises
:class:`~core.errors.NetworkError` where it does not apply. It promises geometry only: whether it helped is measured
afterwards, by whoever offers it.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import UserError
from core.network.network import Network

Change = Callable[[Network], Network]


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change; ``does`` and ``cost`` are phrases for sentences, without a full stop."""

    name: str
    does: str
    cost: str
    reference: str
    apply: Change


REMEDIES: dict[str, Remedy] = {}


def remedy(name: str, *, does: str, cost: str, reference: str) -> Callable[[Change], Change]:
    """Registers a remedy under its name."""

    def register(apply: Change) -> Change:
        assert name not in REMEDIES, name
        REMEDIES[name] = Remedy(name, does, cost, reference, apply)
        return apply

    return register


def remedied(network: Network, name: str) -> Network:
    """``network`` after the remedy ``name``.

    Raises :class:`~core.errors.UserError` for an unknown name, :class:`~core.errors.NetworkError` where the remedy
    does not apply.

    >>> from core.network import parse
    >>> str(remedied(parse("9; conv k3 s2 p1"), "kernel-padding"))
    '9; conv k4 s2 p1'
    """
    if name not in REMEDIES:
        near = difflib.get_close_matches(name, REMEDIES, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(REMEDIES)}"
        raise UserError(f"there is no remedy {name!r}; {hint}")
    return REMEDIES[name].apply(network)
