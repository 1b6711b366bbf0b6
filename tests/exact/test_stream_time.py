"""Where the maps of a stream stand: what is known and read follows from the fields of single outputs."""

import pytest
from hypothesis import given

from core.errors import UserError
from core.exact.streams import stream
from core.network import graph_of, parse
from core.network.network import Network
from tests.network.strategies import networks


@given(networks(axes=1))
def test_the_latest_output_is_the_last_whose_field_has_come_and_reads_it_down_to_the_input(network: Network) -> None:
    try:
        found = stream(graph_of(network))
    except UserError:
        return
    end, field = found.moments[found.halo.end], found.field
    period = len(field.periodic_spans[0].spans)
    later = [span for span in map(field.span, range(end.ready, end.ready + period)) if span is not None]
    assert min(last for _, last in later) >= 0
    latest = field.span(end.ready - 1)
    if latest is not None:
        assert latest[1] < 0
        assert found.moments[0].read == latest


def test_the_moment_of_a_convolution_that_strides() -> None:
    found = stream(graph_of(parse("64; conv k3 p1; conv k4 s2 p1")))
    moments = found.moments
    assert [moments[node].ready for node in (0, 1, 2)] == [0, -1, -1]  # output -1 reads positions -3 to 0 of layer 1
    assert (moments[2].read, moments[1].read, moments[0].read) == ((-2, -2), (-5, -2), (-6, -1))
    assert (moments[0].held, moments[1].held) == (2, 2)
    assert moments[2].begin(-2) == -4


@pytest.mark.parametrize("text", ["64; conv k3 p1 x2", "64; add(skip | conv k3 d4 p8:0); conv k2 s2"])
def test_what_is_kept_of_a_map_is_what_its_readers_keep(text: str) -> None:
    found = stream(graph_of(parse(text)))
    for node, here in found.moments.items():
        kept = [one.samples for one in (*found.kept, *found.delays) if one.source == node]
        assert here.held == max(kept, default=0)
