"""The remedies by name, each with what it does, what it removes exactly, what it costs and where it comes from.

A remedy is a function from :class:`~core.network.network.Network` to another; it raises
:class:`~core.errors.NetworkError` where it does not apply. What it ``removes`` it removes to the last path, as far as
``given`` holds; beyond that it promises nothing: whether it helped is measured afterwards, by whoever offers it.

A remedy is written as its name, and its numbers after it where it takes any: ``random-connections r16 seed3``.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from ..errors import NetworkError, UserError
from ..network.network import Network

Imbalance = Literal["centre bias", "foveation", "parity", "uneven padding"]
IMBALANCES: tuple[Imbalance, ...] = get_args(Imbalance)
Change = Callable[..., Network]


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change; ``does``, ``cost`` and ``given`` are phrases for sentences, without a full stop."""

    name: str
    does: str
    cost: str
    reference: str
    apply: Change
    removes: tuple[Imbalance, ...] = ()  # exactly, for every network for which ``given`` holds
    given: str = ""
    options: Mapping[str, int] = field(default_factory=dict)  # the numbers it takes, with their defaults


REMEDIES: dict[str, Remedy] = {}


def remedy(
    name: str,
    *,
    does: str,
    cost: str,
    reference: str,
    removes: tuple[Imbalance, ...] = (),
    given: str = "",
    options: Mapping[str, int] | None = None,
) -> Callable[[Change], Change]:
    """Registers a remedy under its name."""

    def register(apply: Change) -> Change:
        assert name not in REMEDIES, name
        REMEDIES[name] = Remedy(name, does, cost, reference, apply, removes, given, options or {})
        return apply

    return register


def remedied(network: Network, text: str) -> Network:
    """``network`` after the remedy that ``text`` names, with its numbers.

    Raises :class:`~core.errors.UserError` for an unknown name or number, :class:`~core.errors.NetworkError` where the
    remedy does not apply.

    >>> from core.network import parse
    >>> str(remedied(parse("9; conv k3 s2 p1"), "kernel-padding"))
    '9; conv k4 s2 p1'
    >>> str(remedied(parse("9; conv k3"), "random-connections r2"))
    '9; random r2 seed0; conv k3'
    """
    found, numbers = chosen(text)
    return found.apply(network, **numbers)


def chosen(text: str) -> tuple[Remedy, dict[str, int]]:
    """The remedy that ``text`` names, and the numbers it is to take.

    >>> chosen("random-connections r16")[1]
    {'r': 16, 'seed': 0}
    """
    name, *words = text.split() or [""]
    if name not in REMEDIES:
        near = difflib.get_close_matches(name, REMEDIES, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(REMEDIES)}"
        raise UserError(f"there is no remedy {name!r}; {hint}")
    found = REMEDIES[name]
    numbers = dict(found.options)
    for word in words:
        match = re.fullmatch(r"([a-z]+)(\d{1,10})", word)
        if match is None or match.group(1) not in numbers:
            takes = " ".join(f"{option}{number}" for option, number in found.options.items())
            raise UserError(f"{name} does not take {word!r}; it takes {takes or 'no numbers'}")
        numbers[match.group(1)] = int(match.group(2))
    return found, numbers


def nothing(without: str) -> NetworkError:
    """Why a remedy does not apply: ``without`` says what the network has none of."""
    return NetworkError(f"the network has no {without}; nothing to change")
