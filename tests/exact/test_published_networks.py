"""The numbers that papers and their authors state for well-known networks."""

from fractions import Fraction

import pytest
import torch

from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.exact import axis_fields, fields, imbalance, path_counts, stride_period, unproductive
from core.live.modules.model import ModelRecipe, build
from core.network import PRESETS, Graph, Network, graph_of, parse
from tests.network.resnets import DEPTHS, padded, slim, torchvision

VGG = PRESETS["VGG-16"]
ALEXNET = "conv k11 s4; maxpool k3 s2; conv k5 p2; maxpool k3 s2; conv k3 p1 x3; maxpool k3 s2"


def described(network: Network) -> tuple[int, Fraction, int | None]:
    """Size, stride and padding of the output's field: r, S and P of Araujo et al. (Distill 2019)."""
    field = axis_fields(graph_of(network), 0)[-1]
    return field.size, field.stride, field.padding


def strided(graph: Graph, least: int = 2) -> list[int]:
    """The nodes that skip positions, with kernels of ``least`` or more."""
    windows = [(at, node.layer) for at, node in enumerate(graph.nodes) if node.layer]
    return [at for at, layer in windows if max(layer.stride) > 1 and max(layer.kernel) >= least]


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        (VGG, (212, 32, 90)),
        (parse(f"224; {ALEXNET}"), (195, 32, 64)),
        (parse("256; conv k4 s2 p1 x3; conv k4 p1 x2"), (70, 8, 23)),
    ],
    ids=["VGG-16", "AlexNet v2", "PatchGAN"],
)  # fmt: skip
def test_field_stride_and_padding_are_as_published(network: Network, expected: tuple[int, int, int]) -> None:
    assert described(network) == expected


def test_the_end_points_of_vgg16_have_their_published_fields() -> None:
    """Araujo et al.: conv1_1, pool1, conv2_1, pool2, conv3_1, conv3_2, pool3, …"""
    sizes = [field.size for field in axis_fields(graph_of(VGG), 0)]
    assert sizes[1:] == [3, 5, 6, 10, 14, 16, 24, 32, 40, 44, 60, 76, 92, 100, 132, 164, 196, 212]
    named = [size for size in sizes[1:] if size not in (5, 14, 40, 92, 196)]  # the last window before each pool
    assert named == [3, 6, 10, 16, 24, 32, 44, 60, 76, 100, 132, 164, 212]


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (2, (7, 11, 11)),
        (5, (11, 27, 27)),
    ],
)
def test_the_stem_of_i3d_has_its_published_fields(layers: int, expected: tuple[int, ...]) -> None:
    """Carreira and Zisserman, figure 3: after the first and the second pool."""
    ends = fields(graph_of(PRESETS["I3D stem"].prefix(layers)))[-1]
    assert tuple(axis.size for axis in ends) == expected


def test_the_volumes_of_3d_u_net_and_r3d_have_their_published_sizes() -> None:
    """Çiçek et al., section 2: 132 x 132 x 116 voxels give 44 x 44 x 28; Tran et al., table 1: 2 x 7 x 7 at the end."""
    unet, r3d = design_of("3D U-Net@116x132x132").graph, graph_of(PRESETS["R3D-18"])
    assert (unet.input.size, unet.output.size, unet.output.channels) == ((116, 132, 132), (28, 44, 44), 3)
    assert (r3d.nodes[1].size, r3d.output.size, r3d.output.channels) == ((16, 56, 56), (2, 7, 7), 512)


def test_swin_has_the_counts_of_torchvisions_model_operator_by_operator() -> None:
    typed, traced = (DesignAnalysis(design_of(text)).counts for text in ("Swin-T", "torchvision:swin_t"))
    assert (typed.array() == traced.array()).all()


@pytest.mark.parametrize(("depth", "size"), [(18, 435), (34, 899), (50, 427), (101, 971), (152, 1451)])
def test_resnets_of_torchvision_have_these_fields(depth: int, size: int) -> None:
    assert described(torchvision(depth)) == (size, 32, (size - 1) // 2)


@pytest.mark.parametrize(("depth", "size"), [(50, 483), (101, 1027), (152, 1507)])
def test_resnets_of_tf_slim_have_larger_fields(depth: int, size: int) -> None:
    assert described(slim(depth)) == (size, 32, (size - 1) // 2)


@pytest.mark.parametrize("depth", [18, 50])
def test_the_presets_are_the_resnets_of_torchvision(depth: int) -> None:
    preset, written = graph_of(PRESETS[f"ResNet-{depth}"]), graph_of(torchvision(depth))
    assert path_counts(preset).array().tolist() == path_counts(written).array().tolist()
    assert described(PRESETS[f"ResNet-{depth}"]) == described(torchvision(depth))


@pytest.mark.parametrize("depth", DEPTHS)
def test_unit_u_of_a_resnet_looks_at_pixel_32u(depth: int) -> None:
    """So the middle unit of seven looks at pixel 96, not at the middle of the image."""
    found = fields(graph_of(torchvision(depth)))[-1]
    for field in found:
        assert [field.centre(unit) for unit in range(field.units)] == [32 * unit for unit in range(7)]
        assert all(one.misaligned is None for one in found)


@pytest.mark.parametrize("depth", [18, 50])
@pytest.mark.parametrize(("side", "wasted"), [(224, 1), (225, 0), (257, 0), (256, 1)])
def test_a_resnet_wastes_padding_at_all_five_down_samplings_unless_the_side_is_one_more(
    depth: int, side: int, wasted: int
) -> None:
    """Only sides of 32a + 1 use the padding after the input; at the others a row of every kind of padding is unread."""
    graph = graph_of(torchvision(depth, side))
    down, found = strided(graph, least=3), axis_fields(graph, 0)
    assert [graph.nodes[at].layer.kernel[0] for at in down] == [7, 3, 3, 3, 3]
    assert [found[at].left_over for at in down] == [wasted] * 5
    assert [found[at].left_over_input for at in down] == [0] * 5
    shortcuts = [at for at in strided(graph) + strided(graph, least=1) if graph.nodes[at].layer.kernel == (1, 1)]
    assert [found[at].left_over_input for at in shortcuts] == [wasted] * 3


@pytest.mark.parametrize(("side", "parity"), [(224, True), (225, True)])
def test_an_even_padding_leaves_the_parity(side: int, parity: bool) -> None:
    graph = graph_of(torchvision(18, side))
    found = imbalance(path_counts(graph), stride_period(graph))
    assert (found["parity"] > 2) is parity
    assert (found["asymmetry_height"] == 0) is (side == 225)


@pytest.mark.parametrize(("depth", "total"), [(34, "2.7e+34"), (152, "4.8e+53")])
def test_the_paths_of_resnets_are_this_many(depth: int, total: str) -> None:
    assert f"{path_counts(graph_of(torchvision(depth))).total():.1e}" == total


def test_kernel_padding_evens_out_a_resnet_but_for_its_border() -> None:
    """Kim et al., "Dead Pixel Test" (2021): contrast from 2.5 to 1.03, centred on 111.5, a darker border."""
    plain, even = graph_of(torchvision(18)), graph_of(padded(torchvision(18)))
    before, after = path_counts(plain), path_counts(even)
    parity = [imbalance(counts, (32, 32))["parity"] for counts in (before, after)]
    assert [f"{float(ratio):.2f}" for ratio in parity] == ["2.47", "1.03"]
    assert sum(axis_fields(even, 0)[at].left_over for at in strided(even)) == 0
    columns = after.array().sum(axis=0)
    assert Fraction(sum(at * count for at, count in enumerate(columns)), sum(columns)) == Fraction(223, 2)
    inner = [Fraction(counts.array()[32:-32, 32:-32].sum(), counts.total()) for counts in (before, after)]
    assert inner[0] < inner[1]


def test_vgg_at_32_pixels_is_unproductive_from_the_convolution_with_field_40() -> None:
    """Richter et al., "Should You Go Deeper?" (2021)."""
    graph = graph_of(Network((32, 32), VGG.layers, VGG.channels))
    idle = unproductive(graph)
    found = axis_fields(graph, 0)
    windows = [at for at, node in enumerate(graph.nodes) if node.layer and node.layer.op.name == "conv"]
    assert found[idle[0]].size == 40
    assert idle[0] in windows
    assert idle == list(range(idle[0], len(graph.nodes)))


@pytest.mark.parametrize(
    ("text", "idle"),
    [
        ("5; conv k3 p1 x2", []),
        ("5; conv k3 p1 x4", [3, 4]),
        ("5; conv k3 p1 x2; conv k1; conv k3 p1", [4]),
        ("5x50; conv k3 p1 x4", []),
        ("3; conv k3 p1; add(skip | conv k3 p1); conv k1", [2]),
        ("1; conv k1", []),
        ("1; conv k3 p1", [1]),
    ],
)
def test_a_window_is_unproductive_where_its_input_sees_everything_and_it_sees_more(text: str, idle: list[int]) -> None:
    assert unproductive(graph_of(parse(text))) == idle


PATCHGAN = ["conv k4 s2 p1", "conv k4 s2 p1", "conv k4 s2 p1", "conv k4 p1", "conv k4 p1"]


def test_the_seventy_of_patchgan_is_worked_out_backwards() -> None:
    """pix2pix: 4, 7, 16, 34, 70 are the fields of the last layers alone."""
    ends = [parse("; ".join(["256", *PATCHGAN[first:]])) for first in (4, 3, 2, 1, 0)]
    assert [described(network)[0] for network in ends] == [4, 7, 16, 34, 70]


@pytest.mark.parametrize(
    ("layers", "field", "wrong"),
    [
        (PATCHGAN, 70, 24),  # 24 is the least input that it takes, and was claimed as its field
        (["avgpool k3 s2 p1", *PATCHGAN], 141, 140),  # BicycleGAN's second one, on a halved image: 2 * 70 + 3 - 2
    ],
)
def test_what_a_discriminator_sees_is_what_reaches_its_output(layers: list[str], field: int, wrong: int) -> None:
    network = parse("; ".join(["512", *layers]))
    model = build(network, ModelRecipe("linear", weights="ones", width=1))
    image = torch.zeros(1, 1, 512, dtype=torch.float64, requires_grad=True)
    outputs = model(image)
    outputs[..., outputs.shape[-1] // 2].sum().backward()
    assert image.grad is not None
    reached = image.grad.ravel().nonzero().ravel()
    assert int(reached[-1] - reached[0]) + 1 == described(network)[0] == field != wrong


def test_mdnet_takes_107_pixels_so_that_three_units_of_75_fit_with_nothing_left_over() -> None:
    """107 = 75 + 2 * 16: the first three layers of VGG-M, as its authors give them."""
    analysis = DesignAnalysis(design_of("107; conv k7 s2; maxpool k3 s2; conv k5 s2; maxpool k3 s2; conv k3"))
    assert (analysis.unit_field, analysis.period, analysis.graph.output.size) == ((75,), (16,), (3,))
    assert analysis.left_over == 0


@pytest.mark.parametrize(("side", "even"), [(512, False), (513, True), (511, False), (224, False), (225, True)])
def test_deeplabs_513_and_the_225_of_mind_the_pad_are_the_sizes_that_divide_evenly(side: int, even: bool) -> None:
    assert (DesignAnalysis(design_of(f"ResNet-18@{side}")).left_over == 0) == even
