"""A network typed and the same network as a PyTorch module are one design: every number and every remedy is the same.

The module is the network written out (:mod:`core.network.pytorch_code`). Left out is what PyTorch has no module for:
random connections, dilated average pools and dilated blurs, which are written as convolutions of fixed weights.
"""

from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from torch import nn

from core.checks import check
from core.comparison import Variant, imbalance_scores, variant
from core.design.analysis import DesignAnalysis
from core.design.traced import TracedDesign
from core.design.typed import TypedDesign
from core.errors import UserError
from core.live.sources.model import Model
from core.network import Network, graph_of, parse
from core.network.layers import Item, Join
from core.network.pytorch_code import pytorch_code
from core.remedies import REMEDIES
from tests.network.strategies import networks


def as_module(network: Network) -> TracedDesign:
    def make() -> nn.Module:
        names: dict[str, Any] = {"__name__": "script"}
        exec(compile(pytorch_code(network), "script.py", "exec"), names)  # noqa: S102  # it is our own text
        module: nn.Module = names["model"]
        return module

    return TracedDesign(Model("as a module", (network.channels or 1, *network.size), make))


def is_a_module(items: tuple[Item, ...]) -> bool:
    """Whether PyTorch has modules for all layers."""
    return all(
        all(map(is_a_module, item.branches))
        if isinstance(item, Join)
        else item.op.name != "random" and not (item.op.name in ("avgpool", "blur") and max(item.dilation) > 1)
        for item in items
    )


def numbers(analysis: DesignAnalysis) -> dict[str, Any]:
    """All that is known of a design."""
    return {
        "output": analysis.graph.output.size,
        "channels": analysis.graph.output.channels,
        "counts": analysis.counts.array().tolist(),
        "unit": analysis.unit,
        "unit field": analysis.unit_field,
        "box": analysis.box,
        "period": analysis.period,
        "measures": analysis.measures(),
        "unit measures": analysis.measures(analysis.unit),
        "imbalance_scores": imbalance_scores(analysis),
        "left over": analysis.left_over,
        "cost": analysis.cost,
        "effective size": analysis.effective_size,
        "unproductive": len(analysis.unproductive),
    }


def assert_alike(network: Network) -> None:
    typed, traced = TypedDesign(network), as_module(network)
    assert numbers(DesignAnalysis(traced)) == numbers(DesignAnalysis(typed))
    findings = [[(each.code, each.severity) for each in check(design)] for design in (traced, typed)]
    assert findings[0] == findings[1]


def after(design: TypedDesign | TracedDesign, name: str) -> Variant | str:
    try:
        return variant(design, (name,))
    except UserError as error:
        return str(error)


def assert_remedy_alike(network: Network, name: str) -> bool:
    """Carried out on both, or refused for both; whether it was carried out."""
    typed, traced = after(TypedDesign(network), name), after(as_module(network), name)
    if isinstance(typed, str) or isinstance(traced, str):
        assert isinstance(typed, str), traced
        assert isinstance(traced, str), typed
        return False
    assert numbers(traced.analysis) == numbers(typed.analysis), name
    return True


@settings(max_examples=40)
@given(networks(drawn=False))
@example(parse("6; attn near1 d2; attn causal w1; attn w3 shift1"))
def test_every_number_is_that_of_the_module(network: Network) -> None:
    assume(is_a_module(network.layers))
    assume(min(side for node in graph_of(network).nodes for side in node.size) > 1)  # one sample shows no border
    assert_alike(network)


TEXTS = [
    "32x32 c3; conv k7 s2 p3 c8; maxpool k3 s2 p1; add(conv k3 s2 p1; conv k3 p1 | conv k1 s2)",
    "40; conv k5 s4; avgpool k3 s2 p1",
    "33; conv k3 d2 p2 x3; conv k3 p1 x2",
    "16x12; conv k3 p1 x9; global",
    "24; conv k3; maxpool k2; conv k3 p2:0",
    "9; tconv k3 s2 p1; conv k3 p1 circular",
    "27x27; conv k3 p1 x2; maxpool k3 s2 p1",
    "30; conv k4 same reflect; conv k3 s2 symmetric p1",
    "6; conv k7 p3; add(skip | maxpool k2; tconv k2 s2); conv k7 p3",  # no odd input goes through it
]
MODELS = [name for name, remedy in REMEDIES.items() if remedy.plan is not None]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_known_of_a_network_is_known_of_its_module(text: str) -> None:
    assert_alike(parse(text))


@pytest.mark.parametrize("name", MODELS)
def test_a_remedy_does_the_same_to_a_network_and_to_its_module(name: str) -> None:
    done = [assert_remedy_alike(parse(text), name) for text in TEXTS]
    assert any(done)


def test_a_remedy_that_adds_layers_says_so_of_a_module() -> None:
    design = as_module(parse(TEXTS[0]))
    for name in set(REMEDIES) - set(MODELS):
        with pytest.raises(UserError, match=f"{name} is for typed networks: "):
            design.remedied(name)
    assert graph_of(parse(TEXTS[0])).output.size == design.graph.output.size
