"""A traced model is checked as a typed network is, and with the same answers."""

import warnings
from dataclasses import replace

import pytest
import torch
from torch import nn

from core.checks import Finding, check
from core.design.traced import TracedDesign
from core.design.typed import TypedDesign
from core.errors import UserError
from core.exact import path_counts
from core.live.sources.model import Model
from core.live.sources.zoo import names, zoo_model
from core.network import PRESETS, parse


class Branched(nn.Module):
    """A stem, two stages of which the second is an attention, and a head."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.body = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), nn.ReLU())
        self.head = nn.Linear(8, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(self.stem(x)).mean((2, 3)))


@pytest.fixture(scope="module")
def resnet() -> TracedDesign:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names()
    return TracedDesign(zoo_model("timm:resnet18"))


@pytest.fixture
def branched() -> TracedDesign:
    return TracedDesign(Model("branched", (3, 32, 32), Branched))


def told(findings: list[Finding], code: str) -> tuple[object, ...]:
    """What a finding says in numbers, without the names of layers."""
    (found,) = (finding for finding in findings if finding.code == code)
    return found.severity, found.node, found.message.replace(str(found.layer), "LAYER")


def test_the_traced_resnet_has_the_findings_of_the_typed_one(resnet):
    traced, typed = check(resnet, 64), check(TypedDesign(PRESETS["ResNet-18"]), 64)
    assert [(found.code, found.severity) for found in traced] == [(found.code, found.severity) for found in typed]
    for code in ("parity", "border"):
        assert told(traced, code) == told(typed, code)
    parities = [next(found for found in each if found.code == "parity") for each in (traced, typed)]
    padded = [next(fix for fix in (found.fix, *found.others) if fix and "zero row" in fix.words) for found in parities]
    assert (padded[0].before, padded[0].after) == (padded[1].before, padded[1].after)


def test_kernel_padding_of_a_model_counts_like_that_of_the_typed_network(resnet):
    one, other = (
        path_counts(design.remedied("kernel-padding").graph).array()
        for design in (resnet, TypedDesign(PRESETS["ResNet-18"]))
    )
    assert (one == other).all()


def test_another_input_is_traced_anew_and_keeps_the_stage(resnet):
    design = resnet.up_to("layer2").at_input((96, 64))
    assert (design.stage, design.graph.input.size, design.graph.output.size) == ("layer2", (96, 64), (12, 8))
    assert resnet.graph.input.size == (224, 224)
    typed = TypedDesign(PRESETS["ResNet-18"]).at_input((96, 64))
    assert (path_counts(resnet.at_input((96, 64)).graph).array() == path_counts(typed.graph).array()).all()


def test_remedies_add_up_and_leave_the_model_as_it_was(branched):
    padded = branched.remedied("kernel-padding")
    assert padded.graph.nodes[1].text == "conv k4 s2 p1"
    assert branched.graph.nodes[1].text == "conv k3 s2 p1"
    with pytest.raises(UserError, match="no strided window whose stride does not divide its kernel; nothing to change"):
        _ = padded.remedied("kernel-padding").graph


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("deeper", "deeper is for typed networks: it adds layers, whose weights would have to be trained"),
        ("skip-connections", "it joins layers otherwise, which is written in the model's own code"),
        ("hybrid-dilation", "the network has no two convolutions of one dilation in a row; nothing to change"),
        ("magic", "there is no remedy 'magic'"),
    ],
)
def test_what_cannot_be_carried_out_says_why(name, message, branched):
    with pytest.raises(UserError, match=message):
        branched.remedied(name)


def test_stages_are_maps_and_can_be_the_output(branched):
    assert branched.stage == "output"
    assert branched.graph.output.size == (1, 1)
    assert branched.stages() == ["stem", "body"]
    assert branched.up_to("stem").graph.output.size == (16, 16)
    assert branched.up_to("stem").places() == {"stem": 1}
    with pytest.raises(UserError, match="the model has no stage 'neck'; its stages are stem, "):
        branched.up_to("neck")


def test_a_model_has_a_name_and_no_text(branched):
    assert (branched.name, branched.network) == ("branched", None)
    findings = check(branched, 8)
    assert {"parity", "uneven-padding"} <= {found.code for found in findings}
    assert all(fix.design.network is None for found in findings for fix in (found.fix, *found.others) if fix)


def test_a_design_that_fails_on_its_input_says_so(branched):
    wrong = TracedDesign(replace(branched.model, size=(4, 32, 32)))
    with pytest.raises(UserError, match="branched does not run on an input of 4x32x32: in stem, Conv2d"):
        _ = wrong.graph


def test_a_model_like_a_typed_network_is_checked_like_it():
    def make() -> nn.Module:
        return nn.Sequential(nn.Conv2d(1, 1, 1, 2), nn.Conv2d(1, 1, 3, padding=1))

    traced, typed = (
        check(TracedDesign(Model("two layers", (1, 32, 32), make))),
        check(TypedDesign(parse("32x32; conv k1 s2; conv k3 p1"))),
    )
    assert [(found.code, found.severity) for found in traced] == [(found.code, found.severity) for found in typed]
    assert told(traced, "unread") == told(typed, "unread")
