"""A space says its members by number, as if every choice were written out, and refuses what says nothing."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UserError
from core.search.space import space_of


def members(text: str) -> list[str]:
    space = space_of(text)
    return [space.member(index) for index in range(space.size)]


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("9; conv k3", ["9; conv k3"]),
        ("9; conv k{3,5}", ["9; conv k3", "9; conv k5"]),
        ("9; conv k{ 3 , 5 }", ["9; conv k3", "9; conv k5"]),
        ("9; conv k{1..3}", ["9; conv k1", "9; conv k2", "9; conv k3"]),
        ("9; conv k{1..6..2}", ["9; conv k1", "9; conv k3", "9; conv k5"]),
        ("9; conv k{2,3} p{0,1}", ["9; conv k2 p0", "9; conv k3 p0", "9; conv k2 p1", "9; conv k3 p1"]),
        ("{a,b{1,2}}c", ["ac", "b1c", "b2c"]),
        ("{,a}", ["", "a"]),
        ("VGG-16+{,kernel-padding}", ["VGG-16", "VGG-16+kernel-padding"]),
        ("VGG-16+{,kernel-padding}+{,border-circular}",
         ["VGG-16", "VGG-16+kernel-padding", "VGG-16+border-circular", "VGG-16+kernel-padding+border-circular"]),
        ("nn.Sequential(nn.Conv2d({3,4}, 8, 3))", ["nn.Sequential(nn.Conv2d(3, 8, 3))",
                                                   "nn.Sequential(nn.Conv2d(4, 8, 3))"]),
        ("{nn.A(1, 2),nn.B([3, 4])}", ["nn.A(1, 2)", "nn.B([3, 4])"]),
        ("9;\n  conv   k{3,\n5}", ["9; conv k3", "9; conv k5"]),
    ],
)  # fmt: skip
def test_the_members_of_a_space_are_its_texts_written_out(text: str, listed: list[str]) -> None:
    assert members(text) == listed


WORDS = st.text("abk35 ;", min_size=1, max_size=4)
SPACES = st.recursive(
    WORDS.map(lambda word: [word]),
    lambda inner: st.lists(
        st.one_of(WORDS.map(lambda word: word), st.lists(inner, min_size=2, max_size=3)), min_size=1, max_size=3
    ),
    max_leaves=8,
)


def written(sequence: list[object]) -> str:
    return "".join(
        part if isinstance(part, str) else "{" + ",".join(f"{written(one)}" for one in part) + "}" for part in sequence
    )


def expanded(sequence: list[object], outermost: bool = True) -> list[str]:
    """Every text, the first choice turning fastest; alternatives are stripped as sequences of texts and choices are."""
    choices = [
        [part] if isinstance(part, str) else [text for one in part for text in expanded(one, outermost=False)]
        for part in sequence
    ]
    if not outermost and isinstance(sequence[0], str):
        choices[0] = [choices[0][0].lstrip()]
    if not outermost and isinstance(sequence[-1], str):
        choices[-1] = [choices[-1][0].rstrip()]
    return ["".join(reversed(texts)) for texts in product(*reversed(choices))]


@given(SPACES)
def test_any_nesting_of_choices_is_written_out_as_it_says(sequence: list[object]) -> None:
    text = written(sequence)
    if text != " ".join(text.split()):
        return
    try:
        found = members(text)
    except UserError as error:
        if not re.search("lists the same twice|is empty", str(error)):
            raise
        return
    assert found == [member.strip() for member in expanded(sequence)]


def test_a_space_of_any_size_tells_it_and_any_of_its_members() -> None:
    space = space_of("; ".join(["9x9", *["conv k{1..100} p{0..99}"] * 10]))
    assert space.size == 10**40
    assert space.member(10**40 - 1) == "; ".join(["9x9", *["conv k100 p99"] * 10])


def test_a_sample_is_drawn_by_its_seed_without_repeats_and_in_order() -> None:
    space = space_of("; ".join(["9x9", *["conv k{1..100} p{0..99}"] * 10]))
    drawn = space.sample(500, seed=3)
    assert drawn == space.sample(500, seed=3)
    assert drawn != space.sample(500, seed=4)
    assert len(set(drawn)) == 500
    assert list(drawn) == sorted(drawn)
    assert min(drawn) < 10**38
    assert max(drawn) > 9 * 10**39


@pytest.mark.parametrize("count", [1, 3, 5, 6, 9, 10, 99])
def test_of_a_small_space_a_sample_is_at_most_all_of_it(count: int) -> None:
    drawn = space_of("9; conv k{1..10}").sample(count, seed=1)
    assert len(set(drawn)) == len(drawn) == min(count, 10)
    assert set(drawn) <= set(range(10))


def test_every_alternative_stands_in_an_example() -> None:
    space = space_of("9; {conv k{3,5}, maxpool k{2..4}} ; blur k{2,3}")
    shown = " ".join(space.member(index) for index in space.examples())
    for word in ("conv k3", "conv k5", "maxpool k2", "maxpool k3", "maxpool k4", "blur k2", "blur k3"):
        assert word in shown
    assert len(space.examples()) < space.size


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a space is missing"),
        ("9; conv k{3", "character 10: this brace is not closed"),
        ("9; conv k{3,{4,5}", "character 10: this brace is not closed"),
        ("9; conv k3}", "character 11: this brace closes none"),
        ("9; {}", "a choice is empty"),
        ("9; conv k{3,5,3}", "lists the same twice"),
        ("9; conv k{6..1}", "{6..1} counts nothing"),
        ("9; conv k{1..6..0}", "{1..6..0} counts nothing"),
        ("9; conv k{1..999999999}", "more than 10,000 numbers"),
        ("{" * 20 + "a" + "}" * 20, "nested deeper than 12"),
        ("9; " + "conv k3; " * 3000, "more than 20000"),
    ],
)
def test_braces_that_say_nothing_are_refused(text: str, words: str) -> None:
    with pytest.raises(UserError, match=re.escape(words)):
        space_of(text)
