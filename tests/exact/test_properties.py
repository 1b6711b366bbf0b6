"""What must hold for every network: both ends agree, chains can be cut, symmetry stays, pixels can be equal."""

from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from core.exact import path_counts, reach_counts, tower_from, tower_to
from core.exact.packed import is_plain, pull_run
from core.network import Network, graph_of, parse
from core.network.layers import Item, Join
from core.network.window import Window, binomial
from tests.network.cases import layers
from tests.network.strategies import networks


def position(data: st.DataObject, size: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(data.draw(st.integers(0, side - 1)) for side in size)


@given(networks(), st.data(), st.booleans())
def test_paths_from_a_pixel_to_a_unit_are_the_same_from_both_ends(
    network: Network, data: st.DataObject, channels: bool
) -> None:
    graph = graph_of(network)
    pixel, unit = position(data, graph.input.size), position(data, graph.output.size)
    back, forth = path_counts(graph, unit, channels), reach_counts(graph, pixel, channels)
    assert back.at(pixel) == forth.at(unit) == back.array()[pixel] == forth.array()[unit]


@given(networks())
def test_all_paths_are_as_many_from_both_ends(network: Network) -> None:
    graph = graph_of(network)
    total = path_counts(graph).total()
    assert total == tower_from(graph)[-1].total() == tower_to(graph)[0].total()
    assert total == sum(path_counts(graph).array().ravel().tolist())


@given(networks(), st.data())
def test_a_network_cut_in_two_multiplies(network: Network, data: st.DataObject) -> None:
    """Every path passes the cut once: paths to a unit there times paths from it, summed, are all paths."""
    cut = data.draw(st.integers(0, len(network.layers)))
    front = graph_of(network.prefix(cut))
    back = graph_of(Network(front.output.size, network.layers[cut:], front.output.channels))
    graph = graph_of(network)
    pixel, unit = position(data, graph.input.size), position(data, graph.output.size)
    across = reach_counts(front, pixel).array() * path_counts(back, unit).array()
    assert path_counts(graph, unit).at(pixel) == across.sum()


@given(networks(), st.data())
def test_counts_to_single_units_add_up_to_the_counts_to_all(network: Network, data: st.DataObject) -> None:
    graph = graph_of(network)
    parts = sum(path_counts(graph, unit).array() for unit in np.ndindex(*graph.output.size))
    assert parts.tolist() == path_counts(graph).array().tolist()
    index = data.draw(st.integers(0, len(graph.nodes) - 1))
    pixels = sum(tower_from(graph, pixel)[index].array() for pixel in np.ndindex(*graph.input.size))
    assert pixels.tolist() == tower_from(graph)[index].array().tolist()


@given(networks(drawn=False, mirrored=True))
def test_a_symmetric_network_has_symmetric_counts(network: Network) -> None:
    """Symmetric: padded alike on both sides, nothing left over, nothing drawn at random."""
    graph = graph_of(network)
    for node in graph.nodes:
        source = graph.nodes[node.inputs[0]] if node.inputs else node
        for axis, axis_map in enumerate(node.maps):
            assume(not isinstance(axis_map, Window) or axis_map.left_over(source.size[axis]) == 0)
    counts = path_counts(graph).array()
    for axis in range(len(network.size)):
        assert counts.tolist() == np.flip(counts, axis).tolist()


@given(networks(axes=2, drawn=False), st.data())
def test_exchanging_the_axes_exchanges_the_counts(network: Network, data: st.DataObject) -> None:
    graph, turned = graph_of(network), graph_of(exchanged(network))
    row, column = position(data, graph.output.size)
    assert path_counts(turned).array().T.tolist() == path_counts(graph).array().tolist()
    assert path_counts(turned, (column, row)).array().T.tolist() == path_counts(graph, (row, column)).array().tolist()


def exchanged(network: Network) -> Network:
    return replace(network, size=network.size[::-1], layers=tuple(map(exchanged_item, network.layers)))


def exchanged_item(item: Item) -> Item:
    if isinstance(item, Join):
        return replace(item, branches=tuple(tuple(map(exchanged_item, branch)) for branch in item.branches))
    names = ("kernel", "stride", "dilation") if isinstance(item.pad, str) else ("kernel", "stride", "dilation", "pad")
    return replace(item, **{name: getattr(item, name)[::-1] for name in names})


@given(networks(axes=2, joins=False, drawn=False), st.data())
def test_a_chain_counts_the_same_with_and_without_its_factors(network: Network, data: st.DataObject) -> None:
    """Joined to itself, a chain is counted over all positions at once, and has every path twice."""
    graph, doubled = graph_of(network), graph_of(parse(f"{network}; add(skip | skip)"))
    unit = position(data, graph.output.size)
    assert graph.separable
    assert not doubled.separable
    assert path_counts(doubled).array().tolist() == (2 * path_counts(graph).array()).tolist()
    assert path_counts(doubled, unit).array().tolist() == (2 * path_counts(graph, unit).array()).tolist()


@st.composite
def even_layer(draw: st.DrawFn) -> str:
    """A window whose stride divides its kernel, padded so that circular and symmetric borders close up."""
    stride, turns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    kernel = stride * turns
    half, odd = divmod(kernel - stride, 2)
    border = draw(st.sampled_from(["circular"] if odd else ["circular", "symmetric"]))
    op = draw(st.sampled_from(["conv", "maxpool", "avgpool"]))
    return f"{op} k{kernel} s{stride} p{half}:{half + odd} {border}"


@given(st.lists(even_layer(), min_size=1, max_size=3), st.integers(1, 3))
def test_pixels_are_equal_where_strides_divide_kernels_and_borders_wrap_or_mirror(chain: list[str], turns: int) -> None:
    side = turns * 6**3  # every stride divides every size on the way
    assert_equal_pixels(f"{side}; {'; '.join(chain)}")


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from([1, 5])), min_size=1, max_size=3),
    st.integers(1, 12),
)
def test_pixels_are_equal_where_strides_divide_kernels_and_padding_is_full(
    chain: list[tuple[int, int, int]], side: int
) -> None:
    """At any size, and with any dilation that shares no factor with the stride."""
    steps = [f"conv k{stride * turns} s{stride} d{dilation} full" for stride, turns, dilation in chain]
    assert_equal_pixels(f"{side}; {'; '.join(steps)}")


def assert_equal_pixels(text: str) -> None:
    network = parse(text)
    expected = 1
    for layer in layers(network.layers):
        assert not isinstance(layer, Join)
        expected *= layer.kernel[0] // layer.stride[0]
    assert set(path_counts(graph_of(network)).multiplicities()) == {expected}


@given(
    st.integers(2, 4).flatmap(lambda kernel: st.tuples(st.just(kernel), st.integers(1, 2 * kernel))),
    st.sampled_from(["zeros", "reflect", "replicate", "circular", "symmetric"]),
    st.integers(0, 3),
)
def test_a_pixel_is_read_the_whole_numbers_around_kernel_over_stride(
    sizes: tuple[int, int], border: str, padding: int
) -> None:
    """Inside, a layer reads a pixel floor(k/s) or ceil(k/s) times: equally often exactly where s divides k."""
    kernel, stride = sizes
    counts = path_counts(graph_of(parse(f"60; conv k{kernel} s{stride} p{padding} {border}"))).array().tolist()
    inside = set(counts[12:40])
    assert inside == {kernel // stride, -(-kernel // stride)}
    assert (len(inside) == 1) == (kernel % stride == 0)


RUNS = st.lists(
    st.tuples(*[st.integers(*ends) for ends in ((1, 16), (1, 3), (0, 9), (0, 9))], st.booleans()),
    min_size=1,
    max_size=6,
)


@given(RUNS, st.integers(1, 40), st.data())
def test_a_packed_run_of_windows_counts_as_one_window_after_the_other(
    chain: list[tuple[int, int, int, int, bool]], side: int, data: st.DataObject
) -> None:
    run: list[tuple[Window, int]] = []
    for kernel, dilation, before, after, weighted in chain:
        window = Window(kernel, 1, dilation, (before, after), weights=binomial(kernel) if weighted else None)
        if side + before + after >= window.span:
            run.insert(0, (window, side))
            side = window.out_size(side)
    assume(run)
    start = np.array(data.draw(st.lists(st.integers(0, 2**70), min_size=side, max_size=side)), dtype=object)
    expected = start
    for window, n in run:
        assert is_plain(window)
        expected = window.pull(expected, n)
    assert pull_run(run, start).tolist() == expected.tolist()


def test_only_windows_that_can_be_packed_are_plain() -> None:
    for plain in (Window(5, 1, 3, (2, 7)), Window(900), Window(3, weights=(1, 2, 1))):
        assert is_plain(plain)
    for other in (Window(3, stride=2), Window(3, pad=(1, 1), border="circular"), Window(90, weights=binomial(90))):
        assert not is_plain(other)
