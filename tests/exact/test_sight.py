"""Objects that units see whole, counted place by place."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.exact import axis_fields
from core.exact.sight import Sight, sight
from core.network import Network, graph_of, parse
from tests.network.strategies import networks


@settings(max_examples=40)
@given(networks(axes=1), st.integers(1, 13))
def test_an_object_is_seen_whole_where_every_one_of_its_pixels_is_in_one_units_field(
    network: Network, length: int
) -> None:
    field = axis_fields(graph_of(network), 0)[-1]
    side = network.size[0]
    counts = []
    for start in range(side - length + 1):
        pixels = range(start, start + length)
        spans = [field.span(unit) for unit in range(field.units)]
        counts.append(sum(1 for span in spans if span and all(span[0] <= pixel <= span[1] for pixel in pixels)))
    expected = Sight(len(counts), sum(count > 0 for count in counts), (min(counts), max(counts)) if counts else (0, 0))
    assert sight(field, length) == expected


def test_an_object_as_long_as_the_field_is_seen_where_a_field_begins() -> None:
    field = axis_fields(graph_of(parse("21; conv k5 s4")), 0)[-1]  # five fields: at 0, 4, 8, 12, 16
    assert sight(field, 5) == Sight(places=17, seen=5, units=(0, 1))
    assert sight(field, 2) == Sight(places=20, seen=20, units=(1, 1))
    assert sight(field, 1) == Sight(places=21, seen=21, units=(1, 2))
    assert sight(field, 6) == Sight(places=16, seen=0, units=(0, 0))
    assert sight(field, 22) == Sight(places=0, seen=0, units=(0, 0))
