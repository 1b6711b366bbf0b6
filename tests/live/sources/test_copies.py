"""Modules that are made once and copied: each copy is its own, and is traced as a module made anew."""

import torch
from torch import nn

from core.design.opening import design_of
from core.live.sources.copies import Copies


def strided() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.MaxPool2d(3, 2, 1))


def test_a_module_is_made_once_where_it_has_no_numbers() -> None:
    made: list[nn.Module] = []
    copies = Copies(lambda: made.append(strided()) or made[-1])
    with torch.device("meta"):
        some = [copies() for _ in range(3)]
    assert len(made) == 1
    assert len({id(module) for module in (*some, *made)}) == 4
    copies(), copies()
    assert len(made) == 3
    assert made[-1][0].weight.device.type == "cpu"


class Initialised(nn.Module):
    """Fills one tensor of the default device in several ways, and one that has numbers in any case."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(4, 3))
        nn.init.kaiming_normal_(self.weight)
        nn.init.kaiming_uniform_(tensor=self.weight, a=1)
        for filled in (nn.init.uniform_, nn.init.normal_, nn.init.ones_, nn.init.trunc_normal_):
            assert filled(self.weight) is self.weight
        self.register_buffer("steps", torch.empty(3, device="cpu").fill_(7))
        nn.init.constant_(self.steps[:1], 5)


def test_only_tensors_that_hold_numbers_are_filled() -> None:
    copies = Copies(Initialised)
    with torch.device("meta"):
        module = copies()
    assert (module.weight.device.type, module.weight.shape) == ("meta", (4, 3))
    assert module.steps.tolist() == [5, 7, 7]
    torch.manual_seed(0)
    drawn = copies().weight
    torch.manual_seed(0)
    assert drawn.abs().sum() > 0
    assert torch.equal(drawn, Initialised().weight)


def test_what_is_changed_in_one_copy_is_not_changed_in_the_next() -> None:
    copies = Copies(strided)
    with torch.device("meta"):
        one = copies()
        one[0].stride = (1, 1)
        one[0].weight = nn.Parameter(torch.zeros(8, 3, 5, 5))
        one[1].register_forward_hook(lambda *_: None)
        other = copies()
    assert other[0].stride == (2, 2)
    assert other[0].weight.shape == (8, 3, 3, 3)
    assert not other[1]._forward_hooks


def test_a_remedy_leaves_the_design_that_it_was_taken_from_as_it_was() -> None:
    design = design_of("nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.MaxPool2d(3, 2, 1))@3x32x32")
    before = [node.maps for node in design.graph.nodes]
    for _ in range(2):
        changed = design.remedied("kernel-padding")
        assert [window.kernel for window in changed.graph.nodes[1].maps] == [4, 4]
    assert [node.maps for node in design.at_input((32, 32)).graph.nodes] == before
