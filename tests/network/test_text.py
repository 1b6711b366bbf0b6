"""The text form: what parses also writes itself, and whatever is wrong is said with its place."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import LimitError, NetworkError, TextError, UserError
from core.network import PRESETS, Network, limits, parse
from core.network.kinds import CONV, KINDS, RANDOM
from core.network.layers import Join, Layer
from core.network.operations import ADD
from tests.network.cases import CASES
from tests.network.strategies import networks

CHAIN = Layer(CONV, (3,), (1,), (1,), ((1, 1),))
WORDS = "9 64x48 ; ( ) | add( concat( skip conv upsample k3 k3x2 s2 p1:2 x3 x0 c4 g2 r1 seed full"


@given(networks())
@example(Network((7,)))
@example(Network((64, 48), (), channels=3))
def test_what_a_network_writes_reads_as_that_network(network: Network) -> None:
    assert parse(str(network)) == network
    assert str(parse(str(network))) == str(network)


@pytest.mark.parametrize("text", [*CASES.values(), *map(str, PRESETS.values())])
def test_every_case_and_preset_reads_back(text: str) -> None:
    network = parse(text)
    assert parse(str(network)) == network


@given(networks(), st.data())
def test_whitespace_and_letter_case_do_not_matter(network: Network, data: st.DataObject) -> None:
    space = st.text(" \t\n\u00a0", min_size=1, max_size=3)
    loose = re.sub(" ", lambda _: data.draw(space), str(network))
    loose = re.sub(r"[();|]", lambda sign: data.draw(space) + sign.group() + data.draw(space), loose)
    assert parse(data.draw(space) + loose.upper() + data.draw(space)) == network
    assert parse(loose.title().replace("x", "\u00d7")) == network


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("9;", "9"),
        ("9 ; skip", "9"),
        ("9;conv k3;conv k3;", "9; conv k3 x2"),
        ("9; conv k3 valid p0:0", None),
        ("9; conv p1 k3 zeros s1 d1 g1", "9; conv k3 p1"),
        ("9x9; conv k3x3 s2x2 p1:1x1", "9x9; conv k3 s2 p1"),
        ("9x9; conv k3x1 p1x0", "9x9; conv k3x1 p1x0"),
        ("9; maxpool k2 s2; avgpool k2 s1", "9; maxpool k2; avgpool k2 s1"),
        ("9; upsample s2 nearest; upsample s1 bilinear", "9; upsample s2; upsample s1 bilinear"),
        ("9; random r4", "9; random r4 seed0"),
        ("9; add(|conv k3 p1)", "9; add(skip | conv k3 p1)"),
        ("9; add(skip; skip | skip x7; conv k1 x2)", "9; add(skip | conv k1 x2)"),
        ("9; add(skip | conv k1) x2; add(skip | conv k1)", "9; add(skip | conv k1) x3"),
        ("09 c03; conv k03", "9 c3; conv k3"),
        ("9; ATTN w4 causal; attn causal w4", "9; attn causal w4 x2"),
        ("9x9; attn w3x3 shift0; attn w3 shift1x0", "9x9; attn w3; attn w3 shift1x0"),
        ("9; attn near3 d1 c8; attn c8 near3", "9; attn near3 c8 x2"),
    ],
)
def test_equal_networks_have_one_text(text: str, canonical: str | None) -> None:
    if canonical is None:
        with pytest.raises(TextError, match="padding twice"):
            parse(text)
    else:
        assert str(parse(text)) == canonical


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_as_a_user_error(text: str) -> None:
    assert_read_or_refused(text)


@given(st.lists(st.sampled_from(WORDS.split())))
def test_any_words_are_read_or_refused_as_a_user_error(words: list[str]) -> None:
    assert_read_or_refused("9; " + " ".join(words))


@given(st.sampled_from([*CASES.values()]), st.data())
def test_a_spoilt_text_is_read_or_refused_as_a_user_error(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        spoil = data.draw(
            st.sampled_from(["", " ", ";", "|", "(", ")", "x9", "0", "9" * 12, ":", text[first:last] * 2])
        )
        text = text[:first] + spoil + text[min(last, first + 2) :]
    assert_read_or_refused(text)


def assert_read_or_refused(text: str) -> None:
    try:
        network = parse(text)
    except UserError:
        return
    assert parse(str(network)) == network


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"character 1: a network begins with its input size, as in 64 or 32x48, not ''"),
        ("conv k3", r"character 1: a network begins with its input size, as in 64 or 32x48, not 'conv'"),
        ("9 conv k3", r"character 3: 'conv' is not expected here; divide layers by ;"),
        ("9 c3 c4", r"character 6: 'c4' is not expected here"),
        ("9;; conv k3", r"character 3: a layer is missing before this ;"),
        ("9; cnov k3", r"character 4: there is no layer 'cnov'; did you mean conv\?"),
        ("9; con cat(skip)", r"character 4: there is no layer 'con'; did you mean conv\?"),
        ("9; zzz", r"character 4: there is no layer 'zzz'; there are conv, maxpool, .*, add, concat, skip"),
        ("9; conv k3 conv k3", r"character 12: 'conv' begins another layer; divide layers by ;"),
        ("9; conv k3 sam", r"character 12: 'sam' says nothing about a layer; did you mean same\?"),
        ("9; conv k3 reflct", r"character 12: 'reflct' says nothing about a layer; did you mean reflect\?"),
        ("9; conv k3 q3", r"character 12: 'q3' says nothing about a layer; options look like k3, s2, p1, c16 or same"),
        ("9; conv k3 k4", r"character 12: conv is given its kernel twice \('k4'\)"),
        ("9; conv k3 p1 same", r"character 15: conv is given its padding twice \('same'\)"),
        ("9; conv s2", r"conv needs its kernel, as in conv k3"),
        ("9; " + "a" * 5000, r"character 4: a word of 5000 characters says nothing; divide layers by ;"),
        ("9; upsample", r"upsample needs its factor, as in upsample s2"),
        ("9; random seed3", r"random needs its connections, as in random r8"),
        ("9; global k3", r"character 11: global takes no kernel \('k3'\); it takes nothing"),
        ("9; tconv k3 reflect", r"character 13: tconv takes no border mode \('reflect'\); it takes kernel, stride"),
        ("9; maxpool k2 c3", r"character 15: maxpool takes no channels \('c3'\)"),
        ("9; conv k3 bilinear", r"character 12: conv takes no interpolation \('bilinear'\)"),
        ("9; conv k0", r"character 4: conv: kernel 0 is outside 1 to 1024"),
        ("9; conv k3 s1025", r"character 4: conv: stride 1025 is outside 1 to 1024"),
        ("9; conv k3 d0", r"character 4: conv: dilation 0 is outside 1 to 1024"),
        ("9; conv k3 p2049", r"character 4: conv: padding 2049 is outside 0 to 2048"),
        ("9; conv k3 c0", r"character 4: conv: channels 0 is outside 1 to 65536"),
        ("9; conv k3 g0", r"character 4: conv: groups 0 is outside 1 to 65536"),
        ("9; random r257", r"character 4: random: connections 257 is outside 0 to 256"),
        ("9; maxpool k2 p2", r"character 4: maxpool: padding 2 lets a pooling window spanning 2 .* by at most 1"),
        ("9; attn k3", r"character 9: attn takes no kernel \('k3'\); it takes causal order, window, shift, neigh"),
        ("9; attn causl", r"character 9: 'causl' says nothing about a layer; did you mean causal\?"),
        ("9; conv k3 causal", r"character 12: conv takes no causal order \('causal'\)"),
        ("9; attn w3x3", r"character 9: 2 numbers are given for an input of 1 axis; give one number"),
        ("9; attn w0", r"character 4: attn: window 0 is outside 1 to 1000000"),
        ("9; attn w4 near3", r"attn: a neighbourhood lies on both sides and has no windows; .* write causal w4"),
        ("9; attn causal near3", r"attn: a neighbourhood lies on both sides and has no windows"),
        ("9; attn shift3", r"attn: a shift moves windows that divide the axis; give them, as in w7 shift3"),
        ("9; attn causal w4 shift3", r"attn: a shift moves windows that divide the axis"),
        ("9x9; attn w4 shift3x4", r"attn: a shift of 4 is a whole window of 4 or more; shift by less"),
        ("9; attn w4 d2", r"attn: dilation is that of a neighbourhood; give one, as in near7 d2"),
        ("9; conv k3x3", r"character 9: 2 numbers are given for an input of 1 axis; give one number"),
        ("9x9; conv k1x2x3 s2", r"character 11: 3 numbers are given for an input of 2 axes; give 1 or 2"),
        ("9x9x9; conv k1x2 s2", r"character 13: 2 numbers are given for an input of 3 axes; give 1 or 3"),
        ("9; conv k3 p1:2:3", r"character 12: padding has two sides, before:after, not '1:2:3'"),
        ("9; conv k3 p1:", r"character 12: '' is not a whole number of at most 10 digits"),
        ("9; conv k12345678901", r"character 9: '12345678901' is not a whole number of at most 10 digits"),
        ("9; conv k3 c1x2", r"character 12: channels is one number, not '1x2'"),
        ("9; conv k3 x0", r"character 12: a repeat of 0 is outside 1 to 2000"),
        ("9; conv k3 x2001", r"character 12: a repeat of 2001 is outside 1 to 2000"),
        ("9; add skip", r"character 8: add needs its branches in brackets, as in add\(skip \| conv k3 p1\)"),
        ("9; add(skip)", r"character 4: add joins 1 branches; it needs 2 to 16, divided by \|"),
        ("9; add(" + "|" * 16 + ")", r"character 4: add joins 17 branches; it needs 2 to 16"),
        ("9; add(skip | conv k3", r"character 22: a bracket of add is not closed"),
        ("9; conv k3)", r"character 11: '\)' is not expected here"),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_read_names_the_place_and_the_way_out(text: str, message: str) -> None:
    with pytest.raises(TextError, match=message):
        parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9; " + "add(" * 13, "joins are nested deeper than 12; use fewer levels"),
        (("9; " + "add(" * 5000)[: limits.MAX_TEXT], "joins are nested deeper than 12"),
        ("9; conv k3 " + " " * limits.MAX_TEXT, r"the text has 20011 characters, more than 20000; use repeats \(x4\)"),
        ("9; conv k3 x2000; conv k3", "2001 layers are more than 2000; use fewer repeats"),
        ("9; add(conv k1 x1000 | conv k1 x999) x2", "4000 layers are more than 2000"),
        ("9; " + "add(" * 12 + "conv k1 x2" + " | skip) x2000" * 12, "6000 layers are more than 2000"),
        ("2000000", "an input side of 2000000 is outside 1 to 1000000; choose one inside"),
        ("2000x2000", "an input of 2000x2000 has more than 2097152 positions; choose a smaller one"),
        ("0x4", "an input side of 0 is outside 1 to 1000000"),
        ("9 c70000", "70000 input channels are outside 1 to 65536"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_text_beyond_a_limit_is_refused_by_the_name_of_the_limit(text: str, message: str) -> None:
    with pytest.raises(LimitError, match=message):
        parse(text)


@pytest.mark.parametrize("text", ["4x4x4x4", "1" + "x1" * 30, "3x3x3x3; conv k3"])
def test_an_input_has_one_axis_to_three(text: str) -> None:
    with pytest.raises(
        NetworkError, match=r"the input has \d+ axes; it may have 1 \(as in 64\), 2 .* or 3 \(as in 16x64"
    ):
        parse(text)


def test_every_seed_that_a_layer_takes_can_be_written_and_read() -> None:
    network = Network((4,), (Layer(RANDOM, connections=1, seed=limits.MAX_SEED),))
    assert parse(str(network)) == network


def test_a_network_whose_own_text_is_longer_than_the_limit_is_refused() -> None:
    """``add(|)`` is short, ``add(skip | skip)`` is not: else its shared link could not be opened."""
    with pytest.raises(LimitError, match="characters"):
        parse("9; " + "add(|);concat(|);" * 1000)


@pytest.mark.parametrize(
    "option", ["k3", "s2", "d2", "p1", "reflect", "c2", "g1", "bilinear", "r1", "seed1", "causal", "w3", "near3"]
)
@pytest.mark.parametrize("op", KINDS)
def test_a_layer_takes_its_own_options_and_no_others(op: str, option: str) -> None:
    letters = {"reflect": "border", "bilinear": "mode", "seed1": "seed", "causal": "causal", "near3": "near"}
    need = KINDS[op].needs
    words = {need.option: {"k": "k4", "s": "s3", "r": "r2"}[need.option]} if need else {}
    words |= {"near": "near3"} if (op, option) == ("attn", "d2") else {}
    words[letters.get(option, option[0])] = option
    text = f"9; {op} {' '.join(words.values())}"
    if letters.get(option, option[0]) in KINDS[op].options:
        assert parse(str(parse(text))) == parse(text)
    else:
        with pytest.raises(TextError, match=rf"{op} takes no .*\('{option}'\); it takes"):
            parse(text)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"border": "mirror"}, "there is no border mode 'mirror'; there are zeros, reflect, symmetric"),
        ({"seed": -1}, r"seed -1 is outside 0 to \d+"),
    ],
)
def test_a_layer_made_by_hand_checks_itself(values: dict[str, object], message: str) -> None:
    fields: dict[str, object] = {"op": CONV, "kernel": (3,), "stride": (1,), "dilation": (1,), "pad": ((0, 0),)}
    with pytest.raises(NetworkError, match=message):
        Layer(**(fields | values))


def test_a_join_made_by_hand_checks_itself() -> None:
    with pytest.raises(NetworkError, match=r"add joins 1 branches; it needs 2 to 16, divided by \|"):
        Join(ADD, ((CHAIN,),))
