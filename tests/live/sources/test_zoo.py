"""The zoo: every name is a model, and the typed presets that have its names count the same."""

import warnings
from dataclasses import replace
from multiprocessing import active_children

import pytest
import torch

from core.design import coverage as coverage_module
from core.design.coverage import Covered, coverage, covered
from core.design.traced import TracedDesign
from core.errors import UserError
from core.exact import fields, path_counts
from core.live.sources.model import LAST_MAP, Model
from core.live.sources.zoo import names, zoo_model
from core.network import PRESETS, graph_of, parse


@pytest.fixture(scope="module", autouse=True)
def _zoo():
    """Loads both libraries once, outside the measured tests; what they warn of is theirs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names()


SWIN = "timm:swin_tiny_patch4_window7_224"
PAIRS = {
    "timm:resnet18": "ResNet-18",
    "torchvision:resnet18": "ResNet-18",
    "timm:resnet50": "ResNet-50",
    "torchvision:vgg16": "VGG-16",
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_model_counts_like_the_typed_network_of_its_name(name):
    graph, typed = TracedDesign(zoo_model(name)).graph, graph_of(PRESETS[PAIRS[name]])
    assert (graph.output.size, graph.output.channels) == (typed.output.size, typed.output.channels)
    for unit in (None, (3, 3), (0, 6)):
        assert (path_counts(graph, unit).array() == path_counts(typed, unit).array()).all()
    assert (path_counts(graph, channels=True).array() == path_counts(typed, channels=True).array()).all()
    ends = [[(axis.size, axis.stride, axis.centre(3)) for axis in fields(each)[-1]] for each in (graph, typed)]
    assert ends[0] == ends[1]


def test_a_video_model_counts_like_the_typed_network_of_its_name():
    graph, typed = TracedDesign(zoo_model("torchvision:r3d_18")).graph, graph_of(PRESETS["R3D-18"])
    assert (graph.input.size, graph.output.size, graph.output.channels) == ((16, 112, 112), (2, 7, 7), 512)
    for unit in (None, (0, 3, 3), (1, 0, 6)):
        assert (path_counts(graph, unit).array() == path_counts(typed, unit).array()).all()


def test_swin_of_video_counts_like_windows_over_three_axes():
    def block(width, attention):
        return f"add(skip | {attention}); add(skip | conv k1 c{4 * width}; conv k1 c{width})"

    layers = ["32x224x224 c3"]
    for stage, (width, depth) in enumerate(((96, 2), (192, 2), (384, 6), (768, 2))):
        layers.append(f"conv k1x2x2 s1x2x2 c{width}" if stage else f"conv k2x4x4 s2x4x4 c{width}")
        shifted = "attn w8x7x7 shift4x3x3" if stage < 3 else "attn w8x7x7 shift4x0x0"
        layers += [block(width, "attn w8x7x7"), block(width, shifted)] * (depth // 2)
    typed, traced = graph_of(parse("; ".join([*layers, "global"]))), TracedDesign(zoo_model("torchvision:swin3d_t"))
    assert (path_counts(traced.graph).array() == path_counts(typed).array()).all()


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("mc3_18", (16, 7, 7)),
        ("r2plus1d_18", (2, 7, 7)),
        ("s3d", (2, 7, 7)),
    ],
)
def test_video_models_are_exact(name, size):
    assert TracedDesign(zoo_model(f"torchvision:{name}")).graph.output.size == size


@pytest.mark.parametrize(
    ("name", "stage", "size"),
    [
        ("torchvision:vit_b_16", "encoder", (14, 14)),
        ("torchvision:maxvit_t", "blocks.3", (7, 7)),
        ("torchvision:swin_t", "permute", (7, 7)),
    ],
)
def test_what_comes_before_attention_is_not_taken_for_the_models_answer(name, stage, size):
    design = TracedDesign(zoo_model(name))
    assert (design.stage, design.graph.output.size) == (stage, size)


def test_one_network_in_two_libraries_has_the_same_counts():
    ours, theirs = (TracedDesign(zoo_model(name)).graph for name in ("torchvision:swin_t", SWIN))
    assert (path_counts(ours).array() == path_counts(theirs).array()).all()


def test_a_gap_is_not_taken_for_the_models_answer_either():
    design = TracedDesign(replace(zoo_model("timm:volo_d1_224"), stage=LAST_MAP))
    assert design.stage == "output"


def test_models_that_work_out_their_sizes_in_tensors_are_made_without_numbers():
    assert TracedDesign(zoo_model("torchvision:regnet_x_400mf")).graph.output.size == (7, 7)


def test_every_name_is_listed_once_and_the_pinned_zoo_is_whole():
    assert len(set(names())) == len(names())
    assert sum(name.startswith("timm:") for name in names()) == 1371
    assert sum(name.startswith("torchvision:") for name in names()) >= 80


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("timm:resnet5", "the nearest are timm:resnet50, timm:resnet51q, timm:resnet50t"),
        ("timm:ResNet50", "timm:resnet50"),
        ("torchvision:vgg15", "torchvision:vgg1"),
        ("resnet50", "resnet50"),
        ("timm:", "timm: is followed by the name of a model, as in timm:resnet50"),
        ("timm:" + "z" * 300, "names begin with timm: or torchvision:"),
        ("hub:resnet50", "the nearest are"),
    ],
)
def test_an_unknown_name_is_told_the_nearest(name, message):
    with pytest.raises(UserError, match=message):
        zoo_model(name)


def test_a_model_is_given_the_input_that_it_is_made_for():
    assert zoo_model("timm:resnet10t").size == (3, 176, 176)
    assert zoo_model("torchvision:vgg16").size == (3, 224, 224)
    model = zoo_model("timm:vit_tiny_patch16_224").at_input((96, 96))
    with pytest.raises(UserError, match=r"on an input of 3x96x96 \(it is made for 3x224x224\): in patch_embed, .*96"):
        model.traced()


@pytest.mark.parametrize(
    ("name", "stage", "size"),
    [
        ("timm:resnet18", "output", (7, 7)),
        ("torchvision:resnet18", "layer4", (7, 7)),
        ("torchvision:vgg16", "avgpool", (7, 7)),
    ],
)
def test_the_default_stage_is_the_last_map(name, stage, size):
    design = TracedDesign(zoo_model(name))
    assert (design.stage, design.graph.output.size) == (stage, size)


def test_what_depends_on_a_gap_is_refused_and_what_does_not_is_exact():
    design = TracedDesign(zoo_model("timm:volo_d1_224"))
    with pytest.raises(UserError, match=r"depends on im2col in network\.0\.0\.attn\.unfold: no rule covers it"):
        _ = design.graph
    assert design.up_to("patch_embed").graph.output.size == (28, 28)


def test_weights_are_drawn_from_the_seed():
    model = zoo_model("timm:resnet10t")
    one, same, other = (model.real(seed).conv1[0].weight for seed in (0, 0, 1))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_a_model_is_exact_or_has_a_gap_or_a_failure(monkeypatch):
    assert covered("timm:resnet18") == Covered("timm:resnet18")
    unfolding = covered("timm:volo_d1_224")
    assert (unfolding.exact, unfolding.gap and unfolding.gap.operator) == (False, "im2col")

    def broken(name):
        return Model(name, (3, 8, 8), lambda: 1 / 0)

    monkeypatch.setattr(coverage_module, "zoo_model", broken)
    assert covered("timm:resnet18").failure == "timm:resnet18 cannot be made: ZeroDivisionError: division by zero"


def test_coverage_keeps_the_order_and_can_be_left_early():
    chosen = ["timm:resnet18", "timm:resnet10t"]
    assert [each.name for each in coverage(chosen, 1)] == chosen
    left = coverage(chosen, 1)
    assert next(left).exact
    left.close()


def test_processes_keep_the_order_and_one_that_is_ended_from_outside_is_told():
    chosen = ["timm:resnet10t", "timm:volo_d1_224", *names()]
    found = coverage(chosen, 2)
    assert [next(found) for _ in range(2)] == [covered(name) for name in chosen[:2]]
    for child in active_children():
        child.kill()
    with pytest.raises(UserError, match="a process was ended from outside"):
        list(found)
    assert not active_children()
