"""One entry is all that a kind of layer takes, and every entry is whole."""

import pickle
import re
from collections.abc import Iterator
from copy import deepcopy

import pytest

from core.design.repair import repairs
from core.errors import NetworkError, TextError
from core.exact import path_counts
from core.exact.cost import Cost, cost
from core.network import graph_of, parse
from core.network.kinds import KINDS
from core.network.pytorch_code import pytorch_code
from core.remedies import remedied
from tests.network.toys import RAMP, entered


@pytest.fixture
def ramp() -> Iterator[None]:
    with entered(RAMP):
        yield


@pytest.mark.usefixtures("ramp")
def test_an_entered_kind_is_read_and_written() -> None:
    text = "9; ramp k3 s2 p1 reflect; add(skip | ramp k2 p0:1 x2)"
    assert str(parse(text.upper())) == text


@pytest.mark.usefixtures("ramp")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9; rmap k3", "did you mean ramp?"),
        ("9; zzz", "upsample, global, random, attn, ramp, add, concat, skip"),
        ("9; ramp", "ramp needs its length, as in ramp k5"),
        ("9; ramp k3 g2", "ramp takes no groups ('g2'); it takes kernel, stride, padding, border mode"),
    ],
)
def test_an_entered_kind_is_named_where_a_text_cannot_be_read(text: str, message: str) -> None:
    with pytest.raises(TextError, match=re.escape(message)):
        parse(text)


@pytest.mark.usefixtures("ramp")
def test_a_repair_gives_an_entered_kind_what_it_needs() -> None:
    assert str(repairs("9; ramp")[0].network) == "9; ramp k5"


@pytest.mark.usefixtures("ramp")
def test_an_entered_kind_is_counted() -> None:
    assert path_counts(graph_of(parse("4; ramp k2"))).array().tolist() == [1, 2 + 1, 2 + 1, 2]
    assert path_counts(graph_of(parse("2x3; ramp k2"))).array().tolist() == [[1, 3, 2], [2, 6, 4]]


@pytest.mark.usefixtures("ramp")
def test_an_entered_kind_costs_one_operation_for_each_read() -> None:
    assert cost(graph_of(parse("4 c5; ramp k2"))) == Cost(parameters=0, multiply_adds=3 * 5 * 2)


@pytest.mark.usefixtures("ramp")
def test_an_entered_kind_is_changed_by_remedies_as_far_as_its_weights_allow() -> None:
    network = parse("9; ramp k3 s2 p1")
    assert str(remedied(network, "border-circular")) == "9; ramp k3 s2 p1 circular"
    with pytest.raises(NetworkError, match="no strided window whose stride does not divide its kernel"):
        remedied(network, "kernel-multiple")


@pytest.mark.usefixtures("ramp")
def test_an_entered_kind_is_written_out_for_pytorch() -> None:
    assert "nn.Sequential(\n    Ramp(4, (3,)),\n    Ramp(4, (2,)),\n)" in pytorch_code(parse("9 c4; ramp k3; ramp k2"))


def test_a_kind_is_gone_after_its_test() -> None:
    with entered(RAMP):
        parse("9; ramp k3")
    with pytest.raises(TextError, match="there is no layer 'ramp'"):
        parse("9; ramp k3")


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_entered_under_its_name_and_reads_in_one_way(name: str) -> None:
    kind = KINDS[name]
    assert kind.name == name
    assert (kind.maps is None) != (kind.lookup is None)
    assert kind.slides == ("border" in kind.options)
    assert kind.learned == ("c" in kind.options)
    assert kind.slides or not (kind.pools or kind.edges)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_reaches_another_process_and_is_the_same_there(name: str) -> None:
    kind = KINDS[name]
    assert pickle.dumps(kind)  # its rules are functions that can be found by name
    copy = deepcopy(kind)
    assert copy is not kind
    assert (copy, hash(copy)) == (kind, hash(kind))
    assert [other for other in KINDS.values() if other == copy] == [kind]
