"""The remedies by name, each with what it does, what it removes exactly, what it costs and where it comes from.

A remedy plans on the graph of any design (:class:`~.remedies.rewrite.Rewrite`); one that adds layers, or joins
them otherwise, is a function from :class:`~.network.network.Network` to another instead, and says why it is not for
PyTorch models. Either raises :class:`~.errors.NetworkError` where it does not apply. What a remedy ``removes`` it
removes to the last path, as far as ``given`` holds; beyond that it promises nothing: whether it helped is measured
afterwards, by whoever offers it.

A remedy is written as its name, and its numbers after it where it takes any: ``random-connections r16 seed3``.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from ..errors import NetworkError, UserError
from ..network.graph import Graph, graph_of
from ..network.network import Network
from .items import rewritten
from .rewrite import Rewrite

Imbalance = Literal["centre bias", "foveation", "parity", "uneven padding"]
IMBALANCES: tuple[Imbalance, ...] = get_args(Imbalance)
Plan = Callable[[Graph], Rewrite]
Change = Callable[..., Network]


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change; ``does``, ``cost``, ``given`` and ``not_for_models`` are phrases for sentences, without a full stop.

    ``noun``: what it is called in a sentence; it ends in s where it is a plural, and only there.

    It has a ``plan``, or a ``change`` of typed networks and the reason why that is none of models.
    """

    name: str
    noun: str
    does: str
    cost: str
    reference: str
    plan: Plan | None = None
    change: Change | None = None
    not_for_models: str = ""
    removes: tuple[Imbalance, ...] = ()  # exactly, for every network for which ``given`` holds
    given: str = ""
    options: Mapping[str, int] = field(default_factory=dict)  # the numbers it takes, with their defaults


REMEDIES: dict[str, Remedy] = {}
WEIGHTS_OF_ITS_OWN = "it adds layers, whose weights would have to be trained"


def remedy(
    name: str, *, noun: str, does: str, cost: str, reference: str, removes: tuple[Imbalance, ...] = (), given: str = ""
) -> Callable[[Plan], Plan]:
    """Registers a plan under its name."""

    def register(plan: Plan) -> Plan:
        _enter(Remedy(name, noun, does, cost, reference, plan, removes=removes, given=given))
        return plan

    return register


def text_remedy(
    name: str,
    *,
    noun: str,
    does: str,
    cost: str,
    reference: str,
    not_for_models: str,
    removes: tuple[Imbalance, ...] = (),
    given: str = "",
    options: Mapping[str, int] | None = None,
) -> Callable[[Change], Change]:
    """Registers a change of typed networks under its name."""

    def register(change: Change) -> Change:
        _enter(Remedy(name, noun, does, cost, reference, None, change, not_for_models, removes, given, options or {}))
        return change

    return register


def _enter(made: Remedy) -> None:
    assert made.name not in REMEDIES, made.name
    REMEDIES[made.name] = made


def remedied(network: Network, text: str, graph: Graph | None = None) -> Network:
    """``network`` after the remedy that ``text`` names, with its numbers; ``graph``: its own, where it is known.

    Raises :class:`~.errors.UserError` for an unknown name or number, :class:`~.errors.NetworkError` where the
    remedy does not apply.

    >>> str(remedied(parse("9; conv k3 s2 p1"), "kernel-padding"))
    '9; conv k4 s2 p1'
    >>> str(remedied(parse("9; conv k3"), "random-connections r2"))
    '9; random r2 seed0; conv k3'
    """
    remedy, numbers = chosen(text)
    if remedy.change is not None:
        return remedy.change(network, **numbers)
    rewrite = planned(graph or graph_of(network), text)
    if rewrite.partial:
        raise NetworkError(f"{remedy.name} weighs outputs, which no text form writes; compare it (core remedies)")
    return rewritten(network, rewrite)


def planned(graph: Graph, text: str) -> Rewrite:
    """What the remedy that ``text`` names would do to a graph, of whichever design.

    Raises as :func:`remedied`; for one that only a typed network can take, it says why.

    >>> planned(graph_of(parse("224; conv k3 s2 p1")), "even-input").size
    (225,)
    """
    remedy, _ = chosen(text)
    if remedy.plan is None:
        raise NetworkError(f"{remedy.name} is for typed networks: {remedy.not_for_models}")
    return remedy.plan(graph)


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
    remedy = REMEDIES[name]
    numbers = dict(remedy.options)
    for word in words:
        match = re.fullmatch(r"([a-z]+)(\d{1,10})", word)
        if match is None or match.group(1) not in numbers:
            takes = " ".join(f"{option}{number}" for option, number in remedy.options.items())
            raise UserError(f"{name} does not take {word!r}; it takes {takes or 'no numbers'}")
        numbers[match.group(1)] = int(match.group(2))
    return remedy, numbers
