"""Every kind of layer has a rule that makes its module, and a new one needs no more than that."""

import pytest
import torch

from core.exact import path_counts
from core.live.modules.layers import MODULES
from core.live.modules.model import ModelRecipe, build
from core.network import graph_of, parse
from core.network.kinds import BLUR, KINDS
from tests.network.toys import RAMP, entered


def test_every_kind_has_a_rule_for_its_module() -> None:
    assert {kind.name for kind in MODULES} == set(KINDS)


def test_a_kind_entered_once_with_a_rule_has_a_counting_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODULES, RAMP, MODULES[BLUR])
    with entered(RAMP):
        network = parse("9; ramp k3 s2 p1 reflect; conv k2")
    image = torch.zeros(1, 1, 9, dtype=torch.float64, requires_grad=True)
    model = build(network, ModelRecipe(weights="ones", width=1))
    (paths,) = torch.autograd.grad(model(image).sum(), image)
    assert paths[0, 0].tolist() == path_counts(graph_of(network)).array().tolist()
