"""Designs that are no typed networks: a graph without layers, as tracing gives it, is checked the same way."""

import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from core.checks import as_json, check
from core.design.design import Design
from core.design.text import DesignText
from core.design.typed import TypedDesign
from core.errors import UserError
from core.network import PRESETS, Graph, Network, graph_of, parse
from core.remedies import REMEDIES


@dataclass(frozen=True)
class Traced:
    """What a traced model shows: nodes without layers, other inputs by tracing again, one remedy."""

    typed: Network

    name = "a model"
    network = None

    @property
    def text(self) -> DesignText:
        return DesignText("own", "a:model")

    @property
    def graph(self) -> Graph:
        return Graph(tuple(replace(node, layer=None) for node in graph_of(self.typed).nodes))

    def at_input(self, size: tuple[int, ...]) -> Design:
        graph_of(changed := replace(self.typed, size=size))
        return Traced(changed)

    def remedied(self, name: str) -> Design:
        if name != "kernel-padding":
            raise UserError(f"{name} cannot be applied to a model; try kernel-padding")
        changed = TypedDesign(self.typed).remedied(name).network
        return Traced(changed)


@pytest.mark.parametrize("name", ["ResNet-18", "VGG-16", "U-Net"])
def test_a_graph_without_layers_has_the_findings_of_the_typed_network(name: str) -> None:
    typed, traced = check(TypedDesign(PRESETS[name])), check(Traced(PRESETS[name]))
    assert [(finding.code, finding.severity, finding.layer, finding.message) for finding in traced] == [
        (finding.code, finding.severity, finding.layer, finding.message) for finding in typed
    ]


def test_a_traced_design_is_offered_the_remedies_and_inputs_that_it_can_take() -> None:
    found = {finding.code: finding for finding in check(Traced(PRESETS["ResNet-18"]))}
    assert [fix.words for fix in (found["uneven-padding"].fix, *found["uneven-padding"].others)] == [
        REMEDIES["kernel-padding"].does,
        "use an input of 225x225",
        "use an input of 193x193",
    ]
    assert found["parity"].others == ()
    assert found["border"].fix is not None
    assert found["border"].fix.words == REMEDIES["kernel-padding"].does
    fix = as_json(found["uneven-padding"])["others"][0]
    assert (fix["input"], "network" in fix, fix["pixels"]) == ("225x225", False, [224 * 224, 225 * 225])


@dataclass(frozen=True)
class Counting(Traced):
    """Counts how often it is changed."""

    changes: list[object]

    def at_input(self, size: tuple[int, ...]) -> Design:
        self.changes.append(size)
        return super().at_input(size)

    def remedied(self, name: str) -> Design:
        self.changes.append(name)
        return super().remedied(name)


def test_a_design_is_changed_once_for_each_change() -> None:
    """Tracing again is dear: sizes are planned from the graph, and checks share what was changed."""
    design = Counting(PRESETS["ResNet-18"], [])
    check(design)
    assert len(design.changes) == len(set(design.changes))
    assert [size for size in design.changes if isinstance(size, tuple)] == [(225, 225), (193, 193), (372, 372)]


def test_a_typed_design_refuses_what_does_not_fit() -> None:
    design = TypedDesign(parse("9; conv k3 x3; conv k1 s2"))
    with pytest.raises(UserError, match="does not fit"):
        design.at_input((5,))
    with pytest.raises(UserError, match="did you mean kernel-padding"):
        design.remedied("kernel-paddin")
    with pytest.raises(UserError, match="no dilated convolution"):
        design.remedied("degridding-layers")


@pytest.mark.parametrize("package", ["core.checks", "core.remedies", "core.design.design"])
def test_checking_needs_neither_torch_nor_plotly_nor_streamlit(package: str) -> None:
    program = f"import sys, {package}; print(sorted({{'torch', 'plotly', 'streamlit'}} & sys.modules.keys()))"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"
